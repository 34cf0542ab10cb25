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
from organization.states import Role

# Roles over the whole management system are given on units only.
ON_UNITS_ONLY = frozenset({Role.AIMS_MANAGER, Role.TOP_MANAGEMENT})


def grant_on_system(
    system: AISystem,
    *,
    person: User,
    role: str,
    by: User,
    reason: str,
    valid_from: date,
    valid_until: date | None = None,
) -> SystemGrant:
    """Give a person a role on one system and what hangs on it. Only an AIMS manager of its unit may."""
    capacity = require(policies.can_grant_on_system(by, system))
    require_text(reason=reason)
    if role in ON_UNITS_ONLY or role not in Role.values:
        raise invalid(role=_("This role is given on units only."))
    if not person.is_active:
        raise invalid(person=_("%(name)s has left.") % {"name": person})
    permission = Permission.objects.get(
        codename=role, content_type__app_label="inventory", content_type__model="aisystem"
    )
    grant = SystemGrant(
        user=person,
        permission=permission,
        content_object=system,
        granted_by=by,
        reason=reason,
        valid_from=valid_from,
        valid_until=valid_until,
    )
    with recording(by, "grant_on_system", capacity=capacity, reason=reason):
        return create(grant)


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
