"""Suppliers."""

from typing import Any, ClassVar

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from aims.api.base import ChangingViewSet, StrictSerializer
from inventory import services
from inventory.api.fields import PersonField, ReasonSerializer, UnitField, body, person_of
from inventory.models import Supplier
from inventory.states import SupplierKind
from inventory.tables import SUPPLIERS


class SupplierSerializer(StrictSerializer):
    """Who supplies what under which contract."""

    kind = serializers.ChoiceField(source="supplier_kind", choices=SupplierKind.choices)
    unit = UnitField()
    unit_name = serializers.CharField(source="unit.name", read_only=True)
    owner = PersonField()

    class Meta:
        model = Supplier
        fields = (
            "ref", "title", "kind", "state", "unit", "unit_name", "owner", "confidentiality", "country", "supplies",
            "contract", "criticality", "version", "created_at", "updated_at",
        )  # fmt: skip
        read_only_fields: ClassVar = ("ref", "state", "version", "created_at", "updated_at")


class SupplierViewSet(ChangingViewSet):
    """The register of suppliers."""

    model, table, serializer_class = Supplier, SUPPLIERS, SupplierSerializer

    def create(self, request: Request) -> Response:
        """Register a supplier."""
        data, by = self.cleaned(request), person_of(request)
        return self.once(request, lambda: self.answer(services.register_supplier(by=by, data=data), 201))

    def changed(self, record: Any, data: dict[str, Any], version: int) -> Any:
        return services.change_supplier(record, by=person_of(self.request), data=data, version=version)

    @extend_schema(request=ReasonSerializer, responses=SupplierSerializer)
    @action(detail=True, methods=["post"])
    def end(self, request: Request, ref: str) -> Response:
        """End the relationship."""
        return self._act(request, services.end_supplier)

    @extend_schema(request=ReasonSerializer, responses=SupplierSerializer)
    @action(detail=True, methods=["post"])
    def resume(self, request: Request, ref: str) -> Response:
        """Take the relationship up again."""
        return self._act(request, services.resume_supplier)

    def _act(self, request: Request, verb: Any) -> Response:
        record, version = self.get_object(), self.match(request)
        given: dict[str, Any] = body(ReasonSerializer, request, self.get_serializer_context())
        return self.answer(verb(record, by=person_of(request), version=version, **given))
