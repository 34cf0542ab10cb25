"""Roles and versions of AI systems."""

from collections.abc import Mapping
from datetime import date
from typing import Any, TypeVar

from django.utils.translation import gettext as _

from aims import services as kernel
from aims.errors import WrongState, invalid
from aims.services import locked, require
from aims.trail import recording
from inventory import policies
from inventory.models import AISystem, LawRole, SystemRole, SystemVersion
from inventory.services.changes import ask_about_version
from inventory.services.rules import require_in_life, require_text
from inventory.services.settling import settle
from inventory.states import RELEASING
from organization.models import Unit, User
from organization.states import UnitKind

R = TypeVar("R", SystemRole, LawRole)
# Units that can hold a role before the law.
ENTITIES = (UnitKind.LEGAL_ENTITY, UnitKind.GROUP)


def add_role(
    system: AISystem, *, by: User, data: Mapping[str, Any], version: int | None = None, reason: str = ""
) -> SystemRole:
    """State an ISO role of a legal entity towards a system, with its rationale (4.1)."""
    return _add(SystemRole(system=system, **data), by=by, version=version, reason=reason)


def add_law_role(
    system: AISystem, *, by: User, data: Mapping[str, Any], version: int | None = None, reason: str = ""
) -> LawRole:
    """State a role under the EU AI Act of a legal entity towards a system, with its rationale."""
    return _add(LawRole(system=system, **data), by=by, version=version, reason=reason)


def _add(role: R, *, by: User, version: int | None, reason: str) -> R:
    capacity = require(policies.can_change_system(by, role.system))
    _check_role(role.legal_entity, role.rationale)
    with recording(by, "add_role", capacity=capacity, reason=reason):
        require_in_life(locked(role.system, version))
        return kernel.create(role)


def _check_role(entity: Unit, rationale: str) -> None:
    require_text(rationale=rationale)
    if entity.kind not in ENTITIES:
        raise invalid(legal_entity=_("A role is held by a legal entity or the group."))


def change_role(role: R, *, by: User, data: Mapping[str, Any], version: int | None = None, reason: str = "") -> R:
    """Correct a role of either law."""
    capacity = require(policies.can_change_system(by, role.system))
    _check_role(data.get("legal_entity", role.legal_entity), data.get("rationale", role.rationale))
    with recording(by, "change_role", capacity=capacity, reason=reason):
        require_in_life(locked(role.system, version))
        return kernel.change(role, data)


def remove_role(role: SystemRole | LawRole, *, by: User, reason: str, version: int | None = None) -> AISystem:
    """Take a role away, with a reason; the trail keeps it."""
    capacity = require(policies.can_change_system(by, role.system))
    require_text(reason=reason)
    with recording(by, "remove_role", capacity=capacity, reason=reason):
        system = locked(role.system, version)
        require_in_life(system)
        role.delete()
        return system


def add_version(
    system: AISystem, *, by: User, data: Mapping[str, Any], on: date, version: int | None = None, reason: str = ""
) -> SystemVersion:
    """Record a version with number, model digest and notes. It is not in use before it is released.

    Of a system in use it is a change: the significance questions are asked, unless it is inside the change envelope.
    """
    capacity = require(policies.can_add_version(by, system))
    with recording(by, "add_version", capacity=capacity, reason=reason):
        require_in_life(locked(system, version))
        made = kernel.create(SystemVersion(system=system, **data))
        ask_about_version(made, by=by, on=on)
        return made


def change_version(
    row: SystemVersion, *, by: User, data: Mapping[str, Any], version: int | None = None, reason: str = ""
) -> SystemVersion:
    """Correct number, digest or notes; once released, the digest stays as it was."""
    capacity = require(policies.can_add_version(by, row.system))
    with recording(by, "change_version", capacity=capacity, reason=reason):
        require_in_life(locked(row.system, version))
        current = locked(row)
        bound = current.digest is not None and _used(current)
        if bound and data.get("digest", current.digest) != current.digest:
            raise WrongState(
                _("This version was released or assessed with this model. Record another version for another model.")
            )
        return kernel.change(current, data)


def _used(row: SystemVersion) -> bool:
    """Whether somebody relies on what this version is: it was released, assessed or let through the gate."""
    assessed = row.lifecycle.filter(approved_at__isnull=False).exists()
    return row.live_from is not None or assessed or row.attempts.exclude(permit="").exists()


def release_version(
    row: SystemVersion,
    *,
    by: User,
    on: date,
    live_from: date | None = None,
    version: int | None = None,
    reason: str = "",
) -> SystemVersion:
    """Bring a version into use from `live_from` (else today); the one in use until then ends the same day.

    Raises WrongState when it was released already or the system's stage does not allow it.
    """
    capacity = require(policies.can_release_version(by, row.system))
    start = live_from or on
    if start > on:
        raise invalid(live_from=_("This day is still to come."))
    with recording(by, "release_version", capacity=capacity, reason=reason):
        system, current = locked(row.system, version), locked(row)
        _require_releasing(system, current)
        _end_live(system, start)
        released = kernel.change(current, {"live_from": start})
        settle(system, on=on)
        return released


def _require_releasing(system: AISystem, row: SystemVersion) -> None:
    if row.live_from is not None:
        raise WrongState(_("This version was released already."))
    if system.state not in RELEASING:
        raise WrongState(
            _("A version is released in deployment or operation; the system is in “%s”.") % system.get_state_display()
        )


def _end_live(system: AISystem, on: date) -> None:
    for live in system.versions.filter(live_from__isnull=False, live_until=None):
        kernel.change(live, {"live_until": on})


def end_version(
    row: SystemVersion, *, by: User, on: date, live_until: date | None = None, version: int | None = None, reason: str
) -> SystemVersion:
    """Take the version in use out of use, with a reason, without another in its place."""
    capacity = require(policies.can_release_version(by, row.system))
    require_text(reason=reason)
    end = live_until or on
    if end > on:
        raise invalid(live_until=_("This day is still to come."))
    with recording(by, "end_version", capacity=capacity, reason=reason):
        locked(row.system, version)
        current = locked(row)
        if not current.live:
            raise WrongState(_("This version is not in use."))
        return kernel.change(current, {"live_until": end})
