"""Background work of this app: thin, each calls one service."""

from celery import shared_task

from aims import jobs
from organization import services


@shared_task(name="organization.invite")
def invite(*, job_id: int) -> None:
    """Write the mail with the link to choose a password."""
    jobs.run(job_id, services.send_invitation)
