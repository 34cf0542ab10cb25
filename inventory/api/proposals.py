"""Proposals of AI uses."""

from typing import Any, ClassVar

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from aims import clock
from aims.api.base import RecordRefField, RecordViewSet, StrictSerializer
from inventory import services
from inventory.api.fields import PersonField, SeenRefField, body, person_of
from inventory.models import AISystem, Proposal
from inventory.proposal_states import ANSWERS
from inventory.proposal_tables import PROPOSALS


class ProposalSerializer(StrictSerializer):
    """An AI use that somebody proposed, and what was answered."""

    purpose = serializers.CharField(max_length=4000)
    unit_name = serializers.CharField(source="unit.name", read_only=True)
    owner = PersonField(read_only=True)
    system = SeenRefField(AISystem, read_only=True)
    answered_by = serializers.CharField(source="answered_by.name", read_only=True, default=None)

    class Meta:
        model = Proposal
        fields = (
            "ref", "title", "purpose", "tool", "state", "source", "unit_name", "owner", "system", "answer",
            "answered_by", "answered_on", "version", "created_at", "updated_at",
        )  # fmt: skip
        read_only_fields: ClassVar = (
            "ref", "state", "source", "answer", "answered_on", "version", "created_at", "updated_at",
        )  # fmt: skip


class TriageSerializer(serializers.Serializer[Any]):
    """The answer with its reason; `system` for a part of one, `owner` (e-mail) for a new one."""

    answer = serializers.ChoiceField(choices=[(one.value, one.label) for one in ANSWERS])
    reason = serializers.CharField(max_length=2000)
    system = RecordRefField(AISystem, required=False, allow_null=True)
    owner = PersonField(required=False, allow_null=True)


class ProposalViewSet(RecordViewSet):
    """Propose (no role needed), read, answer."""

    model, table, serializer_class = Proposal, PROPOSALS, ProposalSerializer
    http_method_names = ["get", "post", "head", "options"]

    def create(self, request: Request) -> Response:
        """Propose an AI use."""
        data, by = self.cleaned(request), person_of(request)
        return self.once(request, lambda: self.answer(services.propose_use(by=by, data=data), 201))

    @extend_schema(request=TriageSerializer)
    @action(detail=True, methods=["post"])
    def triage(self, request: Request, ref: str) -> Response:
        """Answer a proposal."""
        record, version = self.get_object(), self.match(request)
        given: dict[str, Any] = body(TriageSerializer, request, self.get_serializer_context())
        done = services.triage_proposal(record, by=person_of(request), on=clock.today(), version=version, **given)
        return self.answer(done)
