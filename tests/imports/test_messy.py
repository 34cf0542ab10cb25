"""The messy sheet becomes a register one can stand behind; taken back and repeated."""

import pytest

from aims.importing import services
from aims.models import ImportLine
from aims.states import ImportState, LineState
from inventory.models import AISystem
from organization.models import User
from tests.factories import person
from tests.imports import messy
from tests.imports.conftest import worked

pytestmark = pytest.mark.django_db
MEANINGS = {
    "criticality": {"h": "high", "3": "high", "m": "medium", "tbd": "", "ask james": ""},
    "owner": {"ask james": "james@example.org"},
}


@pytest.fixture
def sheet(shop):
    person("system_owner", shop, name="Ada Analyst", email="ada@example.org")
    return messy.rows(60, ["Ada Analyst", "ada@example.org", "new.person@example.org"], ["Shop", "shop"])


def test_columns_are_guessed_from_either_language(handed_in, sheet):
    run = handed_in(messy.workbook(sheet))
    assert run.state == ImportState.READ
    named = {run.headers[int(number)]: field for number, field in run.columns.items()}
    assert named == {
        "Nr": "key",
        "Anwendung": "title",
        "Description": "purpose",
        "Verantwortlich": "owner",
        "Abteilung": "unit",
        "Risk level": "criticality",
        "Go-live": "live_since",
        "Bought": "third_party",
    }
    assert run.orders == {"live_since": "dmy"}


def test_every_wrong_cell_is_named(handed_in, confirmed, sheet):
    run = confirmed(handed_in(messy.workbook(sheet)))
    assert run.state == ImportState.CHECKED
    column = next(number for number, field in run.columns.items() if field == "criticality")
    wrong = ImportLine.objects.filter(run=run, state=LineState.WRONG)
    told = {line.cells[int(column)]: line.errors[column] for line in wrong if column in line.errors}
    assert set(told) == {"H", "3", "TBD", "M", "ask James"}
    assert told["TBD"].startswith("“TBD” is not one of: ")
    assert AISystem.objects.count() == 0


def test_meanings_settle_them_and_the_rest_is_left_out(handed_in, confirmed, officer, sheet, shop):
    run = handed_in(messy.workbook(sheet))
    columns = {number: "" for number, field in run.columns.items() if field in ("third_party", "criticality")}
    run = confirmed(run, columns)
    missing = list(ImportLine.objects.filter(run=run, state=LineState.WRONG))
    assert len(missing) == 1, [line.errors for line in missing]
    assert "Owner is missing." in missing[0].errors.values()
    run = worked(services.start_import(run, by=officer, leave_wrong=True))
    # Row 50 is named like row 49: it is told, and not made twice.
    assert (run.state, run.counts) == (ImportState.DONE, {"made": 58, "twice": 1, "wrong": 1}), run.failure
    assert AISystem.objects.filter(unit=shop).count() == 58
    invited = User.objects.get(email="new.person@example.org")
    assert (invited.name, invited.has_usable_password()) == ("New Person", False)
    run = worked(services.take_back(run, by=officer, reason="The wrong sheet."))
    assert (run.state, AISystem.objects.count()) == (ImportState.TAKEN_BACK, 0)
