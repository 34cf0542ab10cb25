"""The demo's heads of units say that their lists of AI systems are complete; one was named only days ago."""

from collections.abc import Iterator

from aims import clock, reviews
from aims.demo import DemoStep, World
from aims.models import Task
from inventory import services

LOOKED_AT = "Single sign-on, invoices of the quarter and the plans of the team leads, held against the register."


def steps(world: World) -> Iterator[DemoStep]:
    yield DemoStep(-29, "17:00", _ask)
    yield DemoStep(-26, "09:30", _attest)
    yield DemoStep(-3, "17:00", _ask)


def _ask(world: World) -> None:
    services.ask_heads(by=world.get("p-lena"), on=clock.today())


def _attest(world: World) -> None:
    for task in Task.objects.open().filter(record__kind="attested_list").select_related("assignee").order_by("pk"):
        reviews.complete_review(task, by=task.assignee, looked_at=LOOKED_AT, on=clock.today(), at=clock.now())
