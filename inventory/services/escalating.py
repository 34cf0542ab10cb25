"""What the law prohibits waits for no review: owner and top management are asked on the day it is found (8.1)."""

from datetime import date

from django.utils.translation import gettext as _

from aims.models import Record, Task
from aims.states import TaskSort
from aims.working_days import next_working_day
from inventory.models import AISystem, LifecycleRecord
from inventory.states import IN_USE
from organization.models import Unit, UnitGrant, User
from organization.states import Role


def escalate_prohibited(record: LifecycleRecord, *, on: date) -> list[Task]:
    """One task, due that day, for the owner of the system and for each of top management whose role reaches it."""
    system = record.system
    asked = (
        _("Prohibited by law and in use: stop it now and decide what follows.")
        if system.state in IN_USE
        else _("Prohibited by law: it never goes live. Decide what follows.")
    )
    about, day = Record.objects.get(pk=record.pk), next_working_day(on)
    return [
        Task.objects.create(record=about, sort=TaskSort.EXTRA, due_on=on, day=day, asked=asked, assignee=person)
        for person in _answering(system, on)
    ]


def _answering(system: AISystem, on: date) -> list[User]:
    above = Unit.objects.above([system.unit_id])
    held = UnitGrant.objects.filter(content_object__in=above).of_role(Role.TOP_MANAGEMENT).in_force(on)
    who = {system.owner_id, *held.values_list("user_id", flat=True)}
    return list(User.objects.active().filter(pk__in=who).order_by("pk"))
