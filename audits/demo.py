"""The demo organization's audits and corrective actions, replayed through the services from a list of acts."""

import inspect
from collections.abc import Iterator, Mapping
from functools import partial
from typing import Any

from aims import clock
from aims.demo import USUAL, DemoStep, World, read
from aims.models import Record
from audits import services
from audits.models import ChecklistItem
from audits.services import Scope
from controls.models import Clause, Control
from organization.services.mandates import record_competence

Row = Mapping[str, Any]
KEY = "iso-42001"
ELSEWHERE = {"record_competence": record_competence}


def steps(world: World) -> Iterator[DemoStep]:
    """Every act of the file: `do` names the service, `about` its record, `as` the key of what it makes."""
    for row in read("audits", "audits")["acts"]:
        yield DemoStep(row["day"], row.get("at") or USUAL, partial(_act, row))


def _act(row: Row, world: World) -> None:
    if row["do"] == "papers":
        return _papers(row, world)
    service = ELSEWHERE.get(row["do"]) or getattr(services, row["do"])
    given = {name: _value(value, world) for name, value in (row.get("with") or {}).items()}
    if "scope" in given:
        given["scope"] = Scope(**given["scope"])
    asked = inspect.signature(service).parameters
    given |= {"on": clock.today()} if "on" in asked else {}
    given |= {"at": clock.now()} if "at" in asked else {}
    about = [_value(row["about"], world)] if row.get("about") else []
    made = service(*about, by=world.get(row["by"]), **given)
    if row.get("as"):
        world.put(row["as"], made)
    return _follow(row, made, world)


def _follow(row: Row, made: Any, world: World) -> None:
    """What an issued finding became, and the actions of a plan, get keys of their own."""
    for attribute, key in (row.get("follow") or {}).items():
        if attribute == "actions":
            for name, action in zip(key, made.actions.filter(round=made.round).order_by("pk"), strict=True):
                world.put(name, action)
        else:
            world.put(key, getattr(made, attribute))


def _papers(row: Row, world: World) -> None:
    """Fill in working papers of an audit, one after the other."""
    audit = world.get(row["about"])
    items = ChecklistItem.objects.filter(audit=audit).order_by("position")
    for item, (result, notes, evidence) in zip(items, row["rows"], strict=False):
        services.save_paper(
            item, by=world.get(row["by"]), at=clock.now(), result=result, notes=notes, evidence_seen=evidence
        )


def _value(value: Any, world: World) -> Any:
    """Keys become rows, `{day: -3}` a date, `clause:7.2`, `control:A.7.5`, `record:sys-pricing` and so on what they name."""
    if isinstance(value, dict):
        return world.day(value["day"]) if set(value) == {"day"} else {k: _value(v, world) for k, v in value.items()}
    if isinstance(value, list):
        return [_value(one, world) for one in value]
    if isinstance(value, str):
        return _named(value, world)
    return value


def _named(text: str, world: World) -> Any:
    sort, _colon, key = text.partition(":")
    if sort == "clause":
        return Clause.objects.get(framework__key=KEY, number=key)
    if sort == "control":
        return Control.objects.get(framework__key=KEY, number=key)
    if sort == "record":
        return Record.objects.get(pk=world.made[key].pk)
    if sort == "criterion":
        audit, number = key.split("/")
        rows = world.get(audit).criteria.select_related("clause", "control")
        return next(row for row in rows if row.number == number)
    return world.get(text) if text in world.made else text
