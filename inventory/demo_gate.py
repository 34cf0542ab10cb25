"""The demo's tiers, life-cycle records, changes and passages of the gate, replayed through the services."""

from collections.abc import Callable, Iterator, Mapping
from functools import partial
from typing import Any

from aims.demo import USUAL, DemoStep, World, read
from inventory import services

Row = Mapping[str, Any]


def steps(world: World) -> Iterator[DemoStep]:
    """Every act of the file, each by its verb."""
    for row in read("inventory", "gate"):
        yield DemoStep(day=row["day"], at=row.get("at") or USUAL, run=partial(ACTS[row["do"]], row))


def _on(row: Row, world: World) -> Any:
    return world.day(row["day"])


def _mode(row: Row, world: World) -> None:
    services.set_mode(
        by=world.get(row["by"]), unit=world.get(row["unit"]), mode=row["mode"], tier=row.get("tier", ""),
        valid_from=_on(row, world), reason=row["reason"], on=_on(row, world),
    )  # fmt: skip


ACTS: dict[str, Callable[[Row, World], None]] = {"mode": _mode}
