"""Employees whom the identity provider names: the account, and the role that goes with its word (clause 5.3)."""

from datetime import date, datetime

from django.utils.translation import gettext as _

from aims.access import access_of
from aims.services import change, locked
from aims.trail import recording
from organization.models import Unit, UnitGrant, User
from organization.services.founding import lock_tree
from organization.services.grants import grant_role_unasked
from organization.services.people import add_person
from organization.states import Role


def join_by_sign_on(*, email: str, name: str, source: str, on: date) -> User | None:
    """The account of an employee who was not here yet; None while there is no organization, or the address is taken.

    `source` says whose word it is and is the reason in the trail. The role is Employee, on the whole organization.
    """
    with recording(None, "join_by_sign_on", reason=source):
        root = lock_tree()
        if root is None or User.objects.filter(email__iexact=email).exists():
            return None
        person = add_person(User(email=email.strip().lower(), name=name.strip()[:120] or email, unit=root))
        grant_role_unasked(person, role=Role.EMPLOYEE, unit=root, reason=source, on=on)
        return person


def keep_employee(person: User, *, employed: bool, source: str, at: datetime, on: date) -> None:
    """Let the role Employee follow what the identity provider says now. What a manager gave is left alone.

    Who holds roles of people from outside alone gets none: they are not employees of ours.
    """
    given = UnitGrant.objects.in_force(on).of_role(Role.EMPLOYEE).filter(user=person)
    root = Unit.objects.filter(parent=None).first()
    if employed and root is not None and not given.exists() and not access_of(person).guest:
        with recording(None, "keep_employee", reason=source):
            grant_role_unasked(person, role=Role.EMPLOYEE, unit=root, reason=source, on=on)
    elif not employed:
        for grant in given.filter(granted_by=None):
            with recording(None, "keep_employee", reason=source):
                said = _("No longer said: %(source)s") % {"source": source}
                change(locked(grant), {"ended_at": at, "end_reason": said[:500]})
        person.forget_access()
