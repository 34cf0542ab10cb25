"""Faults of people: gone owners, roles not held, competence that ran out."""

from typing import Any

from aims.trail import recording
from organization.mandates import CompetenceRecord
from organization.states import Role
from tests.consistency.planted.days import day, decision, set_fields
from tests.factories import grant, person, root_unit, unit
from tests.factories.evidence import link_evidence
from tests.factories.inventory import system


def ownerless() -> Any:
    found = system(owner=person(Role.SYSTEM_OWNER))
    set_fields(found.owner, is_active=False)
    return found


def retired_ownerless() -> Any:
    """What rests needs nobody."""
    found = link_evidence(owner=person())
    set_fields(found, state="withdrawn", due_on=None)
    set_fields(found.owner, is_active=False)
    return found


def without_role() -> Any:
    """The role was given after the decision."""
    who, found = person(), link_evidence()
    grant(who, Role.APPROVER, root_unit(), valid_from=day(-5))
    decision(found, who, days=9, capacity=Role.APPROVER)
    return found


def with_role() -> Any:
    """Held that day on a unit above, ended since."""
    below = unit(parent=unit())
    who, found = person(), link_evidence(unit=below)
    grant(who, Role.APPROVER, root_unit(), valid_until=day(-5))
    decision(found, who, days=9, capacity=Role.APPROVER)
    return found


def competence(who: Any, since: int, until: int | None) -> CompetenceRecord:
    with recording(None, "test"):
        return CompetenceRecord.objects.create(
            owner=who, title="Impact assessment", ground="Course", acquired_on=day(since), unit=who.unit,
            due_on=None if until is None else day(until), confirmed_by=person(),
        )  # fmt: skip


def incompetent() -> Any:
    who, found = person(), link_evidence()
    competence(who, -400, -30)
    decision(found, who, days=9)
    return found


def competent_again() -> Any:
    """It ran out, and was renewed before the decision."""
    who, found = person(), link_evidence()
    competence(who, -400, -30)
    competence(who, -31, 300)
    decision(found, who, days=9)
    return found


PLANTS = {
    "owner-gone": (ownerless, retired_ownerless),
    "decided-without-role": (without_role, with_role),
    "competence-ran-out": (incompetent, competent_again),
}
