"""One statement: the record page, its history, its form with guidance; AC-01 on the page."""

from html import unescape

import pytest

from controls.models import ControlStatement
from organization.states import Role
from tests.factories import person, unit
from tests.factories.controls import included, statement, statements, system

pytestmark = pytest.mark.django_db


def text(answer):
    return unescape(answer.content.decode())


def form_of(row, **changes):
    """What a browser would send from the form of the row."""
    values = {
        "applicability": row.applicability,
        "justification": row.justification,
        "basis": row.basis,
        "systems": "",
        "status": row.status,
        "implementation": row.implementation,
        "procedure": row.procedure,
        "owner": row.owner.email if row.owner else "",
        "due_on": row.due_on or "",
        "last_reviewed_on": row.last_reviewed_on or "",
        "confidentiality": row.confidentiality,
        "version": row.version,
    }
    return {**values, **changes}


@pytest.fixture
def browser(client_of):
    return client_of(person(Role.AIMS_MANAGER))


class TestDetail:
    def test_tells_the_statement_with_guidance_beside(self, browser):
        row = included("A.7.5", implementation="Each set has a sheet.", owner=person(name="Olga Owner"))
        answer = text(browser.get(f"/statements/{row.ref}/"))
        for words in ("A.7.5 Data provenance", "keeps our prices fair", "Each set has a sheet.", "Olga Owner"):
            assert words in answer
        assert row.control.questions[0] in answer
        assert row.control.asks in answer

    def test_an_excluded_control_has_no_implementation(self, browser):
        row = statement("A.2.4", applicability="excluded", justification="Not our role.")
        answer = text(browser.get(f"/statements/{row.ref}/"))
        assert "Not our role." in answer
        assert "How it is implemented" not in answer

    def test_asks_to_decide_what_is_undecided(self, browser):
        row = statement()
        assert "No reason given yet" in text(browser.get(f"/statements/{row.ref}/"))
        assert "Decide" in text(browser.get(f"/statements/{row.ref}/"))

    def test_names_the_systems_it_is_limited_to(self, browser, client_of):
        row = included(systems=[system(title="Secret engine", confidentiality="restricted")])
        assert "Secret engine" in text(browser.get(f"/statements/{row.ref}/"))
        answer = text(client_of(person(Role.READER)).get(f"/statements/{row.ref}/"))
        assert "Secret engine" not in answer
        assert "Some AI systems" in answer

    def test_history_tells_the_decision(self, browser):
        row = included()
        assert "Justification" in text(browser.get(f"/statements/{row.ref}/history/"))

    def test_hides_from_another_unit(self, client_of):
        row = statement(unit=unit())
        stranger = client_of(person(Role.AIMS_MANAGER, unit()))
        for path in ("", "history/", "change/"):
            assert stranger.get(f"/statements/{row.ref}/{path}").status_code == 404
        assert stranger.post(f"/statements/{row.ref}/change/", form_of(row)).status_code == 404

    def test_a_manager_below_reads_the_organizations_statement_but_does_not_change_it(self, client_of):
        row = included()
        below = client_of(person(Role.AIMS_MANAGER, unit()))
        assert below.get(f"/statements/{row.ref}/").status_code == 200
        assert below.get(f"/statements/{row.ref}/change/").status_code == 403

    def test_queries(self, browser, django_assert_max_num_queries):
        row = included(systems=[system(), system(title="Pricing"), system(title="Routing")])
        with django_assert_max_num_queries(20):
            browser.get(f"/statements/{row.ref}/")


class TestChange:
    def test_saves_what_is_typed(self, browser):
        row, owner, one = statement("A.7.4"), person(), system()
        typed = form_of(
            row,
            applicability="included",
            justification="Bad data, bad prices.",
            basis=["risk", "law"],
            systems=one.ref,
            status="planned",
            owner=owner.email,
            due_on="2027-01-31",
        )
        answer = browser.post(f"/statements/{row.ref}/change/", typed)
        assert (answer.status_code, answer["Location"]) == (302, f"/statements/{row.ref}/")
        row.refresh_from_db()
        assert (row.state, row.owner, row.basis, str(row.due_on)) == ("planned", owner, ["risk", "law"], "2027-01-31")
        assert [part.system for part in row.reach.all()] == [one]

    def test_ac01_excluding_without_justification_names_the_control_and_changes_nothing(self, browser):
        row = statement("A.6.2.8")
        answer = browser.post(
            f"/statements/{row.ref}/change/", form_of(row, applicability="excluded", justification=" ")
        )
        assert answer.status_code == 400
        assert "Say why A.6.2.8 is excluded" in answer.context["form"].errors["justification"][0]
        assert "Say why A.6.2.8 is excluded" in text(answer)
        assert 'value="excluded"' in text(answer)
        assert ControlStatement.objects.get(pk=row.pk).version == row.version

    def test_excluding_an_implemented_control_ends_its_status(self, browser):
        row = included(status="implemented")
        browser.post(
            f"/statements/{row.ref}/change/", form_of(row, applicability="excluded", justification="Not ours.")
        )
        row.refresh_from_db()
        assert (row.state, row.status) == ("excluded", "not_applicable")

    @pytest.mark.parametrize(
        ("name", "value"),
        [("systems", "SYS-9999"), ("owner", "nobody@example.org"), ("basis", ["mood"]), ("status", "x")],
    )
    def test_refuses_what_does_not_exist(self, browser, name, value):
        row = included()
        answer = browser.post(f"/statements/{row.ref}/change/", form_of(row, **{name: value}))
        assert answer.status_code == 400
        assert list(answer.context["form"].errors) == [name]

    def test_a_system_one_may_not_see_does_not_exist(self, client_of):
        row, hidden = included(), system(confidentiality="restricted")
        owner = person(Role.READER)
        ControlStatement.objects.filter(pk=row.pk).update(owner=owner)
        row.refresh_from_db()
        answer = client_of(person(Role.CONTRIBUTOR)).post(
            f"/statements/{row.ref}/change/", form_of(row, systems=hidden.ref)
        )
        assert answer.status_code == 302
        assert not row.reach.exists()

    def test_fields_one_may_not_change_are_shown_and_ignored(self, client_of):
        row = included()
        contributor = client_of(person(Role.CONTRIBUTOR))
        form = contributor.get(f"/statements/{row.ref}/change/").context["form"]
        assert form.fields["justification"].disabled
        assert not form.fields["implementation"].disabled
        typed = form_of(row, justification="Mine now.", implementation="Done by hand.")
        assert contributor.post(f"/statements/{row.ref}/change/", typed).status_code == 302
        row.refresh_from_db()
        assert (row.justification, row.implementation) == ("A.2.2 keeps our prices fair.", "Done by hand.")

    def test_refuses_a_reader(self, client_of):
        row = included()
        reader = client_of(person(Role.READER))
        assert reader.get(f"/statements/{row.ref}/change/").status_code == 403
        assert reader.post(f"/statements/{row.ref}/change/", form_of(row)).status_code == 403

    def test_a_stale_save_shows_both_and_loses_nothing(self, browser):
        row = included()
        opened = form_of(row, procedure="Mine")
        browser.post(f"/statements/{row.ref}/change/", form_of(row, procedure="Theirs", systems=""))
        answer = browser.post(f"/statements/{row.ref}/change/", opened)
        assert answer.status_code == 412
        assert "Theirs" in text(answer)
        assert "Mine" in text(answer)
        resolved = form_of(ControlStatement.objects.get(pk=row.pk), procedure="Mine")
        assert browser.post(f"/statements/{row.ref}/change/", resolved).status_code == 302

    def test_says_what_was_chosen_before(self, browser):
        owner, one = person(name="Olga Owner"), system(title="Pricing")
        row = included(owner=owner, systems=[one])
        answer = text(browser.get(f"/statements/{row.ref}/change/"))
        assert f'"label": "{one.ref} Pricing"' in answer
        assert '"label": "Olga Owner"' in answer

    def test_strange_texts_are_kept_as_they_are(self, browser):
        row, strange = included(), "🚦 שלום \u202eabc <script>alert(1)</script> " + "x" * 5000
        browser.post(f"/statements/{row.ref}/change/", form_of(row, implementation=strange))
        row.refresh_from_db()
        assert row.implementation == strange
        assert "<script>alert" not in browser.get(f"/statements/{row.ref}/").content.decode()


def test_no_more_queries_on_the_form_of_many_statements(browser, django_assert_max_num_queries):
    row = statements()["A.2.2"]
    with django_assert_max_num_queries(20):
        browser.get(f"/statements/{row.ref}/change/")
