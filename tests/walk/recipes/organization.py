"""What rows of the organization must be, where a canary in every text breaks one of their rules."""

from datetime import date
from typing import Any

from aims.models import Record
from aims.trail import recording
from organization.committees import Matter, Sitting
from tests import factories

# Obligations and the like point to records of the inventory by the spine.
ORDER = (
    ("committee", 15), ("sitting", 16), ("obligation", 50), ("objective", 51), ("authority", 52), ("competence", 53),
    ("override", 54),
)  # fmt: skip

DAY = date(2026, 6, 1)
RECIPES: dict[str, dict[str, Any]] = {
    "organization.Committee": {"quorum": 2},
    "organization.Matter": {"options": ["approve", "reject"]},
    "organization.Obligation": {"due_on": DAY},
    "organization.Objective": {"result": ""},
    "organization.Authority": {"role": "", "end_reason": "", "level": ""},
    "organization.CompetenceRecord": {"end_reason": "", "due_on": DAY},
    "organization.DutyOverride": {"due_on": DAY, "review_by": DAY, "finding": "", "rule": "acceptance.not_by_assessor"},
}


def _another(name: str) -> Any:
    """Whoever gives it is not who holds it."""
    return lambda world, mark, given: {name: factories.person(where=world.home, name="Giver")}


def _vote(world: Any, mark: str, given: dict[str, Any]) -> dict[str, Any]:
    """A vote wants an open sitting with the matter on its agenda; the keeper is a member and present."""
    sitting = given["sitting"]
    with recording(None, "test"):
        Sitting.objects.filter(pk=sitting.pk).update(state="open")
        matter = Matter.objects.create(
            committee=sitting.committee, sitting=sitting, state="listed", question=mark, options=["approve", "reject"],
            record=Record.objects.get(pk=sitting.pk), raised_by=world.keeper,
            raised_on=sitting.held_on,
        )  # fmt: skip
    return {"matter": matter}


def _matter(world: Any, mark: str, given: dict[str, Any]) -> dict[str, Any]:
    """A record that is before no committee yet."""
    held = Matter.objects.open().values("record")
    keys = [rows[mark].pk for rows in world.records.values() if mark in rows]
    return {"record": Record.objects.filter(pk__in=keys).exclude(pk__in=held).order_by("pk").first()}


GIVEN = {
    "authority": _another("granted_by"),
    "competence": _another("confirmed_by"),
    "organization.Vote": _vote,
    "organization.Matter": _matter,
}
