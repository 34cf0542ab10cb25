"""Three years of days: clocks jump, nights have an hour too many or too few, runs are missed; every date once, on its day."""

import random
from collections import defaultdict
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from dateutil.relativedelta import relativedelta

from aims import due, reviews
from aims.models import Task
from aims.registry import DueSource, registry
from aims.rhythm import Every
from aims.states import TaskState
from aims.trail import recording
from aims.working_days import is_working_day
from organization.models import User
from tests.factories import person, unit
from tests.factories.sample import sample
from tests.faults.installation import until
from tests.sample.models import Sample

pytestmark = [pytest.mark.fault, pytest.mark.django_db]
FIRST, LAST = date(2027, 1, 1), date(2030, 1, 1)  # with 29 February 2028
BERLIN = ZoneInfo("Europe/Berlin")
NIGHTS = [date(2027, 3, 28), date(2027, 10, 31), date(2028, 3, 26), date(2028, 10, 29), date(2029, 3, 25)]
ZONES = ["Europe/Berlin", "America/New_York", "Asia/Tokyo", "UTC"]
STEPS = {"days": lambda n: relativedelta(days=n), "months": lambda n: relativedelta(months=n)}


@pytest.fixture
def sources():
    before = dict(registry.due_sources)
    registry.due_sources.clear()
    registry.falls_due(DueSource("sample", "a", "b", {"": Every(1, "months"), "high": Every(30)}, tier=tier, ahead=0))
    yield registry
    registry.due_sources.clear()
    registry.due_sources.update(before)


def tier(record):
    return "high" if (record.amount or 0) > 100 else ""


def people():
    for zone in ZONES:
        who = person("system_owner", unit())
        with recording(None, "test"):
            User.objects.filter(pk=who.pk).update(time_zone=zone)
        yield User.objects.get(pk=who.pk)


def moments(chance: random.Random, often: int):
    """When something looks: now and then, twice at once, after ten silent days, an hour back, and all through the nights."""
    at = datetime(FIRST.year, FIRST.month, FIRST.day, tzinfo=UTC)
    while at.date() < LAST:
        yield at
        if chance.random() < 0.2:
            yield at - timedelta(hours=chance.randrange(1, 3))
        ahead = timedelta(days=10) if chance.random() < 0.05 else timedelta(hours=chance.randrange(1, 24 * often))
        night = next((one for one in NIGHTS if at.date() < one <= (at + ahead).date()), None)
        if night is not None:
            ahead = timedelta(days=max((night - at.date()).days, 1))
            begin = datetime(night.year, night.month, night.day, tzinfo=BERLIN).astimezone(UTC)
            yield from (begin + timedelta(minutes=30 * step) for step in range(10))
        at += ahead


def should(anchor: date, every: Every, until: date) -> list[date]:
    """The dates by another reckoning: counted from the anchor, never from the last completion."""
    found, times = [], 0
    while (day := anchor + STEPS[every.period](every.number * times)) <= until:
        found.append(day)
        times += 1
    return found


@pytest.mark.parametrize("often", [9, pytest.param(2, marks=pytest.mark.long)])
def test_three_years(sources, at, chance, settings, often):
    settings.TIME_ZONE = "Europe/Berlin"
    anchors = {}
    for number, who in enumerate(people()):
        for amount, first in ((0, date(2027, 1, 31)), (500, date(2027, 1, 4 + number))):
            anchors[sample(unit=who.unit, owner=who, amount=amount, due_on=first).pk] = first
    seen: dict[int, list[date]] = defaultdict(list)
    latest, known = FIRST, set[int]()
    for moment in moments(chance, often):
        at(moment)
        due.run(moment)
        latest = max(latest, due.local_day(moment, "Asia/Tokyo"))
        for task in Task.objects.filter(state=TaskState.OPEN).select_related("record", "assignee"):
            today = due.local_day(moment, task.assignee.time_zone)
            if task.pk not in known:  # a clock set back makes no open task too early
                assert task.due_on <= today, "opened before its day where its person is"
            known.add(task.pk)
            assert is_working_day(task.day) and 0 <= (task.day - task.due_on).days <= 3
            # Whoever is asked acts the same day or some days later: the rhythm must not follow them.
            if chance.random() < 0.7 or (today - task.due_on).days > 5:
                seen[task.record_id].append(task.due_on)
                reviews.complete_review(task, by=task.assignee, looked_at="all", on=today, at=moment)
    for pk, first in anchors.items():
        record = Sample.objects.get(pk=pk)
        every = Every(30) if record.amount > 100 else Every(1, "months")
        wanted = should(first, every, latest)
        assert len(seen[pk]) == len(set(seen[pk])), "asked twice"
        assert set(seen[pk]) <= set(wanted), "asked on a day that is not of the rhythm"
        assert [day for day in wanted if day not in seen[pk] and day < record.due_on] == [], "never asked"
        asked = list(Task.objects.filter(record_id=pk).values_list("due_on", flat=True))
        assert len(asked) == len(set(asked))


DUE = """
from datetime import timedelta
from aims import clock
from aims.trail import recording
from inventory.models import AISystem
from organization.models import User
from tests.factories import inventory as make
who = User.objects.get(email={email!r})
for number in range({count}):
    made = make.system(who.unit, owner=who)
    with recording(None, "test"):
        AISystem.objects.filter(pk=made.pk).update(due_on=clock.today() - timedelta(days=number % 9))
"""


@pytest.mark.long  # tests/faults/test_jobs.py has the bounded case
def test_two_beats_and_three_workers(own, chance):
    """Real beats that send each second, real workers: every date is opened once, every seal follows the one before."""
    count = 60
    own.script(DUE.format(email=own.who["email"], count=count))
    for number in range(3):
        own.worker(f"worker{number}")
    for number in range(2):
        own.beat(f"beat{number}")
    tasks = "SELECT count(*), count(DISTINCT (record_id, due_on, sort)) FROM aims_task"
    until(lambda: own.rows(tasks)[0][0] >= count, "every date is opened", own.words)
    runs = "SELECT count(*) FROM aims_duerun"
    wanted = own.rows(runs)[0][0] + chance.randrange(3, 6)
    until(lambda: own.rows(runs)[0][0] >= wanted, "it looked again", own.words)
    assert own.rows(tasks) == [(count, count)]
    opened = own.rows("SELECT sum((counts->>'opened')::int) FROM aims_duerun")[0][0]
    assert opened == count
