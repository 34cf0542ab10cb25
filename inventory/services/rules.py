"""Rules that several verbs of the inventory share."""

from collections.abc import Callable, Mapping
from typing import Any

from django.utils.translation import gettext as _

from aims.errors import WrongState, invalid
from aims.services import require
from inventory.models import AISystem

# What may still change when a system is retired: who answers for its record, and who sees it.
AFTER_RETIREMENT = frozenset({"owner", "unit", "confidentiality"})


def require_in_life(system: AISystem, names: Mapping[str, Any] | None = None) -> None:
    """WrongState when the system is retired, unless only `AFTER_RETIREMENT` is touched."""
    if system.retired and (names is None or set(names) - AFTER_RETIREMENT):
        raise WrongState(_("This system is retired; its record stays as it was."))


def check_owner(data: Mapping[str, Any], record: Any = None) -> None:
    """A new owner is a person who can sign in; one who left stays owner until somebody hands over."""
    owner = data.get("owner")
    if "owner" in data and owner is None:
        raise invalid(owner=_("Name the person who answers for it."))
    if owner is None or owner.pk == getattr(record, "owner_id", None):
        return
    if not owner.is_active:
        raise invalid(owner=_("%(name)s has left. Name somebody who is here.") % {"name": owner})


def check_unit(record: Any, data: Mapping[str, Any], may_register: Callable[[Any, Any], str], by: Any) -> None:
    """Who moves a record must be allowed to make one where it goes."""
    if "unit" not in data:
        return
    if data["unit"] is None:
        raise invalid(unit=_("Name the unit that keeps it."))
    if data["unit"].pk != record.unit_id:
        require(may_register(by, data["unit"]), _("Your roles in that unit do not include this."))


def require_text(**texts: str) -> None:
    """ValidationError for each text that is empty."""
    empty = {name: _("This must be said.") for name, text in texts.items() if not text.strip()}
    if empty:
        raise invalid(**empty)
