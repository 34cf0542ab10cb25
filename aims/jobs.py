"""Background work. The Job row is the truth; Celery is only poked, so a lost broker means late, never lost.

A service writes the job in its own transaction with `ask`; a thin Celery task hands its id to `run`.
"""

import logging
import random
import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from celery import current_app
from django.conf import settings
from django.db import InterfaceError, OperationalError, connection, transaction
from django.db.models import F
from kombu.exceptions import OperationalError as BrokerAway
from redis.exceptions import RedisError

from aims import clock
from aims.errors import Refusal
from aims.models import Job
from aims.registry import registry
from aims.states import JobState

log = logging.getLogger(__name__)

Work = Callable[["Progress"], str]
# Failures that may pass by themselves: a lost database or broker, a full disk, a mail server that does not answer.
PASSING = (OperationalError, InterfaceError, BrokerAway, RedisError, OSError)
BACKOFF_MOST = 3600
# A broker that was away is not asked again for so many seconds: requests do not wait for it, the reaper finds the jobs.
PAUSE = 5.0
_away: dict[str, float] = {}


class Cancelled(Exception):
    """The person who asked took it back."""


class Superseded(Exception):
    """This worker was silent for longer than its lease, and another one has taken the job up."""


class Progress:
    """What running work may tell: how far it is. Each word renews the lease and notices a cancellation."""

    def __init__(self, job: Job) -> None:
        self.job, self.arguments = job, job.arguments

    def say(self, done: int, total: int, note: str = "") -> None:
        """`done` of `total` steps are done. Raises Cancelled when the job was taken back, Superseded when lost."""
        lease = clock.now() + timedelta(seconds=settings.JOB_LEASE_SECONDS)
        if not _mine(self.job).update(done=done, total=total, note=note[:200], lease_until=lease):
            raise Superseded
        if _mine(self.job).filter(cancel=True).exists():
            raise Cancelled


def _mine(job: Job) -> Any:
    """The job while it runs here: a worker that took it up again has counted another attempt."""
    return Job.objects.filter(pk=job.pk, state=JobState.RUNNING, attempts=job.attempts)


def ask(key: str, task: str, *, by: Any, total: int = 0, **arguments: Any) -> Job:
    """Ask for work named by `key`; the same key again answers the job that is already there. Call inside a verb."""
    job, new = Job.objects.get_or_create(
        key=key, defaults={"task": task, "arguments": arguments, "asked_by": by, "total": total}
    )
    if new:
        transaction.on_commit(lambda: poke(job))
    return job


def poke(job: Job) -> bool:
    """Tell Celery that there is work. False when the broker is away: the reaper will find the job."""
    return send(job.task, job_id=job.pk)


def send(task: str, **arguments: Any) -> bool:
    """Send a Celery task now; False when the broker is away. Beat looks for the same work later."""
    broker = str(current_app.conf.broker_url)
    if time.monotonic() < _away.get(broker, 0):
        return False
    try:
        current_app.send_task(task, kwargs=arguments, retry=False)
    except (BrokerAway, RedisError, OSError):
        _away[broker] = time.monotonic() + PAUSE
        log.warning("broker away, work waits", extra={"task": task, **arguments})
        return False
    return True


def run(job_id: int, work: Work) -> None:
    """Take the job up unless it is finished or another worker holds it, do the work, record how it ended.

    A refusal (`aims.errors.Refusal`) fails the job with its own sentence, which people will read. What may pass by
    itself is tried again, later and later; after JOB_ATTEMPTS, and at once for any other error, the job is dead:
    failed, with the reason, until a person asks for it again.
    """
    job = _take(job_id)
    if job is None:
        return
    try:
        digest = work(Progress(job))
    except Superseded:
        log.warning("job was taken up elsewhere", extra={"job": job.pk})
    except Cancelled:
        _end(job, JobState.CANCELLED)
    except Refusal as refusal:
        _fail(job, str(refusal.detail)[:2000])
    except PASSING as error:
        log.exception("job stumbled", extra={"job": job.pk})
        _again_or_end(job, f"{type(error).__name__}: {error}"[:2000])
    except Exception as error:
        log.exception("job failed", extra={"job": job.pk})
        _fail(job, f"{type(error).__name__}: {error}"[:2000])
    else:
        _end(job, JobState.DONE, result_digest=digest)


def _again_or_end(job: Job, error: str) -> None:
    """Let the job wait before its next attempt, or end it when there were enough."""
    if not connection.in_atomic_block:
        connection.close_if_unusable_or_obsolete()  # it may be what failed
    if job.attempts >= settings.JOB_ATTEMPTS:
        _fail(job, error)
        return
    wait = clock.now() + timedelta(seconds=backoff(job.attempts))
    _mine(job).update(state=JobState.QUEUED, lease_until=wait, error=error)


def _fail(job: Job, error: str) -> None:
    """End it with the reason, unless another worker is at it by now: that one's word counts."""
    with transaction.atomic():
        if _mine(job).select_for_update().first() is not None:
            _end(job, JobState.FAILED, error=error)


def backoff(attempts: int) -> float:
    """Seconds to wait after so many attempts: doubling, with chance, so that many jobs do not come back at once."""
    longest = min(settings.JOB_BACKOFF_SECONDS * 2 ** (attempts - 1), BACKOFF_MOST)
    return float(longest * random.uniform(0.5, 1))  # noqa: S311


def _take(job_id: int) -> Job | None:
    now = clock.now()
    with transaction.atomic():
        job = Job.objects.select_for_update(skip_locked=True).filter(pk=job_id).first()
        if job is None or job.finished or (job.lease_until and job.lease_until > now):
            return None
        if job.cancel or job.attempts >= settings.JOB_ATTEMPTS:
            _give_up(job)
            return None
        job.state, job.attempts, job.started_at = JobState.RUNNING, job.attempts + 1, now
        job.lease_until = now + timedelta(seconds=settings.JOB_LEASE_SECONDS)
        job.error = ""
        job.save(update_fields=["state", "attempts", "started_at", "lease_until", "error"])
        return job


def _give_up(job: Job) -> None:
    """A cancelled job ends; one that killed its worker again and again is dead, with the reason."""
    if job.cancel:
        _end(job, JobState.CANCELLED)
    else:
        error = f"Stopped without a result {job.attempts} times; its worker died each time."
        _end(job, JobState.FAILED, error=error)


def _end(job: Job, state: str, **also: Any) -> bool:
    """Record the end once: a second worker that held the same job changes nothing."""
    with transaction.atomic():
        open_still = Job.objects.filter(pk=job.pk).exclude(state__in=JobState.finished())
        ended = bool(open_still.update(state=state, finished_at=clock.now(), lease_until=None, **also))
        if ended:
            _tell(job)
        return ended


def _tell(job: Job) -> None:
    """Let the record that waits for this work follow its state, in the same transaction."""
    follow = registry.job_followers.get(job.task)
    if follow is not None:
        follow(Job.objects.get(pk=job.pk))


def cancel(job: Job) -> bool:
    """Take a job back: at once when it waits (True), at its next word when it runs (False)."""
    with transaction.atomic():
        Job.objects.open().filter(pk=job.pk).update(cancel=True)
        waiting = Job.objects.select_for_update().filter(pk=job.pk, state=JobState.QUEUED).exists()
        return waiting and _end(job, JobState.CANCELLED)


def retry(job: Job) -> None:
    """Ask again for work that failed or was cancelled."""
    with transaction.atomic():
        again = Job.objects.filter(pk=job.pk, state__in=[JobState.FAILED, JobState.CANCELLED])
        fresh = {
            "finished_at": None,
            "error": "",
            "note": "",
            "cancel": False,
            "attempts": 0,
            "lease_until": None,
            "done": 0,
        }
        if again.update(state=JobState.QUEUED, **fresh):
            _tell(job)
            transaction.on_commit(lambda: poke(job))


def reap() -> int:
    """Poke every job that waits or whose worker died; run by beat. Answers how many."""
    waiting = Job.objects.abandoned(at=clock.now()).order_by(F("pk"))[:1000]
    return sum(poke(job) for job in waiting)
