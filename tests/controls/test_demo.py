"""The demo organization's statements, replayed: they end as the file says, in order of time, with their evidence."""

from datetime import date

import pytest

from aims import clock
from aims.demo import World, read
from aims.history import event_model
from controls import demo
from controls.differences import compare, sentence
from controls.models import ControlStatement, SoaVersion
from controls.states import SoaState
from evidence.models import EvidenceItem, EvidenceLink
from organization.states import Role
from tests.factories import person, root_unit
from tests.factories.controls import system

pytestmark = pytest.mark.django_db
TODAY = date(2026, 4, 1)


def final(row):
    """What a row of the file says in the end."""
    values = {name: row[name] for name in row if name != "changes"}
    for one in row.get("changes", []):
        values |= one["set"]
    return values


@pytest.fixture
def world():
    """A world with the people, systems and evidence that the statements name, made without their stories."""
    found = World(TODAY)
    root = found.put("u-group", root_unit())
    manager = found.put("p-lena", person(Role.AIMS_MANAGER, root))
    for row in read("organization", "people")["people"]:
        if row["key"] == "p-markus":
            found.put(row["key"], person(Role.TOP_MANAGEMENT, root))
        elif row["key"] != "p-lena":
            found.put(row["key"], person(Role.READER if row["unit"] == "u-group" else "", root))
    for row in read("inventory", "systems")["systems"]:
        found.put(row["key"], system(title=row["key"]))
    for row in read("evidence", "evidence")["evidence"]:
        values = {"title": row["key"], "unit": root, "owner": manager, "collector": manager}
        item = EvidenceItem.objects.create(form="link", url="https://example.org", proves="It is so.", **values)
        found.put(row["key"], item)
    return found


def replay(world):
    steps = sorted(enumerate(demo.statement_steps(world)), key=lambda pair: (pair[1].day, pair[1].at, pair[0]))
    for _number, step in steps:
        with clock.at(world.moment(step.day, step.at or "10:00")):
            step.run(world)


def test_the_story_ends_as_the_file_says(world):
    rows = {row["control"]: final(row) for row in read("controls", "statements")["statements"]}
    replay(world)
    stored = {row.control.number: row for row in ControlStatement.objects.select_related("control")}
    assert set(stored) == set(rows)
    for number, told in rows.items():
        row = stored[number]
        assert row.applicability == ("included" if told["applicable"] else "excluded"), number
        assert row.status == told["status"], number
        assert row.justification == told["justification"], number
        assert row.owner == world.get(told["owner"]), number
        assert {part.system.title for part in row.reach.all()} == set(told["systems"]), number
        if told["applicable"]:
            assert (row.implementation, row.due_on) == (told["implementation"], world.day(told["due"])), number
            assert row.last_reviewed_on == world.day(told["last_review"]), number

    links = EvidenceLink.objects.values_list("record__title", "item__title")
    wanted = {(str(stored[number].title), key) for number, told in rows.items() for key in told["evidence"]}
    assert set(links) == wanted
    assert len(links) == len(wanted)

    events = event_model(ControlStatement).objects
    contexts = events.exclude(pgh_label="insert").values_list("pgh_context", flat=True)
    assert {context["service"] for context in contexts} == {"change_statement"}
    assert "owner" in {context["capacity"] for context in contexts}
    assert events.filter(pgh_label="insert").count() == 38
    assert events.order_by("pgh_created_at").first().pgh_created_at == world.moment(-334, "09:00")

    demo._link(world, "ev-policy", "A.2.2", "It came linked already, so nothing is said again.")
    assert len(links) == EvidenceLink.objects.count()


def test_two_versions_were_approved_and_their_difference_reads_in_words(world):
    replay(world)
    first, second = SoaVersion.objects.order_by("number")
    assert (first.state, second.state) == (SoaState.SUPERSEDED, SoaState.APPROVED)
    assert [one.approved_at for one in (first, second)] == [world.moment(-312, "11:30"), world.moment(-41, "15:20")]
    assert {one.approved_by for one in (first, second)} == {world.get("p-markus")}
    changes = compare(first.frozen["lines"], second.frozen["lines"])
    decided = {
        one.control: sentence(one)
        for one in changes
        if {"Decision", "Justification"} & {row.label for row in one.changes}
    }
    assert set(decided) == {"A.6.1.2", "A.8.5"}
    assert "Decision from “Excluded” to “Included”" in decided["A.8.5"]
    assert "The stage 1 auditor doubts that this carries" in decided["A.6.1.2"]
