"""/api/v1/units/"""

from typing import Any, ClassVar

from rest_framework.request import Request
from rest_framework.response import Response

from aims.api.base import StrictSerializer
from organization import services
from organization.api.base import NumberedViewSet, VisibleKeyField, person_of
from organization.models import Unit, User
from organization.tables import UNITS


class UnitSerializer(StrictSerializer):
    """A unit and its place in the tree."""

    parent = VisibleKeyField(queryset=Unit.objects.all(), allow_null=True)  # type: ignore[assignment]
    head = VisibleKeyField(queryset=User.objects.all(), required=False, allow_null=True)

    class Meta:
        model = Unit
        fields: ClassVar = ["id", "name", "kind", "country", "parent", "head", "version"]
        read_only_fields: ClassVar = ["id", "version"]
        validators: ClassVar[list[Any]] = []


class UnitViewSet(NumberedViewSet):
    """Units one may see. Clause 4.3, 5.3."""

    model = Unit  # type: ignore[assignment]
    table = UNITS
    path = "units"
    serializer_class = UnitSerializer

    def create(self, request: Request) -> Response:
        by = person_of(request)
        return self.once(
            request, lambda: self.answer(services.create_unit(by=by, data=self.cleaned(request)), status=201)
        )

    def partial_update(self, request: Request, ref: str) -> Response:
        unit, version = self.get_object(), self.match(request)
        data = self.cleaned(request, unit, partial=True)
        return self.answer(services.change_unit(unit, by=person_of(request), data=data, version=version))
