"""The grid of all statements: rows save by themselves, refused ones keep what was typed."""

from datetime import UTC, datetime
from html import unescape

import pytest
from django.core.exceptions import ValidationError

from aims.errors import Hidden, NotPermitted
from aims.trail import recording
from controls import services
from controls.forms import row_values
from controls.models import ControlStatement, SoaVersion
from inventory.models import AISystem
from organization.states import Role
from tests.controls.making import evidence
from tests.factories import grant, person, root_unit, unit
from tests.factories.controls import included, scope, statements, system

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


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
    assert browser.post("/statements/grid/", typed(rows, {}))["Location"] == f"/statements/?scope={scope().ref}"
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


class TestBesideTheRow:
    def test_guidance_and_what_is_wrong_with_it(self, browser):
        rows = statements()
        page = text(browser.get("/statements/grid/"))
        control = rows["A.6.2.8"].control
        for said in (control.asks, control.questions[0], control.evidence[0]):
            assert said in page
        assert "A.6.2.8 is not decided." in page
        assert f'href="{rows["A.6.2.8"].get_absolute_url()}change/"' in page

    def test_what_differs_from_the_approved_version(self, browser, manager, board):
        approve_all(manager, board)
        services.change_statement(
            statements()["A.2.2"],
            by=manager,
            data={"justification": "The supervisory board asks for it now."},
            version=None,
        )
        form = next(one for one in browser.get("/statements/grid/").context["forms"] if one.moved)
        assert (form.statement.control.number, form.moved.label) == ("A.2.2", "Justification")
        assert sum(1 for one in browser.get("/statements/grid/").context["forms"] if one.moved) == 1


@pytest.fixture
def board():
    return person(Role.TOP_MANAGEMENT)


def approve_all(manager, board):
    for number, row in statements().items():
        said = f"{number}: without it our prices could become unfair."
        services.change_statement(
            row, by=manager, data={"applicability": "included", "justification": said}, version=None
        )
    soa = SoaVersion.objects.of_scope(scope()).open().get()
    soa = services.submit_soa(soa, by=manager, at=NOW, on=NOW.date(), version=None)
    services.approve_soa(soa, by=board, reason="It fits.", at=NOW, on=NOW.date(), version=None)


class TestTickedRows:
    def test_they_all_get_what_was_filled_in(self, browser, manager):
        rows = statements()
        sent = typed(rows, {"A.2.3": {"applicability": "included", "justification": "The board wants it."}})
        sent |= {f"tick-{rows[number].ref}": "on" for number in ("A.2.2", "A.2.3", "A.2.4")}
        sent |= {
            "ticked-owner": manager.email,
            "ticked-due_on": "2027-01-31",
            "ticked-status": "",
            "ticked-applicability": "",
        }
        answer = browser.post("/statements/grid/", sent, follow=True)
        assert "3 statements saved." in text(answer)
        assert ControlStatement.objects.filter(owner=manager, due_on="2027-01-31").count() == 3
        assert ControlStatement.objects.get(pk=rows["A.2.3"].pk).applicability == "included"

    def test_ticking_without_filling_in_saves_nothing(self, browser):
        rows = statements()
        sent = typed(rows, {}) | {f"tick-{rows['A.2.2'].ref}": "on", "ticked-owner": ""}
        assert browser.post("/statements/grid/", sent).status_code == 302
        assert ControlStatement.objects.filter(version=1).count() == 38

    def test_a_row_that_may_not_have_it_says_so(self, browser):
        rows = statements()
        sent = typed(rows, {}) | {f"tick-{rows['A.2.2'].ref}": "on", "ticked-status": "planned"}
        answer = browser.post("/statements/grid/", sent)
        assert answer.status_code == 400
        assert "A.2.2 is planned: name who does it." in text(answer)

    def test_what_cannot_be_read_is_refused_before_anything_is_saved(self, browser):
        rows = statements()
        changes = {"A.2.3": {"status": "partial"}}
        sent = typed(rows, changes) | {f"tick-{rows['A.2.2'].ref}": "on", "ticked-owner": "nobody@example.org"}
        answer = browser.post("/statements/grid/", sent)
        assert answer.status_code == 400
        assert "Nothing here is called “nobody@example.org”" in text(answer)
        assert ControlStatement.objects.filter(version=1).count() == 38

    def test_a_contributor_is_offered_only_what_they_may_change(self, client_of):
        statements()
        together = client_of(person(Role.CONTRIBUTOR)).get("/statements/grid/").context["together"]
        assert set(together.fields) == {"status", "due_on"}


class TestScopes:
    def test_each_scope_has_a_grid_of_its_own_controls(self, browser, manager):
        apart = unit("Apart")
        whole, own = scope(), scope(apart)
        statements()
        statements(apart)
        for one in (whole, own):
            forms = browser.get(f"/statements/grid/?scope={one.ref}").context["forms"]
            assert {form.statement.scope_id for form in forms} == {one.pk}
            assert len(forms) == 38
        assert browser.get("/statements/grid/").context["forms"][0].statement.scope_id == whole.pk
        assert browser.get("/statements/grid/?scope=SCP-9999").status_code == 404

    def test_a_system_with_its_own_statement_adds_no_row_of_the_scope(self, browser, manager):
        rows = statements()
        services.differ(rows["A.2.2"], by=manager, unit=None, system=system(), reason="It is bought.")
        assert len(browser.get("/statements/grid/").context["forms"]) == 38

    def test_an_owner_of_a_place_gets_what_is_stated_for_it(self, manager, client_of):
        inside = unit("Inside")
        rows = statements()
        own = services.differ(rows["A.2.2"], by=manager, unit=inside, system=None, reason="Another law.")
        local = client_of(person(Role.AIMS_MANAGER, inside))
        assert [form.statement.pk for form in local.get("/statements/grid/").context["forms"]] == [own.pk]


class TestCopying:
    @pytest.fixture
    def two(self, manager):
        apart = unit("Apart")
        source = statements(apart)
        services.change_statement(
            source["A.2.2"], by=manager, version=None,
            data={
                "applicability": "included", "justification": "The board wants it.", "basis": ["practice"],
                "status": "implemented", "owner": manager, "procedure": "PR-1",
            },
        )  # fmt: skip
        services.change_statement(
            source["A.2.3"], by=manager, data={"applicability": "excluded", "justification": "Not here."}, version=None
        )
        rows = statements()
        services.change_statement(
            rows["A.2.3"], by=manager, data={"applicability": "included", "justification": "Ours stays."}, version=None
        )
        return scope(), scope(apart)

    def test_undecided_controls_are_filled_and_nothing_decided_changes(self, browser, two):
        target, source = two
        page = browser.get(f"/statements/copy/?scope={target.ref}")
        assert "nothing that was decided changes" in text(page)
        answer = browser.post(
            f"/statements/copy/?scope={target.ref}",
            {"source": source.pk, "reason": "One policy for both."},
            follow=True,
        )
        assert "1 statement copied." in text(answer)
        rows = statements()
        copied = rows["A.2.2"]
        assert (copied.applicability, copied.justification, copied.procedure) == (
            "included",
            "The board wants it.",
            "PR-1",
        )
        assert (copied.status, copied.owner) == ("not_started", None)
        assert rows["A.2.3"].justification == "Ours stays."

    def test_what_is_needed_here_is_not_copied_as_excluded(self, manager, two, monkeypatch):
        target, source = two
        services.change_statement(
            statements(source.unit)["A.2.4"], by=manager, version=None,
            data={"applicability": "excluded", "justification": "Not there."},
        )  # fmt: skip
        monkeypatch.setattr(
            "controls.services.statements.unmet_checks", lambda *args: [{"sentence": "A treatment needs it."}]
        )
        outcomes = services.copy_statements(target, source, by=manager, reason="One policy.")
        assert {one.statement.control.number: one.status for one in outcomes} == {"A.2.2": 200, "A.2.4": 409}

    def test_it_needs_a_reason_a_scope_one_sees_and_the_right(self, manager, two):
        target, source = two
        with pytest.raises(ValidationError):
            services.copy_statements(target, source, by=manager, reason=" ")
        with pytest.raises(NotPermitted):
            services.copy_statements(target, source, by=person(Role.READER), reason="Mine")
        local = person(Role.AIMS_MANAGER, unit("Third"))
        own = scope(unit("Fourth"))
        grant(local, Role.AIMS_MANAGER, own.unit)
        with pytest.raises(Hidden):
            services.copy_statements(own, source, by=local, reason="Theirs")

    def test_alone_there_is_nothing_to_copy_from(self, browser):
        statements()
        assert "no other scope" in text(browser.get("/statements/copy/"))

    def test_over_the_api(self, manager, two, api_of):
        target, source = two
        told = api_of(manager).post(
            f"/api/v1/scopes/{target.ref}/copy/", {"source": source.ref, "reason": "One policy."}, format="json"
        )
        assert [one["status"] for one in told.json()["results"]] == [200]


def test_opens_with_under_twenty_queries_for_three_hundred_systems(
    browser, manager, board, django_assert_max_num_queries
):
    approve_all(manager, board)
    rows = statements()
    with recording(None, "test"):
        AISystem.objects.bulk_create(
            AISystem(unit=root_unit(), title=f"System {n}", purpose="Sort mail.", owner=manager) for n in range(300)
        )
    for found in AISystem.objects.all()[:3]:
        services.differ(rows["A.2.2"], by=manager, unit=None, system=found, reason="It is bought.")
    for number in ("A.2.2", "A.2.3", "A.2.4"):
        evidence(rows[number])
    browser.get("/statements/grid/")
    with django_assert_max_num_queries(19):
        answer = browser.get("/statements/grid/")
    assert len(answer.context["forms"]) == 38
