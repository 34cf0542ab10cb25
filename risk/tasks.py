"""Background work of risk: thin, each calls one service."""

from celery import shared_task

from aims import clock, due
from risk import services


@shared_task(name="risk.lapse_acceptances")
def lapse_acceptances() -> None:
    """End acceptances whose time is over; beat runs it each hour, and whatever was missed ends then."""
    services.lapse_acceptances(on=due.organization_day(clock.now()))
