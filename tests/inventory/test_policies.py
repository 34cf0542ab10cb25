"""Who may do what: the whole policy on one page, role by verb."""

from typing import Any

import pytest

from inventory import policies, services
from inventory.models import AISystem
from organization.states import Role
from tests.factories import inventory as make
from tests.factories.organization import UnitFactory, person

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("open_gate")]

M, O, C, I = Role.AIMS_MANAGER, Role.SYSTEM_OWNER, Role.CONTRIBUTOR, Role.INTEGRATION
A, T = Role.APPROVER, Role.TOP_MANAGEMENT
TABLE: dict[str, set[str]] = {
    "system.register": {M, O},
    "system.change": {M, O},
    "system.move": {M, O},
    "system.grant": {M},
    "system.tier": {M, O, C, A, T},
    "system.lower_tier": {A, T},
    "record.write": {M, O, C},
    "record.approve": {A, T, M},
    "result.record": {M, O, C, I},
    "change.request": {M, O, C, I},
    "change.assess": {M, O},
    "change.decide": {A, T},
    "change.sample": {M, A, T, Role.INTERNAL_AUDITOR},
    "gate.ask": {M, O, C, I},
    "gate.report": {M, O, C, I},
    "gate.attest": {M, O, C, A, T},
    "gate.except": {M, O},
    "gate.countersign": {A, T},
    "gate.pilot": {A, T},
    "gate.break_glass": {M, O, C, A, T},
    "gate.bypass": {A, T, M},
    "gate.review": {A, T, M},
    "gate.stop": {M, O, C, A, T},
    "gate.withdraw": {A, T, M},
    "gate.set_mode": {T, M},
    "proposal.triage": {M, O},
    "version.add": {M, O, C, I},
    "version.release": {M, O},
    "component.register": {M, O, C},
    "component.change": {M, O, C},
    "component.use": {M, O, C},
    "component.withdraw": {M, O},
    "supplier.register": {M, O, C},
    "supplier.change": {M, O, C},
    "supplier.end": {M, O},
    "list.ask": {M},
}
ASKS: dict[str, Any] = {
    "system.change": policies.can_change_system,
    "system.move": policies.can_move_stage,
    "system.grant": policies.can_grant_on_system,
    "system.tier": policies.can_set_tier,
    "system.lower_tier": policies.can_lower_tier,
    "record.write": policies.can_write_record,
    "record.approve": policies.can_approve_record,
    "result.record": policies.can_record_result,
    "change.request": policies.can_request_change,
    "change.assess": policies.can_assess_change,
    "change.decide": policies.can_decide_change,
    "change.sample": policies.can_sample_change,
    "gate.ask": policies.can_ask_gate,
    "gate.report": policies.can_report_running,
    "gate.attest": policies.can_attest,
    "gate.except": policies.can_ask_exception,
    "gate.countersign": policies.can_countersign,
    "gate.pilot": policies.can_allow_pilot,
    "gate.break_glass": policies.can_break_glass,
    "gate.bypass": policies.may_bypass,
    "gate.review": policies.can_review_bypass,
    "gate.stop": policies.can_stop_system,
    "gate.withdraw": policies.can_withdraw_permit,
    "version.add": policies.can_add_version,
    "version.release": policies.can_release_version,
    "component.use": policies.can_use_component,
}
REGISTERS: dict[str, Any] = {
    "system.register": policies.can_register_system,
    "component.register": policies.can_register_component,
    "supplier.register": policies.can_register_supplier,
    "gate.set_mode": policies.can_set_mode,
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
    answers["proposal.triage"] = policies.can_triage(someone, unit)
    answers["list.ask"] = policies.can_ask_heads(someone)
    assert answers == {verb: role if role in roles else "" for verb, roles in TABLE.items()}


@pytest.mark.parametrize("verb", REGISTERS)
def test_registering_is_asked_of_a_unit_or_of_any(verb: str) -> None:
    here, elsewhere = UnitFactory(), UnitFactory()
    someone = person(Role.AIMS_MANAGER, here)
    assert REGISTERS[verb](someone, here) == REGISTERS[verb](someone) == Role.AIMS_MANAGER
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
