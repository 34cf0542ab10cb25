"""Components: data sets, models, tools, computing, people."""

from typing import Any, ClassVar

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from aims import clock
from aims.access import access_of
from aims.api.base import ChangingViewSet, StrictSerializer
from inventory import services
from inventory.api.fields import PersonField, ReasonSerializer, SeenRefField, UnitField, body, kept_links, person_of
from inventory.completeness import missing_of
from inventory.models import AISystem, Component, Supplier
from inventory.states import KIND_FIELDS, ComponentKind
from inventory.tables import COMPONENTS

_OWN = tuple(name for names in KIND_FIELDS.values() for name in names)


class ComponentSerializer(StrictSerializer):
    """A component with the fields of its kind. `system`: its home, which gives it its unit; `used_by`: all users."""

    kind = serializers.ChoiceField(source="component_kind", choices=ComponentKind.choices, read_only=True)
    system = SeenRefField(AISystem, read_only=True)
    unit = UnitField(required=False)
    unit_name = serializers.CharField(source="unit.name", read_only=True)
    owner = PersonField()
    supplier = SeenRefField(Supplier, required=False, allow_null=True)
    used_by = serializers.SerializerMethodField()
    missing = serializers.SerializerMethodField()

    class Meta:
        model = Component
        fields = (
            "ref", "title", "kind", "state", "system", "unit", "unit_name", "owner", "confidentiality", "description",
            "supplier", "release", "licence", *_OWN, "used_by", "missing", "version", "created_at", "updated_at",
        )  # fmt: skip
        read_only_fields: ClassVar = ("ref", "state", "version", "created_at", "updated_at")

    def get_used_by(self, component: Component) -> list[str]:
        access = access_of(self.context["request"].user)
        return [use.system.ref for use in component.uses.all() if access.sees(use.system)]

    def get_missing(self, component: Component) -> list[str]:
        return [gap.id for gap in missing_of(component)]

    def to_representation(self, instance: Any) -> Any:
        """Only the fields of the component's kind."""
        shown = super().to_representation(instance)
        others = set(_OWN) - set(instance.own_fields())
        return {name: value for name, value in shown.items() if name not in others}


class RegisterComponentSerializer(ComponentSerializer):
    """A new component: `kind` once and for all; `system` (its home) or `unit`."""

    kind = serializers.ChoiceField(source="component_kind", choices=ComponentKind.choices)
    system = SeenRefField(AISystem, required=False, allow_null=True)


class ComponentViewSet(ChangingViewSet):
    """What systems are made of."""

    model, table, serializer_class = Component, COMPONENTS, ComponentSerializer

    def get_queryset(self) -> Any:
        return super().get_queryset().select_related("system", "supplier").prefetch_related("uses__system")

    def get_serializer_class(self) -> Any:
        return RegisterComponentSerializer if self.action == "create" else super().get_serializer_class()

    def create(self, request: Request) -> Response:
        """Register a component."""
        data, by = self.cleaned(request), person_of(request)
        return self.once(request, lambda: self.answer(services.register_component(by=by, data=data), 201))

    def changed(self, record: Any, data: dict[str, Any], version: int) -> Any:
        by, data = person_of(self.request), kept_links(record, data, self.request.user)
        return services.change_component(record, by=by, data=data, on=clock.today(), version=version)

    @extend_schema(request=ReasonSerializer, responses=ComponentSerializer)
    @action(detail=True, methods=["post"])
    def withdraw(self, request: Request, ref: str) -> Response:
        """Take it out of use for all."""
        return self._act(request, services.withdraw_component)

    @extend_schema(request=ReasonSerializer, responses=ComponentSerializer)
    @action(detail=True, methods=["post"])
    def reinstate(self, request: Request, ref: str) -> Response:
        """Take it back into use."""
        return self._act(request, services.reinstate_component)

    def _act(self, request: Request, verb: Any) -> Response:
        record, version = self.get_object(), self.match(request)
        given = body(ReasonSerializer, request, self.get_serializer_context())
        return self.answer(verb(record, by=person_of(request), version=version, **given))
