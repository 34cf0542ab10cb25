"""Registering, changing, moving and retiring systems."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import connection

from aims.errors import NotPermitted, Stale, WrongState
from aims.history import event_model, history
from aims.models import Record
from aims.registry import Check, registry
from inventory import services
from inventory.models import AISystem, Component
from inventory.states import LIFE_CYCLE, SystemStage
from organization.states import Role
from tests.factories import inventory as make
from tests.factories.organization import UnitFactory, person

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("open_gate")]
TODAY = make.TODAY


def register(**fields: Any) -> AISystem:
    by = fields.pop("by", None) or make.manager()
    extra = {name: fields.pop(name) for name in ("stage", "reason") if name in fields}
    data = {"title": "Routing", "purpose": "Sorts mail", "owner": by, "unit": fields.pop("unit", None) or UnitFactory()}
    return services.register_system(by=by, data={**data, **fields}, on=TODAY, **extra)


def fields_of(error: pytest.ExceptionInfo[ValidationError]) -> set[str]:
    return set(error.value.message_dict)


# Registering


def test_four_fields_register_a_system_at_its_inception() -> None:
    system = register()
    assert system.ref.startswith("SYS-") and system.state == SystemStage.INCEPTION
    (entry,) = system.stages.all()
    assert (entry.stage, entry.since, entry.by) == ("inception", TODAY, make.manager())
    assert system.version == AISystem.objects.get(pk=system.pk).version == 2


def test_a_system_in_use_is_taken_over_with_its_past() -> None:
    system = register(stage="operation_monitoring", live_since=date(2020, 5, 1), reason="Taken over")
    (entry,) = system.stages.all()
    assert (entry.stage, entry.since, entry.reason) == ("operation_monitoring", date(2020, 5, 1), "Taken over")


def test_a_re_evaluated_system_was_in_use_before_and_is_in_its_stage_from_today() -> None:
    (entry,) = register(stage="re_evaluation", live_since=date(2020, 5, 1)).stages.all()
    assert entry.since == TODAY


@pytest.mark.parametrize(
    ("fields", "wrong"),
    [
        ({"title": " "}, {"title"}),
        ({"purpose": ""}, {"purpose"}),
        ({"title": "", "purpose": ""}, {"title", "purpose"}),
        ({"owner": None}, {"owner"}),
        ({"stage": "retirement"}, {"stage"}),
        ({"stage": "operation_monitoring"}, {"live_since"}),
        ({"live_since": TODAY + timedelta(days=1)}, {"live_since"}),
        ({"title": "x" * 201}, {"title"}),
        ({"purpose": "x" * 4001}, {"purpose"}),
    ],
)
def test_what_makes_no_sense_is_refused(fields: dict[str, Any], wrong: set[str]) -> None:
    with pytest.raises(ValidationError) as error:
        register(**fields)
    assert fields_of(error) == wrong
    assert not AISystem.objects.exists()


def test_an_owner_who_left_is_refused() -> None:
    with pytest.raises(ValidationError) as error:
        register(owner=person(is_active=False))
    assert fields_of(error) == {"owner"}


def test_registering_needs_a_role_in_the_unit() -> None:
    with pytest.raises(NotPermitted):
        register(by=person(Role.SYSTEM_OWNER, UnitFactory()), unit=UnitFactory())


# Changing


def test_a_change_is_told_with_capacity_and_reason() -> None:
    system = make.system()
    by = person(Role.SYSTEM_OWNER)
    services.change_system(system, by=by, on=make.TODAY, data={"decisions": "Who waits"}, reason="Audit")
    told = history(system)[0]
    assert (told.actor, told.capacity, told.reason) == (by.name, "System owner", "Audit")
    assert [change.label for change in told.changes] == ["What it decides"]


def test_changing_raises_the_version_once() -> None:
    system = make.system()
    changed = services.change_system(
        system, by=make.manager(), on=make.TODAY, data={"decisions": "x"}, version=system.version
    )
    assert changed.version == system.version + 1


def test_a_stale_version_changes_nothing() -> None:
    system = make.system()
    services.change_system(system, by=make.manager(), on=make.TODAY, data={"decisions": "theirs"})
    with pytest.raises(Stale) as error:
        services.change_system(
            system, by=make.manager(), on=make.TODAY, data={"decisions": "mine"}, version=system.version
        )
    assert error.value.extra["current"].decisions == "theirs"


def test_changing_needs_a_role() -> None:
    with pytest.raises(NotPermitted):
        services.change_system(make.system(), by=person(Role.READER), on=make.TODAY, data={"decisions": "x"})


@pytest.mark.parametrize(
    ("fields", "wrong"),
    [
        ({"title": ""}, {"title"}),
        ({"purpose": " "}, {"purpose"}),
        ({"owner": None}, {"owner"}),
        ({"unit": None}, {"unit"}),
        ({"criticality": "high"}, {"criticality_reason"}),
        ({"criticality_reason": "x"}, {"criticality"}),
        ({"third_party": True}, {"vendor_product"}),
        ({"vendor_product": "x"}, {"vendor_product"}),
        ({"vendor_version": "x"}, {"vendor_version"}),
        ({"regions": ["ZZ"]}, {"regions"}),
        ({"languages": ["qq"]}, {"languages"}),
        ({"autonomy": "wild"}, {"autonomy"}),
        ({"affected_groups": ["x"] * 51}, {"affected_groups"}),
    ],
)
def test_a_change_that_breaks_a_rule_names_the_field(fields: dict[str, Any], wrong: set[str]) -> None:
    with pytest.raises(ValidationError) as error:
        services.change_system(make.system(), by=make.manager(), on=make.TODAY, data=fields)
    assert fields_of(error) == wrong


def test_a_supplier_belongs_to_a_third_partys_system() -> None:
    with pytest.raises(ValidationError) as error:
        services.change_system(make.system(), by=make.manager(), on=make.TODAY, data={"supplier": make.supplier()})
    assert fields_of(error) == {"supplier"}


def test_an_owner_who_left_stays_until_handed_over() -> None:
    leaver = person()
    system = make.system(owner=leaver)
    leaver.is_active = False
    leaver.save()
    changed = services.change_system(system, by=make.manager(), on=make.TODAY, data={"decisions": "x", "owner": leaver})
    assert changed.owner == leaver


def test_the_systems_word_is_not_taken_for_its_unit() -> None:
    """Who only writes another unit into the row in memory gains nothing."""
    mine, theirs = UnitFactory(), UnitFactory()
    someone, system = person(Role.SYSTEM_OWNER, mine), make.system(mine)
    with pytest.raises(NotPermitted):
        services.change_system(system, by=someone, on=make.TODAY, data={"unit": theirs})


# Moving to another unit


def test_moving_a_system_moves_its_components_in_one_statement() -> None:
    here, there = UnitFactory(), UnitFactory()
    system = make.system(here)
    own, other = make.component(system), make.component(None, unit=here)
    services.move_system_unit(system, by=make.manager(), on=make.TODAY, unit=there, reason="Reorganized")
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    assert Component.objects.get(pk=own.pk).unit == there
    assert Component.objects.get(pk=other.pk).unit == here
    spine = {row.kind: row.unit_id for row in _spine(system.pk, own.pk)}
    assert spine == {"system": there.pk, "component": there.pk}


def _spine(*keys: int) -> Any:
    return Record.objects.filter(pk__in=keys)


def test_moving_needs_a_role_in_both_units() -> None:
    here, there = UnitFactory(), UnitFactory()
    system = make.system(here)
    for someone in (person(Role.SYSTEM_OWNER, here), person(Role.SYSTEM_OWNER, there)):
        with pytest.raises(NotPermitted):
            services.move_system_unit(system, by=someone, on=make.TODAY, unit=there)
    both = person("", here, roles={Role.SYSTEM_OWNER: here, Role.AIMS_MANAGER: there})
    assert services.move_system_unit(system, by=both, on=make.TODAY, unit=there).unit == there


# The life cycle


def test_a_system_goes_through_its_stages() -> None:
    system = make.system()
    for stage in ("design_development", "verification_validation", "deployment", "operation_monitoring"):
        system = services.move_stage(system, stage=stage, by=make.manager(), reason=f"To {stage}", on=TODAY)
    assert (system.state, system.live_since) == ("operation_monitoring", TODAY)
    assert next(entry.stage for entry in system.stages.all()) == "operation_monitoring"
    assert system.stages.count() == 5


def test_in_use_since_stays_when_a_system_comes_back() -> None:
    system = make.system(stage="re_evaluation", live_since=date(2020, 1, 1))
    moved = services.move_stage(system, stage="operation_monitoring", by=make.manager(), reason="Fit", on=TODAY)
    assert moved.live_since == date(2020, 1, 1)


@pytest.mark.parametrize("stage", [stage for stage in SystemStage.values if stage != "retirement"])
def test_only_the_next_stages_are_reached(stage: str) -> None:
    live = {"live_since": date(2025, 1, 1)} if stage in ("operation_monitoring", "continuous_validation") else {}
    allowed = {edge.target for edge in LIFE_CYCLE.verbs_from(stage)}
    for target in set(SystemStage.values) - allowed:
        system = make.system(stage=stage, retirement_plan="Delete", **live)
        with pytest.raises(WrongState):
            services.move_stage(system, stage=target, by=make.manager(), reason="Try", on=TODAY)


@pytest.mark.parametrize("role", [Role.CONTRIBUTOR, Role.READER, Role.RISK_OWNER])
def test_moving_a_stage_needs_an_owners_role(role: str) -> None:
    with pytest.raises(NotPermitted):
        services.move_stage(make.system(), stage="design_development", by=person(role), reason="x", on=TODAY)


def test_moving_a_stage_needs_a_reason() -> None:
    with pytest.raises(ValidationError) as error:
        services.move_stage(make.system(), stage="design_development", by=make.manager(), reason=" ", on=TODAY)
    assert fields_of(error) == {"reason"}


def test_a_registered_check_closes_the_gate(monkeypatch: pytest.MonkeyPatch) -> None:
    check = Check("screened", "system", "design", "Screening is recorded.", lambda system: {"who": "Somebody"})
    monkeypatch.setattr(registry, "checks", [*registry.checks, check])
    system = make.system()
    with pytest.raises(WrongState) as error:
        services.move_stage(system, stage="design_development", by=make.manager(), reason="x", on=TODAY)
    assert error.value.extra["unmet"] == [{"id": "screened", "sentence": "Screening is recorded.", "who": "Somebody"}]
    assert AISystem.objects.get(pk=system.pk).state == "inception" and system.stages.count() == 1


# Retiring


def test_retiring_ends_the_version_in_use_and_fixes_the_record() -> None:
    system = make.system(stage="operation_monitoring", retirement_plan="Delete data")
    live = make.version(system, live_from=date(2025, 2, 1))
    retired = services.retire_system(system, by=make.manager(), reason="Replaced", on=TODAY)
    live.refresh_from_db()
    assert (retired.state, retired.retired_on, live.live_until) == ("retirement", TODAY, TODAY)
    with pytest.raises(WrongState):
        services.change_system(retired, by=make.manager(), on=make.TODAY, data={"decisions": "x"})
    with pytest.raises(WrongState):
        make.version(retired, "2.0")


def test_retiring_without_a_plan_says_what_is_missing() -> None:
    with pytest.raises(WrongState) as error:
        services.retire_system(make.system(), by=make.manager(), reason="x", on=TODAY)
    (unmet,) = error.value.extra["unmet"]
    assert unmet["id"] == "retirement_plan" and unmet["url"].endswith("#field-retirement_plan")


def test_a_retired_system_still_changes_hands() -> None:
    system = services.retire_system(make.system(retirement_plan="x"), by=make.manager(), reason="x", on=TODAY)
    heir, there = person(), UnitFactory()
    data = {"owner": heir, "unit": there, "confidentiality": "restricted", "decisions": system.decisions}
    changed = services.change_system(system, by=make.manager(), on=make.TODAY, data=data)
    assert (changed.owner, changed.unit, changed.confidentiality) == (heir, there, "restricted")


def test_a_part_raises_the_systems_version() -> None:
    system = make.system()
    make.version(system)
    assert AISystem.objects.get(pk=system.pk).version == system.version + 1
    assert event_model(AISystem).objects.filter(pgh_obj_id=system.pk).count() == 1
