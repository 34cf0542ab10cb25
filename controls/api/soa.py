"""API: versions of the Statement of Applicability, what differs between two, what is wrong with the open one."""

from typing import Any, ClassVar

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from aims import clock
from aims.api.base import RecordViewSet, StrictSerializer
from aims.errors import Hidden
from aims.models import Record
from controls import differences, lints, services
from controls.api.base import DecidingSerializer, NoteSerializer, ReasonSerializer
from controls.models import SoaProposal, SoaVersion
from controls.tables import VERSIONS
from controls.views.soa import changed, content_of, predecessor
from organization.deciding import confirm


def _slug(field: str) -> Any:
    return serializers.SlugRelatedField(slug_field=field, read_only=True)


class SoaSerializer(StrictSerializer):
    """A version. `digest`: SHA-256 of the canonical JSON that `content` gives once it is approved."""

    unit = _slug("name")
    owner = _slug("email")
    scope = _slug("ref")
    submitted_by = _slug("email")
    approved_by = _slug("email")

    class Meta:
        model = SoaVersion
        fields = (
            "ref", "title", "state", "scope", "number", "unit", "owner", "opened_for", "submitted_by", "submitted_at",
            "approved_by", "approved_at", "capacity", "reason", "kept_apart", "digest", "due_on", "version",
            "created_at", "updated_at",
        )  # fmt: skip
        read_only_fields: ClassVar[tuple[str, ...]] = fields


class FindingSerializer(serializers.Serializer[Any]):
    """One finding on the draft: `blocking` ones hold the approval back; `url` is where it is mended."""

    id = serializers.CharField()
    control = serializers.CharField(source="number")
    sentence = serializers.CharField()
    url = serializers.CharField()
    blocking = serializers.BooleanField()


class FindingsSerializer(serializers.Serializer[Any]):
    results = FindingSerializer(many=True)


class FieldChangeSerializer(serializers.Serializer[Any]):
    field = serializers.CharField(source="label")
    before = serializers.CharField()
    after = serializers.CharField()


class LineChangeSerializer(serializers.Serializer[Any]):
    """One line that differs, in words."""

    control = serializers.CharField()
    title = serializers.CharField()
    where = serializers.CharField()
    kind = serializers.ChoiceField(choices=["added", "removed", "changed"])
    sentence = serializers.SerializerMethodField()
    changes = FieldChangeSerializer(many=True)

    def get_sentence(self, one: differences.LineChange) -> str:
        return differences.sentence(one)


class DifferencesSerializer(serializers.Serializer[Any]):
    """What differs between this version and `compared_with`; the earlier of the two comes first."""

    compared_with = serializers.CharField(allow_null=True)
    results = LineChangeSerializer(many=True)


class ProposalSerializer(serializers.ModelSerializer[SoaProposal]):
    """A proposed change; `record` is null where the reader may not see it."""

    control = serializers.CharField(source="statement.control.number")
    statement = serializers.CharField(source="statement.ref")
    record = serializers.SerializerMethodField()

    class Meta:
        model = SoaProposal
        fields = ("id", "control", "statement", "wanted", "reason", "record", "noted_at", "state", "answer")

    def get_record(self, row: SoaProposal) -> str | None:
        return row.record.ref if row.record is not None and row.record_id in self.context["seen"] else None


class ProposalsSerializer(serializers.Serializer[Any]):
    results = ProposalSerializer(many=True)


class TakeSerializer(serializers.Serializer[Any]):
    """`justification`: what the statement says from now on."""

    justification = serializers.CharField(max_length=2000)


class SoaViewSet(RecordViewSet):
    """Versions. They open by themselves; submitting, returning and approving are verbs, with If-Match."""

    model = SoaVersion
    table = VERSIONS
    serializer_class = SoaSerializer
    http_method_names = ["get", "post", "head", "options"]

    def get_queryset(self) -> Any:
        rows = super().get_queryset()
        return rows if getattr(self, "swagger_fake_view", False) else rows.select_related("scope__unit")

    @extend_schema(responses={200: serializers.DictField()}, filters=False)
    @action(detail=True, methods=["get"])
    def content(self, request: Request, ref: str) -> Response:
        """What the version says: frozen once approved, else as the statements stand."""
        return Response(content_of(self.get_object()))

    @extend_schema(
        responses=DifferencesSerializer, filters=False, parameters=[OpenApiParameter("with", str, description="ref")]
    )
    @action(detail=True, methods=["get"])
    def differences(self, request: Request, ref: str) -> Response:
        """What differs from the approved version before it, or from the one that `with` names."""
        record, named = self.get_object(), request.query_params.get("with", "")
        rows = self.get_queryset().filter(scope=record.scope_id)
        other = rows.filter(ref=named.upper()).first() if named else predecessor(record, request.user)
        if named and other is None:
            raise Hidden
        found = changed(other, record) if other is not None else []
        told = {"compared_with": other.ref if other is not None else None, "results": found}
        return Response(DifferencesSerializer(told).data)

    @extend_schema(responses=FindingsSerializer, filters=False)
    @action(detail=True, methods=["get"])
    def findings(self, request: Request, ref: str) -> Response:
        """What is wrong with the open version; none once it was decided."""
        record = self.get_object()
        draft = lints.draft_of(record.scope, request.user, clock.today(), thorough=True) if record.is_open else None
        found = lints.findings(draft) if draft is not None else []
        return Response(FindingsSerializer({"results": found}).data)

    @extend_schema(request=NoteSerializer, responses=SoaSerializer)
    @action(detail=True, methods=["post"])
    def submit(self, request: Request, ref: str) -> Response:
        """Ask for approval; 409 lists everything that blocks it."""
        record, version = self.get_object(), self.match(request)
        data: Any = self.given(request, NoteSerializer)
        by: Any = request.user
        return self.answer(
            services.submit_soa(record, by=by, at=clock.now(), on=clock.today(), version=version, **data)
        )

    @extend_schema(request=ReasonSerializer, responses=SoaSerializer)
    @action(detail=True, methods=["post"], url_path="return")
    def send_back(self, request: Request, ref: str) -> Response:
        """Send it back to its keeper."""
        record, version = self.get_object(), self.match(request)
        data = self.given(request, ReasonSerializer)
        return self.answer(services.return_soa(record, by=request.user, version=version, **data))  # type: ignore[arg-type]

    @extend_schema(request=DecidingSerializer, responses=SoaSerializer)
    @action(detail=True, methods=["post"])
    def approve(self, request: Request, ref: str) -> Response:
        """Freeze the version and put it in force."""
        record, version = self.get_object(), self.match(request)
        data = self.given(request, DecidingSerializer)
        confirm(request)
        by: Any = request.user
        return self.answer(
            services.approve_soa(record, by=by, at=clock.now(), on=clock.today(), version=version, **data)
        )

    @extend_schema(responses=ProposalsSerializer, filters=False)
    @action(detail=True, methods=["get"])
    def proposals(self, request: Request, ref: str) -> Response:
        """What calls for a change."""
        record = self.get_object()
        seen = Record.objects.visible_to(request.user).filter(called_for_by__soa=record).values_list("pk", flat=True)
        rows = record.proposals.select_related("statement__control", "record")
        return Response(ProposalsSerializer({"results": rows}, context={"seen": set(seen)}).data)

    def _proposal(self, record: SoaVersion, number: str) -> SoaProposal:
        found: SoaProposal | None = record.proposals.filter(pk=int(number)).first()
        if found is None:
            raise Hidden
        return found

    @extend_schema(request=TakeSerializer, responses=SoaSerializer)
    @action(detail=True, methods=["post"], url_path=r"proposals/(?P<number>[0-9]{1,18})/take")
    def take(self, request: Request, ref: str, number: str) -> Response:
        """Include the control as proposed."""
        record = self.get_object()
        proposal, data = self._proposal(record, number), self.given(request, TakeSerializer)
        services.take_proposal(proposal, by=request.user, **data)  # type: ignore[arg-type]
        return self.answer(record)

    @extend_schema(request=ReasonSerializer, responses=SoaSerializer)
    @action(detail=True, methods=["post"], url_path=r"proposals/(?P<number>[0-9]{1,18})/decline")
    def decline(self, request: Request, ref: str, number: str) -> Response:
        """Leave the statement as it is, with the reason."""
        record = self.get_object()
        proposal, data = self._proposal(record, number), self.given(request, ReasonSerializer)
        services.decline_proposal(proposal, by=request.user, **data)  # type: ignore[arg-type]
        return self.answer(record)
