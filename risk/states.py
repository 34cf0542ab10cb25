"""Scales, states and the two workflows of risk: criteria, and a risk from finding to closing (clauses 6.1.1 to 6.1.3)."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from aims.ui import Tone
from aims.workflow import Workflow, edge


class Dimension(TextChoices):
    """Whom a consequence hits. Individuals and society are rated or reasoned away, never forgotten (6.1.2 d)."""

    ORGANIZATION = "organization", _("Organization")
    INDIVIDUAL = "individual", _("Individuals")
    GROUP = "group", _("Groups")
    SOCIETY = "society", _("Society")


class Nature(TextChoices):
    THREAT = "threat", _("Threat")
    OPPORTUNITY = "opportunity", _("Opportunity")


class Evaluation(TextChoices):
    """What a level means: within what is acceptable, to be treated, or accepted by nobody."""

    ACCEPTABLE = "acceptable", _("Acceptable")
    TREAT = "treat", _("To be treated")
    UNACCEPTABLE = "unacceptable", _("Accepted by nobody")


class CriteriaState(TextChoices):
    DRAFT = "draft", _("Draft")
    APPROVED = "approved", _("In force")
    SUPERSEDED = "superseded", _("Superseded")


class RiskState(TextChoices):
    IDENTIFIED = "identified", _("Identified")
    ASSESSED = "assessed", _("Assessed")
    PLANNED = "planned", _("Plan proposed")
    TREATING = "treating", _("In treatment")
    VERIFIED = "verified", _("Treatment verified")
    ACCEPTED = "accepted", _("Accepted")
    CLOSED = "closed", _("Closed")


class Trigger(TextChoices):
    """Why a risk was assessed (8.2)."""

    PLANNED = "planned", _("Planned interval")
    CHANGE_PROPOSED = "change_proposed", _("Change proposed")
    CHANGE_OCCURRED = "change_occurred", _("Change occurred")
    INCIDENT = "incident", _("Incident")
    IMPACT_RESULT = "impact_result", _("Result of an impact assessment")


class Effect(TextChoices):
    """What a risk does to an objective."""

    HINDERS = "hinders", _("Hinders")
    HELPS = "helps", _("Helps")


class Option(TextChoices):
    """What is done about a risk (6.1.3 a)."""

    MODIFY = "modify", _("Modify")
    AVOID = "avoid", _("Avoid")
    SHARE = "share", _("Share")
    RETAIN = "retain", _("Retain")
    TAKE = "take", _("Take or increase")


class PlanState(TextChoices):
    PROPOSED = "proposed", _("Proposed")
    APPROVED = "approved", _("Approved")
    RETURNED = "returned", _("Returned")
    VERIFIED = "verified", _("Verified")
    FAILED = "failed", _("Not effective")
    SUPERSEDED = "superseded", _("Superseded")


class ActionState(TextChoices):
    OPEN = "open", _("To do")
    DONE = "done", _("Done")
    DROPPED = "dropped", _("Dropped")


class Verdict(TextChoices):
    EFFECTIVE = "effective", _("Effective")
    PARTLY = "partly", _("Partly effective")
    NOT_EFFECTIVE = "not_effective", _("Not effective")


OPEN_STATES = tuple(state for state in RiskState if state != RiskState.CLOSED)
WAITING = (RiskState.ASSESSED, RiskState.TREATING, RiskState.VERIFIED)  # for an acceptance
EVALUATION_TONES: dict[str, Tone] = {"acceptable": "good", "treat": "warn", "unacceptable": "bad", "": "neutral"}
RISK_TONES: dict[str, Tone] = {
    RiskState.IDENTIFIED: "warn",
    RiskState.ASSESSED: "info",
    RiskState.PLANNED: "info",
    RiskState.TREATING: "info",
    RiskState.VERIFIED: "warn",
    RiskState.ACCEPTED: "good",
    RiskState.CLOSED: "neutral",
}
PLAN_TONES: dict[str, Tone] = {
    PlanState.PROPOSED: "warn",
    PlanState.APPROVED: "info",
    PlanState.RETURNED: "bad",
    PlanState.VERIFIED: "good",
    PlanState.FAILED: "bad",
    PlanState.SUPERSEDED: "neutral",
}
ACTION_TONES: dict[str, Tone] = {ActionState.OPEN: "info", ActionState.DONE: "good", ActionState.DROPPED: "neutral"}
CRITERIA_TONES: dict[str, Tone] = {
    CriteriaState.DRAFT: "warn",
    CriteriaState.APPROVED: "good",
    CriteriaState.SUPERSEDED: "neutral",
}
VERDICT_TONES: dict[str, Tone] = {"effective": "good", "partly": "warn", "not_effective": "bad"}

_R = RiskState
CRITERIA = Workflow(
    "criteria",
    CriteriaState,
    [
        edge("approve", _("Approve"), [CriteriaState.DRAFT], CriteriaState.APPROVED, ["top_management"]),
        edge("supersede", _("Supersede"), [CriteriaState.APPROVED], CriteriaState.SUPERSEDED),
    ],
)
_OWNERS = ["risk_owner", "aims_manager"]
_MANAGEMENT = ["approver", "top_management"]
# Lapsing has three ends: what there was before the acceptance.
RISK = Workflow(
    "risk",
    RiskState,
    [
        edge("assess", _("Assess"), [_R.IDENTIFIED], _R.ASSESSED, _OWNERS),
        edge("lapse", _("Acceptance lapses"), [_R.ACCEPTED], _R.ASSESSED),
        edge("lapse_treating", _("Acceptance lapses"), [_R.ACCEPTED], _R.TREATING),
        edge("lapse_verified", _("Acceptance lapses"), [_R.ACCEPTED], _R.VERIFIED),
        edge(
            "propose_plan",
            _("Propose a treatment"),
            [_R.ASSESSED, _R.PLANNED, _R.TREATING, _R.VERIFIED, _R.ACCEPTED],
            _R.PLANNED,
            _OWNERS,
        ),
        edge("approve_plan", _("Approve the plan"), [_R.PLANNED], _R.TREATING, _MANAGEMENT),
        edge("return_plan", _("Return the plan"), [_R.PLANNED], _R.ASSESSED, _MANAGEMENT),
        edge("verify", _("Verify the treatment"), [_R.TREATING, _R.VERIFIED], _R.VERIFIED, _MANAGEMENT),
        edge("fail", _("Treatment not effective"), [_R.TREATING, _R.VERIFIED, _R.ACCEPTED], _R.PLANNED, _MANAGEMENT),
        edge(
            "accept",
            _("Accept the residual risk"),
            [_R.ASSESSED, _R.TREATING, _R.VERIFIED, _R.ACCEPTED],
            _R.ACCEPTED,
            ["risk_owner", *_MANAGEMENT],
        ),
        edge("close", _("Close"), [state for state in RiskState if state != RiskState.CLOSED], _R.CLOSED, _OWNERS),
        edge("reopen", _("Reopen"), [_R.CLOSED], _R.ASSESSED, _OWNERS),
    ],
)
