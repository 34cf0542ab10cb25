"""What the resources of controls share: the bodies of verbs, and what became of many rows."""

from typing import Any

from rest_framework import serializers

from controls.services import Outcome
from organization.api.fields import OverridingSerializer


class ReasonSerializer(serializers.Serializer[Any]):
    reason = serializers.CharField(max_length=4000)


class NoteSerializer(serializers.Serializer[Any]):
    reason = serializers.CharField(max_length=4000, required=False, allow_blank=True, default="")


class DecidingSerializer(ReasonSerializer):
    override = OverridingSerializer(required=False)


class OutcomeSerializer(serializers.Serializer[Any]):
    """What became of one row: the status it would have had alone, its version now, sentences by field."""

    ref = serializers.CharField()
    status = serializers.IntegerField()
    version = serializers.IntegerField(allow_null=True)
    errors = serializers.DictField(  # type: ignore[assignment]  # a field of the answer, as problems name it
        child=serializers.ListField(child=serializers.CharField())
    )


class OutcomesSerializer(serializers.Serializer[Any]):
    results = OutcomeSerializer(many=True)


def outcome_of(outcome: Outcome) -> dict[str, Any]:
    """One row's outcome as the API tells it."""
    row = outcome.statement
    return {"ref": row.ref, "status": outcome.status, "version": row.version, "errors": outcome.errors}
