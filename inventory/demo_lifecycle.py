"""The demo's life-cycle records and classifications, replayed through the services."""

from collections.abc import Iterator, Mapping
from datetime import date
from functools import partial
from typing import Any

from aims import clock
from aims.demo import DemoStep, World, read
from inventory import services
from inventory.rulebook import rules
from inventory.states import RuleSort

Row = Mapping[str, Any]
_SIGNS = {">=": "at_least", "<=": "at_most"}
# When a day's acts happen unless told otherwise: written before approved, approved before measured, then judged.
WRITTEN, APPROVED, MEASURED, JUDGED = "10:30", "13:00", "14:00", "15:00"


def steps(world: World) -> Iterator[DemoStep]:
    """Every act of inventory/data/demo/lifecycle.yaml."""
    data = read("inventory", "lifecycle")
    for row in data["records"]:
        yield from _record(row)
    for row in data["classes"]:
        yield DemoStep(row["day"], WRITTEN, partial(_classify, row))
        yield _step(row["confirm"], APPROVED, partial(_approve, row["key"], row["confirm"]))


def _step(row: Row, at: str, run: Any) -> DemoStep:
    return DemoStep(row["day"], row.get("at", at), run)


def _day(world: World, offset: int) -> date:
    found = world.day(offset)
    assert found is not None
    return found


def _record(row: Row) -> Iterator[DemoStep]:
    yield _step(row, WRITTEN, partial(_prepare, row))
    yield _step(row["approve"], APPROVED, partial(_approve, row["key"], row["approve"]))
    for one in row.get("results", ()):
        yield _step(one, MEASURED, partial(_measure, row["key"], one))
    if "verdict" in row:
        yield _step(row["verdict"], JUDGED, partial(_judge, row["key"], row["verdict"]))


def _prepare(row: Row, world: World) -> None:
    criteria = [
        {"metric": metric, "group": group, "comparison": _SIGNS[sign], "threshold": threshold}
        for metric, group, sign, threshold in row.get("criteria", ())
    ]
    data = {"release": world.get(row.get("version")), "answers": row["answers"], "criteria": criteria}
    if "until" in row:
        data["until"] = _day(world, row["until"])
    made = services.prepare_record(
        world.get(row["system"]), by=world.get(row["by"]), sort=row["sort"], data=data, on=_day(world, row["day"])
    )
    world.put(row["key"], made)


def _approve(key: str, row: Row, world: World) -> None:
    services.approve_record(
        world.get(key), by=world.get(row["by"]), reason=row["reason"], at=clock.now(), on=_day(world, row["day"])
    )


def _measure(key: str, row: Row, world: World) -> None:
    record, on = world.get(key), _day(world, row["day"])
    said = {"measured_on": _day(world, row["measured"]), "data_version": row["data"], "note": row.get("note", "")}
    rows = [
        {"metric": one["metric"], "group": one["group"], "value": value, "digest": row.get("digest", ""), **said}
        for one, value in zip(record.criteria, row["values"], strict=True)
    ]
    services.record_results(record, by=world.get(row["by"]), rows=rows, on=on)


def _judge(key: str, row: Row, world: World) -> None:
    services.give_verdict(world.get(key), by=world.get(row["by"]), verdict=row["verdict"], reason=row["reason"])


def _classify(row: Row, world: World) -> None:
    """Every question of the edition in force that day; what is not answered yes is answered no."""
    on = _day(world, row["day"])
    asked = [question["id"] for question in rules(RuleSort.LAW, on).content["questions"]]
    answers = {name: "yes" if name in row["yes"] else "no" for name in asked}
    made = services.classify_system(world.get(row["system"]), by=world.get(row["by"]), answers=answers, on=on)
    world.put(row["key"], made)
