"""Engagements: opened for a time, ended, and what both sides do in the auditor's room."""

import itertools
from collections.abc import Collection, Iterable, Mapping
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext as _

from aims.decisions import decide, our_language
from aims.errors import Stale, WrongState, invalid
from aims.models import Record
from aims.services import change, create, locked, require
from aims.trail import recording
from audits import policies
from audits.models import (
    Audit,
    AuditRequest,
    Engagement,
    EngagementMember,
    EngagementSystem,
    EngagementUnit,
    Offer,
    PrivateNote,
    RequestComment,
)
from audits.services.common import active_owner, fresh, require_active, require_seen, require_text, same_rows
from audits.states import AuditState, EngagementState, RequestState
from organization.models import UnitGrant, User

LONGEST = 366  # days of access


def open_engagement(
    audit: Audit, *, by: User, data: Mapping[str, Any], on: date, units: Iterable[Any] = (), systems: Iterable[Any] = ()
) -> Engagement:
    """Open the records to people from outside, for an audit and a time. Errors: NotPermitted, WrongState, ValidationError."""
    capacity = require(policies.may(by, "engagement.open", audit))
    values = {"title": _("Engagement for %(audit)s") % {"audit": audit.title}, "unit": audit.unit, "owner": by, **data}
    _check_time(values, on)
    with recording(by, "open_engagement", capacity=capacity):
        if audit.state not in (AuditState.PLANNED, AuditState.RUNNING) or hasattr(audit, "engagement"):
            raise WrongState(_("The audit is over, or has an engagement already."))
        active_owner(values)
        made = create(Engagement(audit=audit, **values))
        _opens(made, by, units, systems)
        with our_language():
            words = _("Open our records to %(firm)s?") % {"firm": made.firm}
            decide(made, by=by, capacity=capacity, sort="engagement", question=words, outcome=_("Opened"),
                   reason=made.title, until=made.ends_on)  # fmt: skip
        return fresh(made)  # type: ignore[no-any-return]


def _check_time(values: Mapping[str, Any], on: date) -> None:
    if values["ends_on"] < on:
        raise invalid(ends_on=_("Access ends on a day to come."))
    if (values["ends_on"] - values["starts_on"]).days > LONGEST:
        raise invalid(ends_on=_("Access is open for a year at most."))


def _opens(engagement: Engagement, by: User, units: Iterable[Any], systems: Iterable[Any]) -> None:
    named_units, named_systems = list(units), list(systems)
    if not named_units and not named_systems:
        raise invalid(units=_("Name the units or systems it opens."))
    require_seen(by, named_systems)
    for unit in named_units:
        require(policies.may(by, "engagement.open", unit=unit), _("Your roles in that unit do not include this."))
    same_rows(engagement.units, "scope_unit", named_units,
              lambda one: create(EngagementUnit(engagement=engagement, scope_unit=one)))  # fmt: skip
    same_rows(engagement.systems, "system", named_systems,
              lambda one: create(EngagementSystem(engagement=engagement, system=one)))  # fmt: skip


def change_engagement(
    engagement: Engagement, *, by: User, data: Mapping[str, Any], on: date, units: Iterable[Any] = (),
    systems: Iterable[Any] = (), version: int | None = None, reason: str = "",
) -> Engagement:  # fmt: skip
    """Change what is opened, for how long, of an open engagement."""
    capacity = require(policies.may(by, "engagement.change", engagement))
    with recording(by, "change_engagement", capacity=capacity, reason=reason):
        current = open_now(engagement, version)
        values = {"ends_on": current.ends_on, "starts_on": current.starts_on, **data}
        _check_time(values, on)
        changed = change(current, values)
        _opens(changed, by, units, systems)
        return fresh(changed)  # type: ignore[no-any-return]


def open_now(engagement: Engagement, version: int | None = None) -> Engagement:
    """The engagement, locked, while it is open; else WrongState."""
    current = locked(engagement, version)
    if current.state != EngagementState.OPEN:
        raise WrongState(_("This engagement is over."))
    return current


def admit(engagement: Engagement, *, by: User, person: User, on: date, version: int | None = None) -> EngagementMember:
    """Let somebody from outside in. They hold no role of ours: what they see comes from the engagement alone."""
    capacity = require(policies.may(by, "engagement.change", engagement))
    require_active(person=person)
    with recording(by, "admit", capacity=capacity):
        current = open_now(engagement, version)
        if person.pk == by.pk or _holds_role(person, on):
            raise invalid(person=_("%(name)s holds a role of ours; somebody from outside has none.") % {"name": person})
        if current.members.filter(person=person).exists():
            raise invalid(person=_("%(name)s is a member already.") % {"name": person})
        made = create(EngagementMember(engagement=current, person=person, added_by=by))
    person.forget_access()
    return made


def _holds_role(person: User, on: date) -> bool:
    ours = UnitGrant.objects.in_force(on).filter(user=person).exclude(permission__codename="external_auditor")
    return bool(ours.exists() or person.memberships.exists())


def dismiss(
    engagement: Engagement, *, by: User, member: EngagementMember, reason: str, on: date, version: int | None = None
) -> Engagement:
    """End one member's access at once."""
    capacity = require(policies.may(by, "engagement.change", engagement))
    require_text(reason=reason)
    with recording(by, "dismiss", capacity=capacity, reason=reason):
        current = open_now(engagement, version)
        member.delete()
        return fresh(current)  # type: ignore[no-any-return]


def end_engagement(
    engagement: Engagement, *, by: User, reason: str, at: datetime, on: date, version: int | None = None
) -> Engagement:
    """End all access at once, before its day."""
    capacity = require(policies.may(by, "engagement.end", engagement))
    require_text(reason=reason)
    with recording(by, "end_engagement", capacity=capacity, reason=reason):
        values = {"state": EngagementState.ENDED, "ended_at": at, "end_reason": reason[:500]}
        return change(open_now(engagement, version), values)


# The auditor's side


def ask(engagement: Engagement, *, by: User, data: Mapping[str, Any], on: date) -> AuditRequest:
    """Ask for something. Without a number it gets the next one."""
    capacity = require(policies.can_audit(by, engagement))
    require_text(wanted=data.get("wanted") or "")
    with recording(by, "ask", capacity=capacity):
        current = open_now(engagement)
        require_seen(by, [data["about"]] if data.get("about") else [])
        taken = set(current.requests.values_list("number", flat=True))
        number = (data.get("number") or "").strip() or next_number(taken)
        return create(AuditRequest(engagement=current, asked_by=by, **{**data, "number": number}))


def next_number(taken: Collection[str]) -> str:
    """The next number that no request has: R1, R2, …"""
    return next(number for count in itertools.count(len(taken) + 1) if (number := f"R{count}") not in taken)


def answer_offer(
    request: AuditRequest, *, by: User, accepted: bool, words: str, on: date, edition: int | None = None
) -> AuditRequest:
    """The auditor accepts what was offered, or flags it as not enough, with the reason."""
    capacity = require(policies.can_audit(by, request.engagement))
    if not accepted:
        require_text(words=words)
    with recording(by, "answer_offer", capacity=capacity, reason=words):
        current = _asked(request, edition)
        if current.state not in (RequestState.OFFERED, RequestState.FLAGGED, RequestState.ACCEPTED):
            raise WrongState(_("Nothing is offered yet."))
        if words.strip():
            create(RequestComment(engagement=current.engagement, request=current, words=words, written_by=by))
        return _stand(current, RequestState.ACCEPTED if accepted else RequestState.FLAGGED)


def withdraw_request(request: AuditRequest, *, by: User, on: date, edition: int | None = None) -> AuditRequest:
    """The auditor does not need it any more."""
    capacity = require(policies.can_audit(by, request.engagement))
    with recording(by, "withdraw_request", capacity=capacity):
        return _stand(_asked(request, edition), RequestState.WITHDRAWN)


def _asked(request: AuditRequest, edition: int | None = None) -> AuditRequest:
    engagement = open_now(request.engagement)
    current = locked(request)
    current.engagement = engagement
    if edition is not None and edition != current.edition:
        raise Stale(_("The request changed after you opened it. Look again, then send once more."), current=current)
    if current.state == RequestState.WITHDRAWN:
        raise WrongState(_("The request was withdrawn."))
    return current


def _stand(request: AuditRequest, state: str) -> AuditRequest:
    return change(request, {"state": state, "edition": request.edition + 1})


def offer(request: AuditRequest, *, by: User, record: Record, note: str = "", on: date) -> Offer:
    """Our side gives a record in answer: one that the engagement opens, or the auditor could not read it."""
    capacity = require(policies.may(by, "engagement.offer", request.engagement))
    with recording(by, "offer", capacity=capacity, reason=note):
        current = _asked(request)
        require_seen(by, [record])
        if current.offers.filter(record=record).exists():
            raise invalid(record=_("It is offered already."))
        made = create(
            Offer(engagement=current.engagement, request=current, record=record, offered_version=record.version,
                  note=note, offered_by=by)
        )  # fmt: skip
        _stand(current, RequestState.OFFERED)
        return made


def comment(request: AuditRequest, *, by: User, words: str, on: date) -> RequestComment:
    """A word about a request, from either side."""
    capacity = require(policies.can_comment(by, request.engagement))
    require_text(words=words)
    with recording(by, "comment_request", capacity=capacity):
        current = _asked(request)
        return create(RequestComment(engagement=current.engagement, request=current, words=words, written_by=by))


def keep_note(engagement: Engagement, *, by: User, box: str, at: datetime) -> PrivateNote:
    """Keep an auditor's locked note. What is in it was encrypted in the browser and cannot be read here."""
    capacity = require(policies.can_audit(by, engagement))
    with recording(by, "keep_note", capacity=capacity):
        current = open_now(engagement)
        found = PrivateNote.objects.select_for_update().filter(engagement=current, person=by).first()
        if found is None:
            return create(PrivateNote(engagement=current, person=by, box=box))
        return change(found, {"box": box, "saved_at": at})
