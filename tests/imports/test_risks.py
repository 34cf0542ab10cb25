"""Risks from a file: what is said comes, nobody's rating does; the same again changes; taken back they are gone."""

from io import BytesIO

import pytest
from openpyxl import load_workbook

from aims.importing import services
from aims.models import ImportLine
from aims.states import LineState
from risk.models import Risk
from tests.factories.inventory import system
from tests.factories.risk import assess, in_force
from tests.imports import messy
from tests.imports.conftest import worked

pytestmark = pytest.mark.django_db
HEAD = ["No.", "Risk title", "Risk owner", "System", "Department", "Ursache", "Description", "Impact", "Risk source"]
TOLD = ["The place stands in for income.", "The model learns it.", "Poor people pay more.", "C.3.4; our own word"]


@pytest.fixture
def lines(shop):
    ranker = system(shop, title="Ranker")
    return [
        HEAD,
        ["1", "Prices go up where people cannot choose", "ada@example.org", ranker.ref, "", *TOLD],
        ["2", "Nobody stops a wrong price", "ada@example.org", "", "Shop", *TOLD[:3], ""],
    ]


@pytest.fixture
def imported(handed_in, confirmed, officer, lines):
    def run(rows=None, **more):
        read = handed_in(messy.csv(rows or lines), target="risk", name="risks.csv")
        return worked(services.start_import(confirmed(read, **more), by=officer))

    return run


def told():
    return list(ImportLine.objects.values_list("errors", flat=True))


def test_says_what_the_file_says_and_rates_nothing(imported, shop):
    assert imported().counts == {LineState.MADE: 2}, told()
    one, two = Risk.objects.order_by("pk")
    assert (one.system.title, one.unit, one.owner.email) == ("Ranker", shop, "ada@example.org")
    assert (one.cause, one.event, one.consequences, one.sources) == (*TOLD[:3], ["C.3.4", "our own word"])
    assert (two.system, two.unit, two.level, one.score) == (None, shop, "", None)


def test_the_same_key_changes_what_differs(imported, lines):
    imported()
    lines[1][6] = "It learns it anew."
    assert imported(lines).counts == {LineState.CHANGED: 1, LineState.SAME: 1}, told()
    assert Risk.objects.order_by("pk")[0].event == "It learns it anew."


def test_wrong_cells_are_named(handed_in, confirmed, lines):
    lines[1][3], lines[2][4] = "SYS-9999", ""
    run = confirmed(handed_in(messy.csv(lines), target="risk", name="risks.csv"))
    assert run.counts == {LineState.WRONG: 2}
    first, second = run.lines.filter(state=LineState.WRONG).order_by("number").values_list("errors", flat=True)
    assert "SYS-9999" in str(first)
    assert "unit" in str(second)


def test_taken_back_only_what_nobody_worked_on(imported, officer):
    run = imported()
    in_force()
    assess(Risk.objects.order_by("pk")[0], by=officer)
    back = worked(services.take_back(run, by=officer, reason="Wrong list."))
    assert back.counts[LineState.UNDONE] == 1
    assert list(Risk.objects.values_list("title", flat=True)) == [Risk.objects.get().title]
    assert Risk.objects.get().score is not None


def test_sheet_comes_back(imported, client_of, officer, handed_in, confirmed):
    imported()
    browser = client_of(officer)

    def cells():
        sheet = load_workbook(BytesIO(browser.get("/imports/sheet/risk/").content)).active
        return [[cell.value for cell in row] for row in sheet.iter_rows()]

    before = cells()
    read = handed_in(BytesIO(browser.get("/imports/sheet/risk/").content), target="risk")
    assert set(confirmed(read, columns={"0": "ref"}).counts) == {LineState.SAME}, told()
    assert cells() == before
