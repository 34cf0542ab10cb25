"""API: control statements, and the catalogue to read."""

from typing import Any, ClassVar

from drf_spectacular.utils import extend_schema
from rest_framework import serializers, viewsets
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from aims.api.base import ChangingViewSet, RecordRefField, StrictSerializer
from aims.errors import Hidden
from aims.models import Record
from controls import services
from controls.api.base import OutcomesSerializer, outcome_of
from controls.models import Clause, Control, ControlStatement
from controls.tables import STATEMENTS
from inventory.models import AISystem
from organization.models import User

MOST_ROWS = 200


class StatementSerializer(StrictSerializer):
    """A control statement. `systems`: the AI systems it is limited to, none for the whole unit."""

    control = serializers.SlugRelatedField(slug_field="number", read_only=True)  # type: ignore[var-annotated]
    unit = serializers.SlugRelatedField(slug_field="name", read_only=True)  # type: ignore[var-annotated]
    owner = serializers.SlugRelatedField(
        slug_field="email", queryset=User.objects.active(), allow_null=True, required=False
    )
    scope = serializers.SlugRelatedField(slug_field="ref", read_only=True)  # type: ignore[var-annotated]
    system = serializers.SerializerMethodField()
    systems = RecordRefField(AISystem, many=True, required=False)
    records = serializers.SlugRelatedField(
        slug_field="ref", many=True, required=False, queryset=Record.objects.all(), source="records_seen"
    )
    evidence_count = serializers.IntegerField(read_only=True)

    class Meta:
        model = ControlStatement
        fields = (
            "ref", "scope", "control", "title", "unit", "system", "state", "applicability", "justification", "basis",
            "records", "systems", "status",
            "implementation", "procedure", "owner", "due_on", "last_reviewed_on", "evidence_days", "confidentiality",
            "evidence_count",
            "version", "created_at", "updated_at",
        )  # fmt: skip
        read_only_fields: ClassVar[tuple[str, ...]] = ("ref", "title", "state", "version", "created_at", "updated_at")

    def get_system(self, row: ControlStatement) -> str | None:
        """The AI system whose own statement this is, where the reader sees it."""
        return row.system_seen.ref if row.system_seen is not None else None  # type: ignore[attr-defined]

    def validate_records(self, records: list[Record]) -> list[Record]:
        seen = set(
            Record.objects.visible_to(self.context["request"].user)
            .filter(pk__in=[one.pk for one in records])
            .values_list("pk", flat=True)
        )
        if unknown := [one.ref for one in records if one.pk not in seen]:
            raise serializers.ValidationError([f"There is no record {ref}." for ref in unknown])
        return records


class RowSerializer(StatementSerializer):
    """One row of a bulk change: the statement's reference, the version that was read, the fields to set."""

    ref = serializers.CharField()
    version = serializers.IntegerField(min_value=1)

    class Meta(StatementSerializer.Meta):
        read_only_fields: ClassVar = ("title", "state", "created_at", "updated_at")


class BulkSerializer(serializers.Serializer[Any]):
    statements: Any = serializers.ListSerializer(child=RowSerializer(), allow_empty=False, max_length=MOST_ROWS)
    reason = serializers.CharField(required=False, allow_blank=True, max_length=2000)


class OpenedSerializer(serializers.Serializer[Any]):
    """How many statements were opened."""

    opened = serializers.IntegerField()


def _named(data: dict[str, Any]) -> dict[str, Any]:
    """The fields as the service calls them."""
    return {("records" if name == "records_seen" else name): value for name, value in data.items()}


class StatementViewSet(ChangingViewSet):
    """Control statements: read, change one or several, open what is missing. They are never made or deleted singly."""

    model = ControlStatement
    table = STATEMENTS
    serializer_class = StatementSerializer
    http_method_names = ["get", "post", "put", "patch", "head", "options"]

    def get_queryset(self) -> Any:
        rows = super().get_queryset()
        return (
            rows
            if getattr(self, "swagger_fake_view", False)
            else rows.with_links(self.request.user).with_records(self.request.user)
        )

    def changed(self, record: Any, data: dict[str, Any], version: int) -> Any:
        person: Any = self.request.user
        return services.change_statement(record, by=person, data=_named(data), version=version)

    @extend_schema(request=BulkSerializer, responses=OutcomesSerializer)
    @action(detail=False, methods=["post"])
    def bulk(self, request: Request) -> Response:
        """Change several statements, each by itself: the answer says row by row what became of it."""
        serializer = BulkSerializer(data=request.data, context=self.get_serializer_context())
        serializer.is_valid(raise_exception=True)
        given = serializer.validated_data
        return self.once(request, lambda: self._bulk(given["statements"], given.get("reason", "")))

    def _bulk(self, rows: list[dict[str, Any]], reason: str) -> Response:
        found = {row.ref: row for row in self.get_queryset().filter(ref__in=[row["ref"].upper() for row in rows])}
        answers = [self._one(found.get(row["ref"].upper()), row, reason) for row in rows]
        return Response({"results": answers})

    def _one(self, statement: ControlStatement | None, row: dict[str, Any], reason: str) -> dict[str, Any]:
        if statement is None:
            return {"ref": row["ref"], "status": Hidden.status, "version": None, "errors": {"": [str(Hidden.title)]}}
        data = _named({name: value for name, value in row.items() if name not in ("ref", "version")})
        change = services.RowChange(statement, data, row["version"])
        outcome = services.bulk_change([change], by=self.request.user, reason=reason)[0]  # type: ignore[arg-type]
        return outcome_of(outcome)

    @extend_schema(request=None, responses={200: OpenedSerializer})
    @action(detail=False, methods=["post"], url_path="open")
    def open_all(self, request: Request) -> Response:
        """Open the organization's scope with an undecided statement for every control; again: nothing more."""
        return self.once(request, lambda: Response({"opened": services.open_organization(by=request.user)}))  # type: ignore[arg-type]


class ControlSerializer(serializers.ModelSerializer[Control]):
    """A control with its guidance, in our own words."""

    framework = serializers.SlugRelatedField(slug_field="key", read_only=True)  # type: ignore[var-annotated]
    group = serializers.SlugRelatedField(slug_field="number", read_only=True)  # type: ignore[var-annotated]

    class Meta:
        model = Control
        fields = (
            "number", "title", "framework", "group", "subgroup", "source", "summary", "documented", "asks", "consider",
            "evidence", "questions", "roles", "crosswalk",
        )  # fmt: skip


class ClauseSerializer(serializers.ModelSerializer[Clause]):
    """A clause with its requirements, in our own words."""

    framework = serializers.SlugRelatedField(slug_field="key", read_only=True)  # type: ignore[var-annotated]
    requirements = serializers.SerializerMethodField()

    class Meta:
        model = Clause
        fields = (
            "number", "title", "framework", "heading", "requirements", "documented", "documented_mandatory",
            "documented_items", "checks", "notes", "crosswalk",
        )  # fmt: skip

    def get_requirements(self, clause: Clause) -> list[dict[str, str]]:
        return [{"number": one.number, "text": one.text} for one in clause.requirements.all()]


class CatalogueViewSet(viewsets.GenericViewSet[Any]):
    """Rows of the catalogue, to read; everybody signed in may."""

    lookup_field = "number"
    lookup_value_regex = "[A-Za-z0-9.]+"
    rows: ClassVar[Any]

    def get_queryset(self) -> Any:
        return self.rows.all()

    def list(self, request: Request) -> Response:
        """All rows in the catalogue's order."""
        return Response({"results": self.get_serializer(self.get_queryset(), many=True).data})

    def retrieve(self, request: Request, number: str) -> Response:
        """One row by its number."""
        found = self.get_queryset().filter(number__iexact=number).first()
        if found is None:
            raise Hidden
        return Response(self.get_serializer(found).data)


class ControlViewSet(CatalogueViewSet):
    """Controls of the catalogue."""

    rows = Control.objects.select_related("framework", "group").in_order()
    serializer_class = ControlSerializer


class ClauseViewSet(CatalogueViewSet):
    """Clauses of the catalogue."""

    rows = Clause.objects.select_related("framework").prefetch_related("requirements").in_order()
    serializer_class = ClauseSerializer
