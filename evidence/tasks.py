"""Celery tasks: thin, each calls one service. Time and memory of a worker are bounded by the settings."""

from celery import shared_task

from aims import jobs
from evidence.services import rendering


@shared_task(name="evidence.render_pack")
def render_pack(*, job_id: int) -> None:
    """Build an evidence pack."""
    jobs.run(job_id, rendering.render_pack)
