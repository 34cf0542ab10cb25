"""Erasing a person's data: asked by one, approved by another; the value goes, its salted commitment keeps the seals.

Which fields may be erased stands in `registry.redactable` from the first seal on; what else goes with a row, such as
the ways to sign in, in `registry.erased_with`. What must be met first are checks of the workflow "erasure".
"""

from datetime import datetime
from typing import Any

from django.apps import apps
from django.db import connection
from django.utils.translation import gettext as _

from aims.access import access_of
from aims.errors import WrongState, invalid
from aims.models import Erasure
from aims.projections import TOMBSTONE
from aims.registry import registry
from aims.services import change, create, locked, require, unmet_checks
from aims.trail import recording

VERB = "trail.erase"


def can_erase(user: Any, row: Any) -> str:
    """The role that may ask for, approve or refuse the erasure of this row's data, or ""."""
    unit_id = getattr(row, "unit_id", None)
    return access_of(user).capacity(VERB, unit_id=unit_id) if unit_id else access_of(user).capacity(VERB)


def ask_erasure(row: Any, *, by: Any, reason: str) -> Erasure:
    """Ask to erase every redactable field of a row and of its events.

    Errors: NotPermitted, WrongState for rows without such fields, unmet checks, and while one waits already.
    """
    if not registry.redactable.get(row._meta.label):
        raise WrongState(_("Nothing of this may be erased."))
    capacity = require(can_erase(by, row))
    if unmet := unmet_checks(row, "erasure", "ask"):
        raise WrongState(_("Something is still missing."), unmet=unmet)
    with recording(by, "ask_erasure", capacity=capacity, reason=reason):
        asked = Erasure.objects.of(row)
        if asked.filter(refused_at=None).exists():
            raise WrongState(_("This was asked for already."))
        return create(Erasure(source=row._meta.db_table, object_id=row.pk, reason=reason, asked_by=by))


def approve_erasure(erasure: Erasure, *, by: Any, at: datetime) -> Erasure:
    """Approve as a second person and erase at once: row, events and what goes with the row.

    Errors: NotPermitted, ValidationError for who asked, WrongState when it is done or refused, unmet checks.
    """
    row = subject(erasure)
    capacity = require(can_erase(by, row))
    with recording(by, "approve_erasure", capacity=capacity, reason=erasure.reason):
        current = _open(erasure)
        if unmet := unmet_checks(row, "erasure", "ask"):
            raise WrongState(_("Something is still missing."), unmet=unmet)
        change(current, {"approved_by": by, "approved_at": at})
        for also in registry.erased_with.get(row._meta.label, ()):
            also(row)
        _erase(current)
        return change(current, {"done_at": at})


def refuse_erasure(erasure: Erasure, *, by: Any, at: datetime, reason: str) -> Erasure:
    """Refuse it, or take one's own request back. The data stay. Errors: NotPermitted, ValidationError, WrongState."""
    capacity = require(can_erase(by, subject(erasure)))
    if not reason.strip():
        raise invalid(reason=_("Say why."))
    with recording(by, "refuse_erasure", capacity=capacity, reason=reason):
        return change(_open(erasure), {"refused_by": by, "refused_at": at, "refusal": reason})


def subject(erasure: Erasure) -> Any:
    """The row whose data are to go."""
    return model_of(erasure.source)._default_manager.get(pk=erasure.object_id)


def model_of(source: str) -> Any:
    """The model with redactable fields that this table belongs to."""
    return next(m for m in map(apps.get_model, registry.redactable) if m._meta.db_table == source)


def erasures_of(user: Any) -> list[tuple[Erasure, Any]]:
    """Every erasure this person may decide about, newest first, with its row."""
    found = list(Erasure.objects.select_related("asked_by", "approved_by", "refused_by").order_by("-pk"))
    rows = {
        model._meta.db_table: model._default_manager.in_bulk(
            [one.object_id for one in found if one.source == model._meta.db_table]
        )
        for model in map(apps.get_model, registry.redactable)
    }
    pairs = [(one, rows[one.source].get(one.object_id)) for one in found if one.source in rows]
    return [(one, row) for one, row in pairs if row is not None and can_erase(user, row)]


def _open(erasure: Erasure) -> Erasure:
    current = locked(erasure)
    if current.done_at is not None:
        raise WrongState(_("This was erased already."))
    if current.refused_at is not None:
        raise WrongState(_("This was refused; ask again."))
    return current


def _erase(erasure: Erasure) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT aims_erase(%s, %s)", [erasure.pk, TOMBSTONE])
