"""What the resources of controls share: reading the body of a verb."""

from typing import Any

from rest_framework import serializers
from rest_framework.request import Request

from aims.api.base import RecordViewSet
from organization.duties import Override


class ReasonSerializer(serializers.Serializer[Any]):
    reason = serializers.CharField(max_length=4000)


class NoteSerializer(serializers.Serializer[Any]):
    reason = serializers.CharField(max_length=4000, required=False, allow_blank=True, default="")


class OverrideSerializer(serializers.Serializer[Any]):
    """Why one person holds both duties after all, and what keeps it safe."""

    reason = serializers.CharField(max_length=2000)
    safeguard = serializers.CharField(max_length=2000)


class DecidingSerializer(ReasonSerializer):
    override = OverrideSerializer(required=False)


class ActingViewSet(RecordViewSet):
    """Reads the body of an acting POST."""

    http_method_names = ["get", "post", "patch", "head", "options"]

    def given(self, request: Request, serializer: type[Any]) -> dict[str, Any]:
        """The body, checked; unknown fields are refused."""
        known = set(serializer().fields)
        unknown = {name: ["Unknown field."] for name in request.data if name not in known}
        if unknown:
            raise serializers.ValidationError(unknown)
        found = serializer(data=request.data, context=self.get_serializer_context())
        found.is_valid(raise_exception=True)
        data = dict(found.validated_data)
        if "override" in known:
            override = data.pop("override", None)
            data["override"] = Override(**override) if override else None
        return data
