"""Lists of AI systems that heads of units attest."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from aims import clock
from aims.api.base import RecordViewSet, StrictSerializer
from inventory import services
from inventory.api.fields import PersonField, ReasonSerializer, body, person_of
from inventory.list_tables import LISTS
from inventory.models import AttestedList


class AttestedListSerializer(StrictSerializer):
    """Who says that a unit's list is complete; `found_later` counts what turned up since."""

    unit_name = serializers.CharField(source="unit.name", read_only=True)
    owner = PersonField(read_only=True)
    attested_by = serializers.CharField(source="attested_by.name", read_only=True, default=None)
    found_later = serializers.IntegerField(read_only=True)

    class Meta:
        model = AttestedList
        fields = (
            "ref", "title", "state", "unit_name", "owner", "attested_at", "attested_by", "counted", "found_later",
            "found", "due_on", "version", "created_at", "updated_at",
        )  # fmt: skip
        read_only_fields = fields


class AskedSerializer(serializers.Serializer[Any]):
    """How many lists are new or changed hands; how many units have no head, or one who does not see the unit."""

    new = serializers.IntegerField()
    handed = serializers.IntegerField()
    headless = serializers.IntegerField()
    blind = serializers.IntegerField()


class AttestedListViewSet(RecordViewSet):
    """Read; ask every head; ask one no more. Attesting is the task that falls due."""

    model, table, serializer_class = AttestedList, LISTS, AttestedListSerializer
    http_method_names = ["get", "post", "head", "options"]

    def get_queryset(self) -> Any:
        return super().get_queryset().select_related("attested_by").with_found(self.request.user)

    @extend_schema(request=None, responses=AskedSerializer)
    @action(detail=False, methods=["post"])
    def ask(self, request: Request) -> Response:
        """Ask the head of every unit in which one may."""
        return Response(AskedSerializer(services.ask_heads(by=person_of(request), on=clock.today())).data)

    @extend_schema(request=ReasonSerializer)
    @action(detail=True, methods=["post"])
    def end(self, request: Request, ref: str) -> Response:
        """Ask this unit's head no more."""
        record, version = self.get_object(), self.match(request)
        given = body(ReasonSerializer, request, self.get_serializer_context())
        return self.answer(services.end_list(record, by=person_of(request), version=version, **given))
