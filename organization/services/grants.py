"""Roles are given and end. Clause 5.3: responsibilities and authorities are assigned and communicated."""

from datetime import date, datetime

from django.contrib.auth.models import Permission
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext as _

from aims.errors import NotPermitted, WrongState, invalid
from aims.services import change, create, locked, require
from aims.trail import recording
from organization import policies
from organization.models import Unit, UnitGrant, User
from organization.services.founding import capacity_of, ensure_manager_left
from organization.states import Role


def grant_role(
    person: User,
    *,
    role: str,
    unit: Unit,
    by: User | None,
    reason: str,
    on: date,
    valid_from: date | None = None,
    valid_until: date | None = None,
) -> UnitGrant:
    """Give a person a role on a unit and all below it, from a day until a day (both included; none: open).

    Errors: NotPermitted (who does not manage the unit; to oneself; an AIMS manager for a time makes no other for
    longer), ValidationError by field (unknown role, a start in the past, a period held already, a role not for
    programs, an external auditor without an end).
    """
    grant = UnitGrant(
        user=person,
        content_object=unit,
        permission=_permission(role),
        granted_by=by,
        reason=reason.strip(),
        valid_from=valid_from or on,
        valid_until=valid_until,
    )
    capacity = capacity_of(by, lambda user: policies.can_grant(user, unit, person))
    with recording(by, "grant_role", capacity=capacity, reason=reason):
        return _given(grant, by, on)


def grant_role_unasked(person: User, *, role: str, unit: Unit, reason: str, on: date) -> UnitGrant:
    """The same by nobody's hand, inside a verb that says on whose word. Errors: ValidationError by field."""
    permission = _permission(role)
    grant = UnitGrant(user=person, content_object=unit, permission=permission, reason=reason.strip(), valid_from=on)
    return _given(grant, None, on)


def _given(grant: UnitGrant, by: User | None, on: date) -> UnitGrant:
    User.objects.select_for_update().get(pk=grant.user_id)
    _check(grant, on)
    _check_not_longer(grant, by)
    create(grant)
    grant.refresh_from_db()
    grant.user.forget_access()
    return grant


def end_grant(
    grant: UnitGrant, *, by: User, reason: str, at: datetime, on: date, version: int | None = None
) -> UnitGrant:
    """End a role before its time, at once. The grant stays, with when and why it ended.

    Errors: NotPermitted, Stale, WrongState (over already; the last AIMS manager of the whole organization).
    """
    capacity = require(policies.can_end_grant(by, grant))
    if not reason.strip():
        raise invalid(reason=_("Say why."))
    with recording(by, "end_grant", capacity=capacity, reason=reason):
        current = locked(grant, version)
        if current.ended_at or (current.valid_until and current.valid_until < on):
            raise WrongState(_("This role is over already."))
        if current.role == Role.AIMS_MANAGER and current.content_object.is_root:
            ensure_manager_left(on=on, without=current)
        return change(current, {"ended_at": at, "end_reason": reason.strip()[:500]})


def _permission(role: str) -> Permission:
    if role not in Role.values:
        raise invalid(role=_("There is no such role."))
    return Permission.objects.get(
        content_type__app_label="organization", content_type__model="unit", codename=str(role)
    )


def _check(grant: UnitGrant, on: date) -> None:
    """The rules of a new grant that the database cannot keep."""
    if not grant.user.is_active:
        raise invalid(person=_("This account is deactivated."))
    if grant.valid_from < on:
        raise invalid(valid_from=_("A role cannot begin in the past."))
    if grant.valid_until is None and grant.role in policies.TIME_BOXED:
        raise invalid(valid_until=_("Say until when: this role is held for a time."))
    if grant.user.is_program and grant.role not in policies.FOR_PROGRAMS:
        raise invalid(role=_("A program cannot hold this role."))
    if not grant.reason:
        raise invalid(reason=_("Say why."))
    if _overlapping(grant).exists():
        raise invalid(role=_("The person holds this role here in that time already."))


def _overlapping(grant: UnitGrant) -> "models.QuerySet[UnitGrant]":
    """Grants of the same role on the same unit to the same person with a day in common."""
    same = UnitGrant.objects.filter(
        user=grant.user, permission=grant.permission, content_object=grant.content_object, ended_at=None
    )
    same = same.filter(Q(valid_until=None) | Q(valid_until__gte=grant.valid_from))
    return same if grant.valid_until is None else same.filter(valid_from__lte=grant.valid_until)


def _check_not_longer(grant: UnitGrant, by: User | None) -> None:
    """Who manages for a time makes nobody manager for longer than that."""
    if by is None or grant.role != Role.AIMS_MANAGER:
        return
    above = UnitGrant.objects.in_force(grant.valid_from).of_role(Role.AIMS_MANAGER).filter(user=by)
    above = above.filter(content_object__in=Unit.objects.above([grant.content_object_id]))
    ends = list(above.values_list("valid_until", flat=True))
    if None in ends:
        return
    longest = max((end for end in ends if end), default=None)
    if longest is None or grant.valid_until is None or grant.valid_until > longest:
        raise NotPermitted(_("You manage this unit for a time; nobody gets the role from you for longer."))
