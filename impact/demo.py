"""The demo organization's committee, screenings and assessments over fourteen months, replayed through the services."""

from collections.abc import Iterator, Mapping
from datetime import date
from functools import partial
from typing import Any

from aims import clock
from aims.demo import USUAL, DemoStep, World, read
from impact import questions, services
from impact.models import ImpactAssessment
from impact.templates import rated
from organization.models import User
from organization.services import committees

Row = Mapping[str, Any]


def steps(world: World) -> Iterator[DemoStep]:
    """Every act of impact/data/demo/assessments.yaml."""
    data = read("impact", "assessments")
    yield from _committee(data["committee"])
    for row in data["screenings"]:
        yield DemoStep(row["day"], "09:30", partial(_screen, row))
    for row in data["assessments"]:
        yield from _assessment(row)


def _day(world: World, day: int) -> date:
    found = world.day(day)
    assert found is not None
    return found


def _person(world: World, key: str) -> User:
    """The person with the roles of that day."""
    found: User = world.get(key)
    return found


def _committee(row: Row) -> Iterator[DemoStep]:
    yield DemoStep(row["day"], "10:00", partial(_found, row))
    for one in row["members"]:
        yield DemoStep(one["since"], "10:10", partial(_name, row["key"], row["by"], one))
        if "until" in one:
            yield DemoStep(one["until"], "17:30", partial(_leave, row["key"], row["by"], one))


def _found(row: Row, world: World) -> None:
    by = _person(world, row["by"])
    data = {**{name: row[name] for name in ("title", "purpose", "quorum")}, "unit": by.unit, "owner": by}
    world.put(row["key"], committees.found_committee(by=by, data=data))


def _name(key: str, by: str, row: Row, world: World) -> None:
    data = {"person": world.get(row["person"]), "function": row["function"], "ground": row["ground"]}
    data["since"] = _day(world, row["since"])
    committees.add_member(world.get(key), by=_person(world, by), data=data)


def _leave(key: str, by: str, row: Row, world: World) -> None:
    member = world.get(key).members.get(person=world.get(row["person"]), until=None)
    committees.end_membership(member, by=_person(world, by), until=_day(world, row["until"]), reason=row["reason"])


def _screen(row: Row, world: World) -> None:
    asked = questions.screening_questions(questions.latest("screening"))
    said = {**dict.fromkeys(row["answered_yes"], "yes"), **dict.fromkeys(row.get("unsure", ()), "unsure")}
    answers = {str(one["id"]): [said.get(str(one["id"]), "no"), row["notes"].get(one["id"], "")] for one in asked}
    system = world.get(row["system"])
    services.screen_system(
        system, by=_person(world, row["by"]), answers=answers, on=_day(world, row["day"]), note=row["note"],
        jurisdictions=list(type(system).objects.get(pk=system.pk).regions),
    )  # fmt: skip


def _assessment(row: Row) -> Iterator[DemoStep]:
    key = row["key"]
    yield DemoStep(row["day"], USUAL, partial(_open, row))
    if "version_day" in row:
        yield DemoStep(row["version_day"], "11:00", partial(_set_version, row))
    if "answers" in row or "impacts" in row:
        yield DemoStep(row.get("version_day", row["day"]), "11:30", partial(_write, row))
    for one in row.get("opinions", ()):
        yield DemoStep(one["ask"], "12:00", partial(_ask, key, row["by"], one))
        if "give" in one:
            yield DemoStep(one["give"], "12:10", partial(_give, key, one))
    if "submit" in row:
        yield DemoStep(row["submit"]["day"], "14:00", partial(_submit, key, row["submit"]))
    if "decide" in row:
        yield DemoStep(row["decide"]["day"], "15:00", partial(_decide, key, row["decide"]))
        yield from _conditions(key, row["decide"]["conditions"])
    if "refer" in row:
        yield from _before_committee(row)


def _open(row: Row, world: World) -> None:
    by, system = _person(world, row["by"]), world.get(row["system"])
    data = {"trigger": row["trigger"], "trigger_note": row.get("note", ""), "owner": by}
    if "version_day" not in row:
        data["system_version"] = world.get(row["version"])
    # A significant change opened one already; it is written then.
    made = ImpactAssessment.objects.filter(system=system).open().first() or services.open_assessment(
        system, by=by, on=_day(world, row["day"]), data=data, template=row.get("template", "")
    )
    # What a template, a predecessor or the change left open for the whole form.
    form = {name: value for name, value in data.items() if name in ("owner", "system_version")}
    form["publication"] = "summary" if row["system"] == "sys-recs" else "partners"
    services.change_assessment(made, by=by, data=form)
    world.put(row["key"], made)


def _set_version(row: Row, world: World) -> None:
    data = {"system_version": world.get(row["version"])}
    services.change_assessment(world.get(row["key"]), by=_person(world, row["by"]), data=data)


def _write(row: Row, world: World) -> None:
    made, by = world.get(row["key"]), _person(world, row["by"])
    answers = {name: {"text": text} for name, text in row.get("answers", {}).items()}
    services.save_answers(made, by=by, answers=answers, at=clock.now())
    for one in row.get("impacts", ()):
        measures = made.measures.filter(title__in=one["measures"]).values_list("pk", flat=True)
        data = {**rated(one), "party": made.parties.get(name=one["party"])}
        services.add_impact(made, by=by, data=data, measures=list(measures))


def _ask(key: str, by: str, row: Row, world: World) -> None:
    services.ask_opinion(
        world.get(key), by=_person(world, by), discipline=row["discipline"], asked=_person(world, row["asked"]),
        on=_day(world, row["ask"]), sections=[row["section"]], due_on=_day(world, row["ask"] + 10),
    )  # fmt: skip


def _give(key: str, row: Row, world: World) -> None:
    opinion = world.get(key).opinions.get(discipline=row["discipline"], asked=world.get(row["asked"]), verdict="")
    by = _person(world, row["asked"])
    services.give_opinion(opinion, by=by, verdict=row["verdict"], text=row["text"], at=clock.now())


def _submit(key: str, row: Row, world: World) -> None:
    services.submit_assessment(world.get(key), by=_person(world, row["by"]), on=_day(world, row["day"]))


def _named(world: World, rows: Any) -> list[tuple[str, date]]:
    return [(one["text"], _day(world, one["due"])) for one in rows]


def _decide(key: str, row: Row, world: World) -> None:
    services.approve_assessment(
        world.get(key), by=_person(world, row["by"]), reason=row["reason"],
        valid_until=_day(world, row["until"]), on=_day(world, row["day"]), conditions=_named(world, row["conditions"]),
    )  # fmt: skip


def _conditions(key: str, rows: Any) -> Iterator[DemoStep]:
    for one in rows:
        if "met" in one:
            yield DemoStep(one["met"], "16:00", partial(_meet, key, one))


def _meet(key: str, row: Row, world: World) -> None:
    condition = world.get(key).conditions.get(text=row["text"])
    services.meet_condition(condition, by=_person(world, row["by"]), note=row["note"], on=_day(world, row["met"]))


def _before_committee(row: Row) -> Iterator[DemoStep]:
    key, refer, sitting = row["key"], row["refer"], row["sitting"]
    yield DemoStep(refer["day"], "15:30", partial(_refer, key, refer))
    yield DemoStep(sitting.get("call", refer["day"]), "16:30", partial(_call, sitting))
    if "outcome" in row:
        yield DemoStep(sitting["day"], "13:00", partial(_sit, row))
        yield from _conditions(key, row["outcome"]["conditions"])


def _refer(key: str, row: Row, world: World) -> None:
    made = world.get(key)
    by, on = _person(world, row["by"]), _day(world, row["day"])
    services.refer_to_committee(made, world.get("com-ethics"), by=by, on=on)


def _call(row: Row, world: World) -> None:
    by = _person(world, "p-miriam")
    made = committees.plan_sitting(
        world.get("com-ethics"), by=by, held_on=_day(world, row["day"]), on=clock.today(), place=row["place"]
    )
    world.put(row["key"], made)


def _sit(row: Row, world: World) -> None:
    sitting, chair, on = (
        world.get(row["sitting"]["key"]),
        _person(world, "p-miriam"),
        _day(world, row["sitting"]["day"]),
    )
    people = [_person(world, one["person"]) for one in row["votes"]]
    committees.open_sitting(sitting, by=chair, present=people)
    matter = sitting.matters.get(record=world.get(row["key"]).pk)
    for voter, one in zip(people, row["votes"], strict=True):
        committees.cast_vote(matter, by=voter, choice=one["choice"], reason=one["reason"])
    given = row["outcome"]
    committees.record_outcome(
        matter, by=chair, reason=given["reason"], on=on, until=_day(world, given["until"]),
        conditions=_named(world, given["conditions"]),
    )  # fmt: skip
    committees.close_sitting(sitting, by=chair, minutes=committees.draft_minutes(sitting), on=on)
