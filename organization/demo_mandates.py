"""The demo's obligations, objectives, authorities, records of competence and table of duties, through the services."""

from collections.abc import Iterator, Mapping
from functools import partial
from typing import Any

from aims import clock
from aims.demo import DemoStep, World, read
from aims.models import Record
from organization.services import commitments, duties, mandates

Row = Mapping[str, Any]


def steps(world: World) -> Iterator[DemoStep]:
    """Every act of organization/data/demo/mandates.yaml."""
    data = read("organization", "mandates")
    acts = {
        "obligations": _obligation, "objectives": _objective, "authorities": _authority, "competences": _competence,
    }  # fmt: skip
    for name, act in acts.items():
        for row in data[name]:
            yield DemoStep(row["day"], "11:15", partial(act, row))
            yield from _later(name, row)
    for row in data["duties"]:
        yield DemoStep(row["day"], "11:15", partial(_duties, row))


def _later(name: str, row: Row) -> Iterator[DemoStep]:
    """What becomes of a row afterwards: adopted, closed, ended."""
    for word, act in (("adopted", _adopt), ("closed", _close), ("ended", _end)):
        if word in row:
            yield DemoStep(row[word]["day"], "16:30", partial(act, name, row["key"], row[word]))


def _reach(world: World, row: Row) -> list[Record]:
    return list(Record.objects.filter(pk__in=[world.get(key).pk for key in row.get("reach", ()) if key in world.made]))


def _obligation(row: Row, world: World) -> None:
    data = {name: row.get(name, "") for name in ("title", "sort", "source", "url", "asks")}
    data |= {"unit": world.get(row["unit"]), "owner": world.get(row["owner"]), "due_on": world.day(row["due"])}
    data["holds_from"] = world.day(row["holds_from"])
    made = commitments.register_obligation(by=world.get(row["by"]), data=data, reach=_reach(world, row))
    world.put(row["key"], made)


def _objective(row: Row, world: World) -> None:
    data = {name: row[name] for name in ("title", "theme", "measure", "work", "resources", "evaluation")}
    data |= {"unit": world.get(row["unit"]), "owner": world.get(row["owner"]), "due_on": world.day(row["due"])}
    made = commitments.draft_objective(by=world.get(row["by"]), data=data, reach=_reach(world, row))
    world.put(row["key"], made)


def _adopt(name: str, key: str, row: Row, world: World) -> None:
    by, on = world.get(row["by"]), clock.today()
    commitments.adopt_objective(world.get(key), by=by, reason=row["reason"], on=on)


def _close(name: str, key: str, row: Row, world: World) -> None:
    by, on = world.get(row["by"]), clock.today()
    commitments.close_objective(world.get(key), by=by, verb=row["verb"], result=row["result"], on=on)


def _end(name: str, key: str, row: Row, world: World) -> None:
    end: Any = commitments.end_obligation if name == "obligations" else mandates.end_authority
    end(world.get(key), by=world.get(row["by"]), reason=row["reason"], on=clock.today())


def _authority(row: Row, world: World) -> None:
    data = {
        "owner": world.get(row["person"]), "act": row["act"], "unit": world.get(row["unit"]), "reason": row["reason"],
        "level": row["level"], "valid_from": world.day(row["from"]), "valid_until": world.day(row["until"]),
    }  # fmt: skip
    world.put(row["key"], mandates.grant_authority(by=world.get(row["by"]), data=data))


def _competence(row: Row, world: World) -> None:
    data = {
        "owner": world.get(row["person"]), "title": row["title"], "ground": row["ground"],
        "acquired_on": world.day(row["since"]), "due_on": world.day(row["until"]), "effect": row.get("effect", ""),
    }  # fmt: skip
    world.put(row["key"], mandates.record_competence(by=world.get(row["by"]), data=data))


def _duties(row: Row, world: World) -> None:
    duties.set_duties(row["cells"], by=world.get(row["by"]), reason=row["reason"])
