"""Verbs declared once: each is a button, a page with its form, and an action of the API."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from aims.guests import may_write
from aims.registry import registry
from aims.services import require
from audits import policies, services
from audits.forms import audits as af
from audits.forms import engagements as ef
from audits.forms import nonconformities as nf
from audits.models import (
    Audit,
    AuditProgramme,
    Certification,
    CorrectiveAction,
    Engagement,
    Finding,
    Improvement,
    Nonconformity,
)
from audits.states import OPEN_NC, NcState

May = Callable[[Any, Any], str]


def by_role(verb: str) -> May:
    return lambda user, record: policies.may(user, verb, record)


@dataclass(frozen=True)
class Act:
    """A verb on a record: the part of its address, who may, in which states, by which form and service.

    `service(record, *, by, on, version, **what the form gives)`; with `at` when `stamped`.
    """

    id: str
    model: Any
    label: Any
    icon: str
    form: Any
    service: Callable[..., Any]
    may: May
    states: Sequence[str]
    said: Any
    verb: str = ""  # the registered verb, when it decides
    stamped: bool = False
    says: Any = ""  # what an auditor asks here, above the form
    told: May = lambda user, record: ""  # who may not, but is told what is still missing

    @property
    def decides(self) -> bool:
        return self.verb in registry.deciding or self.verb in policies.DECIDING

    def require(self, user: Any, record: Any) -> None:
        """Refuse whom it is not for. Errors: NotPermitted."""
        require(self.may(user, record) or self.told(user, record))

    @property
    def route(self) -> str:
        """The name of its page's address."""
        return f"{self.model.kind}_{self.id}"

    @property
    def name(self) -> str:
        return self.id.replace("-", "_")


_N = NcState
_JUDGED = _("Judged by the criteria that were set before the actions began. Not effective: it opens again.")

PROGRAMME_ACTS = (
    Act("approve", AuditProgramme, _("Approve"), "circle-check", af.ApproveProgrammeForm, services.approve_programme,
        by_role("programme.approve"), ["draft"], _("Approved."), "programme.approve", stamped=True),
    Act("close", AuditProgramme, _("Close"), "archive", nf.ReasonForm, services.close_programme,
        by_role("programme.close"), ["approved"], _("Closed.")),
)  # fmt: skip

AUDIT_ACTS = (
    Act("start", Audit, _("Start"), "player-play", af.StartForm, services.start_audit,
        lambda user, audit: policies.may(user, "audit.start", audit) or policies.can_work(user, audit),
        ["planned"], _("The audit runs; its checklist is made.")),
    Act("assign", Audit, _("Add to the team"), "user-check", af.AssignForm, services.assign_auditor,
        lambda user, audit: policies.may(user, "audit.assign", audit) or policies.may(user, "audit.override", audit),
        ["planned", "running"], _("Added to the team.")),
    Act("report", Audit, _("Issue the report"), "file-certificate", af.ReportForm, services.report_audit,
        policies.can_report, ["running"], _("The report is issued."), "audit.report", stamped=True),
    Act("distribute", Audit, _("Send the report"), "send", af.DistributeForm, services.distribute_report,
        lambda user, audit: policies.may(user, "audit.distribute", audit) or policies.can_report(user, audit),
        ["reported", "closed"], _("Sent.")),
    Act("sign", Audit, _("Sign the report"), "signature", af.SignForm, services.sign_report, policies.can_sign,
        ["reported", "closed"], _("Signed."), "audit.sign"),
    Act("external-record", Audit, _("Add a record kept elsewhere"), "link", af.ExternalRecordForm,
        services.add_external_record,
        lambda user, audit: policies.can_work(user, audit) or policies.may(user, "audit.change", audit),
        ["planned", "running"], _("Added.")),
    Act("close", Audit, _("Close"), "archive", nf.ReasonForm, services.close_audit, by_role("audit.close"),
        ["reported"], _("Closed."), "audit.close"),
    Act("cancel", Audit, _("Cancel the audit"), "x", nf.ReasonForm, services.cancel_audit, by_role("audit.cancel"),
        ["planned", "running"], _("Cancelled.")),
)  # fmt: skip

FINDING_ACTS = (
    Act("issue", Finding, _("Issue"), "send", af.IssueForm, services.issue_finding, policies.can_judge_finding,
        ["draft"], _("Issued to the auditee."), stamped=True),
    Act("respond", Finding, _("Answer"), "message", af.AnswerForm, services.answer_finding,
        policies.can_answer_finding, ["issued", "answered"], _("Answered."), stamped=True),
    Act("close", Finding, _("Close"), "archive", af.OutcomeForm, services.close_finding, policies.can_judge_finding,
        ["issued", "answered"], _("Closed.")),
    Act("withdraw", Finding, _("Withdraw"), "x", nf.ReasonForm, services.withdraw_finding, policies.can_judge_finding,
        ["draft", "issued", "answered"], _("Withdrawn.")),
)  # fmt: skip

NONCONFORMITY_ACTS = (
    Act("contain", Nonconformity, _("Contain"), "shield", nf.ContainForm, services.contain, policies.can_correct,
        [_N.OPEN, _N.REOPENED], _("Recorded.")),
    Act("analyse", Nonconformity, _("Analyse the cause"), "search", nf.AnalyseForm, services.analyse,
        policies.can_correct, [_N.CONTAINED, _N.ANALYSED], _("The cause is recorded.")),
    Act("plan", Nonconformity, _("Plan corrective action"), "list-check", nf.PlanForm, services.plan_correction,
        policies.can_correct, [_N.ANALYSED, _N.PLANNED], _("Planned.")),
    Act("add-action", Nonconformity, _("Add an action"), "plus", nf.NewActionForm, services.add_corrective_action,
        policies.can_correct, [_N.PLANNED], _("Added.")),
    Act("hand-over", Nonconformity, _("Hand over for review"), "arrow-right", nf.HandOverForm, services.hand_over,
        policies.can_correct, [_N.DONE], _("Handed over.")),
    Act("judge", Nonconformity, _("Judge the effect"), "clipboard-check", nf.JudgeForm, services.judge_effect,
        policies.can_judge_effect, [_N.AWAITING], _("The verdict is recorded."), "nonconformity.judge", says=_JUDGED),
    Act("close", Nonconformity, _("Close"), "archive", nf.ReasonForm, services.close_nonconformity,
        by_role("nonconformity.close"), OPEN_NC, _("Closed."), "nonconformity.close", told=policies.can_correct),
    Act("reopen", Nonconformity, _("Reopen"), "arrow-back-up", nf.ReasonForm, services.reopen_nonconformity,
        by_role("nonconformity.reopen"), [_N.CLOSED], _("Reopened.")),
)  # fmt: skip

ACTION_ACTS = (
    Act("done", CorrectiveAction, _("Done"), "check", nf.ResultForm, services.complete_corrective_action,
        policies.can_complete_action, ["open"], _("Recorded as done.")),
    Act("drop", CorrectiveAction, _("Drop"), "x", nf.ReasonForm, services.drop_corrective_action,
        by_role("corrective_action.change"), ["open"], _("Dropped.")),
)  # fmt: skip

IMPROVEMENT_ACTS = (
    Act("end", Improvement, _("Say what came of it"), "check", nf.EndImprovementForm, services.end_improvement,
        policies.can_change_improvement, ["open"], _("Recorded.")),
)  # fmt: skip

ENGAGEMENT_ACTS = (
    Act("admit", Engagement, _("Let somebody in"), "user-check", ef.AdmitForm, services.admit,
        by_role("engagement.change"), ["open"], _("They can come in.")),
    Act("end", Engagement, _("End the access"), "lock", nf.ReasonForm, services.end_engagement,
        by_role("engagement.end"), ["open"], _("The access is over."), stamped=True),
)  # fmt: skip

CERTIFICATION_ACTS = (
    Act("visit", Certification, _("Plan a visit"), "calendar-event", ef.VisitForm, services.plan_visit,
        by_role("certification.change"), ["preparing", "valid", "suspended"], _("Planned.")),
)  # fmt: skip


def buttons(acts: Sequence[Act], record: Any, user: Any) -> list[Act]:
    """What this person may do to the record as it stands, in the order of the work."""
    return [
        act for act in acts
        if record.state in list(map(str, act.states)) and act.may(user, record) and may_write(user, act.route)
    ]  # fmt: skip
