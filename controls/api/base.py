"""What the resources of controls share: the bodies of verbs."""

from typing import Any

from rest_framework import serializers

from organization.api.fields import OverridingSerializer


class ReasonSerializer(serializers.Serializer[Any]):
    reason = serializers.CharField(max_length=4000)


class NoteSerializer(serializers.Serializer[Any]):
    reason = serializers.CharField(max_length=4000, required=False, allow_blank=True, default="")


class DecidingSerializer(ReasonSerializer):
    override = OverridingSerializer(required=False)
