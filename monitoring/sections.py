"""Reporting of concerns in a pack: numbers alone, whoever asked for it (control A.3.3)."""

from collections.abc import Iterator, Mapping
from typing import Any

from monitoring.figures import figures, lines
from monitoring.policies import units_counted


def concerns(pack: Any) -> Iterator[Mapping[str, Any]]:
    """One chapter: the numbers of those units in scope of which who asked may know them."""
    units = units_counted(pack.asked_by) & set(pack.unit_ids)
    yield {"lines": [(str(label), str(number)) for label, number in lines(figures(units))]}
