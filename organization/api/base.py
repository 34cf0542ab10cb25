"""What these resources share: rows addressed by number instead of by reference."""

from typing import Any, ClassVar

from rest_framework import serializers
from rest_framework.exceptions import NotAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response

from aims.api.base import RecordViewSet
from aims.errors import Hidden
from organization.models import User


def person_of(request: Request) -> User:
    """Who asks."""
    if not isinstance(request.user, User):
        raise NotAuthenticated
    return request.user


class VisibleKeyField(serializers.PrimaryKeyRelatedField[Any]):
    """A link by number; a row that the caller may not see does not exist."""

    def get_queryset(self) -> Any:
        rows: Any = super().get_queryset()
        return rows.visible_to(self.context["request"].user)


class ReasonSerializer(serializers.Serializer[Any]):
    """Body of a verb: why."""

    reason = serializers.CharField(max_length=2000)


class NumberedViewSet(RecordViewSet):
    """A resource at /api/v1/<path>/<number>/ with the rules of every other one: ETag, If-Match, problems."""

    path: ClassVar[str] = ""
    lookup_value_regex = "[0-9]{1,18}"
    http_method_names = ["get", "post", "patch", "head", "options"]

    def get_object(self) -> Any:
        found = self.get_queryset().filter(pk=int(self.kwargs["ref"])).first()
        if found is None:
            raise Hidden
        return found

    def answer(self, record: Any, status: int = 200) -> Response:
        fresh = self.represent(record)
        headers = {"ETag": f'"{fresh["version"]}"'}
        if status == 201:
            headers["Location"] = f"/api/v1/{self.path}/{record.pk}/"
        return Response(fresh, status=status, headers=headers)

    def reason(self, request: Request) -> str:
        """The reason in the body of a verb."""
        return str(self.given(request, ReasonSerializer)["reason"])
