"""Concerns come in: by name from everybody signed in, without a name from anybody (control A.3.3).

An anonymous concern is recorded by nobody: neither actor nor request stands in the trail (`recording(None, request="")`).
What remains is that it was written, when, and the words themselves.
"""

import hashlib
import secrets
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.utils.text import Truncator
from django.utils.translation import gettext as _

from aims.errors import WrongState, invalid
from aims.services import create, locked, require
from aims.states import Confidentiality
from aims.trail import Verb, recording
from inventory.models import AISystem
from monitoring import policies
from monitoring.models import Concern, Entry, NamedPerson, Receipt
from monitoring.services.common import deadlines, fresh, least_busy, people_in, say
from monitoring.states import ConcernState, EntrySort
from organization.models import CaseListing, Unit, User

# Without signs that look alike. 20 of 31 are 99 bits: nobody guesses one.
ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
LENGTH, GROUP = 20, 5


def raise_concern(*, by: User, data: Mapping[str, Any], at: datetime, on: date) -> Concern:
    """Raise a concern by name: sort, told, and perhaps about, named, name_kept. No role is needed.

    Where the name is kept, the trail does not say whose act it was; the concern's own column does, to its handlers.
    Errors: NotPermitted, ValidationError by field (also where everybody who could handle it is named).
    """
    capacity = require(policies.can_raise(by))
    with _recorded(by if not data.get("name_kept") else None, "raise_concern", capacity):
        return _receive({**data, "raised_by": by}, by.unit, at=at, on=on)


def raise_anonymously(*, data: Mapping[str, Any], at: datetime, on: date) -> tuple[Concern, str]:
    """Raise a concern without a name; answers it with the code that is shown once. Errors: ValidationError by field."""
    code = "".join(secrets.choice(ALPHABET) for _one in range(LENGTH))
    with _recorded(None, "raise_anonymously", policies.REPORTER):
        made = _receive({**data, "name_kept": False}, Unit.objects.get(parent=None), at=at, on=on)
        create(Receipt(concern=made, digest=_digest(code)))
    return made, "-".join(code[start : start + GROUP] for start in range(0, LENGTH, GROUP))


def concern_of_code(code: str) -> Concern | None:
    """The concern that the code was given for, or None."""
    found = Receipt.objects.filter(digest=_digest(code)).select_related("concern").first()
    return found.concern if found is not None else None


def write_by_code(concern: Concern, *, text: str, at: datetime) -> Entry:
    """Write to the handlers without a name; who calls this was shown the code. Errors: WrongState, ValidationError."""
    with _recorded(None, "write_by_code", policies.REPORTER):
        return _write(concern, text, at)


def write_to_handlers(concern: Concern, *, by: User, text: str, at: datetime) -> Entry:
    """Write to the handlers of one's own concern. Errors: NotPermitted, WrongState (closed), ValidationError."""
    capacity = require(policies.can_write_to_handlers(by, concern), _("This concern is closed."))
    with _recorded(None if concern.name_kept else by, "write_to_handlers", capacity):
        return _write(concern, text, at)


def _recorded(by: User | None, service: str, capacity: str) -> Verb:
    """Without a person there is no request either: its number stands in the log of the web server."""
    return recording(by, service, capacity=capacity, **({} if by is not None else {"request": ""}))


def _write(concern: Concern, text: str, at: datetime) -> Entry:
    current = locked(concern)
    if current.state == ConcernState.CLOSED:
        raise WrongState(_("This concern is closed."))
    return say(current, EntrySort.FROM_REPORTER, text, at=at)


def _receive(data: Mapping[str, Any], unit: Unit, *, at: datetime, on: date) -> Concern:
    """Make it, keep those it names out, and give it to who handles concerns there."""
    named = people_in(data.get("named") or "")
    reporter = data.get("raised_by")
    apart = {one.pk for one in named} | ({reporter.pk} if reporter is not None else set())
    handlers = policies.handlers_of(unit, on=on, without=apart)
    if not handlers:
        raise invalid(
            named=_("Everybody who could handle this here is involved. Turn to somebody outside, such as an authority.")
        )
    concern = create(
        Concern(
            **data, title=Truncator(" ".join((data.get("told") or "").split())).chars(80), unit=unit,
            owner=least_busy(handlers), system=_system(data.get("about") or ""), confidentiality=Confidentiality.CASE,
            received_at=at, **deadlines(on),
        )
    )  # fmt: skip
    concern.refresh_from_db()
    for person in named:
        create(NamedPerson(concern=concern, person=person))
    for person in handlers:
        create(CaseListing(record_id=concern.pk, person=person, reason=_("Handles concerns")))
    return fresh(concern)


def _system(about: str) -> AISystem | None:
    """The one system that is called so, or has this reference."""
    found = list(AISystem.objects.filter(title__iexact=about.strip())[:2]) or list(
        AISystem.objects.filter(ref__iexact=about.strip())
    )
    return found[0] if len(found) == 1 else None


def _digest(code: str) -> str:
    plain = "".join(sign for sign in code.upper() if sign in ALPHABET)
    return hashlib.sha256(plain.encode()).hexdigest()
