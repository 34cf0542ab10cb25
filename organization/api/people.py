"""/api/v1/people/"""

from typing import Any, ClassVar

from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from aims import clock
from aims.api.base import StrictSerializer
from organization import services
from organization.api.base import NumberedViewSet, ReasonSerializer, VisibleKeyField, person_of
from organization.deciding import confirm
from organization.models import Unit, User
from organization.tables import PEOPLE


class HeldSerializer(serializers.Serializer[Any]):
    """A role held now."""

    grant = serializers.IntegerField(source="pk")
    role = serializers.CharField()
    unit = serializers.IntegerField(source="content_object_id")
    valid_until = serializers.DateField(allow_null=True)


class PersonSerializer(StrictSerializer):
    """A person as others see them; the e-mail is given once, when the account is made."""

    unit = VisibleKeyField(queryset=Unit.objects.all())
    manager = VisibleKeyField(queryset=User.objects.all(), required=False, allow_null=True)
    roles = serializers.SerializerMethodField()

    class Meta:
        model = User
        fields: ClassVar = [
            "id",
            "name",
            "email",
            "job_title",
            "unit",
            "manager",
            "is_program",
            "is_active",
            "roles",
            "version",
        ]
        read_only_fields: ClassVar = ["id", "is_active", "version"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance is not None:
            self.fields["email"].read_only = self.fields["is_program"].read_only = True

    @extend_schema_field(HeldSerializer(many=True))
    def get_roles(self, person: User) -> Any:
        return HeldSerializer(getattr(person, "held", []), many=True).data


class ColleagueField(serializers.SlugRelatedField[Any]):
    """An active person whom the caller sees, by e-mail."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(slug_field="email", queryset=User.objects.active(), **kwargs)

    def get_queryset(self) -> Any:
        return User.objects.visible_to(self.context["request"].user).active()


class LeaveSerializer(ReasonSerializer):
    """Why the person leaves, and who takes over."""

    successor = ColleagueField(required=False, allow_null=True)


class PersonViewSet(NumberedViewSet):
    """People one may see. Clause 7.2."""

    model = User  # type: ignore[assignment]
    table = PEOPLE
    path = "people"
    serializer_class = PersonSerializer

    def get_queryset(self) -> Any:
        rows = super().get_queryset()
        return rows if getattr(self, "swagger_fake_view", False) else rows.with_roles(self.request.user)

    def create(self, request: Request) -> Response:
        by = person_of(request)
        return self.once(
            request, lambda: self.answer(services.create_person(by=by, data=self.cleaned(request)), status=201)
        )

    def partial_update(self, request: Request, ref: str) -> Response:
        person, version = self.get_object(), self.match(request)
        data = self.cleaned(request, person, partial=True)
        return self.answer(services.change_person(person, by=person_of(request), data=data, version=version))

    @extend_schema(request=LeaveSerializer)
    @action(detail=True, methods=["post"])
    def deactivate(self, request: Request, ref: str) -> Response:
        """The person leaves: sessions, tokens and roles stop at once; `successor` (e-mail) takes over what they hold."""
        person, version = self.get_object(), self.match(request)
        data = self.given(request, LeaveSerializer)
        confirm(request)
        by, at, on = person_of(request), clock.now(), clock.today()
        services.deactivate_person(person, by=by, at=at, on=on, version=version, **data)
        return Response(status=204)

    @extend_schema(request=ReasonSerializer)
    @action(detail=True, methods=["post"])
    def reactivate(self, request: Request, ref: str) -> Response:
        """The person is back."""
        person, version, reason = self.get_object(), self.match(request), self.reason(request)
        confirm(request)
        return self.answer(services.reactivate_person(person, by=person_of(request), reason=reason, version=version))
