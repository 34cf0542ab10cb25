"""API of treatment actions; they come with plans."""

from typing import Any, ClassVar

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from aims import clock
from aims.api.base import RecordViewSet, StrictSerializer
from organization.api.fields import PersonField, UnitField
from risk import services
from risk.api.bodies import ReasonSerializer, ResultSerializer
from risk.models import TreatmentAction
from risk.tables import ACTIONS
from risk.views.base import with_risk


class ActionSerializer(StrictSerializer):
    """A step of a treatment plan."""

    risk = serializers.SlugRelatedField(slug_field="ref", read_only=True)  # type: ignore[var-annotated]
    unit = UnitField(read_only=True)
    owner = PersonField()

    class Meta:
        model = TreatmentAction
        fields = (
            "ref", "title", "state", "risk", "unit", "owner", "due_on", "resources", "done_on", "result", "version",
            "created_at", "updated_at",
        )  # fmt: skip
        read_only_fields: ClassVar[tuple[str, ...]] = (
            "ref", "state", "done_on", "result", "version", "created_at", "updated_at",
        )  # fmt: skip


class ActionViewSet(RecordViewSet):
    """Treatment actions; they come with plans."""

    model = TreatmentAction
    table = ACTIONS
    serializer_class = ActionSerializer
    http_method_names = ["get", "post", "patch", "head", "options"]

    def get_queryset(self) -> Any:
        rows = super().get_queryset()
        return rows if getattr(self, "swagger_fake_view", False) else with_risk(rows, self.request.user)

    def partial_update(self, request: Request, ref: str) -> Response:
        """Change what an open action says."""
        record, version = self.get_object(), self.match(request)
        data = self.cleaned(request, record, partial=True)
        return self.answer(services.change_action(record, by=request.user, data=data, version=version))  # type: ignore[arg-type]

    @extend_schema(request=ResultSerializer, responses=ActionSerializer)
    @action(detail=True, methods=["post"])
    def complete(self, request: Request, ref: str) -> Response:
        """Say that it is done."""
        record, version = self.get_object(), self.match(request)
        data = self.given(request, ResultSerializer)
        done = services.complete_action(record, by=request.user, on=clock.today(), version=version, **data)  # type: ignore[arg-type]
        return self.answer(done)

    @extend_schema(request=ReasonSerializer, responses=ActionSerializer)
    @action(detail=True, methods=["post"])
    def drop(self, request: Request, ref: str) -> Response:
        """Take it out of the plan, with the reason."""
        record, version = self.get_object(), self.match(request)
        data = self.given(request, ReasonSerializer)
        return self.answer(services.drop_action(record, by=request.user, version=version, **data))  # type: ignore[arg-type]
