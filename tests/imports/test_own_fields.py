"""Fields that the organization added: on the record, in forms, register, export, API and history."""

from datetime import date
from html import unescape

import pytest
from openpyxl import load_workbook

from aims.importing import services
from aims.models import OwnField
from aims.trail import recording
from tests.factories import person
from tests.factories.inventory import system

pytestmark = pytest.mark.django_db


@pytest.fixture
def fields(officer):
    for label, sort, choices in (
        ("Cost centre", "text", ()),
        ("Seats", "number", ()),
        ("Reviewed", "day", ()),
        ("Core", "yes_no", ()),
        ("Ring", "choice", ("one", "two")),
    ):
        services.define_own_field(by=officer, kind="system", label=label, sort=sort, choices=choices)


@pytest.fixture
def browser(officer, client_of):
    return client_of(officer)


@pytest.fixture
def row(shop, officer, fields):
    return system(unit=shop, owner=officer, title="Churn forecast")


def text(response):
    return unescape(response.content.decode())


def change(browser, row, **own):
    page = browser.get(f"{row.get_absolute_url()}change/")
    form = page.context["form"]
    values = {name: form[name].value() for name in form.fields if form[name].value() not in (None, False)}
    return browser.post(f"{row.get_absolute_url()}change/", {**values, **own})


def test_said_in_the_form_shown_on_the_page_told_in_the_history(browser, row):
    own = {
        "own_cost_centre": "4711",
        "own_seats": "12",
        "own_reviewed": "2026-03-31",
        "own_core": "yes",
        "own_ring": "two",
    }
    assert change(browser, row, **own).status_code == 302
    row.refresh_from_db()
    assert row.own == {"cost_centre": "4711", "seats": 12, "reviewed": "2026-03-31", "core": True, "ring": "two"}
    page = text(browser.get(row.get_absolute_url()))
    assert "Own fields" in page
    assert "4711" in page
    assert "4711" in text(browser.get(f"{row.get_absolute_url()}history/"))
    assert change(browser, row, own_core="").status_code == 302
    row.refresh_from_db()
    assert "core" not in row.own


def test_bad_values_are_told_beside_the_field(browser, row):
    answer = change(browser, row, own_seats="many")
    assert answer.status_code == 400
    assert answer.context["form"].errors["own_seats"]


def test_filters_columns_and_export(browser, row, shop):
    with recording(None, "test"):
        type(row).objects.filter(pk=row.pk).update(own={"core": True, "ring": "two", "cost_centre": "4711"})
    system(unit=shop, title="Another")
    page = browser.get("/systems/?own_ring=two&own_core=yes")
    assert [cells.ref for cells in page.context["register"].rows] == [row.ref]
    assert browser.get("/systems/?own_ring=three").status_code == 400
    from io import BytesIO

    book = load_workbook(BytesIO(browser.get("/systems/?format=xlsx&columns=title,own_cost_centre").content))
    head, *lines = [[cell.value for cell in line] for line in book.active.iter_rows()]
    assert "Cost centre" in head
    assert any("4711" in map(str, line) for line in lines)


def test_api_reads_and_writes(api_of, officer, row):
    api, url = api_of(officer), f"/api/v1/systems/{row.ref}/"
    version = api.get(url).data["version"]
    answer = api.patch(url, {"own": {"seats": 5, "core": False}}, HTTP_IF_MATCH=f'"{version}"')
    assert answer.data["own"] == {"seats": 5, "core": False}
    version = answer.data["version"]
    answer = api.patch(url, {"own": {"seats": None, "ring": "one"}}, HTTP_IF_MATCH=f'"{version}"')
    assert answer.data["own"] == {"core": False, "ring": "one"}
    for body, pointer in (
        ({"colour": "red"}, "/own/colour"),
        ({"ring": "nine"}, "/own/ring"),
        ({"seats": "many"}, "/own/seats"),
    ):
        wrong = api.patch(url, {"own": body}, HTTP_IF_MATCH=f'"{answer.data["version"]}"')
        assert wrong.json()["errors"][0]["pointer"] == pointer
    assert [one["ref"] for one in api.get("/api/v1/systems/?own_ring=one").data["results"]] == [row.ref]


def test_ended_field_is_asked_no_more_but_what_was_said_stays(browser, row, officer):
    with recording(None, "test"):
        type(row).objects.filter(pk=row.pk).update(own={"cost_centre": "4711"})
    services.end_own_field(OwnField.objects.get(key="cost_centre"), by=officer)
    assert "own_cost_centre" not in browser.get(f"{row.get_absolute_url()}change/").context["form"].fields
    assert "4711" in text(browser.get(row.get_absolute_url()))


def test_only_who_manages_the_aims_defines(shop):
    with pytest.raises(Exception, match="roles"):
        services.define_own_field(by=person("system_owner", shop), kind="system", label="Mine")


def test_numbers_and_dates_as_people_write_them():
    from aims.importing.fields import own_value

    number, day = OwnField(sort="number"), OwnField(sort="day")
    assert [own_value(number, text) for text in ("1 200,5", "1,200.5", "7")] == [1200.5, 1200.5, 7]
    assert own_value(day, "31.03.2026") == date(2026, 3, 31).isoformat()
    assert own_value(day, " ") is None
