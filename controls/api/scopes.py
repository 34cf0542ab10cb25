"""API: scopes of the management system."""

from typing import Any, ClassVar

from django.db.models import Prefetch
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from aims.api.base import RecordRefField, RecordViewSet, StrictSerializer
from controls import services
from controls.api.base import OutcomesSerializer, ReasonSerializer, outcome_of
from controls.models import AimsScope, ScopeSystem
from controls.tables import SCOPES
from inventory.models import AISystem
from organization.api.fields import PersonField, UnitField


class ScopeSerializer(StrictSerializer):
    """A scope. `systems`: AI systems of other units that it lists; those of its unit and below are in it anyway."""

    unit = UnitField()
    owner = PersonField(required=False)
    systems = RecordRefField(AISystem, many=True, required=False, source="systems_seen")

    class Meta:
        model = AimsScope
        fields = (
            "ref", "title", "state", "unit", "boundaries", "systems", "owner", "due_on", "confidentiality", "version",
            "created_at", "updated_at",
        )  # fmt: skip
        read_only_fields: ClassVar[tuple[str, ...]] = ("ref", "state", "due_on", "version", "created_at", "updated_at")

    def to_representation(self, instance: Any) -> Any:
        instance.systems_seen = [one.system for one in instance.listed_seen]
        return super().to_representation(instance)


class CopySerializer(ReasonSerializer):
    """`source`: the scope whose decisions are taken over; `reason`: why its words hold here."""

    source = RecordRefField(AimsScope)  # type: ignore[assignment]  # a field of the body


class ScopeViewSet(RecordViewSet):
    """Scopes: open, change, end. Opening one opens a statement about every control."""

    model = AimsScope
    table = SCOPES
    serializer_class = ScopeSerializer
    http_method_names = ["get", "post", "patch", "head", "options"]

    def get_queryset(self) -> Any:
        rows = super().get_queryset()
        if getattr(self, "swagger_fake_view", False):
            return rows
        seen = AISystem.objects.visible_to(self.request.user).values("pk")
        listed = ScopeSystem.objects.filter(system__in=seen).select_related("system").order_by("system__title")
        return rows.prefetch_related(Prefetch("listed", listed, to_attr="listed_seen"))

    def create(self, request: Request) -> Response:
        """Open a scope."""
        return self.once(request, lambda: self.answer(self._open(request), status=201))

    def _open(self, request: Request) -> AimsScope:
        data = self.cleaned(request)
        unit, systems = data.pop("unit"), data.pop("systems_seen", [])
        return services.open_scope(unit, by=request.user, data=data, systems=systems)  # type: ignore[arg-type]

    def partial_update(self, request: Request, ref: str) -> Response:
        """Change what it says and lists; the unit stays."""
        record, version = self.get_object(), self.match(request)
        data = self.cleaned(request, record, partial=True)
        if data.pop("unit", record.unit) != record.unit:
            raise serializers.ValidationError({"unit": ["The unit of a scope stays; open another scope."]})
        systems, by = data.pop("systems_seen", None), request.user
        done = services.change_scope(record, by=by, data=data, systems=systems, version=version)  # type: ignore[arg-type]
        return self.answer(done)

    @extend_schema(request=CopySerializer, responses=OutcomesSerializer)
    @action(detail=True, methods=["post"])
    def copy(self, request: Request, ref: str) -> Response:
        """Fill the controls that are undecided here with another scope's decisions; nothing decided changes."""
        record, by = self.get_object(), request.user
        data = self.given(request, CopySerializer)
        outcomes = services.copy_statements(record, data["source"], by=by, reason=data["reason"])  # type: ignore[arg-type]
        return Response({"results": [outcome_of(one) for one in outcomes]})

    @extend_schema(request=ReasonSerializer, responses=ScopeSerializer)
    @action(detail=True, methods=["post"])
    def end(self, request: Request, ref: str) -> Response:
        """End the scope."""
        record, version = self.get_object(), self.match(request)
        data = self.given(request, ReasonSerializer)
        return self.answer(services.end_scope(record, by=request.user, version=version, **data))  # type: ignore[arg-type]
