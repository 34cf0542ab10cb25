"""The tree of units grows, changes and moves."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from aims.errors import invalid
from aims.services import change, create, locked, require
from aims.trail import recording
from organization import policies
from organization.models import Unit, User
from organization.services.founding import capacity_of, founding, lock_tree


def create_unit(*, by: User | None, data: Mapping[str, Any], reason: str = "") -> Unit:
    """Add a unit below `parent`; the first, without parent, is the organization as a whole. Clauses 4.3, 5.3.

    In: `data` with name, kind, parent and perhaps country (ISO 3166 code) and head. Errors: NotPermitted,
    ValidationError by field.
    """
    unit = Unit(**data)
    if unit.parent_id is None and not (by is None and founding()):
        raise invalid(parent=_("Choose the unit that this one is part of."))
    parent = unit.parent
    capacity = capacity_of(by, lambda user: policies.can_create_unit(user, parent)) if parent is not None else ""
    with recording(by, "create_unit", capacity=capacity, reason=reason):
        create(unit)
        unit.refresh_from_db()
    if by is not None:
        by.forget_access()
    return unit


def change_unit(unit: Unit, *, by: User, data: Mapping[str, Any], version: int | None = None, reason: str = "") -> Unit:
    """Change name, kind, country or head, or move the unit with all below it to another parent.

    Errors: NotPermitted, Stale, ValidationError by field (a unit cannot be part of itself or of what is below it).
    """
    capacity = require(policies.can_change_unit(by, unit))
    with recording(by, "change_unit", capacity=capacity, reason=reason):
        if "parent" in data and data["parent"] != unit.parent:
            lock_tree()
            _check_move(unit, data["parent"], by)
        changed = change(locked(unit, version), data)
        changed.refresh_from_db()
    by.forget_access()
    return changed


def _check_move(unit: Unit, parent: Unit | None, by: User) -> None:
    if parent is None or unit.parent_id is None:
        raise invalid(parent=_("There is one root unit, and it stays."))
    if unit.pk in Unit.objects.values_list("path", flat=True).get(pk=parent.pk):
        raise invalid(parent=_("A unit cannot be part of itself or of a unit below it."))
    require(policies.can_move_unit(by, unit, parent), _("You manage this unit, but not both places of the move."))
