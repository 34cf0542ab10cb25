"""Which statement holds for a unit or an AI system: the rule in Python, the twin of `StatementQuerySet.holding`."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Place:
    """Where one asks: a unit by its path from the root, and perhaps one of its AI systems."""

    path: Sequence[int]
    system_id: int | None = None

    @classmethod
    def of(cls, unit: Any, system: Any = None) -> "Place":
        return cls(tuple(unit.path), system.pk if system is not None else None)


def effective(rows: Iterable[Any], place: Place) -> Any:
    """The one of a control's statements that holds at the place, or None.

    Rows come with `scope__unit`, `unit`, the scope's `listed` and their `reach` loaded. The scope that lists the
    system goes first, else the closest scope above the unit; in it the system's own statement, else that of the
    closest unit. A statement limited to AI systems holds for no other system.
    """
    return min((row for row in rows if _could_hold(row, place)), key=lambda row: _rank(row, place), default=None)


def _could_hold(row: Any, place: Place) -> bool:
    if not row.scope.in_use:
        return False
    if row.system_id is not None:
        return bool(row.system_id == place.system_id)
    inside = row.unit_id in place.path or (_lists(row, place) and row.unit_id == row.scope.unit_id)
    return inside and _reaches([one.system_id for one in row.reach.all()], place)


def _reaches(limits: Collection[int], place: Place) -> bool:
    return place.system_id is None or not limits or place.system_id in limits


def _lists(row: Any, place: Place) -> bool:
    return place.system_id is not None and any(one.system_id == place.system_id for one in row.scope.listed.all())


def _rank(row: Any, place: Place) -> tuple[Any, ...]:
    """Smallest first."""
    depths = (-len(row.scope.unit.path), row.scope_id, row.system_id is None, -len(row.unit.path))
    return (not _lists(row, place), *depths, row.pk)
