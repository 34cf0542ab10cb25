"""/api/v1/grants/: roles of people on units."""

from typing import Any, ClassVar

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from aims import clock
from aims.api.base import StrictSerializer
from organization import services
from organization.api.base import NumberedViewSet, ReasonSerializer, VisibleKeyField, person_of
from organization.deciding import confirm
from organization.models import Unit, UnitGrant, User
from organization.policies import can_review_person
from organization.states import Role
from organization.tables import GRANTS


class GrantSerializer(StrictSerializer):
    """A role for a person on a unit and all below it. Why, and who gave it, only reviewers and the person read."""

    person = VisibleKeyField(source="user", queryset=User.objects.all())
    role = serializers.ChoiceField(choices=Role.choices)
    unit = VisibleKeyField(source="content_object", queryset=Unit.objects.all())
    valid_from = serializers.DateField(required=False)

    class Meta:
        model = UnitGrant
        fields: ClassVar = [
            "id",
            "person",
            "role",
            "unit",
            "reason",
            "valid_from",
            "valid_until",
            "granted_by",
            "ended_at",
            "end_reason",
            "version",
        ]
        read_only_fields: ClassVar = ["id", "granted_by", "ended_at", "end_reason", "version"]
        validators: ClassVar[list[Any]] = []

    def to_representation(self, instance: UnitGrant) -> Any:
        told = super().to_representation(instance)
        user = self.context["request"].user
        if instance.user_id != user.pk and not can_review_person(user, instance.user):
            told |= {"reason": "", "granted_by": None, "end_reason": ""}
        return told


class GrantViewSet(NumberedViewSet):
    """Roles that reach the units one sees. Given and ended by people signed in, never by a token. Clause 5.3."""

    model = UnitGrant  # type: ignore[assignment]
    table = GRANTS
    path = "grants"
    serializer_class = GrantSerializer
    http_method_names = ["get", "post", "head", "options"]

    def create(self, request: Request) -> Response:
        confirm(request)
        return self.once(request, lambda: self.answer(self._given(request), status=201))

    def _given(self, request: Request) -> UnitGrant:
        data = self.cleaned(request)
        person, unit = data.pop("user"), data.pop("content_object")
        return services.grant_role(person, unit=unit, by=person_of(request), on=clock.today(), **data)

    @extend_schema(request=ReasonSerializer)
    @action(detail=True, methods=["post"])
    def end(self, request: Request, ref: str) -> Response:
        """End the role before its time, at once."""
        grant, version, reason = self.get_object(), self.match(request), self.reason(request)
        confirm(request)
        by, when = person_of(request), {"at": clock.now(), "on": clock.today()}
        ended = services.end_grant(grant, by=by, reason=reason, version=version, **when)  # type: ignore[arg-type]
        return self.answer(ended) if self.get_queryset().filter(pk=ended.pk).exists() else Response(status=204)
