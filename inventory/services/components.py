"""Components and which systems use them (A.4)."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from aims import services as kernel
from aims.errors import WrongState, invalid
from aims.services import locked, require
from aims.trail import recording
from inventory import policies
from inventory.models import AISystem, Component, ComponentUse
from inventory.services.changes import ask_about_component
from inventory.services.rules import check_owner, check_unit, require_in_life, require_text
from inventory.states import COMPONENT_LIFE, KIND_FIELDS, ComponentState
from organization.models import User


def register_component(*, by: User, data: Mapping[str, Any], reason: str = "") -> Component:
    """Record a component. With a home `system` it takes that system's unit and is used by it at once (A.4.2).

    Without one `unit` says who keeps it. Fields of another kind are refused. Raises NotPermitted, ValidationError.
    """
    system: AISystem | None = data.get("system")
    unit = system.unit if system is not None else data.get("unit")
    if unit is None:
        raise invalid(unit=_("Name the unit that keeps it, or the system it belongs to."))
    capacity = require(_may_register(by, system, unit))
    check_owner({"owner": data.get("owner")})
    refuse_other_kinds(str(data.get("component_kind", "")), data)
    with recording(by, "register_component", capacity=capacity, reason=reason):
        if system is not None:
            require_in_life(locked(system))
        component = kernel.create(Component(**{**data, "unit": unit}))
        if system is not None:
            kernel.create(ComponentUse(system=system, component=component))
        return component


def _may_register(by: User, system: AISystem | None, unit: Any) -> str:
    here = policies.can_register_component(by, unit)
    return here or (policies.can_use_component(by, system) if system is not None else "")


def refuse_other_kinds(kind: str, data: Mapping[str, Any]) -> None:
    """ValidationError for each stated field that a component of this kind does not have."""
    others = {name for one, names in KIND_FIELDS.items() if one != kind for name in names} - set(
        KIND_FIELDS.get(kind, ())
    )
    wrong = {
        name: _("A component of this kind has no such field.")
        for name in others
        if data.get(name) not in (None, "", [])
    }
    if wrong:
        raise invalid(**wrong)


def change_component(
    component: Component, *, by: User, data: Mapping[str, Any], on: date, version: int | None = None, reason: str = ""
) -> Component:
    """Set fields of a component; its kind never changes, its unit follows its home system."""
    capacity = require(policies.can_change_component(by, component))
    refuse_other_kinds(component.component_kind, data)
    if data.get("component_kind", component.component_kind) != component.component_kind:
        raise invalid(component_kind=_("The kind stays; register another component."))
    with recording(by, "change_component", capacity=capacity, reason=reason):
        current = locked(component, version)
        check_owner(data, current)
        _check_place(current, data, by)
        renewed = bool(data.get("release")) and data["release"] != current.release
        kernel.change(current, data)
        if renewed:
            ask_about_component(current, by=by, on=on)
        return current


def _check_place(component: Component, data: Mapping[str, Any], by: User) -> None:
    """A component of a home system stays in its unit; another one moves as every record does."""
    if component.system_id is not None and data.get("unit", component.unit) != component.unit:
        raise invalid(unit=_("The unit is that of its home system."))
    check_unit(component, data, policies.can_register_component, by)


def use_component(
    system: AISystem, component: Component, *, by: User, version: int | None = None, reason: str = ""
) -> ComponentUse:
    """Say that a system uses a component that exists already."""
    capacity = require(policies.can_use_component(by, system))
    with recording(by, "use_component", capacity=capacity, reason=reason):
        require_in_life(locked(system, version))
        if locked(component).state != ComponentState.IN_USE:
            raise WrongState(_("This component is withdrawn."))
        return kernel.create(ComponentUse(system=system, component=component))


def stop_using(
    system: AISystem, component: Component, *, by: User, reason: str, version: int | None = None
) -> Component:
    """Say that a system no longer uses a component. Its home system leaving, it stays with the unit."""
    capacity = require(policies.can_use_component(by, system))
    require_text(reason=reason)
    with recording(by, "stop_using", capacity=capacity, reason=reason):
        require_in_life(locked(system, version))
        current = locked(component)
        if not current.uses.filter(system=system).exists():
            raise WrongState(_("The system does not use this component."))
        current.uses.filter(system=system).delete()
        return kernel.change(current, {"system": None}) if current.system_id == system.pk else current


def withdraw_component(component: Component, *, by: User, reason: str, version: int | None = None) -> Component:
    """Take a component out of use for all. Refused while a system uses it."""
    return _move(component, "withdraw", by=by, reason=reason, version=version)


def reinstate_component(component: Component, *, by: User, reason: str, version: int | None = None) -> Component:
    """Take a withdrawn component back into use."""
    return _move(component, "reinstate", by=by, reason=reason, version=version)


def _move(component: Component, verb: str, *, by: User, reason: str, version: int | None) -> Component:
    capacity = require(policies.can_withdraw_component(by, component))
    require_text(reason=reason)
    with recording(by, f"{verb}_component", capacity=capacity, reason=reason):
        current = locked(component, version)
        if verb == "withdraw" and current.uses.exists():
            raise WrongState(_("Systems still use this component."))
        return kernel.move(current, COMPONENT_LIFE, verb)
