"""API: controlled documents, their versions, and who read them."""

from typing import Any

from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.parsers import JSONParser, MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from aims import asof, clock
from aims.api.base import ChangingViewSet, StrictSerializer
from aims.errors import Hidden, NotPermitted
from aims.services import require
from evidence import policies, services, uploads
from evidence.api import ReasonSerializer
from evidence.models import Document, DocumentVersion
from evidence.readers import readers_of
from evidence.states import AUDIENCE_ROLES, DocumentSort, PolicyElement
from evidence.tables import DOCUMENT_TABLE
from organization.api.fields import PersonField, UnitField
from organization.deciding import confirm

CONTENT = ("text", "changes", "material", *PolicyElement.values)


class InForceSerializer(serializers.ModelSerializer[DocumentVersion]):
    """The version in force, without its words."""

    class Meta:
        model = DocumentVersion
        fields = ("number", "sha256", "approved_at", "effective_at")
        read_only_fields = fields


class DocumentSerializer(StrictSerializer):
    """A document under control. Its words have versions: `text` and `file` here begin the first one."""

    kind = serializers.ChoiceField(source="sort", choices=DocumentSort.choices)
    unit = UnitField()
    owner = PersonField(required=False)
    roles = serializers.ListField(
        child=serializers.ChoiceField(choices=[(role.value, role.label) for role in AUDIENCE_ROLES]), required=False
    )
    in_force = serializers.SerializerMethodField()
    text = serializers.CharField(write_only=True, required=False, trim_whitespace=False, max_length=200_000)
    file = serializers.FileField(write_only=True, required=False, max_length=400)

    class Meta:
        model = Document
        fields = (
            "ref", "state", "title", "kind", "unit", "owner", "source", "audience", "roles", "confidentiality",
            "kept_years", "read_from", "due_on", "in_force", "text", "file", "version", "created_at", "updated_at",
        )  # fmt: skip
        read_only_fields = ("ref", "state", "read_from", "due_on", "version", "created_at", "updated_at")

    @extend_schema_field(InForceSerializer(allow_null=True))
    def get_in_force(self, document: Document) -> Any:
        current = document.current  # type: ignore[attr-defined]
        return InForceSerializer(current[0]).data if current else None


class DocumentChangeSerializer(DocumentSerializer):
    """What may change: what is said about a document, never what it is."""

    class Meta(DocumentSerializer.Meta):
        read_only_fields = (*DocumentSerializer.Meta.read_only_fields, "kind")  # type: ignore[assignment]

    def get_fields(self) -> Any:
        fields = super().get_fields()
        fields["kind"].read_only = True
        for name in ("text", "file"):
            fields.pop(name)
        return fields


class VersionSerializer(StrictSerializer):
    """A version: its text (Markdown) or its file, what changed, and where it says what clause 5.2 asks for."""

    file = serializers.FileField(write_only=True, required=False, max_length=400)
    author = serializers.SlugRelatedField(slug_field="email", read_only=True)  # type: ignore[var-annotated]
    approved_by = serializers.SlugRelatedField(slug_field="email", read_only=True)  # type: ignore[var-annotated]

    class Meta:
        model = DocumentVersion
        fields = (
            "number", "state", *CONTENT, "file", "file_name", "media_type", "sha256", "author", "approved_by",
            "approved_at", "capacity", "effective_at", "ended_at",
        )  # fmt: skip
        read_only_fields = (
            "number", "state", "file_name", "media_type", "sha256", "approved_at", "capacity", "effective_at",
            "ended_at",
        )  # fmt: skip
        validators = ()


class AcknowledgeSerializer(serializers.Serializer[Any]):
    """The number of the version that was read."""

    number = serializers.IntegerField(required=False)


class ReaderSerializer(serializers.Serializer[Any]):
    """Somebody who is asked to read it, and when they said that they did."""

    name = serializers.CharField()
    email = serializers.EmailField()
    unit = serializers.CharField(source="unit.name")
    read_at = serializers.DateTimeField(allow_null=True)


class DocumentViewSet(ChangingViewSet):
    """Documents: draft, change, review, approve, put in force, withdraw, read. Their verbs act on the version in the
    making, of which there is one at most.
    """

    model = Document
    table = DOCUMENT_TABLE
    serializer_class = DocumentSerializer
    parser_classes = [JSONParser, MultiPartParser]
    http_method_names = ["get", "post", "put", "patch", "head", "options"]

    def get_queryset(self) -> Any:
        rows = super().get_queryset()
        return rows if getattr(self, "swagger_fake_view", False) else rows.with_current()

    def get_serializer_class(self) -> Any:
        return DocumentChangeSerializer if self.action in ("update", "partial_update") else DocumentSerializer

    def create(self, request: Request) -> Response:
        """Begin a document with the draft of its first version (multipart for a file)."""
        return self.once(request, lambda: self._create(request))

    def _create(self, request: Request) -> Response:
        data = self.cleaned(request)
        words, file = {"text": data.pop("text", "")}, uploads.given(data.pop("file", None))
        return self.answer(services.draft_document(by=request.user, data=data, words=words, file=file), 201)

    def changed(self, record: Any, data: dict[str, Any], version: int) -> Any:
        return services.change_document(record, by=self.request.user, data=data, version=version)

    @extend_schema(responses=VersionSerializer(many=True), filters=False)
    @action(detail=True, methods=["get"])
    def versions(self, request: Request, ref: str) -> Response:
        """Every version that the caller may read, with its words, the newest first."""
        rows = self.get_object().versions.select_related("document", "author", "approved_by").order_by("-number")
        shown = [one for one in rows if policies.can_read_version(request.user, one)]
        return Response(VersionSerializer(shown, many=True).data)

    @extend_schema(request=VersionSerializer)
    @action(detail=True, methods=["post"])
    def draft(self, request: Request, ref: str) -> Response:
        """Begin the next version while the one in force stays."""
        found, version = self.get_object(), self.match(request)
        given, file = self._words(request)
        services.draft_version(found, by=request.user, words=given, file=file, version=version)
        return self.answer(found)

    @extend_schema(request=VersionSerializer)
    @action(detail=True, methods=["post"])
    def rewrite(self, request: Request, ref: str) -> Response:
        """Change the draft."""
        found, version = self.get_object(), self.match(request)
        given, file = self._words(request)
        draft = self._coming(found)
        services.change_version(draft, by=request.user, words=given, file=file, version=version)
        return self.answer(found)

    def _words(self, request: Request) -> tuple[dict[str, Any], uploads.Upload | None]:
        body = VersionSerializer(data=request.data, partial=True)
        body.is_valid(raise_exception=True)
        given = dict(body.validated_data)
        return given, uploads.given(given.pop("file", None))

    def _coming(self, document: Document) -> DocumentVersion:
        """The version in the making; 404 where there is none, 403 for who may not read it."""
        found = document.versions.open().select_related("document").first()
        if found is None:
            raise Hidden
        if not policies.can_read_version(self.request.user, found):
            raise NotPermitted
        return found

    @extend_schema(request=None)
    @action(detail=True, methods=["post"])
    def submit(self, request: Request, ref: str) -> Response:
        """Say that the draft is ready to be judged."""
        found, version = self.get_object(), self.match(request)
        require(policies.can_change_document(request.user, found))
        services.submit_version(self._coming(found), by=request.user, version=version)
        return self.answer(found)

    @extend_schema(request=ReasonSerializer)
    @action(detail=True, methods=["post"])
    def send_back(self, request: Request, ref: str) -> Response:
        """Give the version in review back to be written again, with the reason."""
        found, version = self.get_object(), self.match(request)
        given = self.given(request, ReasonSerializer)
        services.send_back_version(self._coming(found), by=request.user, reason=given["reason"], version=version)
        return self.answer(found)

    @extend_schema(request=ReasonSerializer)
    @action(detail=True, methods=["post"])
    def approve(self, request: Request, ref: str) -> Response:
        """Find the version in review fit for its purpose. From then on its content never changes."""
        found, version = self.get_object(), self.match(request)
        given = self.given(request, ReasonSerializer)
        coming = self._coming(found)
        if policies.can_approve_version(request.user, found):
            confirm(request)
        services.approve_version(coming, by=request.user, reason=given["reason"], at=self.now(), version=version)
        return self.answer(found)

    @extend_schema(request=None)
    @action(detail=True, methods=["post"])
    def put_in_force(self, request: Request, ref: str) -> Response:
        """Let the approved version take effect; who should know it is asked to read it."""
        found, version = self.get_object(), self.match(request)
        require(policies.can_put_in_force(request.user, found))
        coming = self._coming(found)
        confirm(request)
        services.put_in_force(coming, by=request.user, at=self.now(), on=clock.today(), version=version)
        return self.answer(found)

    @extend_schema(request=ReasonSerializer)
    @action(detail=True, methods=["post"])
    def withdraw(self, request: Request, ref: str) -> Response:
        """Take the document out of force without a successor, with the reason."""
        found, version = self.get_object(), self.match(request)
        given = self.given(request, ReasonSerializer)
        require(policies.can_withdraw_document(request.user, found))
        confirm(request)
        services.withdraw_document(found, by=request.user, reason=given["reason"], at=self.now(), version=version)
        return self.answer(found)

    @extend_schema(request=AcknowledgeSerializer)
    @action(detail=True, methods=["post"])
    def acknowledge(self, request: Request, ref: str) -> Response:
        """Say that one read and understood the version in force. In person: never through a token."""
        found = self._asked_of(request, ref)
        given = self.given(request, AcknowledgeSerializer)
        made = services.acknowledge(found, by=request.user, at=self.now(), number=given.get("number"))
        return Response({"number": made.document_version.number, "read_at": made.at}, status=201)

    def _asked_of(self, request: Request, ref: str) -> Document:
        """Also for who sees no register."""
        found = Document.objects.asked_of(request.user).filter(ref=ref.upper()).first()
        return found or self.get_object()  # type: ignore[no-any-return]

    @extend_schema(responses=ReaderSerializer(many=True), filters=False)
    @action(detail=True, methods=["get"])
    def readers(self, request: Request, ref: str) -> Response:
        """Who is asked to read it, who has and who has not."""
        found = self.get_object()
        require(policies.can_see_readers(request.user, found))
        people = readers_of(found, on=asof.day()).order_by("unit__name", "name")
        return Response(ReaderSerializer(people, many=True).data)
