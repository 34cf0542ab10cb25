"""The grid of all statements: rows save by themselves, refused ones keep what was typed."""

from html import unescape

import pytest

from controls.forms import row_values
from controls.models import ControlStatement
from organization.states import Role
from tests.factories import person, unit
from tests.factories.controls import included, statements

pytestmark = pytest.mark.django_db


def text(answer):
    return unescape(answer.content.decode())


def typed(rows, changes, shown=None):
    """What a browser sends: every row as it was shown, with the changes by control number."""
    sent = {}
    for number, row in rows.items():
        values = (shown or {}).get(number) or row_values(row)
        for name, value in values.items():
            text = "" if value is None else str(value)
            sent[f"initial-{row.ref}-{name}"] = text
            sent[f"{row.ref}-{name}"] = changes.get(number, {}).get(name, text)
    return sent


@pytest.fixture
def manager():
    return person(Role.AIMS_MANAGER)


@pytest.fixture
def browser(manager, client_of):
    return client_of(manager)


def test_shows_all_rows(browser):
    statements()
    answer = browser.get("/statements/grid/")
    assert len(answer.context["forms"]) == 38
    assert "A.6 AI system life cycle" in text(answer)


def test_saves_only_what_changed(browser, manager):
    rows = statements()
    changes = {
        "A.2.2": {"applicability": "included", "justification": "The board wants it.", "owner": manager.email},
        "A.2.3": {"owner": manager.name},
    }
    answer = browser.post("/statements/grid/", typed(rows, changes), follow=True)
    assert "2 statements saved." in text(answer)
    assert ControlStatement.objects.filter(owner=manager).count() == 2
    assert ControlStatement.objects.get(pk=rows["A.2.2"].pk).state == "not_started"
    assert ControlStatement.objects.filter(version=1).count() == 36


def test_nothing_changed_saves_nothing(browser):
    rows = statements()
    assert browser.post("/statements/grid/", typed(rows, {}))["Location"] == "/statements/"
    assert ControlStatement.objects.filter(version=1).count() == 38


def test_ac01_a_refused_row_names_its_control_and_keeps_the_others(browser):
    rows = statements()
    changes = {
        "A.6.2.8": {"applicability": "excluded", "justification": "  "},
        "A.2.2": {"applicability": "included", "justification": "The board wants it."},
    }
    answer = browser.post("/statements/grid/", typed(rows, changes))
    assert answer.status_code == 400
    assert "1 statement saved." in text(answer)
    assert "Say why A.6.2.8 is excluded" in text(answer)
    (refused,) = answer.context["refused"]
    assert refused["applicability"].value() == "excluded"
    assert ControlStatement.objects.get(pk=rows["A.6.2.8"].pk).state == "undecided"
    assert ControlStatement.objects.get(pk=rows["A.2.2"].pk).state == "not_started"


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"owner": "nobody@example.org"}, "Nobody here is called"),
        ({"due_on": "31.31.2027"}, "Enter a valid date"),
        ({"status": "done"}, "is not one of the available choices"),
    ],
)
def test_refuses_what_cannot_be_read(browser, change, words):
    rows = statements()
    answer = browser.post("/statements/grid/", typed(rows, {"A.2.2": change}))
    assert answer.status_code == 400
    assert words in text(answer)


def test_another_persons_change_is_told_and_not_overwritten(browser):
    rows = statements()
    ControlStatement.objects.filter(pk=rows["A.2.2"].pk).update(procedure="Theirs")
    mine = typed(rows, {"A.2.2": {"status": "partial"}})
    answer = browser.post("/statements/grid/", mine)
    assert answer.status_code == 400
    assert "Somebody saved this record after you opened it" in text(answer)
    (refused,) = answer.context["refused"]
    again = {**mine, f"{rows['A.2.2'].ref}-version": refused.data[f"{rows['A.2.2'].ref}-version"]}
    assert browser.post("/statements/grid/", again).status_code == 302
    row = ControlStatement.objects.get(pk=rows["A.2.2"].pk)
    assert (row.status, row.procedure) == ("partial", "Theirs")


def test_a_row_changed_meanwhile_and_not_touched_here_stays(browser):
    rows = statements()
    mine = typed(rows, {"A.2.3": {"status": "partial"}})
    ControlStatement.objects.filter(pk=rows["A.2.2"].pk).update(status="implemented")
    assert browser.post("/statements/grid/", mine).status_code == 302
    assert ControlStatement.objects.get(pk=rows["A.2.2"].pk).status == "implemented"


def test_rows_that_were_not_on_the_page_are_left(browser):
    rows = statements()
    only = {"A.2.2": rows["A.2.2"]}
    assert browser.post("/statements/grid/", typed(only, {"A.2.2": {"status": "partial"}})).status_code == 302
    assert ControlStatement.objects.filter(version=1).count() == 37


def test_a_contributor_may_not_decide_here(client_of):
    rows = {"A.2.2": included()}
    contributor = client_of(person(Role.CONTRIBUTOR))
    form = contributor.get("/statements/grid/").context["forms"][0]
    assert form.fields["applicability"].disabled
    changes = {"A.2.2": {"applicability": "undecided", "status": "partial"}}
    assert contributor.post("/statements/grid/", typed(rows, changes)).status_code == 302
    assert ControlStatement.objects.get(pk=rows["A.2.2"].pk).state == "partial"


@pytest.mark.parametrize("role", [Role.READER, Role.INTERNAL_AUDITOR])
def test_refuses_who_may_change_nothing(client_of, role):
    statements()
    browser = client_of(person(role))
    assert browser.get("/statements/grid/").status_code == 403
    assert browser.post("/statements/grid/", {}).status_code == 403


def test_hides_other_units(client_of):
    statements()
    assert client_of(person(Role.AIMS_MANAGER, unit())).get("/statements/grid/").status_code == 403


def test_queries_do_not_grow_with_the_rows(browser, django_assert_max_num_queries):
    statements()
    with django_assert_max_num_queries(20):
        browser.get("/statements/grid/")
