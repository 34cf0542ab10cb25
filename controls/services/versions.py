"""Versions of the Statement of Applicability: submitted, returned, approved and frozen (clauses 6.1.3 f and 7.5.3)."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext as _

from aims.decisions import decide, our_language
from aims.errors import WrongState, invalid
from aims.rhythm import Every
from aims.services import locked, move, require
from aims.trail import recording
from controls import lints, policies
from controls.content import canonical, decided_digest, digest_of, document, lines, statements_of
from controls.models import AimsScope, SoaProposal, SoaVersion
from controls.rules import SOA_APPROVER
from controls.services.opening import open_version
from controls.states import SOA, ProposalState, SoaState
from organization.duties import Override
from organization.models import User
from organization.services.duties import separated

REVIEW = Every(12, "months")


def submit_soa(
    soa: SoaVersion, *, by: User, at: datetime, on: date, version: int | None, reason: str = ""
) -> SoaVersion:
    """Ask for approval. Refused with every blocking finding: undecided, unjustified, needed, Annex B (6.1.3 f).

    Errors: NotPermitted, Stale, WrongState.
    """
    capacity = require(policies.can_submit_soa(by, soa))
    with recording(by, "submit_soa", capacity=capacity, reason=reason):
        current = _locked(soa, version)
        _require_sound(current.scope, by, on)
        digest = decided_digest(lines(statements_of(current.scope)))
        return move(current, SOA, "submit", submitted_by=by, submitted_at=at, submitted_digest=digest)


def _locked(soa: SoaVersion, version: int | None) -> SoaVersion:
    """The version, with its scope locked first: decisions on statements wait."""
    AimsScope.objects.select_for_update(of=("self",)).get(pk=soa.scope_id)
    return locked(soa, version)


def _require_sound(scope: AimsScope, by: User, on: date) -> None:
    """WrongState with each finding that blocks approval."""
    found = [one for one in lints.findings(lints.draft_of(scope, by, on, thorough=True)) if one.blocking]
    if found:
        unmet = [{"id": one.id, "sentence": one.sentence, "url": one.url, "control": one.number} for one in found]
        raise WrongState(_("The Statement of Applicability is not complete."), unmet=unmet)


def return_soa(soa: SoaVersion, *, by: User, reason: str, version: int | None) -> SoaVersion:
    """Send it back to its keeper with the reason. Errors: NotPermitted, Stale, WrongState, ValidationError."""
    capacity = require(policies.can_return_soa(by, soa))
    _said(reason)
    with recording(by, "return_soa", capacity=capacity, reason=reason):
        current = _locked(soa, version)
        none = {"submitted_by": None, "submitted_at": None, "submitted_digest": ""}
        done = move(current, SOA, "return", **none)
        with our_language():
            _enter(current, by, capacity, reason, _("Returned"), refused=True)
        return done


def approve_soa(
    soa: SoaVersion,
    *,
    by: User,
    reason: str,
    at: datetime,
    on: date,
    version: int | None,
    override: Override | None = None,
) -> SoaVersion:
    """Freeze the version as it stands, with approver, what it rests on and its digest; the one before is superseded.

    Never by who submitted it. What was proposed and not answered moves to the next draft. Errors: NotPermitted, Stale,
    WrongState (not in review, a blocking finding, or decisions changed after it was submitted), ValidationError.
    """
    capacity = require(policies.can_approve_soa(by, soa))
    _said(reason)
    with recording(by, "approve_soa", capacity=capacity, reason=reason):
        current = _locked(soa, version)
        if current.state != SoaState.IN_REVIEW:
            raise WrongState(_("Nothing is in review, or somebody decided already."))
        _require_sound(current.scope, by, on)
        kept = separated(
            SOA_APPROVER, tier="high", broken=current.submitted_by_id == by.pk, by=by, capacity=capacity,
            record=current, override=override, on=on,
        )  # fmt: skip
        frozen = document(current, _approval(current, by, capacity, reason, at))
        if decided_digest(frozen["lines"]) != current.submitted_digest:
            raise WrongState(_("A decision changed after this was submitted. Return it and have it submitted again."))
        for old in SoaVersion.objects.select_for_update(of=("self",)).of_scope(current.scope).in_force():
            move(old, SOA, "supersede", due_on=None)
        text = canonical(frozen)
        done: SoaVersion = move(
            current, SOA, "approve", approved_by=by, approved_at=at, capacity=capacity, reason=reason, kept_apart=kept,
            content=text, digest=digest_of(text), due_on=REVIEW.after(on, 1),
        )  # fmt: skip
        with our_language():
            _enter(done, by, capacity, reason, _("Approved"))
        _carry_over(done, by)
        return done


def _approval(soa: SoaVersion, by: User, capacity: str, reason: str, at: datetime) -> Mapping[str, Any]:
    assert soa.submitted_by is not None and soa.submitted_at is not None, "in review is submitted, by constraint"
    return {
        "approved_by": by.name,
        "capacity": capacity,
        "approved_at": at.isoformat(),
        "reason": reason,
        "submitted_by": soa.submitted_by.name,
        "submitted_at": soa.submitted_at.isoformat(),
    }


def _enter(soa: SoaVersion, by: User, capacity: str, reason: str, outcome: str, *, refused: bool = False) -> None:
    """Call it in our language."""
    decide(
        soa, by=by, capacity=capacity, sort="soa", question=_("Approve %(title)s?") % {"title": soa.title},
        outcome=outcome, reason=reason, refused=refused,
    )  # fmt: skip


def _carry_over(soa: SoaVersion, by: User) -> None:
    """Proposals that nobody answered open the next draft."""
    waiting = SoaProposal.objects.open().filter(soa=soa)
    if waiting.exists():
        following = open_version(soa.scope, by=by, why=_("Proposals were not answered before the approval"))
        waiting.filter(state=ProposalState.OPEN).update(soa=following)


def _said(reason: str) -> None:
    if not reason.strip():
        raise invalid(reason=_("This must be said."))
