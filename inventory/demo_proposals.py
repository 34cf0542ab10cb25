"""What the demo's people proposed, and what was answered."""

from collections.abc import Iterator
from functools import partial
from typing import Any

from aims.demo import USUAL, DemoStep, World, read
from inventory import services


def steps(world: World) -> Iterator[DemoStep]:
    """Each proposal on its day, its answer on another."""
    for row in read("inventory", "proposals"):
        yield DemoStep(row["day"], row.get("at") or USUAL, partial(_propose, row))
        if row.get("answer"):
            yield DemoStep(row["answer"]["day"], "15:20", partial(_answer, row))


def _propose(row: dict[str, Any], world: World) -> None:
    data = {name: row[name] for name in ("title", "purpose", "tool")}
    world.put(row["key"], services.propose_use(by=world.get(row["by"]), data=data))


def _answer(row: dict[str, Any], world: World) -> None:
    said = row["answer"]
    on = world.day(said["day"])
    assert on is not None
    services.triage_proposal(
        world.get(row["key"]), by=world.get(said["by"]), answer=said["is"], reason=said["reason"], on=on,
        system=world.get(said.get("system")),
    )  # fmt: skip
