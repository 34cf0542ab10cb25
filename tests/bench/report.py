"""The figures as a table for people and as JSON for comparison."""

import platform
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from django.db import connection


@dataclass(frozen=True)
class Row:
    """One ratio: both sides in milliseconds (or counts), the budget it is held against."""

    id: str
    what: str
    ours: float
    floor: float | None = None
    budget: float | None = None
    unit: str = "ms"
    note: str = ""
    least: bool = False  # the budget is a floor, not a ceiling

    @property
    def ratio(self) -> float | None:
        return self.ours / self.floor if self.floor else None

    @property
    def verdict(self) -> str:
        value = self.ratio if self.floor is not None else self.ours
        if self.budget is None or value is None:
            return ""
        return "within" if (value >= self.budget if self.least else value <= self.budget) else "OVER"


HEAD = f"{'':4} {'what':58} {'ours':>10} {'floor':>10} {'ratio':>7} {'budget':>7}"


def line(row: Row) -> str:
    """The row under HEAD."""
    ratio = f"{row.ratio:.2f}" if row.ratio is not None else ""
    floor = f"{row.floor:.2f}" if row.floor is not None else ""
    budget = f"{row.budget:g}" if row.budget is not None else ""
    ours = f"{row.ours:.2f}" if row.unit == "ms" else f"{row.ours:g} {row.unit}"
    told = f"{row.id:4} {row.what:58} {ours:>10} {floor:>10} {ratio:>7} {budget:>7} {row.verdict} {row.note}"
    return told.rstrip()


def document(rows: Sequence[Row]) -> dict[str, Any]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT version()")
        database = cursor.fetchone()[0]
    machine = {"python": platform.python_version(), "database": database, "machine": platform.machine()}
    return {"machine": machine, "rows": [{**asdict(row), "ratio": row.ratio} for row in rows]}
