"""The database keeps every invariant, whoever writes."""

from datetime import date
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from aims.trail import recording
from inventory.models import AISystem, Component, ComponentUse, LawRole, StageEntry, Supplier, SystemRole, SystemVersion
from tests.factories import inventory as make
from tests.factories.organization import UnitFactory

pytestmark = pytest.mark.django_db
DAY = date(2026, 1, 1)


def refused(name: str, write: Any) -> None:
    with pytest.raises(IntegrityError, match=name), transaction.atomic(), recording(None, "test"):
        write()


SYSTEM_BREAKS = {
    "system_has_owner": {"owner": None},
    "system_retired_dated": {"retired_on": DAY},
    "system_retired_planned": {"state": "retirement", "retired_on": DAY},
    "system_in_use_dated": {"state": "operation_monitoring"},
    "system_retired_after_use": {
        "state": "retirement", "retirement_plan": "x", "retired_on": DAY, "live_since": date(2026, 1, 2),
    },
    "system_third_party_named": {"third_party": True},
    "system_criticality_reasoned": {"criticality": "high"},
    "system_region_codes": {"regions": ["DE", "x1"]},
    "system_language_codes": {"languages": ["DE"]},
    "aisystem_state_known": {"state": "elsewhere"},
    "aisystem_autonomy_known": {"autonomy": "wild"},
    "aisystem_criticality_known": {"criticality": "wild", "criticality_reason": "x"},
    "aisystem_learning_known": {"learning": "wild"},
}  # fmt: skip


@pytest.mark.parametrize("name", SYSTEM_BREAKS)
def test_system_constraint_holds(name: str) -> None:
    rows = AISystem.objects.filter(pk=make.system().pk)
    refused(name, lambda: rows.update(**SYSTEM_BREAKS[name]))


@pytest.mark.parametrize(
    "fields", [{"vendor_product": "X"}, {"vendor_version": "1"}, {"third_party": False, "vendor_product": "X"}]
)
def test_only_a_third_partys_system_has_a_vendor(fields: dict[str, Any]) -> None:
    rows = AISystem.objects.filter(pk=make.system().pk)
    refused("system_third_party_named", lambda: rows.update(**fields))


def test_a_reason_without_criticality_is_refused() -> None:
    rows = AISystem.objects.filter(pk=make.system().pk)
    refused("system_criticality_reasoned", lambda: rows.update(criticality_reason="x"))


def test_a_supplier_without_a_third_party_is_refused() -> None:
    rows, supplier = AISystem.objects.filter(pk=make.system().pk), make.supplier()
    refused("system_third_party_named", lambda: rows.update(supplier=supplier))


SUPPLIER_BREAKS = {
    "supplier_has_owner": {"owner": None},
    "supplier_country_code": {"country": "1x"},
    "supplier_supplier_kind_known": {"supplier_kind": "wild"},
    "supplier_state_known": {"state": "wild"},
    "supplier_criticality_known": {"criticality": "wild"},
}


@pytest.mark.parametrize("name", SUPPLIER_BREAKS)
def test_supplier_constraint_holds(name: str) -> None:
    rows = Supplier.objects.filter(pk=make.supplier().pk)
    refused(name, lambda: rows.update(**SUPPLIER_BREAKS[name]))


COMPONENT_BREAKS = {
    "component_has_owner": {"owner": None},
    "component_component_kind_known": {"component_kind": "wild"},
    "component_state_known": {"state": "wild"},
    "component_data_set_fields": {"rights": "x"},
    "component_model_fields": {"limits": "x"},
    "component_tool_fields": {"used_for": "x"},
    "component_computing_fields": {"location": "x"},
}


@pytest.mark.parametrize("name", COMPONENT_BREAKS)
def test_component_constraint_holds(name: str) -> None:
    rows = Component.objects.filter(pk=make.component(kind="people").pk)
    refused(name, lambda: rows.update(**COMPONENT_BREAKS[name]))


@pytest.mark.parametrize(
    ("name", "fields"),
    [
        ("component_category_known", {"category": "wild"}),
        ("component_quality_state_known", {"quality_state": "wild"}),
        ("component_people_fields", {"stages": ["inception"]}),
        ("component_data_set_fields", {"component_kind": "tool", "personal_data": False}),
        ("component_data_set_fields", {"component_kind": "tool", "last_updated": DAY}),
    ],
)
def test_data_set_constraint_holds(name: str, fields: dict[str, Any]) -> None:
    rows = Component.objects.filter(pk=make.component(kind="data_set").pk)
    refused(name, lambda: rows.update(**fields))


def test_stages_of_people_are_stages() -> None:
    rows = Component.objects.filter(pk=make.component(kind="people").pk)
    refused("component_stages_known", lambda: rows.update(stages=["wild"]))


def test_a_component_of_a_system_is_in_its_unit() -> None:
    system = make.system(UnitFactory())
    component, elsewhere = make.component(system), UnitFactory()
    with pytest.raises(IntegrityError, match="component_follows_system"), transaction.atomic():
        Component.objects.filter(pk=component.pk).update(unit=elsewhere)
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def test_a_system_uses_a_component_once() -> None:
    system = make.system()
    component = make.component(system)
    refused("component_use_once", lambda: ComponentUse.objects.create(system=system, component=component))


def test_a_sub_role_belongs_to_its_role() -> None:
    row = SystemRole(system=make.system(), role="ai_customer", sub_role="ai_developer", rationale="x")
    row.legal_entity = UnitFactory(kind="legal_entity")
    refused("system_role_sub_role", row.save)


@pytest.mark.parametrize(
    ("model", "fields", "name"),
    [
        (SystemRole, {"role": "ai_customer", "sub_role": "ai_user"}, "system_role_once"),
        (LawRole, {"role": "deployer"}, "law_role_once"),
    ],
)
def test_a_legal_entity_has_a_role_once(model: Any, fields: dict[str, str], name: str) -> None:
    system, entity = make.system(), UnitFactory(kind="legal_entity")
    model.objects.create(system=system, legal_entity=entity, **fields)
    refused(name, lambda: model.objects.create(system=system, legal_entity=entity, **fields))


def test_a_role_before_the_law_is_known() -> None:
    system, entity = make.system(), UnitFactory(kind="legal_entity")
    refused("lawrole_role_known", lambda: LawRole.objects.create(system=system, legal_entity=entity, role="wild"))


def test_a_life_cycle_step_names_a_stage() -> None:
    system = make.system()
    refused("stageentry_stage_known", lambda: StageEntry.objects.create(system=system, stage="wild", since=DAY))


VERSION_BREAKS = {
    "version_digest": {"digest": "ABC"},
    "version_period": {"live_from": DAY, "live_until": date(2025, 12, 31)},
    "version_numbered": {"number": ""},
}


@pytest.mark.parametrize("name", VERSION_BREAKS)
def test_version_constraint_holds(name: str) -> None:
    system = make.system()
    refused(name, lambda: SystemVersion.objects.create(**{"system": system, "number": "1", **VERSION_BREAKS[name]}))


def test_an_end_without_a_start_is_refused() -> None:
    system = make.system()
    refused("version_period", lambda: SystemVersion.objects.create(system=system, number="1", live_until=DAY))


def test_a_number_is_used_once_in_a_system_whatever_its_case() -> None:
    system = make.system()
    make.version(system, "1.0-RC")
    refused("version_number", lambda: SystemVersion.objects.create(system=system, number="1.0-rc"))
    assert make.version(make.system(), "1.0-RC").pk


def test_one_version_is_in_use_at_a_time() -> None:
    system = make.system()
    SystemVersion.objects.create(system=system, number="1", live_from=DAY)
    SystemVersion.objects.create(system=system, number="0", live_from=DAY, live_until=DAY)
    refused("version_one_live", lambda: SystemVersion.objects.create(system=system, number="2", live_from=DAY))
