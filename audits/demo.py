"""The demo organization's audits and corrective actions, replayed through the services from a list of acts."""

import inspect
import re
from collections.abc import Iterator, Mapping
from functools import partial
from typing import Any

from django.utils.formats import date_format

from aims import clock
from aims.demo import USUAL, DemoStep, World, read
from aims.models import Record
from audits import services
from audits.services import Scope
from controls.models import Clause, Control
from controls.models.catalogue import OURS
from organization.services.mandates import record_competence

Row = Mapping[str, Any]
DAY_IN_TEXT = re.compile(r"\{day:(-?\d+)\}")
ELSEWHERE = {"record_competence": record_competence}


def steps(world: World) -> Iterator[DemoStep]:
    """Every act of the file: `do` names the service, `about` its record, `as` the key of what it makes."""
    for row in read("audits", "audits")["acts"]:
        yield DemoStep(row["day"], row.get("at") or USUAL, partial(_act, row))


def _act(row: Row, world: World) -> None:
    if row["do"] in HERE:
        return HERE[row["do"]](row, world)
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
    """Fill in working papers of an audit: by criterion, its questions one after the other; null: not looked at."""
    audit = world.get(row["about"])
    for criterion in audit.criteria.select_related("clause", "control"):
        told = row["rows"][criterion.number or criterion.procedure]
        for item, paper in zip(criterion.items.order_by("position"), told, strict=True):
            if paper is not None:
                result, notes, evidence = paper
                services.save_paper(item, by=world.get(row["by"]), at=clock.now(), result=result, notes=_dated(notes, world),
                                    evidence_seen=_dated(evidence, world))  # fmt: skip


def _verdicts(row: Row, world: World) -> None:
    """Judge the rows of an audit's sample, from the first one on."""
    sample = world.get(row["about"])
    for drawn, (verdict, note) in zip(sample.rows.order_by("position"), row["rows"], strict=False):
        services.judge_row(drawn, by=world.get(row["by"]), at=clock.now(), verdict=verdict, note=note)


def _answers(row: Row, world: World) -> None:
    """Say several things about one request, in the order of the list: `[what, by, more]`."""
    request = world.get(row["about"])
    for name, by, more in row["rows"]:
        given = {key: _value(value, world) for key, value in more.items()}
        getattr(services, name)(request, by=world.get(by), on=clock.today(), **given)


HERE = {"papers": _papers, "verdicts": _verdicts, "answers": _answers}


def _value(value: Any, world: World) -> Any:
    """Keys become rows, `{day: -3}` a date, `clause:7.2`, `control:A.7.5`, `record:sys-pricing` and so on what they name."""
    if isinstance(value, dict):
        return world.day(value["day"]) if set(value) == {"day"} else {k: _value(v, world) for k, v in value.items()}
    if isinstance(value, list):
        return [_value(one, world) for one in value]
    if isinstance(value, str):
        return _named(_dated(value, world), world)
    return value


def _dated(text: str, world: World) -> str:
    """`{day:-3}` in a text becomes that date."""
    return DAY_IN_TEXT.sub(lambda found: date_format(world.moment(int(found[1])), "SHORT_DATE_FORMAT"), text)


def _named(text: str, world: World) -> Any:
    sort, _colon, key = text.partition(":")
    if sort == "text":  # though it is also a key
        return key
    if sort == "clause":
        return Clause.objects.get(framework__key=OURS, number=key)
    if sort == "control":
        return Control.objects.get(framework__key=OURS, number=key)
    if sort == "record":
        return Record.objects.get(pk=world.made[key].pk)
    if sort == "criterion":
        audit, number = key.split("/")
        rows = world.get(audit).criteria.select_related("clause", "control")
        return next(row for row in rows if row.number == number)
    return world.get(text) if text in world.made else text
