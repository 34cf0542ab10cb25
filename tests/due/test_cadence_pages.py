"""Cadences: what comes with the product, what was changed here, with a reason, and back again."""

from datetime import timedelta
from html import unescape

import pytest
from django.db import IntegrityError, transaction

from aims import due, reviews
from aims.history import event_model
from aims.models import Cadence, Plan, Task
from aims.rhythm import Every
from tests.due.conftest import NOON, source
from tests.factories import person, unit
from tests.factories.sample import sample
from tests.sample.models import Sample

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.sample.urls")]
TODAY = NOON.date()
DAYS = {"ahead": "5", "grace": "9", "deputy_after": "2", "manager_after": "4", "committee_after": "6"}
KIND, HIGH = "/cadences/sample/all/", "/cadences/sample/high/"


@pytest.fixture
def owner():
    return person("system_owner", unit())


@pytest.fixture
def manager(owner):
    return person("aims_manager", owner.unit)


@pytest.fixture
def browser(manager, client_of):
    return client_of(manager)


def text(response):
    return unescape(response.content.decode())


def test_lists_kinds_and_tiers_with_what_comes_with_the_product(browser):
    page = text(browser.get("/cadences/"))
    assert "every 90 days" in page
    assert "every 30 days" in page
    assert "with committee" in page
    assert "changed here" not in page


def test_whole_kind_is_changed_with_its_days(browser, manager):
    assert 'value="90"' in text(browser.get(KIND))
    said = {"number": "6", "period": "months", "reason": "too often", **DAYS}
    assert browser.post(KIND, said).status_code == 302
    made = Cadence.objects.get()
    assert (made.every, made.ahead, made.committee_after) == (Every(6, "months"), 5, 6)
    event = event_model(Cadence).objects.get(pgh_obj_id=made.pk)
    assert (event.pgh_context["reason"], event.pgh_context["actor"]) == ("too often", manager.pk)
    page = text(browser.get("/cadences/"))
    assert "changed here" in page
    assert "every 6 months" in page
    assert "2 · 4 · 6" in page


def test_one_tier_is_changed_without_days(browser):
    page = text(browser.get(HIGH))
    assert "manager_after" not in page
    assert browser.post(HIGH, {"number": "7", "period": "days", "reason": "r"}).status_code == 302
    assert Cadence.objects.get().ahead is None
    assert "every 7 days" in text(browser.get("/cadences/"))


def test_kind_whose_own_page_sets_the_date_has_days_alone(browser, sources):
    sources.falls_due(source(rhythmic=False))
    assert 'name="number"' not in text(browser.get(KIND))
    assert browser.post(KIND, {"reason": "r", **DAYS}).status_code == 302
    assert Cadence.objects.get().number == 90
    assert browser.get(HIGH).status_code == 404
    assert "set on its own page" in text(browser.get("/cadences/"))


@pytest.mark.parametrize(
    "wrong",
    [
        {"number": "0"},
        {"number": "9999"},
        {"reason": " "},
        {"deputy_after": "0"},
        {"manager_after": "1"},
        {"ahead": ""},
    ],
)
def test_bad_input_changes_nothing(browser, wrong):
    said = {"number": "60", "period": "days", "reason": "r", **DAYS, **wrong}
    assert browser.post(KIND, said).status_code == 400
    assert not Cadence.objects.exists()


def test_goes_back_to_what_comes_with_the_product(browser, owner, manager):
    assert browser.get(f"{KIND}back/").status_code == 404
    browser.post(KIND, {"number": "20", "period": "days", "reason": "r", **DAYS})
    row = sample(unit=owner.unit, owner=owner, due_on=TODAY + timedelta(days=20))
    Plan.objects.create(record_id=row.pk, anchor=TODAY, number=20)
    assert "As the product comes" in text(browser.get(KIND))
    assert browser.get(f"{KIND}back/").status_code == 200
    assert browser.post(f"{KIND}back/", {"reason": "pilot is over"}).status_code == 302
    assert not Cadence.objects.exists()
    assert Sample.objects.get().due_on == TODAY + timedelta(days=90)


def test_change_of_the_whole_kind_reaches_tiers_that_follow_it(owner, manager):
    row = sample(unit=owner.unit, owner=owner, due_on=TODAY + timedelta(days=50))
    Plan.objects.create(record_id=row.pk, anchor=TODAY, tier="low", number=90)
    reviews.change_cadence("sample", by=manager, every=Every(60), on=TODAY, reason="r")
    row.refresh_from_db()
    assert row.due_on == TODAY + timedelta(days=60)


def test_days_set_here_decide_when_a_task_opens_and_who_hears(owner, manager):
    boss = person("reader", owner.unit)
    type(owner).objects.filter(pk=owner.pk).update(manager=boss)
    days = {name: int(value) for name, value in DAYS.items()}
    reviews.change_cadence("sample", by=manager, every=Every(90), on=TODAY, reason="r", **days)
    sample(unit=owner.unit, owner=owner, due_on=TODAY + timedelta(days=6))
    sample(unit=owner.unit, owner=owner, due_on=TODAY - timedelta(days=4))
    due.run(NOON)
    task = Task.objects.get()
    assert (task.level, task.escalated_to) == (2, boss)


@pytest.mark.parametrize("path", ["/cadences/nothing/all/", "/cadences/sample/unheard-of/"])
def test_what_is_not_there(browser, path):
    assert browser.get(path).status_code == 404


def test_only_for_who_may(owner, client_of):
    for path in ("/cadences/", KIND, f"{KIND}back/"):
        assert client_of(owner).get(path).status_code == 403
    with pytest.raises(Exception, match="roles"):
        reviews.drop_cadence(Cadence(kind="sample"), by=owner, on=TODAY, reason="r")


def test_costs_the_same_for_one_and_for_many(browser, owner, queries):
    def plan(tier):
        row = sample(unit=owner.unit, owner=owner, due_on=TODAY)
        Plan.objects.create(record_id=row.pk, anchor=TODAY, tier=tier, number=90)

    plan("low")
    browser.get("/cadences/")
    one = queries(lambda: browser.get("/cadences/"))
    plan("middle"), plan("more")
    assert queries(lambda: browser.get("/cadences/")) == one <= 20


def test_nobody_puts_off_without_end(owner):
    sample(unit=owner.unit, owner=owner, due_on=TODAY)
    due.run(NOON)
    task = Task.objects.select_related("record").get()
    last = task.day + timedelta(days=reviews.SNOOZE_MOST)
    reviews.snooze(task, by=owner, until=last, reason="r", on=last - timedelta(days=1))
    with pytest.raises(Exception, match="blocks"):
        reviews.snooze(task, by=owner, until=last + timedelta(days=1), reason="r", on=last)


@pytest.mark.parametrize(
    "wrong",
    [{"ahead": None}, {"tier": "high"}, {"deputy_after": 9}, {"committee_after": 5}],
)
def test_impossible_cadences_are_refused(wrong):
    days = {"ahead": 1, "grace": 1, "deputy_after": 3, "manager_after": 7, "committee_after": 30}
    with pytest.raises(IntegrityError), transaction.atomic():
        Cadence.objects.create(**{"kind": "sample", "number": 1, **days, **wrong})
