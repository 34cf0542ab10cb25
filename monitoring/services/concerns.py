"""Concerns are handled: acknowledged, looked into, answered with reasons, closed, reopened (control A.3.3)."""

from datetime import date, datetime
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from aims.errors import WrongState, invalid
from aims.models import Record
from aims.services import change, create, locked, move, require
from aims.trail import Verb, recording
from inventory.models import AISystem
from monitoring import policies
from monitoring.models import Concern, ConcernLink, Entry, NamedPerson
from monitoring.services.common import deadline, fresh, say
from monitoring.states import CONCERN, EntrySort
from organization.models import CaseListing, User


def acknowledge_concern(concern: Concern, *, by: User, text: str, at: datetime, version: int | None = None) -> Concern:
    """Tell who raised it that it came in, and what happens next. Errors: NotPermitted, Stale, WrongState, ValidationError."""
    with _handling(concern, by, "acknowledge_concern"):
        current = locked(concern, version)
        done = move(current, CONCERN, "acknowledge", acknowledged_at=at, due_on=current.answer_by)
        say(done, EntrySort.TO_REPORTER, text, at=at, author=by)
        return fresh(done)


def look_into_concern(concern: Concern, *, by: User, version: int | None = None) -> Concern:
    """Begin to look into it. Errors: NotPermitted, Stale, WrongState."""
    with _handling(concern, by, "look_into_concern"):
        return move(locked(concern, version), CONCERN, "look")


def answer_concern(
    concern: Concern,
    *,
    by: User,
    verdict: str,
    reasons: str,
    at: datetime,
    outcome: str = "",
    version: int | None = None,
) -> Concern:
    """Say what came of it, why, and what follows; who raised it reads it. Errors: as above, ValidationError by field."""
    if not reasons.strip():
        raise invalid(reasons=_("Say why."))
    with _handling(concern, by, "answer_concern"):
        said = {"verdict": verdict, "reasons": reasons, "outcome": outcome, "answered_at": at, "due_on": None}
        return move(locked(concern, version), CONCERN, "answer", **said)


def close_concern(concern: Concern, *, by: User, at: datetime, reason: str = "", version: int | None = None) -> Concern:
    """Close it after the answer. Errors: NotPermitted, Stale, WrongState."""
    with _handling(concern, by, "close_concern", reason):
        return move(locked(concern, version), CONCERN, "close", closed_at=at)


def reopen_concern(concern: Concern, *, by: User, reason: str, on: date, version: int | None = None) -> Concern:
    """Look into it again: the answer given goes into the history, a new one is due. Errors: as above, ValidationError."""
    _said(reason)
    with _handling(concern, by, "reopen_concern", reason):
        current = locked(concern, version)
        until = max(deadline(on), current.acknowledge_by)
        nothing = {"verdict": "", "reasons": "", "outcome": "", "answered_at": None, "closed_at": None}
        return move(current, CONCERN, "reopen", **nothing, answer_by=until, due_on=until)


def assign_handler(
    concern: Concern, *, by: User, to: User, reason: str, on: date, version: int | None = None
) -> Concern:
    """Give it to another handler, who is on the case list from now on.

    Errors: NotPermitted, Stale, ValidationError (who is named in it, raised it, or has no role that handles concerns).
    """
    _said(reason)
    with _handling(concern, by, "assign_handler", reason):
        current = locked(concern, version)
        if to not in policies.possible_handlers(current, on=on):
            raise invalid(to=_("Choose somebody who handles concerns here and is not involved in this one."))
        CaseListing.objects.get_or_create(record_id=current.pk, person=to, defaults={"reason": _("Handles concerns")})
        return change(current, {"owner": to})


def write_to_reporter(concern: Concern, *, by: User, text: str, at: datetime) -> Entry:
    """Write to who raised it, by name or by code. Errors: NotPermitted, ValidationError."""
    with _handling(concern, by, "write_to_reporter"):
        return say(locked(concern), EntrySort.TO_REPORTER, text, at=at, author=by)


def note_on_concern(concern: Concern, *, by: User, text: str, at: datetime) -> Entry:
    """Write down what only the handlers read. Errors: NotPermitted, ValidationError."""
    with _handling(concern, by, "note_on_concern"):
        return say(locked(concern), EntrySort.NOTE, text, at=at, author=by)


def name_person(concern: Concern, *, by: User, person: User, reason: str) -> NamedPerson:
    """Write down that somebody is involved: from now on it does not exist for them.

    Errors: NotPermitted, WrongState (who handles it now), ValidationError (known already; nobody would be left).
    """
    _said(reason)
    with _handling(concern, by, "name_person", reason):
        current = locked(concern)
        if person.pk == current.owner_id:
            raise WrongState(_("Give it to another handler first."))
        if current.people.filter(person=person).exists():
            raise invalid(person=_("This is known already."))
        return create(NamedPerson(concern=current, person=person))


def link_record(concern: Concern, *, by: User, record: Record) -> ConcernLink:
    """Link a record that it has to do with; an AI system becomes the one it is about when none is named yet.

    Errors: NotPermitted, ValidationError (linked already, or itself).
    """
    with _handling(concern, by, "link_record"):
        current = locked(concern)
        if record.pk == current.pk or current.links.filter(record=record).exists():
            raise invalid(record=_("This is linked already."))
        made = create(ConcernLink(concern=current, record=record))
        if record.kind == "system" and current.system_id is None:
            change(current, {"system": AISystem.objects.get(pk=record.pk)})
        return made


def unlink_record(concern: Concern, *, by: User, record: Record, reason: str) -> None:
    """Take a link away. Errors: NotPermitted, ValidationError."""
    _said(reason)
    with _handling(concern, by, "unlink_record", reason):
        locked(concern).links.filter(record=record).delete()


def refuse_named(record_id: int, person: User) -> None:
    """Keep somebody off the case list of a concern that names them, or that they raised. Errors: ValidationError."""
    apart = Q(people__person=person) | Q(raised_by=person)
    if Concern.objects.filter(apart, pk=record_id).exists():
        raise invalid(person=_("This person is involved in the concern."))


def _handling(concern: Concern, by: User, verb: str, reason: str = "") -> Verb:
    return recording(by, verb, capacity=require(policies.can_handle(by, concern)), reason=reason)


def _said(reason: Any) -> None:
    if not (reason or "").strip():
        raise invalid(reason=_("Say why."))
