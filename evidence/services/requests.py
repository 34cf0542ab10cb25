"""Asking for evidence, and giving it. Clauses 7.5 and 9.1."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from aims.errors import Hidden, WrongState, invalid
from aims.models import Record
from aims.rhythm import next_due
from aims.services import change, create, locked, move, require
from aims.trail import recording
from evidence import policies
from evidence.models import EvidenceItem, EvidenceLink, EvidenceRequest, RequestAnswer
from evidence.services.evidence import add_evidence, link_evidence
from evidence.states import REQUEST

REQUEST_FIELDS = ("title", "wanted", "population", "owner", "due_on", "number", "period")


def request_evidence(*, by: Any, record: Record, data: Mapping[str, Any]) -> EvidenceRequest:
    """Ask the `owner` in `data` (REQUEST_FIELDS) for evidence about a record by `due_on`; with `number` and `period`
    again and again. It stands in the record's unit and is as confidential as the record.

    Errors: Hidden for a record that does not show, NotPermitted, ValidationError.
    """
    seen = Record.objects.visible_to(by).filter(pk=record.pk).select_related("unit").first()
    if seen is None:
        raise Hidden
    capacity = require(policies.can_request_evidence(by, seen.unit_id))
    if data.get("due_on") is None:
        raise invalid(due_on=_("Say until when it is needed."))
    _sees(data.get("owner"), seen)
    with recording(by, "request_evidence", capacity=capacity):
        made = create(
            EvidenceRequest(
                **_given(data), record=seen, unit=seen.unit, confidentiality=seen.confidentiality, asked_by=by,
                counted_from=data["due_on"],
            )
        )  # fmt: skip
        made.refresh_from_db()
        return made


def _given(data: Mapping[str, Any]) -> dict[str, Any]:
    unknown = set(data) - set(REQUEST_FIELDS)
    assert not unknown, f"not a field of a request: {sorted(unknown)}"
    return {name: value for name, value in data.items() if value is not None}


def _sees(owner: Any, record: Record) -> None:
    if owner is None:
        raise invalid(owner=_("Say who is asked."))
    if not Record.objects.visible_to(owner).filter(pk=record.pk).exists():
        raise invalid(owner=_("%(person)s does not see this record.") % {"person": owner})


def change_request(
    request: EvidenceRequest, *, by: Any, data: Mapping[str, Any], version: int | None
) -> EvidenceRequest:
    """Change what is asked, of whom, until when. NotPermitted, WrongState, Stale, ValidationError."""
    stored = EvidenceRequest.objects.get(pk=request.pk)
    capacity = require(policies.can_change_request(by, stored))
    if not stored.is_open:
        raise WrongState(_("Only an open request can be changed."))
    if "due_on" in data and data["due_on"] is None:
        raise invalid(due_on=_("Say until when it is needed."))
    if "owner" in data:
        _sees(data["owner"], stored.record)
    with recording(by, "change_request", capacity=capacity):
        start = {"counted_from": data["due_on"]} if data.get("due_on") else {}
        return change(locked(request, version), {**data, **start})


def answer_request(
    request: EvidenceRequest, *, by: Any, item: EvidenceItem, on: date, version: int | None = None
) -> EvidenceRequest:
    """Give current evidence to a request. Asked for again and again, its next date follows; else it is done.

    The evidence then speaks for the request's record. Errors: Hidden, NotPermitted, WrongState, Stale.
    """
    capacity = require(policies.can_answer_request(by, request))
    if not EvidenceItem.objects.visible_to(by).filter(pk=item.pk).exists():
        raise Hidden
    with recording(by, "answer_request", capacity=capacity):
        current = locked(request, version)
        if not current.is_open or not item.is_current:
            raise WrongState(_("Only an open request takes evidence, and only current evidence counts."))
        assert current.due_on is not None
        create(RequestAnswer(request=current, item=item, due_on=current.due_on, given_by=by))
        if not EvidenceLink.objects.filter(item=item, record=current.record).exists():
            link_evidence(item, by=by, record=current.record)
        return _answered(current, on)


def give_new_evidence(request: EvidenceRequest | None, *, by: Any, on: date, **evidence: Any) -> EvidenceItem:
    """Add evidence (as `add_evidence` takes it) and give it to a request (None: to none), both or neither."""
    if request is None:
        return add_evidence(by=by, **evidence)
    capacity = require(policies.can_answer_request(by, request))
    with recording(by, "give_new_evidence", capacity=capacity):
        item = add_evidence(by=by, **evidence)
        answer_request(request, by=by, item=item, on=on)
    return item


def _answered(request: EvidenceRequest, on: date) -> EvidenceRequest:
    """The next date of its rhythm, later than both the one just answered and today; without a rhythm: given."""
    every = request.every
    if every is None:
        return move(request, REQUEST, "give", due_on=None)
    assert request.due_on is not None
    return change(request, {"due_on": next_due(request.counted_from, every, after=max(on, request.due_on))})


def drop_request(request: EvidenceRequest, *, by: Any, reason: str, version: int | None) -> EvidenceRequest:
    """Say that the evidence is no longer wanted, with the reason. NotPermitted, WrongState, Stale."""
    capacity = require(policies.can_change_request(by, request))
    if not reason.strip():
        raise invalid(reason=_("Say why."))
    with recording(by, "drop_request", capacity=capacity, reason=reason):
        return move(locked(request, version), REQUEST, "drop", due_on=None)
