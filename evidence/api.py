"""API: evidence (files by multipart, links and results by JSON), its links, and packs."""

import json
from typing import Any

from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiResponse, extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.parsers import JSONParser, MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from aims import asof, clock
from aims.api.base import ChangingViewSet, RecordRefField, RecordViewSet, StrictSerializer
from aims.errors import Hidden, invalid
from aims.models import Record
from aims.services import require
from evidence import policies, services, uploads
from evidence.downloads import hand_out
from evidence.models import EvidenceItem, EvidenceLink, EvidencePack, EvidenceRequest
from evidence.scores import scores
from evidence.services.evidence import FIELDS, LINK_FIELDS
from evidence.tables import EVIDENCE_TABLE, PACK_TABLE
from organization.api.fields import PersonField, SpineField, UnitField
from organization.deciding import confirm


class LinkSerializer(serializers.ModelSerializer[EvidenceLink]):
    """A record that evidence speaks for."""

    record = SpineField()
    kind = serializers.CharField(source="record.kind", read_only=True)

    class Meta:
        model = EvidenceLink
        fields = ("id", "record", "kind", *LINK_FIELDS)


class NewLinkSerializer(StrictSerializer):
    record = SpineField()

    class Meta:
        model = EvidenceLink
        fields = ("record", *LINK_FIELDS)


class UnlinkSerializer(serializers.Serializer[Any]):
    link = serializers.IntegerField()
    reason = serializers.CharField(max_length=2000)


class ReasonSerializer(serializers.Serializer[Any]):
    reason = serializers.CharField(max_length=2000)


class AttestSerializer(serializers.Serializer[Any]):
    """Whether evidence suffices, for one record that it speaks for (`record`) or for all it says, and why."""

    sufficient = serializers.BooleanField()
    reason = serializers.CharField(max_length=2000)
    record = SpineField(required=False, allow_null=True)


class RedactSerializer(serializers.Serializer[Any]):
    """The redacted file, and what was taken out."""

    file = serializers.FileField(max_length=400)
    redaction = serializers.CharField(max_length=2000)


class ScoreSerializer(serializers.Serializer[Any]):
    """What the machine sees: 2 good, 1 fair, 0 weak, and why."""

    name = serializers.CharField()
    points = serializers.IntegerField()
    why = serializers.CharField()


class EvidenceSerializer(StrictSerializer):
    """Evidence. Exactly one of `file` (multipart), `url` and `result` is given when it is added; none changes later.

    `result` has metric, value, comparator (">=" or "<="), threshold and perhaps unit, model_version, data_set,
    measured_on and groups [{group, value}]; `passed` is worked out. `received_at` is the clock of the installation.
    """

    kind = serializers.CharField(source="form", read_only=True)
    unit = UnitField()
    owner = PersonField(required=False)
    collector = PersonField(required=False)
    file = serializers.FileField(write_only=True, required=False, max_length=400)
    result = serializers.JSONField(required=False)
    links = serializers.SerializerMethodField()
    speaks_for = SpineField(many=True, write_only=True, required=False)
    supersedes = serializers.SlugRelatedField(
        slug_field="ref", queryset=EvidenceItem.objects.none(), required=False, allow_null=True
    )
    sha256 = serializers.CharField(source="blob_id", read_only=True)
    size = serializers.IntegerField(source="blob.size", read_only=True, default=None)
    freshness = serializers.SerializerMethodField()
    good_until = serializers.DateField(read_only=True)
    scores = serializers.SerializerMethodField()
    accepted_by = serializers.SlugRelatedField(slug_field="email", read_only=True)  # type: ignore[var-annotated]
    redacted = serializers.SerializerMethodField()
    request = RecordRefField(EvidenceRequest, write_only=True, required=False)

    class Meta:
        model = EvidenceItem
        fields = (
            "ref", "kind", "state", "title", "proves", "unit", "owner", "confidentiality", "method", "collector",
            "population", "period_from", "period_to", "collected_on", "received_at", "expires_on", "supersedes",
            "file", "file_name", "media_type", "sha256", "size", "url", "result", "passed", "speaks_for", "links",
            "freshness", "good_until", "scores", "accepted_by", "accepted_at", "redacted", "redaction", "request",
            "version", "created_at", "updated_at",
        )  # fmt: skip
        read_only_fields = (
            "ref", "state", "received_at", "file_name", "media_type", "passed", "accepted_at", "redaction", "version",
            "created_at", "updated_at",
        )  # fmt: skip

    def get_fields(self) -> Any:
        fields = super().get_fields()
        request = self.context.get("request")
        if request is not None:
            older: Any = fields["supersedes"]
            older.queryset = EvidenceItem.objects.visible_to(request.user)
        return fields

    def get_freshness(self, item: EvidenceItem) -> str:
        """fresh, due, expired, unknown (undated); empty for what no longer counts."""
        return str(item.freshness(asof.day()))

    @extend_schema_field(ScoreSerializer(many=True))
    def get_scores(self, item: EvidenceItem) -> Any:
        return ScoreSerializer(scores(item, asof.day()), many=True).data

    def get_redacted(self, item: EvidenceItem) -> bool:
        """Whether this is a copy from which something was taken out."""
        return item.redacts_id is not None

    @extend_schema(responses=LinkSerializer(many=True))
    def get_links(self, item: EvidenceItem) -> list[dict[str, Any]]:
        """Links to records that the caller sees."""
        seen = self.context.get("seen_links", {})
        return [dict(one) for one in LinkSerializer(seen.get(item.pk, ()), many=True).data]

    def to_representation(self, instance: EvidenceItem) -> dict[str, Any]:
        data = super().to_representation(instance)
        if instance.supersedes_id and instance.supersedes_id not in self.context.get("seen_items", ()):
            data["supersedes"] = None
        return data


class EvidenceChangeSerializer(EvidenceSerializer):
    """What may change: what is said about evidence, never its content."""

    class Meta(EvidenceSerializer.Meta):
        read_only_fields = (*EvidenceSerializer.Meta.read_only_fields, "url", "result", "supersedes")  # type: ignore[assignment]

    def get_fields(self) -> Any:
        fields = super().get_fields()
        for name in ("url", "result", "supersedes"):
            fields[name].read_only = True
        for name in ("file", "speaks_for", "request"):
            fields.pop(name)
        return fields


class EvidenceViewSet(ChangingViewSet):
    """Evidence: add a file, a link or a result, change what is said about it, replace, withdraw, link, download."""

    model = EvidenceItem
    table = EVIDENCE_TABLE
    serializer_class = EvidenceSerializer
    parser_classes = [JSONParser, MultiPartParser]
    http_method_names = ["get", "post", "put", "patch", "head", "options"]

    def get_serializer_class(self) -> Any:
        return EvidenceChangeSerializer if self.action in ("update", "partial_update") else EvidenceSerializer

    def get_queryset(self) -> Any:
        return super().get_queryset().select_related("supersedes")

    def get_serializer(self, *args: Any, **kwargs: Any) -> Any:
        """Links and predecessors that the caller sees are read once for all rows."""
        serializer = super().get_serializer(*args, **kwargs)
        rows = args[0] if args else []
        items = [row for row in (rows if kwargs.get("many") else [rows]) if isinstance(row, EvidenceItem)]
        serializer._context = {**serializer.context, **self._seen(items)}
        return serializer

    def _seen(self, items: list[EvidenceItem]) -> dict[str, Any]:
        user = self.request.user
        links: dict[int, list[EvidenceLink]] = {}
        if items:
            found = EvidenceLink.objects.filter(item__in=items, record__in=Record.objects.visible_to(user))
            for link in found.select_related("record").order_by("record__ref"):
                links.setdefault(link.item_id, []).append(link)
        older = [item.supersedes_id for item in items if item.supersedes_id]
        seen = (
            set(EvidenceItem.objects.visible_to(user).filter(pk__in=older).values_list("pk", flat=True))
            if older
            else set()
        )
        return {"seen_links": links, "seen_items": seen}

    def create(self, request: Request) -> Response:
        """Add evidence: JSON with `url` or `result`, or multipart with `file` (JSON fields as text)."""
        return self.once(request, lambda: self._create(request))

    def _create(self, request: Request) -> Response:
        data = self.cleaned(request)
        item = services.give_new_evidence(
            data.get("request"),
            by=request.user,
            on=clock.today(),
            data={name: data[name] for name in FIELDS if name in data},
            file=uploads.given(data.get("file")),
            url=data.get("url", ""),
            result=_object(data.get("result")),
            links=[(record, "") for record in data.get("speaks_for", [])],
            supersedes=data.get("supersedes"),
        )
        return self.answer(item, 201)

    def changed(self, record: Any, data: dict[str, Any], version: int) -> Any:
        return services.change_evidence(record, by=self.request.user, data=data, version=version)

    @extend_schema(request=ReasonSerializer)
    @action(detail=True, methods=["post"])
    def withdraw(self, request: Request, ref: str) -> Response:
        """Take evidence back, with a reason."""
        item, version = self.get_object(), self.match(request)
        given = _read(ReasonSerializer(data=request.data))
        return self.answer(services.withdraw_evidence(item, by=request.user, reason=given["reason"], version=version))

    @extend_schema(request=NewLinkSerializer)
    @action(detail=True, methods=["post"])
    def link(self, request: Request, ref: str) -> Response:
        """Say that the evidence speaks for a record."""
        item, version = self.get_object(), self.match(request)
        given = _read(NewLinkSerializer(data=request.data, context=self.get_serializer_context()))
        services.link_evidence(item, by=request.user, version=version, **given)
        return self.answer(item)

    @extend_schema(request=UnlinkSerializer)
    @action(detail=True, methods=["post"])
    def unlink(self, request: Request, ref: str) -> Response:
        """Undo a link (`link`: its id), with a reason."""
        item, version = self.get_object(), self.match(request)
        given = _read(UnlinkSerializer(data=request.data))
        seen = Record.objects.visible_to(request.user)
        link = EvidenceLink.objects.filter(item=item, pk=given["link"], record__in=seen).first()
        if link is None:
            raise Hidden
        services.unlink_evidence(link, by=request.user, reason=given["reason"], version=version)
        return self.answer(item)

    @extend_schema(request=AttestSerializer)
    @action(detail=True, methods=["post"])
    def attest(self, request: Request, ref: str) -> Response:
        """Say whether the evidence suffices. Yes accepts it: from then on it is locked."""
        item, version = self.get_object(), self.match(request)
        given = _read(AttestSerializer(data=request.data, context=self.get_serializer_context()))
        require(policies.can_attest_evidence(request.user, item))
        confirm(request)
        services.attest_evidence(item, by=request.user, at=self.now(), version=version, **given)
        return self.answer(item)

    @extend_schema(request={"multipart/form-data": RedactSerializer})
    @action(detail=True, methods=["post"])
    def redact(self, request: Request, ref: str) -> Response:
        """Add a redacted copy (multipart); it speaks for the same records and is not restricted."""
        item, _version = self.get_object(), self.match(request)
        given = _read(RedactSerializer(data=request.data))
        made = services.add_redacted_copy(
            item, by=request.user, file=uploads.examine(given["file"], given["file"].name), redaction=given["redaction"]
        )
        return self.answer(made, 201)

    @extend_schema(responses=LinkSerializer(many=True), filters=False)
    @action(detail=True, methods=["get"])
    def links(self, request: Request, ref: str) -> Response:
        """Records that the evidence speaks for, as far as the caller sees them."""
        return Response(self.get_serializer(self.get_object()).data["links"])

    @extend_schema(responses={(200, "application/octet-stream"): OpenApiTypes.BINARY})
    @action(detail=True, methods=["get"])
    def download(self, request: Request, ref: str) -> HttpResponseBase:
        """The file, with its digest in Content-Digest."""
        item = self.get_object()
        if item.blob_id is None:
            raise Hidden
        return hand_out(request, item, digest=item.blob_id, name=item.file_name, media_type=item.media_type)


def _read(serializer: Any) -> dict[str, Any]:
    serializer.is_valid(raise_exception=True)
    return dict(serializer.validated_data)


def _object(result: Any) -> Any:
    """A result; in a multipart body it comes as text."""
    if not isinstance(result, str):
        return result
    try:
        return json.loads(result)
    except ValueError as error:
        raise invalid(result=_("This is not JSON.")) from error


class PackSerializer(StrictSerializer):
    """An evidence pack: asked for, built by a worker, downloaded. `systems`: references; none for all of the unit."""

    title = serializers.CharField(max_length=200)
    unit = UnitField()
    systems = serializers.SerializerMethodField()
    asked_by = serializers.SlugRelatedField(slug_field="email", read_only=True)  # type: ignore[var-annotated]
    progress = serializers.SerializerMethodField()
    sha256 = serializers.CharField(source="blob_id", read_only=True)
    size = serializers.IntegerField(source="blob.size", read_only=True, default=None)
    zip_sha256 = serializers.CharField(source="bag_id", read_only=True)

    class Meta:
        model = EvidencePack
        fields = (
            "ref", "state", "title", "unit", "systems", "at", "asked_by", "language", "progress", "failure", "pages",
            "sha256", "size", "zip_sha256", "version", "created_at", "updated_at",
        )  # fmt: skip
        read_only_fields = ("ref", "state", "at", "language", "failure", "pages", "version", "created_at", "updated_at")

    def get_systems(self, pack: EvidencePack) -> list[str]:
        return [system.ref for system in pack.systems]

    def get_progress(self, pack: EvidencePack) -> dict[str, Any]:
        """Steps done and all steps, and what is being done."""
        job = pack.job
        return {"done": job.done, "total": job.total, "note": job.note} if job else {"done": 0, "total": 0, "note": ""}


class AskPackSerializer(PackSerializer):
    """What is asked for."""

    systems = SpineField(many=True, required=False)  # type: ignore[assignment]


class PackViewSet(RecordViewSet):
    """Packs: ask (202 with the address of the status), look, download, cancel, try again."""

    model = EvidencePack
    table = PACK_TABLE
    serializer_class = PackSerializer
    http_method_names = ["get", "post", "head", "options"]

    def get_queryset(self) -> Any:
        return super().get_queryset().prefetch_related("scope__record")

    @extend_schema(request=AskPackSerializer, responses={202: OpenApiResponse(PackSerializer, description="Asked for")})
    def create(self, request: Request) -> Response:
        """Ask for a pack. The answer's Location tells how far it is."""
        return self.once(request, lambda: self._create(request))

    def _create(self, request: Request) -> Response:
        given = _read(AskPackSerializer(data=request.data, context=self.get_serializer_context()))
        pack = services.ask_pack(by=request.user, at=self.now(), **given)
        response = self.answer(pack, 201)
        response.status_code = 202
        return response

    @extend_schema(request=None)
    @action(detail=True, methods=["post"])
    def cancel(self, request: Request, ref: str) -> Response:
        """Take the pack back."""
        pack, version = self.get_object(), self.match(request)
        return self.answer(services.cancel_pack(pack, by=request.user, version=version))

    @extend_schema(request=None)
    @action(detail=True, methods=["post"])
    def retry(self, request: Request, ref: str) -> Response:
        """Build a failed or cancelled pack again."""
        pack, version = self.get_object(), self.match(request)
        return self.answer(services.retry_pack(pack, by=request.user, version=version))

    @extend_schema(responses={(200, "application/pdf"): OpenApiTypes.BINARY})
    @action(detail=True, methods=["get"])
    def download(self, request: Request, ref: str) -> HttpResponseBase:
        """The PDF, with its digest in Content-Digest. 404 until it is ready."""
        pack = self.get_object()
        if not pack.is_ready:
            raise Hidden
        return hand_out(request, pack, digest=pack.blob_id, name=pack.file_name, media_type="application/pdf")

    @extend_schema(responses={(200, "application/zip"): OpenApiTypes.BINARY})
    @action(detail=True, methods=["get"])
    def bag(self, request: Request, ref: str) -> HttpResponseBase:
        """The ZIP: the PDF, every record with proofs, the files of evidence, a verifier. 404 until it is ready."""
        pack = self.get_object()
        if pack.bag_id is None:
            raise Hidden
        return hand_out(request, pack, digest=pack.bag_id, name=pack.bag_name, media_type="application/zip")
