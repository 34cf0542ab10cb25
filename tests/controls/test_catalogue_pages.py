"""Clauses and controls with their answer sheets, the jump box, and the panel of the home page."""

from html import unescape

import pytest

from controls.models import Control
from organization.states import Role
from tests.controls.making import evidence
from tests.factories import person
from tests.factories.controls import included, statement, statements

pytestmark = pytest.mark.django_db


def text(answer):
    return unescape(answer.content.decode())


@pytest.fixture
def browser(client_of):
    return client_of(person(Role.READER))


@pytest.fixture
def stranger(client_of):
    return client_of(person())


class TestControls:
    def test_lists_the_controls_with_where_we_stand(self, browser):
        included("A.7.5", status="partial", owner=person(name="Olga Owner"))
        answer = text(browser.get("/controls/"))
        assert all(control.title in answer for control in Control.objects.all())
        assert "Partly implemented" in answer
        assert "Olga Owner" in answer

    def test_shows_no_statement_that_one_does_not_see(self, stranger):
        included("A.7.5", status="partial")
        answer = text(stranger.get("/controls/"))
        assert "Data provenance" in answer
        assert "Partly implemented" not in answer

    def test_a_sheet_answers(self, browser):
        row = included("A.6.2.4", implementation="Plans before tests.", owner=person(name="Olga Owner"))
        item = evidence(row, title="Test report")
        answer = text(browser.get("/controls/A.6.2.4/"))
        for words in (
            "Plans before tests.",
            "Olga Owner",
            "Test report",
            item.ref,
            row.ref,
            "Nothing is implemented yet.",
        ):
            assert words in answer
        assert row.control.questions[0] in answer

    def test_a_sheet_finds_its_number_in_any_case(self, browser):
        assert browser.get("/controls/a.6.2.4/").status_code == 200
        assert browser.get("/controls/B.6.2.4/").status_code == 404

    def test_a_sheet_without_statement_says_so(self, stranger):
        included("A.6.2.4", implementation="Plans before tests.")
        answer = text(stranger.get("/controls/A.6.2.4/"))
        assert "There is no statement about this control that you may see." in answer
        assert "Plans before tests." not in answer

    def test_restricted_evidence_hides(self, browser):
        evidence(included("A.6.2.4"), title="Secret report", confidentiality="restricted")
        answer = text(browser.get("/controls/A.6.2.4/"))
        assert "Secret report" not in answer
        assert "No evidence that you may see is linked." in answer

    def test_an_excluded_control_shows_why(self, browser):
        statement("A.2.4", applicability="excluded", justification="Not our role.")
        answer = text(browser.get("/controls/A.2.4/"))
        assert "Why it is excluded" in answer
        assert "Best evidence" not in answer

    def test_offers_the_change_to_who_may(self, client_of, browser):
        row = included("A.2.4")
        link = f"/statements/{row.ref}/change/"
        assert link in [
            a.url for a in client_of(person(Role.AIMS_MANAGER)).get("/controls/A.2.4/").context["header"].actions
        ]
        assert not browser.get("/controls/A.2.4/").context["header"].actions

    def test_turns_to_the_neighbours(self, browser):
        assert browser.get("/controls/A.2.2/").context["around"][0] is None
        assert browser.get("/controls/A.2.2/").context["around"][1].number == "A.2.3"
        assert browser.get("/controls/A.10.4/").context["around"][1] is None

    @pytest.mark.parametrize("path", ["/controls/", "/controls/A.2.2/", "/clauses/", "/clauses/6.1.3/"])
    def test_queries(self, browser, django_assert_max_num_queries, path):
        evidence(included())
        with django_assert_max_num_queries(24):
            assert browser.get(path).status_code == 200

    @pytest.mark.parametrize("path", ["/controls/", "/controls/A.2.2/", "/clauses/", "/clauses/6.1.3/"])
    def test_asks_to_sign_in(self, client, path):
        assert client.get(path).status_code == 302


class TestClauses:
    def test_lists_the_clauses(self, browser):
        answer = text(browser.get("/clauses/"))
        assert "Management review results" in answer
        assert "10 requirements" in answer

    def test_a_sheet_says_what_is_asked_and_what_answers_it(self, browser):
        row = included(owner=person(name="Olga Owner"))
        answer = text(browser.get("/clauses/6.1.3/"))
        for words in ("Write the risk treatment plan", row.ref, "Olga Owner", "All 38", "Open gaps"):
            assert words in answer

    def test_a_heading_opens_its_clauses(self, browser):
        answer = text(browser.get("/clauses/9.3/"))
        assert "/clauses/9.3.2/" in answer
        assert "No kind of record" not in answer

    def test_an_unknown_clause_is_not_found(self, browser):
        assert browser.get("/clauses/11.1/").status_code == 404


class TestJump:
    def urls(self, browser, query):
        return [link.url for link in browser.get("/jump/", {"q": query}).context["links"]]

    def test_a_control_opens_its_sheet_first(self, browser):
        statements()
        assert self.urls(browser, "a.6.2.4")[0] == "/controls/A.6.2.4/"
        assert self.urls(browser, "6.1.3")[0] == "/clauses/6.1.3/"

    def test_finds_by_words_and_beginnings(self, browser):
        assert self.urls(browser, "data provenance") == ["/controls/A.7.5/"]
        assert self.urls(browser, "A.10") == ["/controls/A.10.2/", "/controls/A.10.3/", "/controls/A.10.4/"]

    def test_a_reference_comes_before(self, browser):
        row = statement("A.2.2")
        assert self.urls(browser, row.ref) == [f"/statements/{row.ref}/"]


class TestHome:
    def bars(self, browser):
        panels = [panel for panel in browser.get("/").context["panels"] if panel["template"] == "controls/_home.html"]
        return {bar["label"]: (bar["done"], bar["total"]) for panel in panels for bar in panel["bars"]}

    def test_counts_what_is_decided_justified_implemented_evidenced(self, browser):
        evidence(included("A.2.2", status="implemented"))
        included("A.2.3", basis=[])
        statement("A.2.4", applicability="excluded", justification="Not our role.", basis=["role"])
        assert self.bars(browser) == {
            "Decided": (3, 38),
            "Justified, with basis": (2, 38),
            "Implemented": (1, 2),
            "With evidence": (1, 2),
        }

    def test_each_number_is_that_of_the_list_behind_it(self, browser):
        evidence(included("A.2.2", status="implemented"))
        included("A.2.3", basis=[])
        for panel in browser.get("/").context["panels"]:
            for bar in panel.get("bars", []):
                assert browser.get(bar["url"]).context["register"].total == bar["done"]

    def test_who_sees_no_statement_gets_no_panel(self, stranger):
        statements()
        assert self.bars(stranger) == {}

    def test_hidden_evidence_does_not_count(self, browser):
        evidence(included("A.2.2"), confidentiality="restricted")
        assert self.bars(browser)["With evidence"] == (0, 1)
