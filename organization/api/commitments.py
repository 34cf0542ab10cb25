"""/api/v1/obligations/ and /api/v1/objectives/."""

from typing import Any, ClassVar

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from aims import clock
from aims.api.base import RecordViewSet, StrictSerializer
from organization.api.base import ReasonSerializer, person_of
from organization.api.fields import PersonField, SpineField, UnitField
from organization.commitment_tables import OBJECTIVES, OBLIGATIONS
from organization.commitments import AimedSystem, BoundSystem, Objective, Obligation
from organization.deciding import confirm
from organization.services import commitments as services
from organization.views.commitments import with_reach


class ReachField(SpineField):
    """An AI system by its reference."""

    def to_representation(self, value: Any) -> str:
        return str(value.record.ref)

    def get_queryset(self) -> Any:
        return super().get_queryset().filter(kind="system")


class _Reaching(StrictSerializer):
    """Base: `reach` are the AI systems it is limited to, none for all of its unit."""

    unit = UnitField()
    owner = PersonField()
    reach = ReachField(many=True, required=False)


class ObligationSerializer(_Reaching):
    """A law, contract, standard or promise that asks something of the organization."""

    class Meta:
        model = Obligation
        fields: ClassVar = (
            "ref", "title", "state", "sort", "source", "url", "asks", "holds_from", "unit", "owner", "reach", "due_on",
            "ended_on", "confidentiality", "version", "created_at", "updated_at",
        )  # fmt: skip
        read_only_fields: ClassVar = ("ref", "state", "ended_on", "version", "created_at", "updated_at")


class ObjectiveSerializer(_Reaching):
    """An aim with its plan."""

    class Meta:
        model = Objective
        fields: ClassVar = (
            "ref", "title", "state", "theme", "measurable", "measure", "work", "resources", "evaluation", "unit", "owner",
            "reach", "due_on", "ended_on", "result", "confidentiality", "version", "created_at", "updated_at",
        )  # fmt: skip
        read_only_fields: ClassVar = ("ref", "state", "ended_on", "result", "version", "created_at", "updated_at")


class ResultSerializer(serializers.Serializer[Any]):
    """What became of an objective."""

    verb = serializers.ChoiceField(choices=services.ENDS)
    result = serializers.CharField(max_length=4000)


class _ReachViewSet(RecordViewSet):
    http_method_names = ["get", "post", "patch", "head", "options"]
    part: ClassVar[Any]
    register: ClassVar[Any]
    alter: ClassVar[Any]

    def get_queryset(self) -> Any:
        rows = super().get_queryset()
        return rows if getattr(self, "swagger_fake_view", False) else with_reach(rows, self.part, self.request.user)

    def create(self, request: Request) -> Response:
        """Register one."""
        return self.once(request, lambda: self.answer(self._made(request), status=201))

    def _made(self, request: Request) -> Any:
        data = self.cleaned(request)
        return type(self).register(by=person_of(request), reach=data.pop("reach", ()), data=data)

    def partial_update(self, request: Request, ref: str) -> Response:
        """Change what it says."""
        record, version = self.get_object(), self.match(request)
        data = self.cleaned(request, record, partial=True)
        reach = data.pop("reach", None)
        done = type(self).alter(record, by=person_of(request), data=data, reach=reach, version=version)
        return self.answer(done)


class ObligationViewSet(_ReachViewSet):
    """What binds the organization. Clauses 4.1, 4.2."""

    model, table, serializer_class = Obligation, OBLIGATIONS, ObligationSerializer
    part, register, alter = BoundSystem, services.register_obligation, services.change_obligation

    @extend_schema(request=ReasonSerializer, responses=ObligationSerializer)
    @action(detail=True, methods=["post"])
    def end(self, request: Request, ref: str) -> Response:
        """It binds no longer."""
        record, version = self.get_object(), self.match(request)
        reason = self.given(request, ReasonSerializer)["reason"]
        by, on = person_of(request), clock.today()
        return self.answer(services.end_obligation(record, by=by, reason=reason, on=on, version=version))


class ObjectiveViewSet(_ReachViewSet):
    """What the organization wants to reach. Clause 6.2."""

    model, table, serializer_class = Objective, OBJECTIVES, ObjectiveSerializer
    part, register, alter = AimedSystem, services.draft_objective, services.change_objective

    @extend_schema(request=ReasonSerializer, responses=ObjectiveSerializer)
    @action(detail=True, methods=["post"])
    def adopt(self, request: Request, ref: str) -> Response:
        """Top management decides that it is pursued."""
        record, version = self.get_object(), self.match(request)
        reason = self.given(request, ReasonSerializer)["reason"]
        confirm(request)
        by, on = person_of(request), clock.today()
        return self.answer(services.adopt_objective(record, by=by, reason=reason, on=on, version=version))

    @extend_schema(request=ResultSerializer, responses=ObjectiveSerializer)
    @action(detail=True, methods=["post"])
    def close(self, request: Request, ref: str) -> Response:
        """Say whether it was reached."""
        record, version = self.get_object(), self.match(request)
        data = self.given(request, ResultSerializer)
        by, on = person_of(request), clock.today()
        return self.answer(services.close_objective(record, by=by, on=on, version=version, **data))
