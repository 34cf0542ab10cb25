"""The list of contradictions, one of them, and the API over both."""

import pytest

from aims import clock, consistency
from aims.registry import registry
from organization.states import Role
from tests.consistency.planted.days import day
from tests.consistency.planted.evidence import from_tomorrow, old
from tests.factories import person, root_unit, unit
from tests.factories.evidence import link_evidence

pytestmark = pytest.mark.django_db


def manager():
    return person(Role.AIMS_MANAGER, root_unit())


def address(who, rule):
    (one,) = consistency.findings(who, on=clock.today(), rules=[registry.rules[rule]])
    return one.get_absolute_url()


def test_list_names_record_facts_and_who_can_mend(client_of):
    item = from_tomorrow()
    text = client_of(manager()).get("/consistency/").content.decode()
    assert item.ref in text
    assert "Said to be collected on" in text
    assert "AIMS manager" in text


def test_list_of_a_clean_register_says_so(client_of):
    assert "Nothing contradicts itself" in client_of(manager()).get("/consistency/").content.decode()


def test_list_filters_by_state_rule_and_words(client_of):
    wrong, late = from_tomorrow(), old()
    client = client_of(manager())
    for query, shown in (("state=breach", wrong), ("rule=evidence-backdated", late), (f"q={late.ref}", late)):
        text = client.get(f"/consistency/?{query}").content.decode()
        assert (wrong.ref in text, late.ref in text) == (shown == wrong, shown == late)


@pytest.mark.parametrize("query", ["state=odd", "rule=none", "after=x"])
def test_list_refuses_what_it_does_not_know(client_of, query):
    assert client_of(manager()).get(f"/consistency/?{query}").status_code == 400


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_list_is_exported(client_of, form):
    old()
    response = client_of(manager()).get(f"/consistency/?format={form}")
    assert response.status_code == 200
    if form == "csv":
        assert b"evidence-backdated" in b"".join(response.streaming_content)


def test_list_shows_no_record_of_other_units(client_of):
    item = link_evidence(unit=unit(), collected_on=day(-90))
    assert item.ref not in client_of(person(Role.AIMS_MANAGER, unit())).get("/consistency/").content.decode()


def test_list_goes_on_page_by_page(client_of, monkeypatch):
    monkeypatch.setattr("aims.views.consistency.PAGE", 1)
    first, second = old(), old()
    client = client_of(manager())
    assert second.ref not in client.get("/consistency/").content.decode()
    text = client.get("/consistency/?after=1").content.decode()
    assert (first.ref in text, second.ref in text) == (False, True)


@pytest.mark.parametrize("rows", [1, 3])
def test_list_takes_the_same_statements_for_one_and_three(client_of, django_assert_max_num_queries, rows):
    for _number in range(rows):
        old()
    client = client_of(manager())
    with django_assert_max_num_queries(len(registry.rules) + 20):
        client.get("/consistency/")


def test_list_reads_the_past(client_of):
    old()
    response = client_of(manager()).get("/consistency/?as_of=2026-01-01")
    assert "Nothing contradicts itself" in response.content.decode()


def test_question_is_answered_and_rests(client_of):
    item, who = old(), manager()
    client, url = client_of(who), address(who, "evidence-backdated")
    assert "Say why these facts are right" in client.get(url).content.decode()
    response = client.post(url, {"reason": "Kept on paper until now"}, follow=True)
    assert "rests until its facts change" in response.content.decode()
    assert item.ref not in client.get("/consistency/").content.decode()
    text = client.get("/consistency/?state=answered").content.decode()
    assert item.ref in text
    again = client.get(url).content.decode()
    assert "Kept on paper until now" in again
    assert "Ask again" in again


def test_answer_needs_a_reason(client_of):
    old()
    who = manager()
    response = client_of(who).post(address(who, "evidence-backdated"), {"reason": " "})
    assert response.status_code == 400


def test_answered_question_is_asked_again(client_of):
    old()
    who = manager()
    client, url = client_of(who), address(who, "evidence-backdated")
    client.post(url, {"reason": "Kept on paper"})
    response = client.post(url, {"reason": "No paper was found"}, follow=True)
    assert "The question stands again" in response.content.decode()


def test_breach_offers_no_answer(client_of):
    from_tomorrow()
    who = manager()
    url = address(who, "evidence-claimed-after-receipt")
    client = client_of(who)
    assert "Go and mend it" in client.get(url).content.decode()
    assert client.post(url, {"reason": "So it is"}).status_code == 409


def test_reader_reads_and_may_not_answer(client_of):
    old()
    reader = person(Role.READER, root_unit())
    client, url = client_of(reader), address(reader, "evidence-backdated")
    assert client.get(url).status_code == 200
    assert client.post(url, {"reason": "Why not"}).status_code == 403


def test_mended_finding_is_gone(client_of):
    assert client_of(manager()).get("/consistency/owner-gone/SYS-0001/0000/").status_code == 404


def test_api_lists_rules(api_of):
    rules = api_of(manager()).get("/api/v1/consistency/rules/").json()
    assert {rule["id"] for rule in rules} == set(registry.rules)


def test_api_lists_and_filters_findings(api_of):
    wrong, late = from_tomorrow(), old()
    api = api_of(manager())
    assert [one["record"] for one in api.get("/api/v1/consistency/").json()] == [wrong.ref, late.ref]
    assert [one["record"] for one in api.get("/api/v1/consistency/?state=question").json()] == [late.ref]
    assert [one["record"] for one in api.get(f"/api/v1/consistency/?record={wrong.ref}").json()] == [wrong.ref]
    assert [one["record"] for one in api.get("/api/v1/consistency/?rule=evidence-backdated").json()] == [late.ref]


@pytest.mark.parametrize("query", ["state=odd", "rule=none", "colour=red"])
def test_api_refuses_what_it_does_not_know(api_of, query):
    assert api_of(manager()).get(f"/api/v1/consistency/?{query}").status_code == 400


def test_api_reads_the_past(api_of):
    old()
    assert api_of(manager()).get("/api/v1/consistency/?as_of=2026-01-01").json() == []


def test_api_answers_and_asks_again(api_of):
    old()
    api = api_of(manager())
    (one,) = api.get("/api/v1/consistency/").json()
    body = {"rule": one["rule"], "record": one["record"], "digest": one["digest"], "reason": "Kept on paper"}
    answered = api.post("/api/v1/consistency/answer/", body)
    assert (answered.status_code, answered.json()["state"]) == (200, "answered")
    assert api.post("/api/v1/consistency/answer/", body).status_code == 409
    assert api.post("/api/v1/consistency/reopen/", body).json()["state"] == "question"


def test_api_refuses_an_answer_to_nothing(api_of):
    body = {"rule": "owner-gone", "record": "SYS-0001", "digest": "0" * 64, "reason": "None"}
    api = api_of(manager())
    assert api.post("/api/v1/consistency/answer/", body).status_code == 404
    assert api.post("/api/v1/consistency/answer/", {**body, "colour": "red"}).status_code == 400
    assert api.post("/api/v1/consistency/answer/?as_of=2026-01-01", body).status_code == 409
