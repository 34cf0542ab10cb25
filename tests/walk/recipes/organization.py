"""What rows of the organization must be, where a canary in every text breaks one of their rules."""

from datetime import date
from typing import Any

from tests import factories

# Obligations and the like point to records of the inventory by the spine.
ORDER = (("obligation", 50), ("objective", 51), ("authority", 52), ("competence", 53), ("override", 54))

DAY = date(2026, 6, 1)
RECIPES: dict[str, dict[str, Any]] = {
    "organization.Obligation": {"due_on": DAY},
    "organization.Objective": {"result": ""},
    "organization.Authority": {"role": "", "end_reason": "", "level": ""},
    "organization.CompetenceRecord": {"end_reason": "", "due_on": DAY},
    "organization.DutyOverride": {"due_on": DAY, "review_by": DAY, "finding": "", "rule": "acceptance.not_by_assessor"},
}


def _another(name: str) -> Any:
    """Whoever gives it is not who holds it."""
    return lambda world, mark, given: {name: factories.person(where=world.home, name="Giver")}


GIVEN = {"authority": _another("granted_by"), "competence": _another("confirmed_by")}
