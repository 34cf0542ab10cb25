"""Celery tasks: thin, each calls one service."""

from celery import shared_task
from django.conf import settings

from aims import jobs
from evidence.services import rendering


@shared_task(
    name="evidence.render_pack",
    acks_late=True,
    soft_time_limit=settings.PACK_SECONDS,
    time_limit=settings.PACK_SECONDS + 60,
)
def render_pack(*, job_id: int) -> None:
    """Build an evidence pack."""
    jobs.run(job_id, rendering.render_pack)
