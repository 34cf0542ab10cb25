"""What people do with tasks: who may, what is refused, what is written, and that it stays."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from aims import due, plans, reviews
from aims.errors import NotPermitted, WrongState
from aims.history import event_model
from aims.models import Cadence, Leave, Plan, Record, Task, Wishes
from aims.rhythm import Every
from aims.states import TaskState
from aims.trail import recording
from tests.due.conftest import NOON, source
from tests.factories import person, unit
from tests.factories.sample import sample
from tests.sample.models import Sample

pytestmark = pytest.mark.django_db
TODAY = NOON.date()


@pytest.fixture
def manager(owner):
    return person("aims_manager", owner.unit)


@pytest.fixture
def task(owner):
    return task_for(owner)


def task_for(owner, **more):
    row = sample(**{"unit": owner.unit, "owner": owner, "due_on": TODAY, **more})
    due.run(NOON)
    return Task.objects.select_related("record").get(record_id=row.pk)


def complete(task, by, **more):
    return reviews.complete_review(task, **{"by": by, "looked_at": "The register", "on": TODAY, "at": NOON, **more})


def row_of(task):
    return Sample.objects.get(pk=task.record_id)


class TestComplete:
    def test_records_what_was_looked_at_and_sets_the_next_date(self, task, owner):
        done = complete(task, owner, looked_at=" Model card ")
        done.refresh_from_db()
        assert (done.state, done.looked_at, done.done_by, done.done_at) == (TaskState.DONE, "Model card", owner, NOON)
        assert done.next_on == row_of(task).due_on == TODAY + timedelta(days=90)

    def test_is_on_the_trail_by_its_person(self, task, owner):
        complete(task, owner)
        event = event_model(Task).objects.filter(pgh_obj_id=task.pk).order_by("-pgh_id").first()
        assert (event.state, event.pgh_context["actor"], event.pgh_context["service"]) == (
            "done",
            owner.pk,
            "complete_review",
        )

    def test_late_review_keeps_the_rhythm_and_is_never_set_in_the_past(self, owner):
        task = task_for(owner, due_on=TODAY - timedelta(days=200))
        assert complete(task, owner).next_on == TODAY - timedelta(days=200) + timedelta(days=270)

    def test_early_review_counts_for_the_date_it_was_opened_for(self, owner):
        task = task_for(owner, due_on=TODAY + timedelta(days=10))
        assert complete(task, owner).next_on == TODAY + timedelta(days=100)

    def test_tier_sets_the_pace(self, owner):
        assert complete(task_for(owner, amount=500), owner).next_on == TODAY + timedelta(days=30)

    def test_changed_tier_changes_the_pace(self, task, owner):
        complete(task, owner)
        with recording(None, "test"):
            Sample.objects.update(amount=500, due_on=TODAY + timedelta(days=1))
        due.run(NOON)
        assert complete(Task.objects.open().get(), owner).next_on == TODAY + timedelta(days=30)

    def test_date_that_moved_meanwhile_is_left_alone(self, task, owner):
        with recording(None, "test"):
            Sample.objects.update(due_on=TODAY + timedelta(days=3))
        assert complete(task, owner).next_on is None
        assert row_of(task).due_on == TODAY + timedelta(days=3)

    def test_second_person_is_told_who_did_it(self, task, owner, manager):
        complete(task, owner)
        with pytest.raises(WrongState, match="Olga Owner"):
            complete(task, manager)

    def test_dropped_task_is_refused(self, task, owner):
        Task.objects.update(state="dropped")
        with pytest.raises(WrongState, match="no longer due"):
            complete(task, owner)

    @pytest.mark.parametrize("wrong", [{"looked_at": " "}, {"outcome": "guessed"}])
    def test_bad_input_is_refused(self, task, owner, wrong):
        with pytest.raises(ValidationError):
            complete(task, owner, **wrong)
        assert Task.objects.get().state == TaskState.OPEN

    def test_kind_with_a_form_of_its_own_is_done_there(self, task, owner, sources):
        sources.falls_due(source(rhythmic=False))
        with pytest.raises(WrongState, match="own page"):
            complete(task, owner)

    def test_app_hears_of_it_in_the_same_transaction(self, task, owner, sources):
        def refuse(record, done):
            raise WrongState("no")

        sources.falls_due(source(reviewed=refuse))
        with pytest.raises(WrongState):
            complete(task, owner)
        assert (Task.objects.get().state, row_of(task).due_on) == (TaskState.OPEN, TODAY)

    def test_kind_that_no_longer_falls_due_keeps_its_date(self, task, owner, sources):
        sources.due_sources.clear()
        assert complete(task, owner).next_on is None


ACTS = {
    "complete": complete,
    "snooze": lambda task, by: reviews.snooze(task, by=by, until=TODAY + timedelta(days=3), reason="r", on=TODAY),
    "block": lambda task, by: reviews.block(task, by=by, reason="waits"),
    "resume": lambda task, by: reviews.resume(task, by=by),
    "reassign": lambda task, by: reviews.reassign(task, by=by, to=by, reason="r"),
}


@pytest.mark.parametrize("act", ACTS.values(), ids=ACTS.keys())
class TestWhoMay:
    def test_owner(self, act, task, owner):
        act(task, owner)

    def test_manager_of_the_unit(self, act, task, manager):
        act(task, manager)

    def test_who_it_was_brought_up_to(self, act, task, owner):
        other = person("reader", owner.unit)
        Task.objects.update(escalated_to=other)
        task.refresh_from_db()
        act(task, other)

    def test_nobody_else(self, act, task, owner):
        with pytest.raises(NotPermitted):
            act(task, person("reader", owner.unit))

    def test_nobody_of_another_unit(self, act, task):
        with pytest.raises(NotPermitted):
            act(task, person("aims_manager", unit()))

    def test_no_program(self, act, task, owner):
        owner.token_scopes = frozenset({"*"})
        owner.forget_access()
        with pytest.raises(NotPermitted):
            act(task, owner)

    def test_nobody_once_it_is_done(self, act, task, owner):
        complete(task, owner)
        with pytest.raises(WrongState):
            act(task, owner)


@pytest.mark.parametrize(("days", "reason"), [(0, "r"), (31, "r"), (-1, "r"), (3, " ")])
def test_snooze_needs_a_near_day_and_a_reason(task, owner, days, reason):
    with pytest.raises(ValidationError):
        reviews.snooze(task, by=owner, until=TODAY + timedelta(days=days), reason=reason, on=TODAY)


def test_put_off_and_taken_up(task, owner):
    reviews.snooze(task, by=owner, until=TODAY + timedelta(days=3), reason=" audit week ", on=TODAY)
    task.refresh_from_db()
    assert (task.state, task.until, task.why) == ("snoozed", TODAY + timedelta(days=3), "audit week")
    reviews.resume(task, by=owner)
    task.refresh_from_db()
    assert (task.state, task.until, task.why) == ("open", None, "")


def test_blocked_says_what_it_waits_for(task, owner):
    with pytest.raises(ValidationError):
        reviews.block(task, by=owner, reason="")
    assert reviews.block(task, by=owner, reason="vendor").why == "vendor"


def test_handed_only_to_who_sees_it(task, owner):
    with pytest.raises(ValidationError):
        reviews.reassign(task, by=owner, to=person("reader", unit()), reason="r")
    with pytest.raises(ValidationError):
        reviews.reassign(task, by=owner, to=owner, reason="")
    other = person("reader", owner.unit)
    assert reviews.reassign(task, by=owner, to=other, reason="r").assignee == other


class TestAsk:
    def ask(self, record, by, **more):
        values = {"asked": "Look at the drift", "day": TODAY + timedelta(days=5), "on": TODAY, "at": NOON, **more}
        return reviews.ask_review(record, by=by, **values)

    def test_is_a_task_of_its_own_that_leaves_the_rhythm_alone(self, task, owner):
        extra = self.ask(task.record, owner)
        assert (extra.assignee, extra.day, extra.sort) == (owner, date(2026, 5, 11), "extra")
        due.run(NOON)
        assert complete(extra, owner).next_on is None
        assert row_of(task).due_on == TODAY
        again = self.ask(task.record, owner)
        assert again.pk != extra.pk

    def test_only_by_owner_and_managers(self, task, owner, manager):
        self.ask(task.record, manager, assignee=owner)
        for other in (person("reader", owner.unit), person("aims_manager", unit())):
            with pytest.raises(NotPermitted):
                self.ask(task.record, other)

    def test_no_program_asks(self, task, owner):
        owner.token_scopes = frozenset({"*"})
        owner.forget_access()
        with pytest.raises(NotPermitted):
            self.ask(task.record, owner)

    def test_bad_input_is_refused(self, task, owner):
        for wrong in ({"asked": " "}, {"day": TODAY - timedelta(days=1)}, {"assignee": person("reader", unit())}):
            with pytest.raises(ValidationError):
                self.ask(task.record, owner, **wrong)

    def test_for_a_record_without_owner_it_is_nobodys(self, owner, manager):
        row = sample(unit=owner.unit)
        assert self.ask(Record.objects.get(pk=row.pk), manager).assignee is None


class TestAttest:
    def test_each_is_recorded_singly_and_exceptions_are_singled_out(self, owner):
        first, second, third = (task_for(owner) for _ in range(3))
        refused = reviews.attest_many(
            [
                reviews.Attestation(first),
                reviews.Attestation(second, "corrected", "Purpose had changed"),
                reviews.Attestation(third, "follow_up"),
            ],
            by=owner,
            looked_at="The register",
            on=TODAY,
            at=NOON,
        )
        assert [(task.pk, sentence) for task, sentence in refused] == [(third.pk, "Say what is not right.")]
        found = {task.pk: task for task in Task.objects.all()}
        assert found[first.pk].looked_at == "The register"
        assert found[second.pk].looked_at == "Purpose had changed\nThe register"
        assert found[third.pk].state == TaskState.OPEN

    def test_refused_row_stops_no_other(self, owner):
        first, second = task_for(owner), task_for(owner)
        complete(first, owner)
        rows = [reviews.Attestation(first), reviews.Attestation(second)]
        refused = reviews.attest_many(rows, by=owner, looked_at="all", on=TODAY, at=NOON)
        assert [task for task, _sentence in refused] == [first]

    def test_says_what_was_looked_at(self, owner):
        with pytest.raises(ValidationError):
            reviews.attest_many([], by=owner, looked_at="", on=TODAY, at=NOON)


class TestPlans:
    def test_new_records_get_their_first_date_from_their_making(self, owner):
        row = sample(unit=owner.unit, owner=owner)
        assert plans.plan_new(on=TODAY) == 1
        row.refresh_from_db()
        assert row.due_on == TODAY + timedelta(days=90)
        assert plans.plan_new(on=TODAY) == 0

    def test_many_at_once_are_spread_over_the_cadence(self, owner):
        for _ in range(plans.IMPORT + 10):
            sample(unit=owner.unit, owner=owner)
        plans.plan_new(on=TODAY)
        dates = list(Sample.objects.values_list("due_on", flat=True))
        assert len(set(dates)) == len(dates)
        assert TODAY < min(dates) < max(dates) <= TODAY + timedelta(days=90)

    def test_each_tier_has_its_own_span(self, owner):
        for _ in range(plans.IMPORT + 1):
            sample(unit=owner.unit, owner=owner, amount=500)
        plans.plan_new(on=TODAY)
        assert max(Sample.objects.values_list("due_on", flat=True)) <= TODAY + timedelta(days=30)
        assert {plan.tier for plan in Plan.objects.all()} == {"high"}

    def test_idle_records_and_kinds_without_rhythm_get_none(self, owner, sources):
        sample(unit=owner.unit, state="gone")
        sources.falls_due(source(rhythmic=False))
        sample(unit=owner.unit)
        assert plans.plan_new(on=TODAY) == 0

    def test_manager_spreads_first_dates_in_their_units(self, owner, manager):
        mine, foreign = sample(unit=owner.unit), sample(unit=unit())
        assert reviews.spread_first_dates("sample", by=manager, on=TODAY) == 1
        mine.refresh_from_db()
        foreign.refresh_from_db()
        assert mine.due_on and not foreign.due_on
        with pytest.raises(NotPermitted):
            reviews.spread_first_dates("sample", by=owner, on=TODAY)


class TestCadence:
    def change(self, by, number=20, **more):
        return reviews.change_cadence(
            "sample", **{"by": by, "every": Every(number), "on": TODAY, "reason": "r", **more}
        )

    def test_touches_only_what_is_not_done_and_not_open(self, owner, manager):
        done, opened = task_for(owner), None
        complete(done, owner)
        opened = task_for(owner, due_on=TODAY + timedelta(days=1))
        Plan.objects.create(record_id=opened.record_id, anchor=opened.due_on, number=90)
        self.change(manager)
        assert row_of(done).due_on == TODAY + timedelta(days=20)
        assert row_of(opened).due_on == TODAY + timedelta(days=1)
        done.refresh_from_db()
        assert done.next_on == TODAY + timedelta(days=90)
        assert complete(opened, owner).next_on == TODAY + timedelta(days=21)

    def test_own_cadence_and_other_tiers_stay(self, owner, manager):
        task = task_for(owner)
        complete(task, owner)
        Plan.objects.update(own=True)
        self.change(manager)
        self.change(manager, tier="high")
        assert row_of(task).due_on == TODAY + timedelta(days=90)

    def test_again_changes_the_same(self, manager):
        self.change(manager)
        self.change(manager, 30)
        assert Cadence.objects.get().number == 30

    def test_of_the_whole_kind_reaches_tiers_without_one_of_their_own(self, manager):
        self.change(manager, 20)
        assert plans.every_of(source(every={"": Every(90)}), "low") == Every(20)
        assert plans.every_of(source(), "high") == Every(30)

    def test_refusals(self, owner, manager):
        with pytest.raises(NotPermitted):
            self.change(owner)
        for wrong in ({"number": 0}, {"reason": ""}, {"number": 4000}):
            with pytest.raises(ValidationError):
                self.change(manager, **wrong)


class TestOneself:
    def test_absence(self, owner):
        other = person("reader", owner.unit)
        leave = reviews.go_on_leave(by=owner, deputy=other, first=TODAY, last=TODAY + timedelta(days=9), on=TODAY)
        with pytest.raises(NotPermitted):
            reviews.end_leave(leave, by=other, on=TODAY)
        reviews.end_leave(leave, by=owner, on=TODAY + timedelta(days=3))
        assert Leave.objects.get().last == TODAY + timedelta(days=2)
        reviews.end_leave(leave, by=owner, on=TODAY)
        assert not Leave.objects.exists()

    def test_absence_refused(self, owner):
        other = person("reader", owner.unit)
        gone = person("reader", owner.unit, is_active=False)
        days = {"first": TODAY, "last": TODAY + timedelta(days=1), "on": TODAY, "by": owner}
        for wrong in (
            {"deputy": owner},
            {"deputy": gone},
            {"deputy": other, "last": TODAY - timedelta(days=1)},
            {"deputy": other, "first": TODAY + timedelta(days=5)},
        ):
            with pytest.raises(ValidationError):
                reviews.go_on_leave(**{**days, **wrong})

    def test_wishes(self, owner):
        reviews.set_wishes(by=owner, data={"digest_hour": 6})
        reviews.set_wishes(by=owner, data={"quiet_from": 22})
        assert (Wishes.objects.get().digest_hour, Wishes.objects.get().quiet_from) == (6, 22)
        for wrong in ({"digest_hour": 24}, {"deputy": owner}):
            with pytest.raises(ValidationError):
                reviews.set_wishes(by=owner, data=wrong)

    def test_calendar_secret_is_kept_as_a_digest(self, owner):
        secret = reviews.new_feed(by=owner)
        assert Wishes.objects.get().feed == reviews.feed_digest(secret) != secret


@pytest.mark.parametrize(
    "make",
    [
        lambda who: Wishes.objects.create(person=who, digest_hour=24),
        lambda who: Wishes.objects.create(person=who, deputy=who),
        lambda who: Leave.objects.create(person=who, deputy=who, first=TODAY, last=TODAY),
        lambda who: Leave.objects.create(person=who, deputy_id=who.pk, first=TODAY, last=TODAY - timedelta(days=1)),
        lambda who: Cadence.objects.create(kind="sample", number=0),
        lambda who: [Cadence.objects.create(kind="sample", number=1) for _ in range(2)],
        lambda who: Plan.objects.create(record_id=sample(unit=who.unit).pk, anchor=TODAY, number=0),
    ],
)
def test_impossible_rows_are_refused(owner, make):
    with pytest.raises(IntegrityError), transaction.atomic():
        make(owner)
