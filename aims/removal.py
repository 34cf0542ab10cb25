"""Taking back what a file brought in by mistake. Only importing calls it; the trail keeps what was."""

from collections import defaultdict
from collections.abc import Callable, Sequence
from typing import Any

from django.db.models import ProtectedError
from django.utils.translation import gettext as _

from aims.errors import WrongState
from aims.history import parts_of
from aims.models import Plan, Task
from aims.services import require
from aims.trail import recording


def remove_imported(records: Sequence[Any], *, by: Any, may: Callable[[Any], str]) -> None:
    """Delete records of one kind, their parts, their open tasks and their rhythms. `may` answers each one's role.

    Errors: NotPermitted without a role for every one, WrongState when other records point to one.
    """
    allowed: dict[str, list[Any]] = defaultdict(list)
    for record in records:
        allowed[require(may(record))].append(record)
    for capacity, rows in allowed.items():
        with recording(by, "remove_imported", capacity=capacity):
            _delete(type(rows[0]), [row.pk for row in rows])


def _delete(model: Any, keys: Sequence[int]) -> None:
    current = model._default_manager.filter(pk__in=keys)
    list(current.order_by("pk").select_for_update(of=("self",)).values_list("pk", flat=True))
    Task.objects.filter(record_id__in=keys).delete()
    Plan.objects.filter(record_id__in=keys).delete()
    try:
        for part in parts_of(model):
            part._default_manager.filter(**{f"{part.root}__in": keys}).delete()
        current.delete()
    except ProtectedError as error:
        raise WrongState(_("Other records point to it.")) from error
