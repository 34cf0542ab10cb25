"""Readiness is computed from facts: what holds, what does not and why; no answer in words makes anything ready."""

from datetime import date
from html import unescape

import pytest

from aims.models import Record
from aims.readiness import held, in_time, settled, stock_of
from aims.registry import registry
from controls import readiness, services
from controls.conditions import ANNEX_A, planned, reviewed, shown
from controls.models import AimsScope, Clause
from evidence.services import add_evidence
from organization.states import Role
from tests.controls.making import evidence
from tests.factories import person, root_unit, unit
from tests.factories.controls import included, scope, statements

pytestmark = pytest.mark.django_db
TODAY = date(2026, 3, 2)


@pytest.fixture
def manager():
    return person(Role.AIMS_MANAGER, name="Lena Manager")


def read(user):
    return readiness.read(user, readiness.scope_named(user), TODAY)


def facts(user, number):
    return {fact.id: fact for fact in read(user).facts if fact.clause == number}


def answer(by, number, **data):
    clause = Clause.objects.get(number=number)
    values = {"state": "met", "found": "It is there.", "owner": by, "due_on": None, **data}
    return services.answer_clause(scope(), clause, by=by, data=values)


def test_every_condition_names_a_clause_that_asks_for_something():
    asking = set(Clause.objects.with_requirements().values_list("number", flat=True)) | {ANNEX_A}
    assert {one.clause for one in registry.conditions} <= asking
    assert len({one.id for one in registry.conditions}) == len(registry.conditions)
    assert {one.stage for one in registry.conditions} == set(readiness.STAGES)


def test_every_clause_of_the_standard_asks_for_a_fact(manager):
    scope()
    found = read(manager)
    assert [one.number for one in found.chapters] == ["4", "5", "6", "7", "8", "9", "10", "A"]
    assert all(clause.facts for chapter in found.chapters for clause in chapter.clauses)
    assert {one.clause.number for chapter in found.chapters[:-1] for one in chapter.clauses} == set(
        Clause.objects.with_requirements().values_list("number", flat=True)
    )


def test_saying_that_a_clause_is_met_makes_nothing_ready(manager):
    scope()
    before = read(manager)
    answer(manager, "7.4")
    after = read(manager)
    assert [one.done for one in before.stages] == [one.done for one in after.stages]
    assert facts(manager, "7.4")["shown"].reading.why == "No evidence is linked to its answer."


@pytest.mark.parametrize(
    ("given", "met", "why"),
    [
        ({"collected_on": TODAY}, True, ""),
        ({"collected_on": date(2024, 1, 1)}, False, "The evidence on its answer ran out."),
        ({}, False, "The evidence on its answer says no date."),
    ],
)
def test_a_clause_without_records_is_shown_by_evidence_on_its_answer(manager, given, met, why):
    row = answer(manager, "7.4")
    assert "Nothing here records it yet" in facts(manager, "7.1")["shown"].reading.why
    values = {"title": "List of signatures", "proves": "Who read it", "unit": row.unit, **given}
    add_evidence(by=manager, data=values, url="https://example.org/x", links=[(Record.objects.get(pk=row.pk), "")])
    found = facts(manager, "7.4")["shown"]
    assert (found.met, found.reading.why) == (met, why)


def test_an_open_gap_is_a_reason_not_to_be_ready(manager):
    row = answer(manager, "7.3", state="partly", found="Lisbon is missing.", due_on=date(2026, 6, 1))
    found = facts(manager, "7.3")["gap"]
    assert (found.met, found.stage, found.reading.url) == (False, 2, row.get_absolute_url())
    assert found.reading.why == "Partly there: Lisbon is missing."


@pytest.mark.parametrize(
    ("number", "stage"), [("4.1", 1), ("7.1", 1), ("7.3", 2), ("9.3.1", 1), ("8.2", 2), ("10.1", 2)]
)
def test_clauses_are_opened_at_a_stage(number, stage):
    assert readiness.stage_of(number) == stage


def test_stage_2_asks_for_all_of_stage_1_too(manager):
    scope()
    first, second = read(manager).stages
    assert {fact.id for fact in first.facts} < {fact.id for fact in second.facts}
    assert not first.ready
    assert readiness.Stage(1, [fact for fact in first.facts if fact.met]).ready


def test_what_is_missing_for_stage_1_comes_first(manager):
    scope()
    stages = [fact.stage for fact in read(manager).missing]
    assert stages == sorted(stages)
    assert set(stages) == {1, 2}


class TestQuestions:
    def test_held_and_settled_and_in_time(self, manager):
        rows = statements()
        included("A.2.2", due_on=date(2026, 1, 1), owner=manager)
        stock = stock_of(manager, TODAY)
        assert held("scope", "in_use")(stock).met
        assert not held("scope", "ended")(stock).met
        assert not settled("risk", "identified")(stock).met
        waiting = settled("statement", "undecided")(stock)
        assert (waiting.met, waiting.why, waiting.url) == (
            False,
            f"{len(rows) - 1} of {len(rows)} wait.",
            "/statements/",
        )
        assert settled("statement", "excluded")(stock).met
        late = in_time("statement")(stock)
        assert (late.met, late.why) == (False, f"1 of {len(rows)} is past its date.")
        assert in_time("scope")(stock).met

    def test_controls_are_planned_based_and_shown(self, manager):
        stock = lambda: stock_of(manager, TODAY)  # noqa: E731
        assert [ask(stock()).met for ask in (planned, reviewed, shown)] == [False] * 3
        row = included("A.2.2")
        assert planned(stock()).why == "1 of 1 lack it."
        included("A.2.2", status="implemented")
        assert planned(stock()).met
        assert reviewed(stock()).met
        assert shown(stock()).why == "1 of 1 lack it."
        evidence(row, collected_on=TODAY)
        assert shown(stock()).met
        included("A.2.3", basis=[])
        assert reviewed(stock()).why == "1 of 2 lack it."


def test_a_scope_of_a_unit_counts_its_own_records_and_what_holds_for_it(manager):
    inside, outside = unit("Inside"), unit("Outside")
    whole, own = scope(), scope(inside)
    evidence(statements(inside)["A.2.2"])
    evidence(statements(outside)["A.2.2"])
    stock = stock_of(manager, TODAY, readiness._within(own))
    assert stock.count("evidence") == 1
    assert stock.count("scope") == 2
    assert stock_of(manager, TODAY, readiness._within(whole)).count("evidence") == 2
    assert readiness._within(None) is None


def test_controls_are_those_of_the_scope_alone(manager):
    inside, outside = unit("Inside"), unit("Outside")
    included("A.2.2", unit=inside, status="implemented")
    included("A.2.2", unit=outside)
    own = stock_of(manager, TODAY, readiness._within(scope(inside)))
    assert planned(own).met
    assert planned(stock_of(manager, TODAY)).why == "1 of 2 lack it."


class TestPages:
    def test_the_page_says_what_is_missing_and_where_to_mend_it(self, manager, client_of):
        scope()
        page = unescape(client_of(manager).get("/readiness/").content.decode())
        assert "A Statement of Applicability is approved." in page
        assert 'href="/gaps/answer/7.3/"' in page
        assert "Not ready" in page
        assert "facts are missing of this stage" in page
        assert page.index("A Statement of Applicability is approved.") < page.index('id="chapter-4"')

    def test_it_can_be_read_as_of_a_date_and_before_there_is_anything(self, manager, client_of):
        assert client_of(manager).get("/readiness/").status_code == 200
        scope()
        assert client_of(manager).get("/readiness/?as_of=2026-01-01").status_code == 200
        assert client_of(manager).get("/readiness/?scope=SCP-9999").status_code == 404

    def test_a_reader_is_not_asked_to_answer(self, manager, client_of):
        answer(manager, "7.4")
        page = unescape(client_of(person(Role.READER)).get("/readiness/").content.decode())
        assert 'href="/gaps/answer/7.3/"' not in page
        assert "/gaps/GAP-" in page

    def test_the_home_page_has_seven_bars_and_three_steps(self, manager, client_of):
        assert "clauses" not in client_of(manager).get("/").context
        scope()
        answer = client_of(manager).get("/")
        assert [bar[0] for bar in answer.context["clauses"]] == ["4", "5", "6", "7", "8", "9", "10"]
        assert len(answer.context["week"]) == 3
        page = unescape(answer.content.decode())
        assert 'href="/readiness/#chapter-4"' in page
        steps = answer.context["week"]
        assert len({step["title"] for step in steps}) == 3
        assert steps[0]["title"].startswith(read(manager).missing[0].clause)
        assert read(manager).missing[0].sentence in steps[0]["why"]

    def test_it_asks_as_much_for_many_records(self, manager, django_assert_max_num_queries):
        rows = statements()
        for number in ("A.2.2", "A.2.3", "A.2.4"):
            evidence(rows[number])
        for number in ("7.3", "7.4"):
            answer(manager, number)
        read(manager)
        with django_assert_max_num_queries(14):
            read(manager)

    def test_over_the_api(self, manager, api_of):
        empty = api_of(manager).get("/api/v1/readiness/").json()
        assert empty["scope"] is None
        one = scope()
        told = api_of(manager).get("/api/v1/readiness/").json()
        assert told["scope"] == one.ref
        assert [stage["ready"] for stage in told["stages"]] == [False, False]
        held = {fact["id"]: fact for fact in told["facts"] if fact["clause"] == "4.3"}
        assert (held["scope"]["met"], held["scope"]["url"]) == (True, "/scopes/")
        assert api_of(manager).get("/api/v1/readiness/?scope=SCP-9999").status_code == 404
        assert api_of(manager).get("/api/v1/readiness/?as_of=2026-01-01").status_code == 200


def test_the_widest_scope_is_read_first(manager):
    root_unit()
    assert readiness.scope_named(manager) is None
    own, whole = scope(unit("Inside")), scope()
    assert readiness.scope_named(manager) == whole
    assert readiness.scope_named(manager, own.ref.lower()) == own
    assert AimsScope.objects.count() == 2
