"""People come, change and leave."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from allauth.account.models import EmailAddress
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.utils.translation import gettext as _

from aims.errors import WrongState, invalid
from aims.models import Erasure
from aims.services import change, create, locked, require
from aims.trail import recording
from organization import policies
from organization.models import User
from organization.services.accounts import ask_to_invite
from organization.services.founding import capacity_of, ensure_manager_left
from organization.services.handover import hand_over


def create_person(*, by: User | None, data: Mapping[str, Any], invite: bool = True, reason: str = "") -> User:
    """Make an account: a person's, or a program's (`is_program`). Clauses 5.3, 7.2.

    In: `data` with email, name, unit and perhaps job_title, manager, language, time_zone, is_program. The person gets a
    mail with a link to choose a password, unless `invite` is False or it is a program. Errors: NotPermitted,
    ValidationError by field (e-mail taken).
    """
    person = User(**{**data, "email": str(data.get("email", "")).strip().lower()})
    if person.unit_id is None:
        raise invalid(unit=_("Choose a unit."))
    capacity = capacity_of(by, lambda user: policies.can_create_person(user, person.unit))
    with recording(by, "create_person", capacity=capacity, reason=reason):
        add_person(person)
        if invite and not person.is_program:
            ask_to_invite(person, by=by)
    return person


def add_person(person: User) -> User:
    """The rows of a new account, without asking whether it may be made."""
    if not person.password:
        person.set_unusable_password()
    create(person)
    EmailAddress.objects.create(user=person, email=person.email, primary=True, verified=True)
    person.refresh_from_db()
    return person


def change_person(
    person: User, *, by: User, data: Mapping[str, Any], version: int | None = None, reason: str = ""
) -> User:
    """Change name, job title, unit or superior. Clause 5.3.

    The e-mail is the key to the account: only the person changes it. Errors: NotPermitted (also for the unit the
    person moves to), Stale, ValidationError by field.
    """
    capacity = require(policies.can_change_person(by, person))
    foreign = set(data) - {"name", "job_title", "unit", "manager"}
    if foreign:
        raise invalid(**{name: _("This cannot be changed here.") for name in sorted(foreign)})
    if data.get("unit") is not None:
        require(policies.can_create_person(by, data["unit"]))
    with recording(by, "change_person", capacity=capacity, reason=reason):
        return change(locked(person, version), data)


def deactivate_person(
    person: User,
    *,
    by: User,
    reason: str,
    at: datetime,
    on: date,
    version: int | None = None,
    successor: User | None = None,
) -> User:
    """The person leaves: sessions and tokens are dead at once, roles no longer count. Nothing is deleted.

    With a `successor` everything the person holds goes there in the same step. Errors: NotPermitted, Stale,
    ValidationError on `successor`, WrongState for somebody who left already and for the last AIMS manager of the whole.
    """
    capacity = require(policies.can_deactivate_person(by, person))
    with recording(by, "deactivate_person", capacity=capacity, reason=_given(reason)):
        current = locked(person, version)
        if not current.is_active:
            raise WrongState(_("This account is deactivated already."))
        ensure_manager_left(on=on, without=current)
        current.tokens.filter(revoked_at=None).update(revoked_at=at)
        end_sessions(current)
        if successor is not None:
            hand_over(current, to=successor)
            current.refresh_from_db()
        return change(current, {"is_active": False})


def reactivate_person(person: User, *, by: User, reason: str, version: int | None = None) -> User:
    """The person is back, with the roles that have not ended. Tokens stay dead. Errors as `deactivate_person`."""
    capacity = require(policies.can_deactivate_person(by, person))
    with recording(by, "reactivate_person", capacity=capacity, reason=_given(reason)):
        current = locked(person, version)
        if current.is_active:
            raise WrongState(_("This account is active."))
        if Erasure.objects.of(current).exclude(done_at=None).exists():
            raise WrongState(_("The data of this person were erased. Make a new account."))
        return change(current, {"is_active": True})


def end_sessions(person: User) -> None:
    """End every session of the person at once."""
    sessions = UserSession.objects.filter(user=person)
    Session.objects.filter(session_key__in=sessions.values("session_key")).delete()
    sessions.delete()


def _given(reason: str) -> str:
    if not reason.strip():
        raise invalid(reason=_("Say why."))
    return reason.strip()
