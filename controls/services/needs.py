"""What makes a control necessary becomes a proposed change in the one open draft (clause 6.1.3 b to d)."""

from typing import Any

from django.utils.translation import gettext as _

from aims.errors import WrongState, invalid
from aims.models import Record
from aims.services import create, locked, require
from aims.trail import recording
from controls import policies
from controls.models import AimsScope, Control, ControlStatement, SoaProposal, StatementBasis
from controls.services.opening import draft_for, open_version
from controls.services.scopes import scope_of
from controls.services.statements import change_statement, undecided
from controls.states import Applicability, ProposalState, Wanted
from organization.models import Unit, User


def note_need(
    control: Control,
    *,
    reason: str,
    record: Any,
    by: User | None,
    unit: Unit | None = None,
    system: Any = None,
    scope: AimsScope | None = None,
) -> SoaProposal | None:
    """Say that a record (a treatment's risk, an obligation, an objective) makes a control necessary.

    Called inside the verb that found it, in whose capacity it is recorded. The scope is the one given, else that which
    covers the unit (the record's own when none is given) or the system; with none in use nothing happens. The open
    draft gets the proposal, and opens when there is none. An included control gets the link at once; an excluded or
    undecided one waits for the keeper's answer. The same need twice is one. Answers the proposal, or None.
    """
    where = unit if unit is not None else record.unit
    held = scope if scope is not None else scope_of(where, system)
    if held is None:
        return None
    with recording(by, "note_need", reason=reason):
        row = _holding(control, held, where, system)
        spine = Record.objects.get(pk=record.pk)
        if _known(row, spine):
            return None
        soa = open_version(held, by=by, why=reason)
        wanted = Wanted.BASIS if row.applicability == Applicability.INCLUDED else Wanted.INCLUDE
        proposal = SoaProposal(soa=soa, statement=row, record=spine, wanted=wanted, reason=reason, noted_by=by)
        if wanted == Wanted.BASIS:
            StatementBasis.objects.create(statement=row, record=spine, note=reason[:500])
            if by is not None:
                proposal.state, proposal.answered_by = ProposalState.TAKEN, by
        return create(proposal)


def _known(row: ControlStatement, record: Record) -> bool:
    """Whether the statement rests on the record already, or waits for an answer about it."""
    waiting = SoaProposal.objects.open().filter(statement=row, record=record)
    return bool(row.basis_rows.filter(record=record).exists() or waiting.exists())


def _holding(control: Control, scope: AimsScope, unit: Unit, system: Any) -> ControlStatement:
    """The statement that holds there; a control nobody stated in the scope yet gets an undecided one."""
    rows = ControlStatement.objects.filter(control=control)
    found = rows.holding(list(unit.path), system, scope=scope).first() or rows.of_scope(scope).base().first()
    return found or create(undecided(scope, control))


def note_change(scope: AimsScope, *, reason: str, record: Any, controls: Any, by: User | None = None) -> None:
    """Ask to look again at the scope's statements about these controls after a change; the next version opens with it.

    Undecided controls are looked at anyway, and one change asks once.
    """
    with recording(by, "note_change", reason=reason):
        spine = Record.objects.get(pk=record.pk)
        waiting = SoaProposal.objects.open().filter(record=spine).values("statement")
        rows = ControlStatement.objects.of_scope(scope).base().decided().filter(control__in=controls)
        for row in rows.exclude(pk__in=waiting).in_order():
            soa = open_version(scope, by=by, why=reason)
            create(SoaProposal(soa=soa, statement=row, record=spine, wanted=Wanted.REVIEW, reason=reason, noted_by=by))


def take_proposal(proposal: SoaProposal, *, by: User, justification: str = "", reason: str = "") -> ControlStatement:
    """Do what was proposed: include the control with its reason and name what calls for it.

    Errors: NotPermitted, WrongState (answered already, or the version is in review).
    """
    capacity = require(policies.can_answer_proposal(by, proposal.soa))
    with recording(by, "take_proposal", capacity=capacity, reason=reason or proposal.reason):
        draft_for(proposal.soa.scope, by=by)
        current = _open(proposal)
        row = current.statement
        data: dict[str, Any] = {}
        if current.wanted == Wanted.INCLUDE and row.applicability != Applicability.INCLUDED:
            data = {"applicability": Applicability.INCLUDED, "justification": justification.strip() or current.reason}
        done = change_statement(row, by=by, data=data, version=None) if data else row
        if current.record_id and current.wanted != Wanted.REVIEW:
            StatementBasis.objects.get_or_create(
                statement=row, record_id=current.record_id, defaults={"note": current.reason[:500]}
            )
        _answer(current, ProposalState.TAKEN, by, reason)
        return done


def decline_proposal(proposal: SoaProposal, *, by: User, reason: str) -> SoaProposal:
    """Leave the statement as it is, and say why. Errors: NotPermitted, WrongState, ValidationError."""
    capacity = require(policies.can_answer_proposal(by, proposal.soa))
    if not reason.strip():
        raise invalid(reason=_("This must be said."))
    with recording(by, "decline_proposal", capacity=capacity, reason=reason):
        return _answer(_open(proposal), ProposalState.DECLINED, by, reason)


def _open(proposal: SoaProposal) -> SoaProposal:
    current = locked(proposal)
    if current.state != ProposalState.OPEN:
        raise WrongState(_("Somebody answered this already."))
    return current


def _answer(proposal: SoaProposal, state: ProposalState, by: User, answer: str) -> SoaProposal:
    proposal.state, proposal.answered_by, proposal.answer = state, by, answer
    proposal.save(update_fields=["state", "answered_by", "answer"])
    return proposal
