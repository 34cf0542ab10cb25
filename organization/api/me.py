"""/api/v1/me/: who is asking, and what they may do."""

from typing import Any, ClassVar

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from aims.access import access_of
from aims.api.base import StrictSerializer
from organization.api.base import person_of
from organization.models import User


class MeSerializer(StrictSerializer):
    """The person or program behind the request. `roles` maps each role to the units it reaches."""

    roles = serializers.SerializerMethodField()
    scopes = serializers.SerializerMethodField()

    class Meta:
        model = User
        fields: ClassVar = [
            "id",
            "name",
            "email",
            "job_title",
            "unit",
            "language",
            "time_zone",
            "is_program",
            "roles",
            "scopes",
            "version",
        ]
        read_only_fields: ClassVar = fields

    def get_roles(self, person: User) -> dict[str, list[int]]:
        return {str(role): sorted(units) for role, units in access_of(person).units.items()}

    def get_scopes(self, person: User) -> list[str] | None:
        """What the token is limited to; null for a person signed in."""
        scopes = access_of(person).scopes
        return None if scopes is None else sorted(scopes)


class Me(APIView):
    """Who am I?"""

    @extend_schema(responses=MeSerializer)
    def get(self, request: Request) -> Response:
        told: Any = MeSerializer(person_of(request)).data
        return Response(told, headers={"ETag": f'"{told["version"]}"'})
