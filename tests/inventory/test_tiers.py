"""Putting systems into tiers."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError

from aims.errors import NotPermitted, Stale, WrongState
from aims.models import Decision
from inventory import services
from inventory.models import AISystem
from inventory.states import Tier
from organization.states import Role
from tests.factories import inventory as make
from tests.factories.organization import person, root

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("open_gate")]
TODAY = make.TODAY


def put(system: AISystem, tier: str, role: str = Role.AIMS_MANAGER, **more: object) -> AISystem:
    by = make.manager() if role == Role.AIMS_MANAGER else person(role, root())
    return services.set_tier(system, by=by, tier=tier, reasons="Few people", on=TODAY, **more)  # type: ignore[arg-type]


def test_a_tier_has_reasons_a_date_and_a_decision() -> None:
    system = put(make.system(), Tier.STANDARD)
    assert (system.tier, system.tier_reasons, system.tier_since) == ("standard", "Few people", TODAY)
    assert Decision.objects.get(record_id=system.pk).outcome == "Standard"


def test_an_approver_lowers_a_tier() -> None:
    system = put(make.system(), Tier.HIGH)
    with pytest.raises(NotPermitted, match="approver"):
        put(system, Tier.MINIMAL)
    assert put(system, Tier.MINIMAL, Role.APPROVER).tier == Tier.MINIMAL


def test_a_system_in_use_gets_time_to_catch_up_once() -> None:
    system = make.system(stage="operation_monitoring", live_since=date(2020, 1, 1))
    put(system, Tier.STANDARD)
    system.refresh_from_db()
    assert system.backlog_until == TODAY + timedelta(days=270)
    assert put(system, Tier.SENSITIVE).backlog_until == TODAY + timedelta(days=270)


def test_a_system_not_in_use_has_no_backlog() -> None:
    assert put(make.system(), Tier.HIGH).backlog_until is None


def test_bad_input_is_told() -> None:
    system = make.system()
    with pytest.raises(ValidationError, match="no such tier"):
        put(system, "huge")
    with pytest.raises(ValidationError, match="must be said"):
        services.set_tier(system, by=make.manager(), tier=Tier.HIGH, reasons=" ", on=TODAY)
    with pytest.raises(NotPermitted):
        put(system, Tier.HIGH, Role.READER)
    with pytest.raises(Stale):
        put(system, Tier.HIGH, version=99)


def test_a_retired_system_keeps_its_tier() -> None:
    system = make.system(retirement_plan="Delete it")
    services.retire_system(system, by=make.manager(), reason="Over", on=TODAY)
    with pytest.raises(WrongState, match="retired"):
        put(system, Tier.HIGH)
