"""Celery tasks of the kernel: thin, each calls one function."""

from celery import shared_task

from aims import jobs, seals, verify


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
