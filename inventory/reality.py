"""What runs where, compared with the permits: with one, without, with another digest, and permits nobody uses."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from aims.ui import Tone
from inventory.models import AISystem, GateAttempt, Sighting

PERMITTED, WITHOUT, OTHER, UNUSED = "permitted", "without", "other", "unused"
_WORDS: dict[str, tuple[Any, Tone]] = {
    PERMITTED: (_("With permit"), "good"),
    WITHOUT: (_("Without permit"), "bad"),
    OTHER: (_("Another digest than permitted"), "bad"),
    UNUSED: (_("Permit unused"), "warn"),
}
GRAVEST_FIRST = (WITHOUT, OTHER, UNUSED, PERMITTED)


@dataclass(frozen=True)
class Real:
    """One thing that runs, or one permit that nothing runs by."""

    system: AISystem
    environment: str
    number: str
    digest: str
    finding: str
    seen_at: datetime | None

    @property
    def label(self) -> Any:
        return label_of(self.finding)

    @property
    def told(self) -> str:
        """What it is found by."""
        parts = (self.system.ref, self.system.title, self.environment, self.number, self.digest, self.label)
        return " ".join(str(part) for part in parts).casefold()

    @property
    def tone(self) -> Tone:
        return _WORDS[self.finding][1]


def label_of(finding: str) -> Any:
    return _WORDS[finding][0]


def of_system(system: AISystem, at: datetime) -> list[Real]:
    return compared([system], at)


def compared(systems: Iterable[AISystem], at: datetime) -> list[Real]:
    """Sightings and permits in force of these systems, set against each other, the gravest first.

    Three queries whatever their number.
    """
    known = {system.pk: system for system in systems}
    seen = list(
        Sighting.objects.filter(system__in=known, gone_at=None).order_by("system_id", "environment", "-seen_at")
    )
    permits = GateAttempt.objects.filter(system__in=known).in_force(at).order_by("-pk")
    allowed = list(permits.values_list("system_id", "environment", "digest", "number"))
    places = {(system, environment) for system, environment, _digest, _number in allowed}
    exact = {(system, environment, digest or number) for system, environment, digest, number in allowed}
    found = [_seen(known[row.system_id], row, places, exact) for row in seen]
    running = {(row.system_id, row.environment, row.digest or row.number) for row in seen}
    found += _unused(known, allowed, running)
    return sorted(found, key=lambda one: (GRAVEST_FIRST.index(one.finding), one.system.title, one.environment))


def _seen(system: AISystem, row: Sighting, places: set[Any], exact: set[Any]) -> Real:
    finding = WITHOUT
    if (system.pk, row.environment, row.digest or row.number) in exact:
        finding = PERMITTED
    elif (system.pk, row.environment) in places:
        finding = OTHER
    return Real(system, row.environment, row.number, row.digest, finding, row.seen_at)


def _unused(known: dict[int, AISystem], allowed: list[Any], running: set[Any]) -> list[Real]:
    """The newest permit of each place, when nothing runs by it."""
    newest: dict[tuple[int, str], Any] = {}
    for system, environment, digest, number in allowed:
        newest.setdefault((system, environment), (digest, number))
    return [
        Real(known[system], environment, number, digest, UNUSED, None)
        for (system, environment), (digest, number) in newest.items()
        if (system, environment, digest or number) not in running
    ]
