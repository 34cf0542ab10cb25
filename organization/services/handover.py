"""What a person holds, and its way to somebody else when they leave (clause 5.3: no responsibility without a holder)."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.db import DatabaseError, transaction
from django.db.models import Count
from django.utils.translation import gettext as _

from aims.errors import WrongState, invalid
from aims.models import Record, Task
from aims.registry import registry
from aims.services import change, locked
from aims.states import TaskSort
from organization.models import Unit, User


@dataclass(frozen=True)
class Holding:
    """So many of one sort, with the list behind the number where there is one."""

    label: str
    number: int
    url: str = ""


def holdings(person: User) -> list[Holding]:
    """Everything that somebody must answer for once the person is gone; empty when they hold nothing."""
    owned = Record.objects.filter(owner=person).order_by().values_list("kind").annotate(n=Count("pk"))
    found = [Holding(str(registry.kinds[kind].plural), n, _register(kind, person)) for kind, n in owned]
    tasks = _tasks(person).count()
    return [
        *sorted(found, key=lambda one: -one.number),
        *([Holding(_("Open tasks"), tasks)] if tasks else []),
        *([Holding(_("Units headed"), heads)] if (heads := person.heads.count()) else []),
        *([Holding(_("People reporting"), team)] if (team := person.reports.filter(is_active=True).count()) else []),
    ]


def _tasks(person: User) -> Any:
    """What others can do instead; what a person has to read themselves ends with them."""
    return Task.objects.open().filter(assignee=person).exclude(sort=TaskSort.READ)


def _register(kind: str, person: User) -> str:
    return f"/{registry.kinds[kind].path}/?owner={person.pk}"


def hand_over(person: User, *, to: User) -> Sequence[Record]:
    """Give everything a person holds to another. Call inside a verb. Answers records that keep their owner.

    What is closed for ever (an approved edition, a locked review) keeps the name of who owned it then.
    Errors: ValidationError on `successor`.
    """
    if to.pk == person.pk or not to.is_active or to.is_program:
        raise invalid(successor=_("Name somebody else who is here."))
    kept = [record for record in Record.objects.filter(owner=person).order_by("pk") if not _give(record, to)]
    for task in _tasks(person).select_for_update():
        task.assignee, task.stands_in_for = to, None
        task.save(update_fields=["assignee", "stands_in_for"])
    for unit in Unit.objects.filter(head=person):
        change(locked(unit), {"head": to})
    for colleague in User.objects.filter(manager=person).exclude(pk=to.pk):
        change(locked(colleague), {"manager": to})
    return kept


def _give(record: Record, to: User) -> bool:
    model: Any = registry.kinds[record.kind].model
    try:
        with transaction.atomic():
            change(locked(model._default_manager.get(pk=record.pk)), {"owner": to})
    except (ValidationError, DatabaseError, WrongState):
        return False
    return True
