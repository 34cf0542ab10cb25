"""Importing in the browser, as the officer does it; and what others get to see of it."""

from datetime import date
from html import unescape
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from openpyxl import load_workbook

from aims.importing import services
from aims.models import Import, ImportLine, ImportPlan, OwnField
from aims.states import ImportState, LineState
from inventory.models import AISystem
from organization.models import UnitGrant, User
from organization.states import Role
from tests.factories import person
from tests.factories.inventory import system
from tests.imports import messy
from tests.imports.conftest import worked

pytestmark = pytest.mark.django_db


@pytest.fixture
def browser(officer, client_of):
    return client_of(officer)


@pytest.fixture
def ada(shop):
    return person("system_owner", shop, name="Ada Analyst", email="ada@example.org")


def text(response):
    return unescape(response.content.decode())


def upload(lines, name="register.xlsx"):
    return SimpleUploadedFile(name, messy.workbook(lines).read())


LINES = [
    ["Nr", "Name", "Purpose", "Owner", "Unit", "Risk level", "Why this criticality", "Cost centre"],
    ["K-1", "Churn forecast", "Says who leaves.", "ada@example.org", "Shop", "H", "Many people.", "4711"],
    ["K-2", "Invoice reader", "Reads invoices.", "ada@example.org", "Shop", "", "", "4712"],
]


def columns_form(page, **changes):
    form = page.context["form"]
    values = {name: form[name].value() for name in form.fields}
    return {**{name: value for name, value in values.items() if value is not None}, **changes}


def test_from_file_to_register_and_back(browser, officer, ada):
    answer = browser.post("/imports/create/", {"target": "system", "file": upload(LINES)})
    run = Import.objects.get()
    assert answer.url == run.get_absolute_url()
    assert "Being read" in text(browser.get(answer.url))
    worked(run)
    assert browser.get(f"{answer.url}progress/?seen=reading")["HX-Refresh"] == "true"

    page = browser.get(f"{answer.url}columns/")
    assert "Cost centre" in text(page)
    own = next(name for name, number in page.context["form"].columns if run.headers[number] == "Cost centre")
    answer = browser.post(
        f"{answer.url}columns/", columns_form(page, **{own: "new", "keep_as": "From the cost centres"})
    )
    assert answer.status_code == 302
    run = worked(run)
    page = text(browser.get(answer.url))
    assert "“H” is not one of" in page
    assert ImportPlan.objects.get().columns["Cost centre"] == "own:cost_centre"
    assert OwnField.objects.get().defined_by == officer

    page = browser.get(f"{answer.url}columns/")
    (meaning,) = [name for name, field, word in page.context["form"].meanings if (field, word) == ("criticality", "H")]
    browser.post(f"{answer.url}columns/", columns_form(page, **{meaning: "high"}))
    run = worked(run)
    assert run.counts == {LineState.NEW: 2}

    browser.post(f"{answer.url}start/", {"version": run.version})
    run = worked(run)
    assert run.counts == {LineState.MADE: 2}, list(ImportLine.objects.values_list("errors", flat=True))
    churn = AISystem.objects.get(title="Churn forecast")
    assert (churn.criticality, churn.own, churn.owner) == ("high", {"cost_centre": "4711"}, ada)
    assert f"register.xlsx, {run.ref}" in text(browser.get(f"{churn.get_absolute_url()}history/"))
    assert churn.due_on is not None  # the first attestation falls somewhere in the quarter
    assert churn.title in text(browser.get(f"{answer.url}?lines=made"))

    answer = browser.post(f"{answer.url}take-back/", {"reason": "Wrong sheet.", "version": run.version})
    run = worked(run)
    assert run.counts == {LineState.UNDONE: 2}
    assert not AISystem.objects.exists()


def test_same_key_again_updates(browser, handed_in, confirmed, officer, ada):
    worked(services.start_import(confirmed(handed_in(messy.workbook(LINES[:1] + LINES[2:]))), by=officer))
    changed = [LINES[0], [*LINES[2][:1], "Invoice reader 2", *LINES[2][2:]]]
    run = confirmed(handed_in(messy.workbook(changed), name="later.xlsx"))
    assert run.counts == {LineState.UPDATE: 1}
    run = worked(services.start_import(run, by=officer))
    assert AISystem.objects.get().title == "Invoice reader 2"
    worked(services.take_back(run, by=officer, reason="No."))
    assert AISystem.objects.get().title == "Invoice reader"


def test_what_somebody_edited_since_stays(handed_in, confirmed, officer, ada):
    run = confirmed(handed_in(messy.workbook([LINES[0], LINES[2]])))
    run = worked(services.start_import(run, by=officer))
    from inventory.services import change_system

    change_system(
        AISystem.objects.get(), by=officer, on=date(2026, 3, 2), data={"purpose": "Reads invoices and receipts."}
    )
    run = worked(services.take_back(run, by=officer, reason="No."))
    assert (run.counts, AISystem.objects.count()) == ({LineState.KEPT: 1}, 1)


def test_export_and_import_again_changes_nothing(browser, handed_in, confirmed, officer, ada, shop):
    for number in range(3):
        system(unit=shop, owner=ada, title=f"System {number}", regions=["DE", "FR"], criticality="high",
               criticality_reason="People.", affected_groups=["Buyers", "Sellers"])  # fmt: skip
    before = browser.get("/imports/sheet/system/").content
    run = confirmed(handed_in(BytesIO(before)), columns={"0": "ref"})
    assert run.counts == {LineState.SAME: 3}, list(ImportLine.objects.values_list("errors", flat=True))

    def cells(data):
        return [[cell.value for cell in row] for row in load_workbook(BytesIO(data)).active.iter_rows()]

    assert cells(browser.get("/imports/sheet/system/").content) == cells(before)


def test_empty_sheet_has_the_headings_alone(browser):
    sheet = load_workbook(BytesIO(browser.get("/imports/sheet/supplier/?blank=1").content)).active
    assert sheet.max_row == 1
    assert "Name" in [cell.value for cell in sheet[1]]


def test_wrong_lines_are_left_out_only_when_one_says_so(browser, handed_in, confirmed, ada):
    run = confirmed(
        handed_in(messy.workbook([*LINES, ["K-3", "No purpose", "", "ada@example.org", "Shop", "", "", ""]]))
    )
    url = run.get_absolute_url()
    assert "Leave the wrong lines out" in text(browser.get(url))
    assert browser.post(f"{url}start/", {"version": run.version}).status_code == 409
    assert browser.post(f"{url}start/", {"version": run.version, "leave_wrong": "on"}).status_code == 302


def test_nobody_else_finds_it(handed_in, client_of, officer):
    run = handed_in(messy.workbook(LINES))
    other = client_of(person(Role.AIMS_MANAGER, officer.unit))
    assert other.get(run.get_absolute_url()).status_code == 404
    assert run.file_name not in text(other.get("/imports/"))


def test_who_lost_the_role_goes_on_no_more(browser, handed_in, officer):
    run = handed_in(messy.workbook(LINES))
    UnitGrant.objects.filter(user=officer).delete()
    person_again = User.objects.get(pk=officer.pk)
    assert services.own_import(run, person_again) == ""


def test_reader_is_told_that_importing_is_not_theirs(client_of, shop):
    reader = client_of(person("reader", shop))
    assert reader.get("/imports/create/").status_code == 403
    assert reader.get("/imports/sheet/system/").status_code == 403
    assert reader.get("/own-fields/").status_code == 403


def test_dropped_file_may_come_again(browser, handed_in):
    run = handed_in(messy.workbook(LINES))
    again = browser.post("/imports/create/", {"target": "system", "file": upload(LINES)})
    assert "being imported already" in text(again)
    assert again.context["form"].errors["file"] == ["This file is being imported already."]
    browser.post(f"{run.get_absolute_url()}drop/")
    run.refresh_from_db()
    assert run.state == ImportState.FAILED
    assert browser.post("/imports/create/", {"target": "system", "file": upload(LINES)}).status_code == 302


def test_own_fields_are_added_and_ended(browser):
    wrong = browser.post("/own-fields/", {"kind": "system", "label": "Name", "sort": "text"})
    assert "field of this name already" in text(wrong)
    wrong = browser.post("/own-fields/", {"kind": "system", "label": "Ring", "sort": "choice"})
    assert "Say what can be chosen" in text(wrong)
    browser.post("/own-fields/", {"kind": "system", "label": "Ring", "sort": "choice", "choices": "one\ntwo\n"})
    own = OwnField.objects.get()
    assert (own.key, own.choices) == ("ring", ["one", "two"])
    browser.post(f"/own-fields/{own.pk}/end/")
    own.refresh_from_db()
    assert own.ended


@pytest.mark.parametrize("count", [1, 3])
def test_list_asks_as_much_for_many(browser, queries, handed_in, count):
    for number in range(count):
        handed_in(messy.workbook([LINES[0], [f"K-{number}", *LINES[1][1:]]]), name=f"{number}.xlsx")
    assert queries(lambda: browser.get("/imports/")) <= 20
