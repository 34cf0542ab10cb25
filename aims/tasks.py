"""Celery tasks of the kernel: thin, each calls one function."""

import logging

from celery import shared_task

from aims import clock, counters, due, jobs, mail, plans, seals, verify

log = logging.getLogger(__name__)


@shared_task(name="aims.seal")
def seal() -> None:
    """Seal new events; beat runs it each minute."""
    seals.seal_new_events()


@shared_task(name="aims.reap_jobs")
def reap_jobs() -> None:
    """Poke jobs that wait or whose worker died; beat runs it every 30 seconds."""
    jobs.reap()


@shared_task(name="aims.verify_trail")
def verify_trail(*, job_id: int) -> None:
    """Verify the trail as a job with progress."""
    jobs.run(job_id, verify.as_job)


@shared_task(name="aims.open_reviews")
def open_reviews() -> None:
    """Plan what is new, open what falls due; beat runs it each hour, and whatever was missed is opened then."""
    at = clock.now()
    plans.plan_new(on=due.organization_day(at))
    due.run(at)


@shared_task(name="aims.send_letters")
def send_letters() -> None:
    """Send each person's daily mail at their hour; beat runs it every 15 minutes."""
    mail.send_letters(clock.now())


@shared_task(name="aims.fold_counts")
def fold_counts() -> None:
    """Bring together what counters noted; beat runs it every five minutes."""
    counters.fold()


@shared_task(name="aims.check_counts")
def check_counts() -> None:
    """Compare counters with their tables and put right what differs; beat runs it each night."""
    for drift in counters.put_right():
        log.error("A counter was wrong and is right now", extra={"counter": drift.counter, "wrong_by": drift.n})
