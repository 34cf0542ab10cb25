"""Suppliers (A.10.3)."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from aims import services as kernel
from aims.errors import WrongState
from aims.services import locked, require
from aims.trail import recording
from inventory import policies
from inventory.models import Supplier
from inventory.services.rules import check_owner, check_unit, require_text
from inventory.states import SUPPLIER_LIFE, ComponentState, SystemStage
from organization.models import User


def register_supplier(*, by: User, data: Mapping[str, Any], reason: str = "") -> Supplier:
    """Record a supplier. `data` holds model fields; title, supplier_kind, owner and unit suffice."""
    capacity = require(policies.can_register_supplier(by, data.get("unit")))
    check_owner({"owner": data.get("owner")})
    with recording(by, "register_supplier", capacity=capacity, reason=reason):
        return kernel.create(Supplier(**data))


def change_supplier(
    supplier: Supplier, *, by: User, data: Mapping[str, Any], version: int | None = None, reason: str = ""
) -> Supplier:
    """Set fields of a supplier; moving it to another unit needs a role in both."""
    capacity = require(policies.can_change_supplier(by, supplier))
    with recording(by, "change_supplier", capacity=capacity, reason=reason):
        current = locked(supplier, version)
        check_unit(current, data, policies.can_register_supplier, by)
        check_owner(data, current)
        return kernel.change(current, data)


def end_supplier(supplier: Supplier, *, by: User, reason: str, version: int | None = None) -> Supplier:
    """End the relationship. Refused while a system or component in use is still supplied (A.10.3)."""
    return _move(supplier, "end", by=by, reason=reason, version=version)


def resume_supplier(supplier: Supplier, *, by: User, reason: str, version: int | None = None) -> Supplier:
    """Take the relationship up again."""
    return _move(supplier, "resume", by=by, reason=reason, version=version)


def _move(supplier: Supplier, verb: str, *, by: User, reason: str, version: int | None) -> Supplier:
    capacity = require(policies.can_end_supplier(by, supplier))
    require_text(reason=reason)
    with recording(by, f"{verb}_supplier", capacity=capacity, reason=reason):
        current = locked(supplier, version)
        if verb == "end" and _supplies(current):
            raise WrongState(_("Systems or components in use still come from this supplier."))
        return kernel.move(current, SUPPLIER_LIFE, verb)


def _supplies(supplier: Supplier) -> bool:
    systems = supplier.systems.exclude(state=SystemStage.RETIREMENT)
    return systems.exists() or supplier.components.filter(state=ComponentState.IN_USE).exists()
