"""Findings: raised in place as drafts of the team, issued, answered, closed; and the improvement log (9.2.2, 10.1)."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

from django.utils.translation import gettext as _

from aims.errors import invalid
from aims.services import change, create, locked, move, require
from aims.states import Confidentiality
from aims.trail import recording
from audits import policies
from audits.models import Audit, Finding, Improvement, Nonconformity
from audits.services.common import (
    active_owner,
    fresh,
    placed,
    require_active,
    require_seen,
    require_state,
    require_text,
    spine,
)
from audits.services.nonconformities import note_nonconformity
from audits.states import (
    FINDING,
    IMPROVING,
    NONCONFORMING,
    AuditState,
    FindingState,
    ImprovementState,
    NcSource,
    TeamRole,
)
from organization.models import CaseListing, User

TOLD = ("title", "statement", "objective_evidence", "rationale")


def raise_finding(audit: Audit, *, by: User, data: Mapping[str, Any], on: date) -> Finding:
    """Write a finding as a draft. It is a case record until issued: nobody but the team knows of it.

    `data`: title, criterion, statement, objective_evidence, grade, rationale, system, subject, item, owner (the auditee).
    Errors: NotPermitted, Hidden, WrongState, ValidationError.
    """
    capacity = require(policies.can_work(by, audit), _("Only the team of a running audit raises findings."))
    require_text(**{name: data.get(name) or "" for name in TOLD})
    with recording(by, "raise_finding", capacity=capacity):
        current = locked(audit)
        require_state(current, AuditState.RUNNING)
        values = placed({"unit": current.unit, **data})
        require_seen(by, [one for name in ("system", "subject") if (one := values.get(name)) is not None])
        _fits(current, values)
        made = create(Finding(audit=current, raised_by=by, confidentiality=Confidentiality.CASE, **values))
        team = current.team.exclude(role=TeamRole.OBSERVER).values_list("person_id", flat=True)
        for person in sorted({*team, by.pk}):
            CaseListing.objects.create(record_id=made.pk, person_id=person, reason=current.ref)
    by.forget_access()
    return fresh(made)  # type: ignore[no-any-return]


def _fits(audit: Audit, values: Mapping[str, Any]) -> None:
    criterion, item = values.get("criterion"), values.get("item")
    if criterion is None or criterion.audit_id != audit.pk:
        raise invalid(criterion=_("Choose one of this audit's criteria."))
    if item is not None and item.audit_id != audit.pk:
        raise invalid(item=_("Choose one of this audit's working papers."))


def change_finding(
    finding: Finding, *, by: User, data: Mapping[str, Any], version: int | None = None, reason: str = ""
) -> Finding:
    """Change a draft."""
    capacity = require(policies.can_judge_finding(by, finding))
    with recording(by, "change_finding", capacity=capacity, reason=reason):
        current = locked(finding, version)
        require_state(current, FindingState.DRAFT)
        require_text(**{name: data[name] for name in TOLD if name in data})
        values = placed({"unit": current.unit, "system": current.system, **data})
        require_seen(by, [one for name in ("system", "subject") if (one := values.get(name)) is not None])
        _fits(current.audit, {"criterion": current.criterion, "item": current.item, **values})
        return change(current, values)


def issue_finding(
    finding: Finding, *, by: User, on: date, at: datetime, owner: User | None = None, version: int | None = None
) -> Finding:
    """Issue it to the auditee. A nonconformity opens its own record; observations and opportunities go to the log.

    `owner` answers for it; unless named, who owns it, the system or the audit. Errors: NotPermitted, Stale, WrongState.
    """
    capacity = require(policies.can_judge_finding(by, finding))
    with recording(by, "issue_finding", capacity=capacity, reason=finding.rationale):
        current = locked(finding, version)
        answering = owner or current.owner or (current.system.owner if current.system else None) or current.audit.owner
        require_active(owner=answering)
        open_to_all = current.audit.confidentiality
        issued = move(current, FINDING, "issue", confidentiality=open_to_all, issued_at=at, owner=answering)
        CaseListing.objects.filter(record_id=issued.pk).delete()
        _follow(issued, on)
    by.forget_access()
    return fresh(issued)  # type: ignore[no-any-return]


def _follow(finding: Finding, on: date) -> None:
    same = {"title": finding.title, "unit": finding.unit, "system": finding.system, "owner": finding.owner, "finding": finding,
            "confidentiality": finding.confidentiality}  # fmt: skip
    if finding.grade in NONCONFORMING:
        criterion = finding.criterion
        note_nonconformity(
            {
                **same, "source": NcSource.BODY if finding.audit.external else NcSource.AUDIT, "grade": finding.grade,
                "source_record": spine(finding), "clause": criterion.clause, "control": criterion.control,
                "requirement": str(criterion), "description": f"{finding.statement}\n\n{finding.objective_evidence}",
                "detected_on": on, "detected_by": finding.raised_by,
            }
        )  # fmt: skip
    elif finding.grade in IMPROVING:
        create(Improvement(**same, idea=finding.statement, due_on=on + timedelta(days=180)))


def answer_finding(
    finding: Finding, *, by: User, on: date, at: datetime, response: str, version: int | None = None
) -> Finding:
    """The auditee answers."""
    capacity = require(policies.can_answer_finding(by, finding))
    require_text(response=response)
    with recording(by, "answer_finding", capacity=capacity, reason=response):
        values = {"response": response, "responded_by": by, "responded_at": at}
        return move(locked(finding, version), FINDING, "answer", **values)


def close_finding(finding: Finding, *, by: User, on: date, outcome: str, version: int | None = None) -> Finding:
    """The auditor takes the answer as enough. A nonconformity goes on under its own record."""
    capacity = require(policies.can_judge_finding(by, finding))
    require_text(outcome=outcome)
    with recording(by, "close_finding", capacity=capacity, reason=outcome):
        return move(locked(finding, version), FINDING, "close", outcome=outcome, due_on=None)


def withdraw_finding(finding: Finding, *, by: User, on: date, reason: str, version: int | None = None) -> Finding:
    """Take it back, with the reason. Not when corrective action began."""
    capacity = require(policies.can_judge_finding(by, finding))
    require_text(reason=reason)
    with recording(by, "withdraw_finding", capacity=capacity, reason=reason):
        current = locked(finding, version)
        if Nonconformity.objects.filter(finding=current).exists():
            raise invalid(reason=_("Its nonconformity is on record; close that instead."))
        return move(current, FINDING, "withdraw", outcome=reason, due_on=None)


def register_improvement(*, by: User, data: Mapping[str, Any], on: date) -> Improvement:
    """Enter an idea into the improvement log, with owner and date."""
    values = placed(dict(data))
    capacity = require(policies.may(by, "improvement.register", values.get("system"), unit=values["unit"]))
    require_text(idea=values.get("idea") or "")
    active_owner({"owner": values.get("owner")})
    if values.get("due_on") is None:
        raise invalid(due_on=_("Say until when."))
    with recording(by, "register_improvement", capacity=capacity):
        require_seen(by, [values["system"]] if values.get("system") else [])
        return create(Improvement(**values))


def change_improvement(
    row: Improvement, *, by: User, data: Mapping[str, Any], version: int | None = None, reason: str = ""
) -> Improvement:
    """Change what is said of an open improvement."""
    capacity = require(policies.can_change_improvement(by, row))
    with recording(by, "change_improvement", capacity=capacity, reason=reason):
        current = locked(row, version)
        require_state(current, ImprovementState.OPEN)
        require_seen(by, [data["system"]] if data.get("system") else [])
        return change(current, placed({"system": current.system, "unit": current.unit, **data}))


def end_improvement(
    row: Improvement, *, by: User, on: date, outcome: str, carried_out: bool = True, version: int | None = None
) -> Improvement:
    """Say what came of it: carried out, or declined with the reason (10.1)."""
    capacity = require(policies.can_change_improvement(by, row))
    require_text(outcome=outcome)
    with recording(by, "end_improvement", capacity=capacity, reason=outcome):
        current = locked(row, version)
        require_state(current, ImprovementState.OPEN)
        state = ImprovementState.DONE if carried_out else ImprovementState.DECLINED
        return change(current, {"state": state, "outcome": outcome, "ended_on": on, "due_on": current.due_on})
