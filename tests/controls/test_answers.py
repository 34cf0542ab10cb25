"""The gap assessment: each clause is answered once; a gap has an owner and a date, and becomes a task."""

import re
from datetime import UTC, date, datetime
from html import unescape

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from aims import due
from aims.errors import NotPermitted, Stale, WrongState
from aims.models import Task
from aims.trail import recording
from controls import policies, services
from controls.models import Clause, ClauseAnswer
from organization.states import Role
from tests.factories import person, root_unit
from tests.factories.controls import scope

pytestmark = pytest.mark.django_db
LATER = date(2026, 6, 1)


@pytest.fixture
def manager():
    return person(Role.AIMS_MANAGER, name="Lena Manager")


def clause(number="7.3"):
    return Clause.objects.get(number=number)


def answered(by, number="7.3", **data):
    values = {"state": "missing", "found": "Nobody knows who read the policy.", "owner": by, "due_on": LATER, **data}
    return services.answer_clause(scope(), clause(number), by=by, data=values)


class TestServices:
    def test_a_gap_is_answered_and_closed(self, manager):
        row = answered(manager)
        assert (row.state, row.open, row.title, row.due_on) == ("missing", True, "7.3 Awareness", LATER)
        done = services.change_answer(
            row, by=manager, data={"state": "met", "found": "All signed."}, version=row.version
        )
        assert (done.state, done.open, done.due_on, done.owner) == ("met", False, None, manager)
        assert list(ClauseAnswer.objects.of_scope(scope()).open()) == []

    def test_who_says_that_it_is_met_answers_for_it_where_nobody_is_named(self, manager):
        assert answered(manager, state="met", owner=None, due_on=None).owner == manager

    @pytest.mark.parametrize("missing", ["owner", "due_on"])
    def test_a_gap_needs_somebody_and_a_date(self, manager, missing):
        with pytest.raises(ValidationError) as refused:
            answered(manager, **{missing: None})
        assert set(refused.value.message_dict) == {missing}

    def test_an_answer_says_what_was_found(self, manager):
        with pytest.raises(ValidationError, match="Say what was found"):
            answered(manager, found="  ")

    def test_a_clause_is_answered_once(self, manager):
        answered(manager)
        with pytest.raises(ValidationError, match="answered already"):
            answered(manager)

    def test_a_heading_and_an_ended_scope_take_no_answer(self, manager):
        with pytest.raises(WrongState, match="heading"):
            answered(manager, "7")
        services.end_scope(scope(), by=manager, reason="Sold.", version=None)
        ended = scope().__class__.objects.get(state="ended")
        with pytest.raises(WrongState, match="ended"):
            services.answer_clause(ended, clause(), by=manager, data={"state": "met", "found": "There."})

    def test_who_closes_it_may_say_so_and_nobody_else(self, manager):
        closer, reader = person(Role.READER), person(Role.READER)
        row = answered(manager, owner=closer)
        assert policies.can_change_answer(closer, row) == policies.OWNER
        with pytest.raises(NotPermitted):
            services.change_answer(row, by=reader, data={"found": "Mine"}, version=None)
        with pytest.raises(NotPermitted):
            answered(reader, "7.4")
        services.change_answer(row, by=closer, data={"found": "Half signed.", "state": "partly"}, version=row.version)
        with pytest.raises(Stale):
            services.change_answer(row, by=closer, data={"found": "All."}, version=row.version)

    def test_a_gap_becomes_a_task_of_who_closes_it(self, manager):
        closer = person(Role.READER)
        row = answered(manager, owner=closer)
        due.run(datetime(2026, 3, 2, 6, 0, tzinfo=UTC))
        task = Task.objects.get(record=row.pk)
        assert (task.assignee, task.due_on) == (closer, LATER)


@pytest.mark.parametrize(
    ("rule", "values"),
    [
        ("gap_state_known", {"state": "perhaps"}),
        ("gap_says_what_was_found", {"found": " "}),
        ("gap_has_owner_and_date", {"owner": None}),
        ("gap_has_owner_and_date", {"due_on": None}),
        ("gap_has_owner_and_date", {"state": "met"}),
    ],
)
def test_the_database_keeps_the_rule(manager, rule, values):
    row = answered(manager)
    with pytest.raises(IntegrityError, match=rule), transaction.atomic(), recording(None, "test"):
        ClauseAnswer.objects.filter(pk=row.pk).update(**values)


def test_the_database_keeps_one_answer_a_clause(manager):
    row = answered(manager)
    with pytest.raises(IntegrityError, match="gap_once"), transaction.atomic(), recording(None, "test"):
        ClauseAnswer.objects.create(
            scope=row.scope, clause=row.clause, unit=row.unit, title="Twice", state="met", found="There."
        )


class TestPages:
    def test_a_clause_is_answered_in_the_browser(self, manager, client_of):
        scope()
        browser = client_of(manager)
        page = unescape(browser.get("/gaps/answer/7.3/").content.decode())
        assert "7.3 Awareness" in page
        assert clause().requirements.first().text in page
        refused = browser.post(
            "/gaps/answer/7.3/", {"state": "partly", "found": "Half of us.", "owner": "", "due_on": ""}
        )
        assert refused.status_code == 400
        assert "Say who closes the gap" in unescape(refused.content.decode())
        sent = {"state": "partly", "found": "Half of us.", "owner": manager.email, "due_on": "2026-06-01"}
        assert browser.post("/gaps/answer/7.3/", sent)["Location"] == "/readiness/#clause-7.3"
        row = ClauseAnswer.objects.get()
        assert browser.get("/gaps/answer/7.3/")["Location"] == f"/gaps/{row.ref}/change/"
        assert "Half of us." in unescape(browser.get(row.get_absolute_url()).content.decode())
        changed = {"state": "met", "found": "All of us.", "owner": manager.email, "due_on": "", "version": row.version}
        assert browser.post(f"/gaps/{row.ref}/change/", changed).status_code == 302
        assert ClauseAnswer.objects.get().state == "met"

    def test_what_is_no_question_is_not_found(self, manager, client_of):
        scope()
        assert client_of(manager).get("/gaps/answer/7/").status_code == 404
        assert client_of(manager).get("/gaps/answer/7.33/").status_code == 404

    def test_a_reader_may_look_and_not_answer(self, manager, client_of):
        row = answered(manager)
        reader = client_of(person(Role.READER))
        assert reader.get("/gaps/").status_code == 200
        assert reader.get(f"/gaps/{row.ref}/").status_code == 200
        assert reader.get(f"/gaps/{row.ref}/change/").status_code == 403
        assert reader.get("/gaps/answer/7.4/").status_code == 403

    def test_without_a_scope_there_is_nothing_to_answer(self, client_of):
        root_unit()
        assert client_of(person(Role.AIMS_MANAGER)).get("/gaps/answer/7.3/").status_code == 409

    @pytest.mark.parametrize("rows", [1, 3])
    def test_the_list_asks_as_much_for_many(self, manager, client_of, django_assert_max_num_queries, rows):
        for number in ("7.3", "7.4", "5.2")[:rows]:
            answered(manager, number)
        browser = client_of(manager)
        with django_assert_max_num_queries(16):
            assert browser.get("/gaps/").status_code == 200


class TestApi:
    def test_answers_once_and_brings_up_to_date(self, manager, api_of):
        api, one = api_of(manager), scope()
        body = {
            "scope": one.ref, "clause": "7.3", "state": "partly", "found": "Half of us.", "owner": manager.email,
            "due_on": "2026-06-01",
        }  # fmt: skip
        made = api.post("/api/v1/gaps/", body, format="json")
        assert made.status_code == 201, made.json()
        assert (made.json()["clause"], made.json()["state"]) == ("7.3", "partly")
        assert api.post("/api/v1/gaps/", body, format="json").status_code == 400
        url, tag = f"/api/v1/gaps/{made.json()['ref']}/", made["ETag"]
        assert api.patch(url, {"clause": "7.4"}, format="json", HTTP_IF_MATCH=tag).status_code == 400
        done = api.patch(url, {"state": "met", "clause": "7.3"}, format="json", HTTP_IF_MATCH=tag)
        assert (done.json()["state"], done.json()["due_on"]) == ("met", None)
        assert api.patch(url, {"found": "x"}, format="json", HTTP_IF_MATCH=tag).status_code == 412

    def test_who_holds_nothing_sees_none(self, manager, api_of):
        row = answered(manager)
        assert api_of(person("")).get(f"/api/v1/gaps/{row.ref}/").status_code == 404


def test_who_answers_is_shown_the_way_from_a_sheet(manager, client_of):
    answered(manager)
    way = 'href="/imports/create/?target=gap"'
    assert way in client_of(manager).get("/gaps/").content.decode()
    assert way not in client_of(person(Role.READER)).get("/gaps/").content.decode()
    form = client_of(manager).get("/imports/create/?target=gap").content.decode()
    assert re.search(r'value="gap"[^>]*checked', form)
