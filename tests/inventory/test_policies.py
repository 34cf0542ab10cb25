"""Who may do what: the whole policy on one page, role by verb."""

from typing import Any

import pytest

from inventory import policies, services
from inventory.models import AISystem
from organization.states import Role
from tests.factories import inventory as make
from tests.factories.organization import UnitFactory, person

pytestmark = pytest.mark.django_db

M, O, C, I = Role.AIMS_MANAGER, Role.SYSTEM_OWNER, Role.CONTRIBUTOR, Role.INTEGRATION
A, T = Role.APPROVER, Role.TOP_MANAGEMENT
TABLE: dict[str, set[str]] = {
    "system.register": {M, O},
    "system.change": {M, O},
    "system.move": {M, O},
    "system.grant": {M},
    "system.tier": {M, O, C, A, T},
    "system.lower_tier": {A, T},
    "version.add": {M, O, C, I},
    "version.release": {M, O},
    "component.register": {M, O, C},
    "component.change": {M, O, C},
    "component.use": {M, O, C},
    "component.withdraw": {M, O},
    "supplier.register": {M, O, C},
    "supplier.change": {M, O, C},
    "supplier.end": {M, O},
}
ASKS: dict[str, Any] = {
    "system.change": policies.can_change_system,
    "system.move": policies.can_move_stage,
    "system.grant": policies.can_grant_on_system,
    "system.tier": policies.can_set_tier,
    "system.lower_tier": policies.can_lower_tier,
    "version.add": policies.can_add_version,
    "version.release": policies.can_release_version,
    "component.use": policies.can_use_component,
}
REGISTERS: dict[str, Any] = {
    "system.register": policies.can_register_system,
    "component.register": policies.can_register_component,
    "supplier.register": policies.can_register_supplier,
}


def test_the_table_names_every_verb() -> None:
    assert {verb: {str(role) for role in roles} for verb, roles in policies.VERBS.items()} == {
        verb: {str(role) for role in roles} for verb, roles in TABLE.items()
    }


@pytest.mark.parametrize("role", Role.values)
def test_a_role_does_what_the_table_says(role: str) -> None:
    unit = UnitFactory()
    system, someone = make.system(unit), person(role, unit)
    component, supplier = make.component(system), make.supplier(unit)
    answers = {verb: ask(someone, system) for verb, ask in ASKS.items()}
    answers |= {verb: ask(someone, unit) for verb, ask in REGISTERS.items()}
    answers["component.change"] = policies.can_change_component(someone, component)
    answers["component.withdraw"] = policies.can_withdraw_component(someone, component)
    answers["supplier.change"] = policies.can_change_supplier(someone, supplier)
    answers["supplier.end"] = policies.can_end_supplier(someone, supplier)
    assert answers == {verb: role if role in roles else "" for verb, roles in TABLE.items()}


@pytest.mark.parametrize("verb", REGISTERS)
def test_registering_is_asked_of_a_unit_or_of_any(verb: str) -> None:
    here, elsewhere = UnitFactory(), UnitFactory()
    someone = person(Role.SYSTEM_OWNER, here)
    assert REGISTERS[verb](someone, here) == REGISTERS[verb](someone) == Role.SYSTEM_OWNER
    assert REGISTERS[verb](someone, elsewhere) == ""


def test_nobody_does_anything_in_another_unit() -> None:
    system, someone = make.system(UnitFactory()), person(Role.AIMS_MANAGER, UnitFactory())
    assert {ask(someone, system) for ask in ASKS.values()} == {""}


def test_a_role_on_one_system_reaches_it_and_what_hangs_on_it() -> None:
    system, other = make.system(UnitFactory()), make.system(UnitFactory())
    component, someone = make.component(system), person("", UnitFactory())
    services.grant_on_system(
        system, person=someone, role=Role.SYSTEM_OWNER, by=make.manager(), reason="Helps out", on=make.TODAY
    )
    someone.__dict__.pop("access", None)
    assert policies.can_change_system(someone, system) == Role.SYSTEM_OWNER
    assert policies.can_change_component(someone, component) == Role.SYSTEM_OWNER
    assert policies.can_change_system(someone, other) == ""
    assert list(AISystem.objects.visible_to(someone)) == [system]
