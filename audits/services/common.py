"""What the verbs of audits share."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.db import models
from django.utils.translation import gettext as _

from aims.errors import WrongState, invalid
from aims.models import Record
from risk.services.common import require_active, require_seen, require_text

__all__ = [
    "active_owner", "fresh", "placed", "require_active", "require_seen", "require_state", "require_text", "same_rows",
    "spine",
]  # fmt: skip


def placed(values: dict[str, Any]) -> dict[str, Any]:
    """What concerns one system stands in the system's unit."""
    if values.get("system") is not None:
        values["unit"] = values["system"].unit
    if values.get("unit") is None:
        raise invalid(unit=_("Name the AI system, or the unit that keeps it."))
    return values


def active_owner(values: Mapping[str, Any]) -> None:
    """A new owner is somebody who is here."""
    if "owner" in values:
        require_active(owner=values["owner"])


def require_state(record: Any, *states: str) -> None:
    """WrongState unless the record is in one of the states."""
    if record.state not in states:
        raise WrongState(_("This is not possible while it is “%s”.") % record.get_state_display())


def fresh(record: Any) -> Any:
    """The row with the version that its parts raised."""
    record.refresh_from_db(fields=["version", "updated_at"])
    return record


def spine(record: Any) -> Record:
    return Record.objects.get(pk=record.pk)


def same_rows(rows: Any, name: str, wanted: Iterable[models.Model], make: Any) -> None:
    """Let the parts `rows` name exactly the `wanted`: those too many go, those missing come."""
    keys = {one.pk: one for one in wanted}
    had = set(rows.values_list(f"{name}_id", flat=True)) - {None}
    rows.filter(**{f"{name}__in": had - set(keys)}).delete()
    for pk in sorted(set(keys) - had):
        make(keys[pk])
