"""Anybody proposes an AI use; the answer with its reason stays."""

from datetime import date
from html import unescape

import pytest
from django.db import IntegrityError, transaction

from aims.errors import NotPermitted, WrongState
from aims.models import Decision
from aims.trail import recording
from inventory import services
from inventory.models import AISystem, Proposal
from tests.factories import person, unit
from tests.factories.inventory import system

pytestmark = pytest.mark.django_db
TODAY = date(2026, 5, 4)
IDEA = {"title": "Photo clean-up", "purpose": "Removes backgrounds.", "tool": "The photo editor"}


@pytest.fixture
def shop():
    return unit("Shop")


@pytest.fixture
def anybody(shop):
    """Somebody without any role."""
    return person(where=shop, name="Nora Nobody")


@pytest.fixture
def keeper(shop):
    return person("aims_manager", shop)


@pytest.fixture
def proposal(anybody):
    return services.propose_use(by=anybody, data=IDEA)


def text(response):
    return unescape(response.content.decode())


def test_who_has_no_role_proposes_and_finds_the_answer(client_of, anybody, keeper):
    browser = client_of(anybody)
    answer = browser.post("/proposals/new/", IDEA)
    made = Proposal.objects.get()
    assert (made.owner, made.unit, made.state) == (anybody, anybody.unit, "proposed")
    assert made.title in text(browser.get(answer.url))
    assert made.title in text(browser.get("/proposals/"))
    services.triage_proposal(made, by=keeper, answer="not_ai", reason="Fixed thresholds.", on=TODAY)
    page = text(browser.get(answer.url))
    assert "Not AI" in page
    assert "Fixed thresholds." in page


def test_others_without_a_role_do_not_see_it(client_of, proposal, shop):
    other = client_of(person(where=shop))
    assert other.get(proposal.get_absolute_url()).status_code == 404
    assert proposal.title not in text(other.get("/proposals/"))


def test_programs_and_tokens_do_not_propose(shop):
    with pytest.raises(NotPermitted):
        services.propose_use(by=person("integration", shop, is_program=True), data=IDEA)


def test_missing_words_are_asked_for(client_of, anybody):
    answer = client_of(anybody).post("/proposals/new/", {"title": "", "purpose": ""})
    assert set(answer.context["form"].errors) == {"title", "purpose"}


def test_ai_system_is_registered_with_its_owner(client_of, keeper, proposal, shop):
    owner = person("system_owner", shop)
    form = {"answer": "system", "reason": "It learns.", "owner": owner.email, "version": proposal.version}
    assert client_of(keeper).post(f"{proposal.get_absolute_url()}triage/", form).status_code == 302
    made = AISystem.objects.get()
    proposal.refresh_from_db()
    assert (made.title, made.owner, proposal.system, proposal.state) == (IDEA["title"], owner, made, "system")
    told = Decision.objects.get(sort="triage")
    assert (told.outcome, told.reason) == ("AI system", "It learns.")


def test_part_of_a_system_names_it(client_of, keeper, proposal, shop):
    whole = system(unit=shop)
    browser, url = client_of(keeper), f"{proposal.get_absolute_url()}triage/"
    wrong = browser.post(url, {"answer": "part", "reason": "Same product."})
    assert "which system" in wrong.context["form"].errors["system"][0]
    assert browser.post(url, {"answer": "part", "reason": "Same product.", "system": whole.ref}).status_code == 302
    proposal.refresh_from_db()
    assert proposal.system == whole
    assert AISystem.objects.count() == 1


def test_likely_duplicates_are_shown(client_of, keeper, proposal, shop):
    same = system(unit=shop, title="Clean-up of a photo")
    assert same.title in text(client_of(keeper).get(proposal.get_absolute_url()))


def test_answered_once(keeper, proposal):
    services.triage_proposal(proposal, by=keeper, answer="not_allowed", reason="Law.", on=TODAY)
    with pytest.raises(WrongState):
        services.triage_proposal(proposal, by=keeper, answer="not_ai", reason="No.", on=TODAY)


def test_only_who_keeps_the_register_answers(client_of, proposal, shop):
    reader = client_of(person("reader", shop))
    assert reader.get(proposal.get_absolute_url()).status_code == 200
    assert reader.get(f"{proposal.get_absolute_url()}triage/").status_code == 403


@pytest.mark.parametrize(
    "values",
    [
        {"state": "not_ai"},
        {"answer": "Because."},
        {"state": "system", "answer": "x", "answered_on": TODAY},
        {"source": "rumour"},
    ],
)
def test_the_database_keeps_answers_whole(proposal, values):
    with pytest.raises(IntegrityError), transaction.atomic(), recording(None, "test"):
        Proposal.objects.filter(pk=proposal.pk).update(**values)


def test_by_program(api_of, anybody, keeper):
    answer = api_of(anybody).post("/api/v1/proposals/", IDEA)
    assert (answer.status_code, answer.data["state"]) == (201, "proposed")
    url, match = f"/api/v1/proposals/{answer.data['ref']}/triage/", {"HTTP_IF_MATCH": '"1"'}
    api = api_of(keeper)
    assert api.post(url, {"answer": "maybe", "reason": "x"}, **match).json()["errors"][0]["pointer"] == "/answer"
    assert api.post(url, {"answer": "part", "reason": "x"}, **match).json()["errors"][0]["pointer"] == "/system"
    assert api.post(url, {"answer": "not_ai", "reason": "x"}, **match).data["state"] == "not_ai"
    assert api.post(url, {"answer": "not_ai", "reason": "x"}, **match).status_code == 412


@pytest.mark.parametrize("count", [1, 3])
def test_list_asks_as_much_for_many(client_of, queries, keeper, anybody, count):
    for number in range(count):
        services.propose_use(by=anybody, data={**IDEA, "title": f"Idea {number}"})
    browser = client_of(keeper)
    assert queries(lambda: browser.get("/proposals/")) <= 20


def test_candidates_come_by_file(keeper, shop):
    from aims.importing import services as importing
    from tests.imports import messy
    from tests.imports.conftest import worked

    lines = [["App", "Vendor", "Department", "Source"], ["Deep Writer", "Writely", "Shop", "Single sign-on"]]
    run = worked(importing.begin_import(by=keeper, target="proposal", file=messy.csv(lines), name="sso.csv"))
    given = {"columns": run.columns, "header_row": 1, "meanings": {}, "orders": {}}
    run = worked(importing.confirm_columns(run, by=keeper, **given))
    run = worked(importing.start_import(run, by=keeper))
    made = Proposal.objects.get()
    assert (made.title, made.tool, made.source, made.unit) == ("Deep Writer", "Writely", "sign_on", shop)
    run = worked(importing.take_back(run, by=keeper, reason="The wrong export."))
    assert not Proposal.objects.exists()
