"""Each unit's head says that the list of its AI systems is complete; what was found later is counted."""

from datetime import UTC, date, datetime, timedelta
from html import unescape

import pytest
from django.db import IntegrityError, transaction

from aims import clock, due, reviews
from aims.errors import NotPermitted, WrongState
from aims.history import event_model
from aims.models import Task
from aims.states import Outcome, TaskSort
from aims.trail import recording
from inventory import services
from inventory.models import AISystem, AttestedList
from organization.models import Unit
from tests.factories import grant, person, root_unit, unit
from tests.factories.inventory import system

pytestmark = pytest.mark.django_db
TODAY = date(2026, 1, 27)
THEN = datetime(2026, 2, 10, 9, 0, tzinfo=UTC)
BEFORE, AFTER = date(2026, 1, 15), date(2026, 2, 20)


@pytest.fixture
def manager():
    return person("aims_manager", root_unit(), name="Olga Officer")


@pytest.fixture
def head(shop):
    """Ada, who heads the shop and may read it."""
    ada = person("reader", shop, name="Ada Head", email="ada@example.org")
    Unit.objects.filter(pk=shop.pk).update(head=ada)
    return ada


@pytest.fixture
def shop():
    return unit("Shop")


@pytest.fixture
def asked(manager, head):
    services.ask_heads(by=manager, on=TODAY)
    return AttestedList.objects.get()


def attest(row, by, at=THEN, outcome=Outcome.CONFIRMED):
    task = Task.objects.create(record_id=row.pk, sort=TaskSort.REVIEW, due_on=row.due_on, day=row.due_on, assignee=by)
    reviews.complete_review(
        task, by=by, looked_at="The purchases of the quarter.", on=at.date(), at=at, outcome=outcome
    )
    return AttestedList.objects.with_found(by).get(pk=row.pk)


def registered(after, **fields):
    """A system that came to the register at a moment."""
    with clock.at(after):
        return system(**fields)


def text(response):
    return unescape(response.content.decode())


def test_every_head_gets_a_list_that_falls_due(manager, head, shop):
    blind = unit("Blind", head=person(where=root_unit()))
    unit("Headless")
    told = services.ask_heads(by=manager, on=TODAY)
    without = Unit.objects.filter(head=None).count()
    assert (told.new, told.handed, told.headless, told.blind) == (1, 0, without, 1)
    row = AttestedList.objects.get()
    assert (row.title, row.unit, row.owner) == ("AI systems of Shop", shop, head)
    assert row.due_on == TODAY + timedelta(days=14)
    assert blind.head is not None
    due.run(at=datetime(2026, 2, 2, tzinfo=UTC))
    task = Task.objects.get(record_id=row.pk)
    assert (task.assignee, task.due_on) == (head, row.due_on)


def test_asking_again_asks_nobody_twice_and_follows_a_new_head(manager, asked, shop):
    assert services.ask_heads(by=manager, on=TODAY).new == 0
    ben = person("reader", shop, name="Ben")
    Unit.objects.filter(pk=shop.pk).update(head=ben)
    told = services.ask_heads(by=manager, on=TODAY)
    assert (told.new, told.handed) == (0, 1)
    asked.refresh_from_db()
    assert asked.owner == ben


def test_attesting_counts_what_stands_there_and_sets_the_next_date(asked, head, shop):
    system(shop)
    system(unit("Below", parent=shop))
    system(unit("Elsewhere"))
    row = attest(asked, head)
    assert (row.attested_by, row.attested_at, row.counted, row.found, row.found_later) == (head, THEN, 2, 0, 0)
    assert row.due_on > THEN.date() + timedelta(days=150)
    event = event_model(AttestedList).objects.filter(pgh_obj_id=row.pk).latest("pgh_id")
    assert (event.pgh_context["actor"], event.pgh_context["service"]) == (head.pk, "complete_review")


@pytest.mark.parametrize("outcome", [Outcome.CORRECTED, Outcome.FOLLOW_UP])
def test_only_what_is_confirmed_is_attested(asked, head, outcome):
    row = attest(asked, head, outcome=outcome)
    assert row.attested_at is None


def test_what_was_in_use_then_and_came_later_is_counted(asked, head, shop):
    below = unit("Below", parent=shop)
    attest(asked, head)
    registered(THEN + timedelta(days=30), unit=shop, stage="operation_monitoring", live_since=BEFORE)
    registered(THEN + timedelta(days=30), unit=below, live_since=BEFORE)
    # In use only since then, not in use at all, known before, somebody else's: nobody missed these.
    registered(THEN + timedelta(days=30), unit=shop, live_since=AFTER)
    registered(THEN + timedelta(days=30), unit=shop)
    registered(THEN - timedelta(days=30), unit=shop, live_since=BEFORE)
    registered(THEN + timedelta(days=30), unit=unit("Elsewhere"), live_since=BEFORE)
    row = AttestedList.objects.with_found(head).get()
    assert row.found_later == 2
    again = attest(row, head, at=THEN + timedelta(days=180))
    assert (again.found, again.found_later, again.counted) == (2, 0, 5)


def test_the_number_tells_nobody_of_systems_they_do_not_see(asked, head, manager, shop, api_of, client_of):
    attest(asked, head)
    registered(THEN + timedelta(days=1), unit=shop, live_since=BEFORE, confidentiality="case")
    assert AttestedList.objects.with_found(head).get().found_later == 0
    assert api_of(head).get(f"/api/v1/lists/{asked.ref}/").data["found_later"] == 0


def test_pages(client_of, manager, head, shop):
    Unit.objects.filter(pk=shop.pk).update(head=head)
    browser = client_of(manager)
    assert "Nobody was asked yet" in text(browser.get("/lists/"))
    answer = browser.post("/lists/ask/", follow=True)
    assert "1 head is asked." in text(answer)
    assert "no head" in text(answer)
    row = AttestedList.objects.get()
    assert row.title in text(browser.get("/lists/"))
    page = browser.get(row.get_absolute_url())
    assert "Never yet" in text(page)
    Unit.objects.exclude(pk=shop.pk).update(head=head)
    grant(head, "reader", root_unit())
    assert "asked." in text(browser.post("/lists/ask/", follow=True))
    assert "Every head is asked already" in text(browser.post("/lists/ask/", follow=True))
    assert (
        browser.post(f"{row.get_absolute_url()}end/", {"reason": "Dissolved.", "version": row.version}).status_code
        == 302
    )
    row.refresh_from_db()
    assert (row.state, row.due_on) == ("ended", None)
    assert "Ask no more" not in text(browser.get(row.get_absolute_url()))


def test_heads_read_and_ask_nobody(client_of, api_of, asked, head, shop):
    browser = client_of(head)
    assert browser.get(asked.get_absolute_url()).status_code == 200
    assert browser.post("/lists/ask/").status_code == 403
    assert browser.post(f"{asked.get_absolute_url()}end/", {"reason": "x", "version": 1}).status_code == 403
    assert "Ask every head" not in text(browser.get("/lists/"))
    assert api_of(head).post("/api/v1/lists/ask/").status_code == 403
    stranger = client_of(person("reader", unit("Other")))
    assert stranger.get(asked.get_absolute_url()).status_code == 404


def test_by_program(api_of, manager, head):
    api = api_of(manager)
    assert api.post("/api/v1/lists/ask/").data["new"] == 1
    row = api.get("/api/v1/lists/").data["results"][0]
    assert (row["owner"], row["attested_by"], row["found_later"]) == ("ada@example.org", None, 0)
    url = f"/api/v1/lists/{row['ref']}/end/"
    answer = api.post(url, {"reason": "Dissolved."}, HTTP_IF_MATCH=f'"{row["version"]}"')
    assert (answer.status_code, answer.data["state"]) == (200, "ended")


def test_ending_needs_a_reason_and_is_done_once(asked, manager, head):
    with pytest.raises(NotPermitted):
        services.end_list(asked, by=head, reason="x")
    with pytest.raises(NotPermitted):
        services.ask_heads(by=head, on=TODAY)
    services.end_list(asked, by=manager, reason="Dissolved.")
    with pytest.raises(WrongState):
        services.end_list(asked, by=manager, reason="Again.")
    assert services.ask_heads(by=manager, on=TODAY).new == 1


@pytest.mark.parametrize(
    "wrong",
    [{"attested_at": THEN}, {"counted": 3}, {"found": 1}, {"state": "other"}, {"state": "kept"}],
)
def test_database_keeps_it_whole(asked, wrong):
    with pytest.raises(IntegrityError), transaction.atomic(), recording(None, "test"):
        AttestedList.objects.filter(pk=asked.pk).update(**wrong)


def test_one_list_a_unit(asked, head, shop):
    with pytest.raises(IntegrityError), transaction.atomic(), recording(None, "test"):
        AttestedList.objects.create(title="Second", unit=shop, owner=head)


@pytest.mark.parametrize("count", [1, 3])
def test_list_asks_as_much_for_many(client_of, queries, manager, count):
    for number in range(count):
        one = unit(f"Unit {number}")
        Unit.objects.filter(pk=one.pk).update(head=person("reader", one))
    services.ask_heads(by=manager, on=TODAY)
    browser = client_of(manager)
    assert queries(lambda: browser.get("/lists/")) <= 20
    assert AISystem.objects.count() == 0
