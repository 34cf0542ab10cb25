"""Background work: the row is the truth. Taken once, leased, reaped, cancelled, retried; a lost broker loses nothing."""

from datetime import UTC, datetime, timedelta

import pytest
from celery import current_app
from django.db import IntegrityError, transaction

from aims import jobs
from aims.models import Job
from aims.states import JobState
from tests.factories import person

NOW = datetime(2026, 5, 1, 12, tzinfo=UTC)


@pytest.fixture(autouse=True)
def pokes(monkeypatch, request):
    """What Celery would have been told. Tests of the broker itself ask for the real one."""
    told: list[int] = []
    if "broker" not in request.fixturenames and "no_broker" not in request.fixturenames:
        monkeypatch.setattr(current_app, "send_task", lambda name, kwargs, **more: told.append(kwargs["job_id"]))
    return told


@pytest.fixture
def job(db):
    return jobs.ask("pack:1", "evidence.render_pack", by=None, total=4, pack=1)


def again(job: Job) -> Job:
    job.refresh_from_db()
    return job


def test_asking_writes_the_job_and_pokes_on_commit(db, pokes, django_capture_on_commit_callbacks):
    who = person()
    with django_capture_on_commit_callbacks(execute=True):
        job = jobs.ask("k", "a.task", by=who, total=3, pack=7)
        assert pokes == []
    assert (job.state, job.asked_by, job.total, job.arguments) == (JobState.QUEUED, who, 3, {"pack": 7})
    assert pokes == [job.pk]


def test_asking_again_by_the_same_key_answers_the_same_job(job, pokes, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        assert jobs.ask("pack:1", "evidence.render_pack", by=None) == job
    assert pokes == []


def test_undone_verb_asks_for_nothing(db):
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        jobs.ask("k", "a.task", by=None)
        raise ZeroDivisionError
    assert not Job.objects.exists()


def test_run_does_the_work_and_records_the_digest(job, at):
    at(NOW)
    jobs.run(job.pk, lambda progress: f"digest of {progress.arguments['pack']}")
    done = again(job)
    assert (done.state, done.result_digest, done.attempts) == (JobState.DONE, "digest of 1", 1)
    assert (done.finished_at, done.lease_until, done.percent, done.finished) == (NOW, None, 100, True)


def test_finished_job_is_not_run_again(job):
    jobs.run(job.pk, lambda progress: "first")
    jobs.run(job.pk, lambda progress: pytest.fail("ran twice"))
    assert again(job).result_digest == "first"


def test_unknown_job_is_no_error(db):
    jobs.run(0, lambda progress: pytest.fail("ran"))


def test_failure_is_recorded_with_its_reason(job):
    def fail(progress):
        raise ValueError("no such file")

    jobs.run(job.pk, fail)
    assert (again(job).state, job.error) == (JobState.FAILED, "ValueError: no such file")
    assert job.finished


def test_progress_is_kept_and_renews_the_lease(job, at, settings):
    settings.JOB_LEASE_SECONDS = 60

    def work(progress):
        at(NOW + timedelta(seconds=50))
        progress.say(1, 4, "n" * 300)
        running = again(job)
        assert (running.done, running.total, running.percent, running.note) == (1, 4, 25, "n" * 200)
        assert running.lease_until == NOW + timedelta(seconds=110)
        return "d"

    at(NOW)
    jobs.run(job.pk, work)
    assert again(job).state == JobState.DONE


def test_percent_of_unknown_total_is_nought(job):
    job.total = 0
    assert job.percent == 0


def test_job_leased_to_another_worker_is_left_alone(job, at):
    at(NOW)
    Job.objects.filter(pk=job.pk).update(state=JobState.RUNNING, lease_until=NOW + timedelta(seconds=1))
    jobs.run(job.pk, lambda progress: pytest.fail("ran beside another"))
    assert again(job).attempts == 0


def test_job_whose_lease_ran_out_is_taken_up_again(job, at):
    at(NOW)
    Job.objects.filter(pk=job.pk).update(state=JobState.RUNNING, attempts=1, lease_until=NOW - timedelta(seconds=1))
    jobs.run(job.pk, lambda progress: "d")
    assert (again(job).state, job.attempts) == (JobState.DONE, 2)


def test_job_that_kills_its_worker_again_and_again_ends_with_the_reason(job, at, settings):
    at(NOW)
    worn = {"state": JobState.RUNNING, "attempts": settings.JOB_ATTEMPTS, "lease_until": NOW - timedelta(seconds=1)}
    Job.objects.filter(pk=job.pk).update(**worn)
    jobs.run(job.pk, lambda progress: pytest.fail("ran once more"))
    assert again(job).state == JobState.FAILED
    assert "worker died" in job.error


def test_waiting_job_is_cancelled_at_once(job):
    jobs.cancel(job)
    assert again(job).state == JobState.CANCELLED
    jobs.run(job.pk, lambda progress: pytest.fail("ran"))


def test_running_job_is_cancelled_at_its_next_word(job):
    def work(progress):
        jobs.cancel(job)
        assert again(job).state == JobState.RUNNING
        progress.say(1, 2)
        pytest.fail("went on")

    jobs.run(job.pk, work)
    assert (again(job).state, job.cancel) == (JobState.CANCELLED, True)


def test_cancelled_job_whose_worker_died_ends_cancelled(job, at):
    at(NOW)
    Job.objects.filter(pk=job.pk).update(state=JobState.RUNNING, cancel=True, lease_until=NOW - timedelta(seconds=1))
    jobs.run(job.pk, lambda progress: pytest.fail("ran"))
    assert again(job).state == JobState.CANCELLED


def test_finished_job_cannot_be_cancelled(job):
    jobs.run(job.pk, lambda progress: "d")
    jobs.cancel(job)
    assert again(job).state == JobState.DONE


def test_word_of_a_worker_that_lost_its_job_stops_it(job):
    def work(progress):
        Job.objects.filter(pk=job.pk).update(state=JobState.DONE, finished_at=NOW)
        progress.say(1, 2)
        pytest.fail("went on")

    jobs.run(job.pk, work)
    assert again(job).state == JobState.DONE


def test_retry_starts_afresh(job, pokes, django_capture_on_commit_callbacks):
    jobs.run(job.pk, lambda progress: 1 / 0)
    with django_capture_on_commit_callbacks(execute=True):
        jobs.retry(job)
    assert (again(job).state, job.error, job.attempts, job.finished_at) == (JobState.QUEUED, "", 0, None)
    assert pokes == [job.pk]
    jobs.run(job.pk, lambda progress: "d")
    assert again(job).state == JobState.DONE


def test_retry_of_a_running_or_done_job_changes_nothing(job):
    jobs.run(job.pk, lambda progress: "d")
    jobs.retry(job)
    assert again(job).state == JobState.DONE


def test_reaper_pokes_what_waits_and_what_was_abandoned(db, at, pokes):
    at(NOW)
    waiting = jobs.ask("waiting", "t", by=None)
    abandoned, held, done = (jobs.ask(key, "t", by=None) for key in ("abandoned", "held", "done"))
    Job.objects.filter(pk=abandoned.pk).update(state=JobState.RUNNING, lease_until=NOW - timedelta(seconds=1))
    Job.objects.filter(pk=held.pk).update(state=JobState.RUNNING, lease_until=NOW + timedelta(seconds=1))
    Job.objects.filter(pk=done.pk).update(state=JobState.DONE, finished_at=NOW)
    assert jobs.reap() == 2
    assert pokes == [waiting.pk, abandoned.pk]


@pytest.mark.parametrize(
    "broken",
    [{"state": "done"}, {"finished_at": NOW}, {"state": "failed", "finished_at": NOW}],
    ids=["done without time", "waiting with time", "failed without reason"],
)
def test_impossible_rows_are_refused(job, broken):
    with pytest.raises(IntegrityError), transaction.atomic():
        Job.objects.filter(pk=job.pk).update(**broken)


def test_write_succeeds_while_the_broker_is_away(no_broker, db, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        job = jobs.ask("k", "a.task", by=None)
    assert again(job).state == JobState.QUEUED
    assert jobs.reap() == 0


def test_two_workers_never_take_the_same_job(committed_db, second_connection):
    job = jobs.ask("k", "a.task", by=None)
    second_connection.execute("SELECT 1 FROM aims_job WHERE id = %s FOR UPDATE", [job.pk])
    jobs.run(job.pk, lambda progress: pytest.fail("took a job that another is taking"))
    second_connection.rollback()
    jobs.run(job.pk, lambda progress: "d")
    assert again(job).state == JobState.DONE
