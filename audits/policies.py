"""Who may do what to audits and nonconformities. Each answers with the role that allows it, or ""."""

from typing import Any

from aims.access import access_of
from audits.models import Audit, CorrectiveAction, Engagement, EngagementMember, Finding, Improvement, Nonconformity
from audits.states import FindingState, GuestRole, TeamRole
from organization.states import Role

KEEPERS = (Role.INTERNAL_AUDITOR, Role.AIMS_MANAGER)
GUESTS = (GuestRole.EXTERNAL_AUDITOR, GuestRole.OUTSOURCED_AUDITOR)
AUDITORS = (Role.INTERNAL_AUDITOR, *GUESTS)
OWNERS = (Role.AIMS_MANAGER, Role.SYSTEM_OWNER, Role.RISK_OWNER)
MANAGEMENT = (Role.APPROVER, Role.TOP_MANAGEMENT)
VERBS: dict[str, tuple[str, ...]] = {
    "programme.draft": KEEPERS,
    "programme.change": KEEPERS,
    "programme.approve": (Role.TOP_MANAGEMENT, Role.APPROVER),
    "programme.close": KEEPERS,
    "audit.plan": KEEPERS,
    "audit.change": KEEPERS,
    "audit.assign": KEEPERS,
    "audit.override": MANAGEMENT,
    "audit.start": KEEPERS,
    "audit.work": AUDITORS,
    "audit.report": AUDITORS,
    "audit.distribute": KEEPERS,
    "audit.sign": (*AUDITORS, *MANAGEMENT, Role.AIMS_MANAGER),
    "audit.close": KEEPERS,
    "audit.cancel": KEEPERS,
    "finding.raise": AUDITORS,
    "finding.judge": AUDITORS,
    "finding.answer": OWNERS,
    "nonconformity.raise": (*KEEPERS, Role.SYSTEM_OWNER, Role.RISK_OWNER, Role.CONTRIBUTOR),
    "nonconformity.change": OWNERS,
    "nonconformity.correct": OWNERS,
    "nonconformity.judge": (*MANAGEMENT, *KEEPERS),
    "nonconformity.close": KEEPERS,
    "nonconformity.reopen": KEEPERS,
    "corrective_action.change": OWNERS,
    "corrective_action.complete": OWNERS,
    "improvement.register": (*KEEPERS, Role.SYSTEM_OWNER, Role.CONTRIBUTOR),
    "improvement.change": (*OWNERS, Role.INTERNAL_AUDITOR),
    "engagement.open": KEEPERS,
    "engagement.change": KEEPERS,
    "engagement.end": KEEPERS,
    "engagement.offer": (*OWNERS, Role.CONTRIBUTOR),
    "engagement.audit": GUESTS,
    "certification.record": (Role.AIMS_MANAGER,),
    "certification.change": (Role.AIMS_MANAGER,),
}
# Asked for the password or passkey again; no API token may do them.
DECIDING = (
    "programme.approve",
    "audit.override",
    "audit.report",
    "audit.sign",
    "audit.close",
    "nonconformity.judge",
    "nonconformity.close",
    "engagement.open",
)
OWNER = "owner"  # the capacity of who carries out an action
REVIEWER = "reviewer"  # the capacity of whom the plan names to judge the effect


def may(user: Any, verb: str, record: Any = None, *, unit: Any = None) -> str:
    """By role on the record, in the unit, or (with neither) anywhere at all."""
    if record is not None:
        return access_of(user).capacity(verb, record)
    return access_of(user).capacity(verb, unit_id=unit.pk) if unit is not None else access_of(user).capacity(verb)


def on_team(user: Any, audit: Audit | None) -> bool:
    """Whether the person audits here: on the team (observers only look on), or a member of its engagement.

    A certification body's team is none of ours, nor is that of an audit that was over before it came here: who audits
    for us enters what they found, and says when it is settled.
    """
    if audit is None:
        return False
    if not audit.keeps_papers and not access_of(user).guest:
        return True
    named = audit.team.filter(person=user.pk).exclude(role=TeamRole.OBSERVER).exists()
    return bool(named or EngagementMember.objects.filter(engagement__audit=audit, person=user.pk).exists())


def can_work(user: Any, audit: Audit) -> str:
    """Write working papers, draw samples, raise findings: who is on the team of an audit that runs."""
    return may(user, "audit.work", audit) if on_team(user, audit) else ""


def can_report(user: Any, audit: Audit) -> str:
    """Only the lead of the team reports; what a certification body concluded is entered by who audits for us."""
    lead = not audit.keeps_papers or audit.team.filter(person=user.pk, role=TeamRole.LEAD).exists()
    return may(user, "audit.report", audit) if lead else ""


def can_sign(user: Any, audit: Audit) -> str:
    """By role; people from outside only the report of the audit that they do."""
    role = may(user, "audit.sign", audit)
    return role if role not in GUESTS or on_team(user, audit) else ""


def can_judge_finding(user: Any, finding: Finding) -> str:
    """Change, issue, close, withdraw: the audit's team."""
    return may(user, "finding.judge", finding.audit) if on_team(user, finding.audit) else ""


def can_answer_finding(user: Any, finding: Finding) -> str:
    """The auditee: who owns it, or who answers where it stands; never a draft."""
    if finding.state == FindingState.DRAFT:
        return ""
    return may(user, "finding.answer", finding) or _own(user, finding)


def can_raise_nonconformity(user: Any, unit: Any = None, system: Any = None) -> str:
    return may(user, "nonconformity.raise", system, unit=unit)


def can_correct(user: Any, row: Nonconformity) -> str:
    """Contain, analyse, plan, hand over: who owns it, or who answers where it stands."""
    return may(user, "nonconformity.correct", row) or _own(user, row)


def can_judge_effect(user: Any, row: Nonconformity) -> str:
    """Whom the plan names, or by role. Never who owns it."""
    access = access_of(user)
    if row.owner_id == access.person_id:
        return ""
    named = row.reviewer_id == access.person_id is not None and access.scopes is None and access.sees(row)
    return access.capacity("nonconformity.judge", row) or (REVIEWER if named else "")


def can_complete_action(user: Any, action: CorrectiveAction) -> str:
    return may(user, "corrective_action.complete", action) or _own(user, action)


def can_change_improvement(user: Any, row: Improvement) -> str:
    return may(user, "improvement.change", row) or _own(user, row)


def can_audit(user: Any, engagement: Engagement) -> str:
    """Ask, judge, comment: members of the engagement. Their role comes from it, so it ends with it."""
    return may(user, "engagement.audit", engagement)


def can_bring_list(user: Any, engagement: Engagement) -> str:
    """Bring a request list: the auditor, or our side with one that the auditor sent."""
    return can_audit(user, engagement) or may(user, "engagement.change", engagement)


def can_comment(user: Any, engagement: Engagement) -> str:
    return can_audit(user, engagement) or may(user, "engagement.offer", engagement)


def _own(user: Any, record: Any) -> str:
    """As the one who answers for the record (not by token)."""
    access = access_of(user)
    own = record.owner_id == access.person_id is not None and access.scopes is None and access.sees(record)
    return OWNER if own else ""
