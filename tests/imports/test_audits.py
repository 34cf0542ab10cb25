"""Nonconformities and improvements from a file: what is the case comes, nobody's verdict does; the same again changes."""

import re
from datetime import date
from io import BytesIO

import pytest
from openpyxl import load_workbook

from aims.importing import services
from aims.models import ImportLine
from aims.states import LineState
from audits import services as audits
from audits.models import Improvement, Nonconformity
from audits.states import NcState
from organization.states import Role
from tests.factories import audits as make
from tests.factories import person, root_unit
from tests.factories.inventory import system
from tests.imports import messy
from tests.imports.conftest import worked

pytestmark = pytest.mark.django_db
HEADS = {
    "nonconformity": [
        "No.", "Abweichung", "Owner", "System", "Department", "Criterion", "Description", "Severity", "Origin", "Date", "Frist",
    ],
    "improvement": ["No.", "Improvement", "Owner", "System", "Department", "Description", "Due"],
}  # fmt: skip
NOWHERE = "SYS-9999"
TOLD = ["Reviews are done in time.", "Three of nine are late."]


@pytest.fixture
def lines(shop):
    ranker, ada = system(shop, title="Ranker"), "ada@example.org"
    return {
        "nonconformity": [
            HEADS["nonconformity"],
            ["1", "Reviews are late", ada, ranker.ref, "", *TOLD, "Minor", "Internal audit", "2026-03-31", "2026-12-01"],
            ["2", "No record of skills", ada, "", "Shop", *TOLD, "major", "review", "", ""],
        ],
        "improvement": [
            HEADS["improvement"],
            ["1", "Shorter forms", ada, ranker.ref, "", "Half of the fields are never read.", "2026-12-01"],
            ["2", "One calendar", ada, "", "Shop", "Three calendars say three things.", "2026-12-02"],
        ],
    }  # fmt: skip


def told():
    return list(ImportLine.objects.values_list("errors", flat=True))


def test_says_what_is_the_case_and_judges_nothing(imported, shop):
    assert imported("nonconformity").counts == {LineState.MADE: 2}, told()
    one, two = Nonconformity.objects.order_by("pk")
    assert (one.system.title, one.unit, one.owner.email, one.grade, one.source) == (
        "Ranker", shop, "ada@example.org", "minor", "audit",
    )  # fmt: skip
    assert (one.detected_on, one.due_on) == (date(2026, 3, 31), date(2026, 12, 1))
    assert [one.requirement, one.description] == TOLD
    assert (two.system, two.unit, two.detected_on, two.grade) == (None, shop, make.today(), "major")
    assert {one.state, two.state} == {NcState.OPEN} and two.verdict is None


def test_the_improvement_log_comes_with_owner_and_date(imported, shop):
    assert imported("improvement").counts == {LineState.MADE: 2}, told()
    one, two = Improvement.objects.order_by("pk")
    assert (one.system.title, one.owner.email, one.due_on, one.is_open) == (
        "Ranker", "ada@example.org", date(2026, 12, 1), True,
    )  # fmt: skip
    assert (two.unit, two.idea) == (shop, "Three calendars say three things.")


@pytest.mark.parametrize(("kind", "column", "field"), [("nonconformity", 6, "description"), ("improvement", 5, "idea")])
def test_the_same_key_changes_what_differs(imported, lines, kind, column, field):
    imported(kind)
    lines[kind][1][column] = "Four of nine."
    assert imported(kind).counts == {LineState.CHANGED: 1, LineState.SAME: 1}, told()
    model = {"nonconformity": Nonconformity, "improvement": Improvement}[kind]
    assert getattr(model.objects.order_by("pk")[0], field) == "Four of nine."


@pytest.mark.parametrize(
    ("kind", "column", "words"),
    [("nonconformity", 7, "Grade"), ("nonconformity", 8, "Comes from"), ("nonconformity", 3, NOWHERE),
     ("improvement", 6, "Due"), ("improvement", 3, NOWHERE)],
)  # fmt: skip
def test_wrong_cells_are_named(handed_in, confirmed, lines, kind, column, words):
    lines[kind][1][column] = NOWHERE if words == NOWHERE else ""
    lines[kind][2][4] = ""
    run = confirmed(handed_in(messy.csv(lines[kind]), target=kind, name="log.csv"))
    assert run.counts == {LineState.WRONG: 2}, told()
    first, second = run.lines.filter(state=LineState.WRONG).order_by("number").values_list("errors", flat=True)
    assert str(column) in first and (NOWHERE in str(first)) is (words == NOWHERE)
    assert "Name the AI system or the unit." in str(second)


@pytest.mark.parametrize("kind", ["nonconformity", "improvement"])
def test_taken_back_is_what_nobody_worked_on(imported, officer, kind):
    run = imported(kind)
    model = {"nonconformity": Nonconformity, "improvement": Improvement}[kind]
    row = model.objects.order_by("pk")[0]
    if kind == "improvement":
        audits.end_improvement(row, by=officer, on=make.today(), outcome="Done.")
    else:
        audits.contain(row, by=officer, on=make.today(), containment="Done now.", consequences="None.")
    back = worked(services.take_back(run, by=officer, reason="Wrong list."))
    assert back.counts[LineState.UNDONE] == 1
    assert [one.pk for one in model.objects.all()] == [row.pk]


@pytest.mark.parametrize("kind", ["nonconformity", "improvement"])
def test_the_sheet_comes_back(imported, client_of, officer, handed_in, confirmed, kind):
    imported(kind)
    browser = client_of(officer)

    def cells():
        sheet = load_workbook(BytesIO(browser.get(f"/imports/sheet/{kind}/").content)).active
        return [[cell.value for cell in row] for row in sheet.iter_rows()]

    before = cells()
    read = handed_in(BytesIO(browser.get(f"/imports/sheet/{kind}/").content), target=kind)
    assert set(confirmed(read, columns={"0": "ref"}).counts) == {LineState.SAME}, told()
    assert cells() == before


@pytest.mark.parametrize(("kind", "register"), [("nonconformity", "nonconformities"), ("improvement", "improvements")])
def test_who_keeps_the_log_is_shown_the_way_from_a_sheet(client_of, officer, kind, register):
    make.nonconformity()
    way = f'href="/imports/create/?target={kind}"'
    assert way in client_of(officer).get(f"/{register}/").content.decode()
    assert way not in client_of(person(Role.READER, root_unit())).get(f"/{register}/").content.decode()
    form = client_of(officer).get(f"/imports/create/?target={kind}").content.decode()
    assert re.search(f'value="{kind}"[^>]*checked', form)
