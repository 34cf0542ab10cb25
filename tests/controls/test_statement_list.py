"""The Statement of Applicability: 38 rows by objective, filters, exports."""

from html import unescape
from io import BytesIO

import pytest
from openpyxl import load_workbook

from organization.states import Role
from tests.controls.making import evidence
from tests.factories import person, root_unit, unit
from tests.factories.controls import included, statement, statements

pytestmark = pytest.mark.django_db


@pytest.fixture
def reader():
    return person(Role.READER)


@pytest.fixture
def browser(reader, client_of):
    return client_of(reader)


def text(answer):
    return unescape(answer.content.decode())


def titles(answer):
    return [str(row.cells[0]) for row in answer.context["register"].rows]


def test_shows_the_38_controls_by_objective(browser):
    statements()
    answer = browser.get("/statements/")
    rows = answer.context["register"].rows
    assert [row.ref for row in rows][:4] == ["A.2.2", "A.2.3", "A.2.4", "A.3.2"]
    assert len(rows) == 38
    assert len({row.group for row in rows}) == 9
    assert "A.6 AI system life cycle" in text(answer)


def test_other_orders_are_not_grouped(browser):
    statements()
    rows = browser.get("/statements/?sort=-title").context["register"].rows
    assert {row.group for row in browser.get("/statements/?sort=due_on").context["register"].rows} == {""}
    assert rows


def test_hides_what_one_does_not_see(client_of):
    statements(unit())
    assert client_of(person(Role.READER, unit())).get("/statements/").context["register"].total == 0


def test_shows_the_organizations_statements_to_everybody_below(client_of):
    statements()
    assert client_of(person(Role.READER, unit())).get("/statements/").context["register"].total == 38
    assert client_of(person()).get("/statements/").context["register"].total == 0


def test_asks_to_sign_in(client):
    assert client.get("/statements/").status_code == 302


@pytest.mark.parametrize(
    ("query", "numbers"),
    [
        ("progress=decided", {"A.2.2", "A.2.3", "A.2.4"}),
        ("progress=justified", {"A.2.2", "A.2.4"}),
        ("progress=no_basis", {"A.2.3"}),
        ("progress=implemented", {"A.2.2"}),
        ("progress=not_implemented", {"A.2.3"}),
        ("progress=evidenced", {"A.2.2"}),
        ("progress=no_evidence", {"A.2.3"}),
        ("progress=no_evidence&progress=evidenced", {"A.2.2", "A.2.3"}),
        ("state=excluded", {"A.2.4"}),
        ("state=excluded&state=implemented", {"A.2.2", "A.2.4"}),
        ("q=fair+A.2.2", {"A.2.2"}),
        ("q=A.5.", {"A.5.2", "A.5.3", "A.5.4", "A.5.5"}),
    ],
)
def test_filters(browser, query, numbers):
    evidence(included("A.2.2", status="implemented"))
    included("A.2.3", basis=[])
    statement("A.2.4", applicability="excluded", justification="Not our role.", basis=["role"])
    assert {row.ref for row in browser.get(f"/statements/?{query}").context["register"].rows} == numbers


def test_filters_by_owner(browser, reader):
    included(owner=reader)
    assert titles(browser.get(f"/statements/?owner={reader.pk}")) == ["AI policy"]
    assert browser.get("/statements/?owner=0").status_code == 400


def test_marks_a_date_that_passed(browser, reader):
    included(owner=reader, status="planned", due_on="2020-01-01")
    included("A.2.3", owner=reader, status="planned", due_on="2999-01-01")
    answer = text(browser.get("/statements/?progress=decided"))
    assert "1 Jan 2020" in answer.split("clock-exclamation")[1]
    assert answer.count("clock-exclamation") == 1


def test_counts_evidence_and_links_to_it(browser):
    row = included()
    evidence(row)
    assert f'href="/statements/{row.ref}/evidence/"' in text(browser.get("/statements/"))


def test_queries_do_not_grow(browser, django_assert_max_num_queries):
    with django_assert_max_num_queries(20):
        browser.get("/statements/")
    statements()
    with django_assert_max_num_queries(20):
        browser.get("/statements/")


def test_export_to_a_workbook_runs_no_formula(browser):
    included("A.2.2", implementation="=1+1", justification="@SUM(A1)")
    book = load_workbook(BytesIO(browser.get("/statements/?format=xlsx").content))
    rows = list(book.active.iter_rows())
    assert len(rows) == 39
    head = [cell.value for cell in rows[0]]
    found = dict(zip(head, rows[1], strict=True))
    assert (found["How it is implemented"].value, found["How it is implemented"].data_type) == ("=1+1", "s")
    assert (found["Applicability"].value, found["Applies to"].value) == ("Included", "The whole scope")


def test_export_to_csv_is_safe_too(browser):
    included(implementation="=1+1")
    lines = b"".join(browser.get("/statements/?format=csv&columns=title,implementation").streaming_content).decode()
    assert "'=1+1" in lines


class TestActions:
    def test_offers_the_grid_to_who_may_write(self, client_of, browser):
        statements()
        assert "/statements/grid/" in text(client_of(person(Role.AIMS_MANAGER)).get("/statements/"))
        assert "/statements/grid/" not in text(browser.get("/statements/"))

    def test_an_empty_register_teaches_and_opens(self, client_of, browser):
        manager = client_of(person(Role.AIMS_MANAGER))
        assert 'action="/statements/open/"' in text(manager.get("/statements/"))
        assert 'action="/statements/open/"' not in text(browser.get("/statements/"))
        answer = manager.post("/statements/open/", follow=True)
        assert "38 statements opened." in text(answer)
        assert answer.context["register"].total == 38

    def test_opening_is_refused_to_others_and_to_get(self, browser):
        assert browser.post("/statements/open/").status_code == 403
        assert browser.get("/statements/open/").status_code == 405


def test_an_organization_without_a_root_offers_nothing(browser):
    assert root_unit()
    assert "No control is decided yet" in text(browser.get("/statements/"))
