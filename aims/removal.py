"""Taking back what a file brought in by mistake. Only importing calls it; the trail keeps what was."""

from typing import Any

from django.db.models import ProtectedError
from django.utils.translation import gettext as _

from aims.errors import WrongState
from aims.history import parts_of
from aims.models import Plan, Task
from aims.services import locked, require
from aims.trail import recording


def remove_imported(record: Any, *, by: Any, capacity: str) -> None:
    """Delete a record, its parts, its open tasks and its rhythm. `capacity` is the role that allows it.

    Errors: NotPermitted without a capacity, WrongState when other records point to it.
    """
    require(capacity)
    with recording(by, "remove_imported", capacity=capacity):
        current = locked(record)
        Task.objects.filter(record_id=current.pk).delete()
        Plan.objects.filter(record_id=current.pk).delete()
        try:
            for part in parts_of(type(current)):
                part._default_manager.filter(**{part.root: current}).delete()
            current.delete()
        except ProtectedError as error:
            raise WrongState(_("Other records point to it.")) from error
