"""What falls due is opened, once, by whoever is there: ahead, late, away, silent, on any night of the year."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import IntegrityError, connection, transaction

from aims import due
from aims.models import Cadence, DueRun, Leave, Plan, Task, Wishes
from aims.states import TaskState
from aims.trail import recording
from tests.due.conftest import NOON, source
from tests.factories import person
from tests.factories.sample import sample
from tests.sample.models import Sample

pytestmark = pytest.mark.django_db
TODAY = NOON.date()


@pytest.fixture
def make(owner):
    def make(days=0, **more):
        values = {"unit": owner.unit, "owner": owner, "due_on": TODAY + timedelta(days=days), **more}
        return sample(**values)

    return make


def only():
    return Task.objects.select_related("record").get()


def run(at=NOON):
    found = due.run(at)
    assert found is not None
    return found.counts


def later(**delta):
    return NOON + timedelta(**delta)


def test_opens_what_is_due_and_nothing_twice(make, owner):
    row = make()
    assert run()["opened"] == 1
    assert run()["opened"] == 0
    task = only()
    assert (task.record_id, task.due_on, task.assignee, task.state) == (row.pk, TODAY, owner, TaskState.OPEN)


@pytest.mark.parametrize(("days", "opened"), [(14, 1), (15, 0)])
def test_opens_so_many_days_ahead(make, days, opened):
    make(days)
    assert run()["opened"] == opened


def test_own_window_of_the_installation_counts(make):
    days = {"ahead": 3, "grace": 1, "deputy_after": 3, "manager_after": 7, "committee_after": 30}
    Cadence.objects.create(kind="sample", number=90, **days)
    make(4)
    assert run()["opened"] == 0
    assert run(later(days=1))["opened"] == 1


def test_what_passed_while_nothing_ran_is_opened_once_and_late(make):
    make(-10)
    counts = run()
    assert (counts["opened"], counts["late"]) == (1, 1)
    assert only().late_at == NOON
    assert run()["late"] == 0


def test_nothing_falls_due_in_an_idle_state_or_of_another_kind(make, sources):
    make(state="gone")
    assert run()["opened"] == 0
    make()
    sources.due_sources.clear()
    assert run()["opened"] == 0


def test_weekend_and_holiday_put_the_day_off_but_not_the_date(make, settings):
    settings.HOLIDAYS = [date(2026, 5, 11)]
    make(5)  # Saturday 9 May
    run()
    assert (only().due_on, only().day) == (date(2026, 5, 9), date(2026, 5, 12))
    assert run(datetime(2026, 5, 12, 12, tzinfo=UTC))["late"] == 0
    assert run(datetime(2026, 5, 13, 12, tzinfo=UTC))["late"] == 1


def test_today_is_the_owners(make, owner):
    """At 23:30 in Lisbon it is tomorrow in Auckland."""
    with recording(None, "test"):
        type(owner).objects.filter(pk=owner.pk).update(time_zone="Pacific/Auckland")
    make(15)
    assert run(datetime(2026, 5, 4, 11, tzinfo=UTC))["opened"] == 0
    assert run(datetime(2026, 5, 4, 12, 30, tzinfo=UTC))["opened"] == 1


def test_unknown_time_zone_is_the_organizations(owner, make):
    assert due.local_day(NOON, "Nowhere/At all") == TODAY


def test_moved_date_ends_the_task_for_the_old_one(make):
    row = make()
    run()
    with recording(None, "test"):
        Sample.objects.filter(pk=row.pk).update(due_on=TODAY + timedelta(days=7))
    counts = run()
    assert (counts["dropped"], counts["opened"]) == (1, 1)
    assert Task.objects.open().get().due_on == TODAY + timedelta(days=7)


def test_end_of_life_ends_the_task(make):
    row = make()
    run()
    with recording(None, "test"):
        Sample.objects.filter(pk=row.pk).update(state="gone")
    assert run()["dropped"] == 1


def test_stand_in_does_it_while_one_is_away(make, owner):
    deputy = person("system_owner", owner.unit)
    Leave.objects.create(person=owner, deputy=deputy, first=TODAY, last=TODAY + timedelta(days=2))
    make()
    run()
    assert (only().assignee, only().stands_in_for) == (deputy, owner)
    assert run(later(days=3))["returned"] == 1
    assert (only().assignee, only().stands_in_for) == (owner, None)


def test_what_was_open_is_handed_over_when_the_absence_begins(make, owner):
    make()
    run()
    deputy = person("system_owner", owner.unit)
    Leave.objects.create(person=owner, deputy=deputy, first=TODAY + timedelta(days=1), last=TODAY + timedelta(days=2))
    assert run()["handed_over"] == 0
    assert run(later(days=1))["handed_over"] == 1
    assert only().assignee == deputy


def test_work_of_who_left_is_nobodys(make, owner):
    with recording(None, "test"):
        type(owner).objects.filter(pk=owner.pk).update(is_active=False)
    make()
    run()
    assert only().assignee is None


def test_snoozed_task_wakes(make):
    make()
    run()
    Task.objects.update(state="snoozed", until=TODAY + timedelta(days=2), why="waits")
    assert run(later(days=1))["woken"] == 0
    assert run(later(days=2))["woken"] == 1
    assert only().state == TaskState.OPEN


class TestEscalation:
    @pytest.fixture
    def chain(self, owner):
        """The owner's deputy and manager."""
        deputy, manager = person("reader", owner.unit), person("aims_manager", owner.unit)
        with recording(None, "test"):
            type(owner).objects.filter(pk=owner.pk).update(manager=manager)
            Wishes.objects.create(person=owner, deputy=deputy)
        return deputy, manager

    def test_deputy_manager_committee(self, make, chain):
        row = make()
        Plan.objects.create(record_id=row.pk, anchor=TODAY, number=30, tier="high")
        deputy, manager = chain
        run()
        steps = []
        for days in range(1, 32):
            run(later(days=days))
            steps.append((only().level, only().escalated_to))
        assert steps[1] == (0, None)
        assert steps[2] == (1, deputy)
        assert steps[6] == (2, manager)
        assert steps[29] == (3, manager)

    def test_committee_hears_only_of_what_matters_most(self, make, chain):
        make()
        run()
        run(later(days=40))
        assert only().level == 2

    def test_each_level_once(self, make, chain):
        make(-10)
        assert run()["escalated"] == 1
        assert run()["escalated"] == 0

    def test_no_deputy_no_first_level(self, make):
        make(-5)
        run()
        assert only().level == 0

    def test_put_off_is_not_brought_up_but_blocked_is(self, make, chain):
        make(-10)
        make(-10)
        with transaction.atomic():
            due.run(NOON - timedelta(days=10))
        first, second = Task.objects.order_by("pk")
        Task.objects.filter(pk=first.pk).update(state="snoozed", until=TODAY + timedelta(days=9), why="waits")
        Task.objects.filter(pk=second.pk).update(state="blocked", why="waits")
        assert run()["escalated"] == 1
        first.refresh_from_db()
        assert first.level == 0


class TestGrace:
    def test_warns_before_anything_closes(self, make, sources):
        closed = []
        sources.falls_due(source(grace=5, lapsed=lambda record, task: closed.append(record)))
        row = make(-5)
        run()
        assert closed == []
        assert run(later(days=1))["lapsed"] == 1
        assert closed == [row]
        assert run(later(days=2))["lapsed"] == 0

    def test_without_anything_to_close_it_is_marked(self, make, sources):
        sources.falls_due(source(grace=5))
        make(-6)
        assert run()["lapsed"] == 1

    def test_bad_row_stops_no_other(self, make, sources):
        def fail(record, task):
            if record.title == "bad":
                raise ValueError("cannot close")

        sources.falls_due(source(grace=1, lapsed=fail))
        bad, good = make(-9, title="bad"), make(-9)
        found = due.run(NOON)
        assert found.counts["lapsed"] == 1
        assert [error["ref"] for error in found.errors] == [bad.ref]
        assert Task.objects.get(record_id=good.pk).lapsed_at == NOON
        assert Task.objects.get(record_id=bad.pk).lapsed_at is None


def test_done_task_is_locked(make):
    make()
    run()
    Task.objects.update(state="done", done_at=NOON, looked_at="all", outcome="confirmed")
    with pytest.raises(IntegrityError, match="locked"), transaction.atomic():
        Task.objects.update(looked_at="something else")
    with pytest.raises(IntegrityError, match="locked"), transaction.atomic():
        connection.cursor().execute("DELETE FROM aims_task")


@pytest.mark.parametrize(
    "broken",
    [
        {"state": "done"},
        {"state": "snoozed", "why": "waits"},
        {"state": "snoozed", "until": TODAY},
        {"state": "blocked"},
        {"day": TODAY - timedelta(days=1)},
    ],
    ids=[
        "done without proof",
        "put off without day",
        "put off without reason",
        "blocked without reason",
        "day before date",
    ],
)
def test_impossible_tasks_are_refused(make, broken):
    make()
    run()
    with pytest.raises(IntegrityError), transaction.atomic():
        Task.objects.update(**broken)


@pytest.mark.parametrize(
    ("zone", "night"),
    [
        ("Europe/Berlin", datetime(2026, 3, 29, tzinfo=UTC)),
        ("Europe/Berlin", datetime(2026, 10, 25, tzinfo=UTC)),
        ("America/New_York", datetime(2026, 3, 8, tzinfo=UTC)),
        ("America/Santiago", datetime(2026, 9, 6, tzinfo=UTC)),
    ],
)
def test_night_of_the_changing_clocks(make, owner, zone, night):
    """Every other hour of four days around it: one task, marked late once, on the local day."""
    with recording(None, "test"):
        type(owner).objects.filter(pk=owner.pk).update(time_zone=zone)
    make(due_on=night.date())
    counts = [run(night - timedelta(days=1) + timedelta(hours=hour)) for hour in range(0, 100, 2)]
    assert sum(one["opened"] for one in counts) == 1
    assert sum(one["late"] for one in counts) == 1
    assert due.local_day(only().late_at, zone) == only().day + timedelta(days=1)


def test_clock_that_jumps_opens_nothing_twice_and_loses_nothing(make):
    for days in (0, 3, 20, 40):
        make(days)
    for hours in (0, 5, -20, 24 * 30, 1, 24 * 60):
        run(later(hours=hours))
    assert Task.objects.count() == 4


def test_run_costs_the_same_for_one_and_for_many(make, queries):
    due.run(NOON)  # the first run of a day also tells what is due on it
    make()
    one = queries(lambda: due.run(NOON))
    for _ in range(5):
        make()
    assert queries(lambda: due.run(NOON)) == one


def test_every_run_is_noted(make):
    make()
    run()
    noted = DueRun.objects.get()
    assert (noted.at, noted.counts["opened"], noted.errors) == (NOON, 1, [])
