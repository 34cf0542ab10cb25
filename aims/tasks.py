"""Celery tasks of the kernel: thin, each calls one function."""

import logging

from celery import shared_task

from aims import clock, counters, due, jobs, mail, outbox, plans, readings, seals, verify
from aims.importing import work

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


@shared_task(name="aims.import_read")
def import_read(*, job_id: int) -> None:
    """Read a file that somebody handed in."""
    jobs.run(job_id, work.read_file)


@shared_task(name="aims.import_check")
def import_check(*, job_id: int) -> None:
    """Check every cell of a file."""
    jobs.run(job_id, work.check_file)


@shared_task(name="aims.import_run")
def import_run(*, job_id: int) -> None:
    """Make and change the records of a file."""
    jobs.run(job_id, work.run_import)


@shared_task(name="aims.import_take_back")
def import_take_back(*, job_id: int) -> None:
    """Take back what an import made."""
    jobs.run(job_id, work.take_back)


@shared_task(name="aims.post_messages")
def post_messages() -> None:
    """Send what waits for webhooks; poked on commit, and by beat every 30 seconds."""
    outbox.deliver(clock.now())


@shared_task(name="aims.tidy")
def tidy() -> None:
    """Remove what is kept for a time only; beat runs it each day."""
    outbox.forget(clock.now())


@shared_task(name="aims.dispose")
def dispose() -> None:
    """Remove sign-ins, reads and downloads whose time is over; beat runs it each night."""
    for done in readings.dispose(readings.kept_until(clock.now())):
        log.info("Disposed of log rows", extra={"table": done.source, "rows": done.rows})
