"""Celery tasks: thin, each calls one service. Time and memory of a worker are bounded by the settings."""

from functools import partial

from celery import shared_task

from aims import clock, due, jobs
from evidence.services import files, keep_readers, rendering


@shared_task(name="evidence.render_pack")
def render_pack(*, job_id: int) -> None:
    """Build an evidence pack."""
    jobs.run(job_id, rendering.render_pack)


@shared_task(name="evidence.keep_readers")
def ask_readers() -> None:
    """Ask who joined to read what is in force; beat runs it each morning."""
    at = clock.now()
    keep_readers(on=due.organization_day(at), at=at)


@shared_task(name="evidence.scrub")
def scrub() -> None:
    """Ask for tonight's reading of every stored file, once however often it is asked; beat runs it each night."""
    jobs.ask(f"scrub-{due.organization_day(clock.now())}", "evidence.scrub_files", by=None)


@shared_task(name="evidence.scrub_files")
def scrub_files(*, job_id: int) -> None:
    """Read every stored file and compare its digest."""
    jobs.run(job_id, partial(files.scrub_files, at=clock.now()))
