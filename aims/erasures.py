"""Erasing a person's data: asked by one, approved by another; the value goes, its salted commitment keeps the seals.

Which fields may be erased stands in `registry.redactable` from the first seal on.
"""

from typing import Any

from django.db import connection
from django.utils.translation import gettext as _

from aims.access import access_of
from aims.errors import WrongState
from aims.models import Erasure
from aims.registry import registry
from aims.services import change, create, locked, require
from aims.trail import recording

TOMBSTONE = "erased"


def ask_erasure(row: Any, *, by: Any, reason: str) -> Erasure:
    """Ask to erase every redactable field of a row and of its events. Raises NotPermitted, WrongState."""
    capacity = require(access_of(by).capacity("trail.erase"))
    if not registry.redactable.get(row._meta.label):
        raise WrongState(_("Nothing of this may be erased."))
    with recording(by, "ask_erasure", capacity=capacity, reason=reason):
        return create(Erasure(source=row._meta.db_table, object_id=row.pk, reason=reason, asked_by=by))


def approve_erasure(erasure: Erasure, *, by: Any, at: Any) -> Erasure:
    """Approve as a second person and erase at once: row and events."""
    capacity = require(access_of(by).capacity("trail.erase"))
    with recording(by, "approve_erasure", capacity=capacity, reason=erasure.reason):
        current = locked(erasure)
        if current.done_at is not None:
            raise WrongState(_("This was erased already."))
        change(current, {"approved_by": by, "approved_at": at})
        _erase(current)
        return change(current, {"done_at": at})


def _erase(erasure: Erasure) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT aims_erase(%s, %s)", [erasure.pk, TOMBSTONE])
