"""Background work of the inventory: thin, each calls one service."""

from celery import shared_task

from aims import clock, due
from inventory import services


@shared_task(name="inventory.end_missed_reviews")
def end_missed_reviews() -> None:
    """Call bypasses that nobody reviewed in time nonconformities; beat runs it every five minutes."""
    services.end_missed_reviews(at=clock.now())


@shared_task(name="inventory.settle_flagged")
def settle_flagged() -> None:
    """Take flags away where everything that a change asked for was done again; beat runs it each hour."""
    services.settle_flagged(on=due.organization_day(clock.now()))
