"""AI systems with their roles, versions and components."""

from typing import Any, ClassVar

from django.db.models import Prefetch
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from aims import clock
from aims.api.base import ChangingViewSet, RecordRefField, StrictSerializer
from aims.errors import Hidden
from inventory import services
from inventory.api.fields import PersonField, ReasonSerializer, SeenRefField, UnitField, body, kept_links, person_of
from inventory.api.gate import GateActions
from inventory.completeness import missing
from inventory.fields import entities_for
from inventory.models import (
    AISystem,
    Component,
    ComponentUse,
    LawRole,
    StageEntry,
    Supplier,
    SystemRole,
    SystemVersion,
)
from inventory.states import SystemStage
from inventory.tables import SYSTEMS

_PART = r"(?P<part>[0-9]+)"


def _entities(user: Any, view: Any) -> Any:
    return entities_for(view.get_object())(user)


class RoleSerializer(StrictSerializer):
    """An ISO role of a legal entity."""

    legal_entity = UnitField(_entities)
    legal_entity_name = serializers.CharField(source="legal_entity.name", read_only=True)
    rationale = serializers.CharField(max_length=1000)

    class Meta:
        model = SystemRole
        fields = ("id", "role", "sub_role", "legal_entity", "legal_entity_name", "rationale")


class LawRoleSerializer(RoleSerializer):
    """A role under the EU AI Act of a legal entity."""

    class Meta(RoleSerializer.Meta):
        model = LawRole  # type: ignore[assignment]
        fields = ("id", "role", "legal_entity", "legal_entity_name", "rationale")  # type: ignore[assignment]


class VersionSerializer(StrictSerializer):
    class Meta:
        model = SystemVersion
        fields = ("id", "number", "digest", "configured_on", "notes", "live_from", "live_until", "created_at")
        read_only_fields = ("live_from", "live_until", "created_at")
        validators: ClassVar[list[Any]] = []


class StageEntrySerializer(serializers.ModelSerializer[StageEntry]):
    by = serializers.CharField(source="by.name", read_only=True, default=None)

    class Meta:
        model = StageEntry
        fields = ("stage", "since", "by", "reason")


class UsedSerializer(serializers.ModelSerializer[Component]):
    """A component as its system names it."""

    class Meta:
        model = Component
        fields = ("ref", "title", "component_kind", "release")


class SystemSerializer(StrictSerializer):
    """An AI system. `stage` moves through /move/; `missing` says what the standard asks and is not stated yet."""

    unit = UnitField()
    unit_name = serializers.CharField(source="unit.name", read_only=True)
    owner = PersonField()
    stage = serializers.CharField(source="state", read_only=True)
    purpose = serializers.CharField(max_length=4000)
    supplier = SeenRefField(Supplier, required=False, allow_null=True)
    roles = RoleSerializer(many=True, read_only=True)
    law_roles = LawRoleSerializer(many=True, read_only=True)
    versions = VersionSerializer(many=True, read_only=True)
    stages = StageEntrySerializer(many=True, read_only=True)
    components = serializers.SerializerMethodField()
    missing = serializers.SerializerMethodField()

    class Meta:
        model = AISystem
        fields = (
            "ref", "title", "purpose", "stage", "unit", "unit_name", "owner", "confidentiality", "live_since",
            "retired_on", "intended_use", "foreseeable_misuse", "decisions", "learning", "autonomy", "autonomy_note",
            "human_oversight", "affected_groups", "regions", "languages", "user_information", "criticality",
            "criticality_reason", "tier", "tier_reasons", "tier_since", "backlog_until", "flag", "stopped_on",
            "third_party", "supplier", "vendor_product", "vendor_version", "embedded_in", "retirement_plan", "roles",
            "law_roles", "versions", "stages", "components", "missing", "version", "created_at", "updated_at",
        )  # fmt: skip
        read_only_fields: ClassVar = (
            "ref", "tier", "tier_reasons", "tier_since", "backlog_until", "flag", "stopped_on", "retired_on", "version",
            "created_at", "updated_at",
        )  # fmt: skip

    def get_components(self, system: AISystem) -> list[dict[str, Any]]:
        return UsedSerializer([use.component for use in system.uses.all()], many=True).data  # type: ignore[return-value]

    def get_missing(self, system: AISystem) -> list[dict[str, str]]:
        return [{"id": gap.id, "clause": gap.clause, "sentence": str(gap.sentence)} for gap in missing(system)]


class RegisterSystemSerializer(SystemSerializer):
    """A new system; one from before the register comes with its stage and since when it is in use."""

    stage = serializers.ChoiceField(  # type: ignore[assignment]  # here it is written
        choices=SystemStage.choices, required=False
    )


class MoveSerializer(ReasonSerializer):
    stage = serializers.ChoiceField(choices=SystemStage.choices)


class ReleaseSerializer(ReasonSerializer):
    live_from = serializers.DateField(required=False)
    reason = serializers.CharField(max_length=2000, required=False, default="", allow_blank=True)


class EndSerializer(ReasonSerializer):
    live_until = serializers.DateField(required=False)


class UseSerializer(serializers.Serializer[Any]):
    component = RecordRefField(Component)


class SystemViewSet(GateActions, ChangingViewSet):
    """The AI system register."""

    model, table, serializer_class = AISystem, SYSTEMS, SystemSerializer

    def get_queryset(self) -> Any:
        rows = super().get_queryset()
        if getattr(self, "swagger_fake_view", False):
            return rows
        visible = Component.objects.visible_to(self.request.user)
        uses = ComponentUse.objects.filter(component__in=visible).select_related("component")
        parts = ("roles__legal_entity", "law_roles__legal_entity", "stages__by", Prefetch("uses", uses))
        return rows.with_gaps().select_related("supplier").prefetch_related(*parts)

    def get_serializer_class(self) -> Any:
        return RegisterSystemSerializer if self.action == "create" else super().get_serializer_class()

    def represent(self, record: Any) -> Any:
        """As GET gives it, whichever verb answered."""
        fresh = self.get_queryset().get(pk=record.pk)
        return SystemSerializer(fresh, context=self.get_serializer_context()).data

    def create(self, request: Request) -> Response:
        """Put a system on the register."""
        data = self.cleaned(request)
        stage = data.pop("stage", SystemStage.INCEPTION)
        by = person_of(request)

        def make() -> Response:
            return self.answer(services.register_system(by=by, data=data, stage=stage, on=clock.today()), 201)

        return self.once(request, make)

    def changed(self, record: Any, data: dict[str, Any], version: int) -> Any:
        by, data = person_of(self.request), kept_links(record, data, self.request.user)
        return services.change_system(record, by=by, on=clock.today(), data=data, version=version)

    @extend_schema(request=MoveSerializer, responses=SystemSerializer)
    @action(detail=True, methods=["post"])
    def move(self, request: Request, ref: str) -> Response:
        """Move to a stage of the life cycle; 409 lists what is missing."""
        record, version, given = self._acting(request, MoveSerializer)
        by = person_of(request)
        return self.answer(services.move_stage(record, by=by, version=version, on=clock.today(), **given))

    @extend_schema(request=RoleSerializer, responses=SystemSerializer)
    @action(detail=True, methods=["post"])
    def roles(self, request: Request, ref: str) -> Response:
        """State an ISO role."""
        record, version, given = self._acting(request, RoleSerializer)
        services.add_role(record, by=person_of(request), data=given, version=version)
        return self.answer(record)

    @extend_schema(request=LawRoleSerializer, responses=SystemSerializer)
    @action(detail=True, methods=["post"], url_path="law-roles")
    def law_roles(self, request: Request, ref: str) -> Response:
        """State a role under the EU AI Act."""
        record, version, given = self._acting(request, LawRoleSerializer)
        services.add_law_role(record, by=person_of(request), data=given, version=version)
        return self.answer(record)

    @extend_schema(request=RoleSerializer, responses=SystemSerializer)
    @action(detail=True, methods=["patch"], url_path=rf"roles/{_PART}")
    def role(self, request: Request, ref: str, part: str) -> Response:
        """Correct an ISO role."""
        return self._change_role(request, SystemRole, RoleSerializer, part)

    @extend_schema(request=LawRoleSerializer, responses=SystemSerializer)
    @action(detail=True, methods=["patch"], url_path=rf"law-roles/{_PART}")
    def law_role(self, request: Request, ref: str, part: str) -> Response:
        """Correct a role under the EU AI Act."""
        return self._change_role(request, LawRole, LawRoleSerializer, part)

    def _change_role(self, request: Request, model: Any, serializer: Any, part: str) -> Response:
        record, version, given = self._acting(request, serializer, partial=True)
        services.change_role(self._part(record, model, part), by=person_of(request), data=given, version=version)
        return self.answer(record)

    @extend_schema(request=ReasonSerializer, responses=SystemSerializer)
    @action(detail=True, methods=["post"], url_path=rf"roles/{_PART}/remove")
    def remove_role(self, request: Request, ref: str, part: str) -> Response:
        """Take an ISO role away."""
        return self._remove_role(request, SystemRole, part)

    @extend_schema(request=ReasonSerializer, responses=SystemSerializer)
    @action(detail=True, methods=["post"], url_path=rf"law-roles/{_PART}/remove")
    def remove_law_role(self, request: Request, ref: str, part: str) -> Response:
        """Take a role under the EU AI Act away."""
        return self._remove_role(request, LawRole, part)

    def _remove_role(self, request: Request, model: Any, part: str) -> Response:
        record, version, given = self._acting(request, ReasonSerializer)
        services.remove_role(self._part(record, model, part), by=person_of(request), version=version, **given)
        return self.answer(record)

    @extend_schema(request=VersionSerializer, responses=SystemSerializer)
    @action(detail=True, methods=["post"])
    def versions(self, request: Request, ref: str) -> Response:
        """Record a version."""
        record, version, given = self._acting(request, VersionSerializer)
        services.add_version(record, by=person_of(request), data=given, on=clock.today(), version=version)
        return self.answer(record)

    @extend_schema(request=VersionSerializer, responses=SystemSerializer)
    @action(detail=True, methods=["patch"], url_path=rf"versions/{_PART}")
    def version(self, request: Request, ref: str, part: str) -> Response:
        """Correct a version."""
        record, version, given = self._acting(request, VersionSerializer, partial=True)
        row = self._part(record, SystemVersion, part)
        services.change_version(row, by=person_of(request), data=given, version=version)
        return self.answer(record)

    @extend_schema(request=ReleaseSerializer, responses=SystemSerializer)
    @action(detail=True, methods=["post"], url_path=rf"versions/{_PART}/release")
    def release_version(self, request: Request, ref: str, part: str) -> Response:
        """Bring a version into use; the one in use until then ends."""
        record, version, given = self._acting(request, ReleaseSerializer)
        row = self._part(record, SystemVersion, part)
        services.release_version(row, by=person_of(request), on=clock.today(), version=version, **given)
        return self.answer(record)

    @extend_schema(request=EndSerializer, responses=SystemSerializer)
    @action(detail=True, methods=["post"], url_path=rf"versions/{_PART}/end")
    def end_version(self, request: Request, ref: str, part: str) -> Response:
        """Take the version in use out of use."""
        record, version, given = self._acting(request, EndSerializer)
        row = self._part(record, SystemVersion, part)
        services.end_version(row, by=person_of(request), on=clock.today(), version=version, **given)
        return self.answer(record)

    @extend_schema(request=UseSerializer, responses=SystemSerializer)
    @action(detail=True, methods=["post"])
    def components(self, request: Request, ref: str) -> Response:
        """Say that the system uses a component."""
        record, version, given = self._acting(request, UseSerializer)
        services.use_component(record, given["component"], by=person_of(request), version=version)
        return self.answer(record)

    @extend_schema(request=ReasonSerializer, responses=SystemSerializer)
    @action(detail=True, methods=["post"], url_path=r"components/(?P<component>[A-Za-z]+-[0-9]+)/stop")
    def stop_component(self, request: Request, ref: str, component: str) -> Response:
        """Say that the system no longer uses a component."""
        record, version, given = self._acting(request, ReasonSerializer)
        found = Component.objects.visible_to(request.user).used_in(record).filter(ref=component.upper()).first()
        if found is None:
            raise Hidden
        services.stop_using(record, found, by=person_of(request), version=version, **given)
        return self.answer(record)

    def _acting(self, request: Request, serializer: Any, **kwargs: Any) -> tuple[AISystem, int, dict[str, Any]]:
        """The system, the version read, and the body."""
        record, version = self.get_object(), self.match(request)
        return record, version, body(serializer, request, self.get_serializer_context(), **kwargs)

    def _part(self, record: AISystem, model: Any, key: str) -> Any:
        found = model._default_manager.filter(system=record, pk=key).first()
        if found is None:
            raise Hidden
        return found
