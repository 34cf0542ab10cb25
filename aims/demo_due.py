"""A month of due dates in the demo: each morning what falls due is opened, and people do most of it in time."""

from collections.abc import Iterable

from django.utils.translation import gettext as _

from aims import clock, due, plans, reviews
from aims.demo import DemoStep, World
from aims.due import source_of
from aims.errors import Refusal
from aims.models import Task
from aims.states import TaskState
from aims.working_days import is_working_day

DAYS = 30
LEFT = 5  # every fifth task stays undone and is brought up


def steps(world: World) -> Iterable[DemoStep]:
    """Looking at six in the morning, working in the afternoon."""
    for day in range(-DAYS, 1):
        yield DemoStep(day, "06:00", _look)
        if day < 0:
            yield DemoStep(day, "16:00", _work)


def _look(world: World) -> None:
    plans.plan_new(on=due.organization_day(clock.now()))
    due.run(clock.now())


def _work(world: World) -> None:
    today = clock.today()
    if not is_working_day(today):
        return
    ready = Task.objects.filter(state=TaskState.OPEN, assignee__isnull=False, day__lte=today)
    for task in ready.select_related("record", "assignee").order_by("pk"):
        source = source_of(task)
        if task.pk % LEFT and source is not None and source.rhythmic:
            _complete(task)


def _complete(task: Task) -> None:
    text = _("Compared the record with the model card, last month's figures and what the team told me.")
    try:
        reviews.complete_review(task, by=task.assignee, looked_at=text, on=clock.today(), at=clock.now())
    except Refusal:
        return  # whoever owns it may not see it any more
