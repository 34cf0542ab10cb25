"""Taking back what a file brought in by mistake. Only importing calls it; the trail keeps what was."""

from typing import Any

from django.db.models import ProtectedError
from django.utils.translation import gettext as _

from aims.errors import WrongState
from aims.history import parts_of
from aims.models import Plan, Task
from aims.services import locked, require
from aims.trail import recording
from inventory import policies
from inventory.models import AISystem, Component, Proposal, Supplier

_MAY = {
    AISystem: policies.can_register_system,
    Component: policies.can_register_component,
    Supplier: policies.can_register_supplier,
    Proposal: policies.can_triage,
}


def remove_imported(record: AISystem | Component | Proposal | Supplier, *, by: Any) -> None:
    """Delete a record, its parts and its open tasks. Errors: NotPermitted, WrongState when others point to it."""
    capacity = require(_MAY[type(record)](by, record.unit))
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
