"""Roles on one AI system, for people whose units do not reach it (5.3)."""

from datetime import date, datetime

from django.contrib.auth.models import Permission
from django.utils.translation import gettext as _

from aims.errors import WrongState, invalid
from aims.services import change, create, locked, require
from aims.trail import recording
from inventory import policies
from inventory.models import AISystem, SystemGrant
from inventory.services.rules import require_text
from organization.models import User
from organization.policies import FOR_PROGRAMS, TIME_BOXED
from organization.states import Role

# Roles over the whole management system are given on units only.
ON_UNITS_ONLY = frozenset({Role.AIMS_MANAGER, Role.TOP_MANAGEMENT, Role.EMPLOYEE, Role.CONCERN_HANDLER})
ON_SYSTEMS = tuple(role for role in Role if role not in ON_UNITS_ONLY)


def grant_on_system(
    system: AISystem,
    *,
    person: User,
    role: str,
    by: User,
    reason: str,
    on: date,
    valid_from: date | None = None,
    valid_until: date | None = None,
) -> SystemGrant:
    """Give a person a role on one system and what hangs on it, from a day until a day (both included; none: open).

    Raises NotPermitted (who does not manage its unit; to oneself), ValidationError (unknown role, a start in the past, a
    role held already, an external auditor without an end, a role not for programs).
    """
    capacity = require(policies.can_grant_on_system(by, system, person))
    require_text(reason=reason)
    start = valid_from or on
    _check(person, role, start, valid_until, on)
    grant = SystemGrant(
        user=person,
        permission=_permission(role),
        content_object=system,
        granted_by=by,
        reason=reason,
        valid_from=start,
        valid_until=valid_until,
    )
    with recording(by, "grant_on_system", capacity=capacity, reason=reason):
        return create(grant)


def _permission(role: str) -> Permission:
    return Permission.objects.get(
        content_type__app_label="inventory", content_type__model="aisystem", codename=str(role)
    )


def _check(person: User, role: str, start: date, end: date | None, on: date) -> None:
    """The rules of a new grant that the database cannot keep; the same as for units."""
    if role not in ON_SYSTEMS:
        raise invalid(role=_("This role is given on units only."))
    if not person.is_active:
        raise invalid(person=_("%(name)s has left.") % {"name": person})
    if start < on:
        raise invalid(valid_from=_("A role cannot begin in the past."))
    if end is None and role in TIME_BOXED:
        raise invalid(valid_until=_("Say until when: this role is held for a time."))
    if person.is_program and role not in FOR_PROGRAMS:
        raise invalid(role=_("A program cannot hold this role."))


def end_system_grant(
    grant: SystemGrant, *, by: User, reason: str, at: datetime, version: int | None = None
) -> SystemGrant:
    """End a grant before its time, at once; it stays, with when and why it ended."""
    capacity = require(policies.can_grant_on_system(by, grant.content_object))
    require_text(reason=reason)
    with recording(by, "end_system_grant", capacity=capacity, reason=reason):
        current = locked(grant, version)
        if current.ended_at is not None:
            raise WrongState(_("This role is over already."))
        return change(current, {"ended_at": at, "end_reason": reason[:500]})
