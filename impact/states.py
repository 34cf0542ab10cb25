"""Words, scales and the two workflows of impact: a screening, and an assessment from draft to what follows it (6.1.4)."""

from django.db.models import IntegerChoices, TextChoices
from django.utils.translation import gettext_lazy as _

from aims.ui import Tone
from aims.workflow import Workflow, edge
from inventory.states import Tier


class Use(TextChoices):
    """What a use is in the eyes of law and policy; it decides who may approve it."""

    ORDINARY = "ordinary", _("Ordinary")
    SENSITIVE = "sensitive", _("Sensitive")
    RESTRICTED = "restricted", _("Restricted")
    PROHIBITED = "prohibited", _("Prohibited by law")


class ScreeningState(TextChoices):
    DRAFT = "draft", _("Draft")
    PROPOSED = "proposed", _("Waits for an approver")
    IN_FORCE = "in_force", _("In force")
    RETURNED = "returned", _("Returned")
    SUPERSEDED = "superseded", _("Superseded")


class ImpactState(TextChoices):
    DRAFT = "draft", _("Draft")
    IN_REVIEW = "in_review", _("In review")
    ESCALATED = "escalated", _("Before top management")
    APPROVED = "approved", _("Approved")
    STALE = "stale", _("Approval is stale")
    REJECTED = "rejected", _("Rejected")
    SUPERSEDED = "superseded", _("Superseded")


class Level(TextChoices):
    """Who is affected: single people, groups, society, the environment. The first three are never forgotten (6.1.4)."""

    INDIVIDUAL = "individual", _("Individuals")
    GROUP = "group", _("Groups")
    SOCIETY = "society", _("Society")
    ENVIRONMENT = "environment", _("Environment")


ANALYSED = (Level.INDIVIDUAL, Level.GROUP, Level.SOCIETY)


class PartyRole(TextChoices):
    AFFECTED = "affected", _("Directly affected")
    INTERESTED = "interested", _("Other interested party")


class Dimension(TextChoices):
    """In which respect somebody gains or loses."""

    FAIRNESS = "fairness", _("Fairness")
    ACCOUNTABILITY = "accountability", _("Accountability")
    TRANSPARENCY = "transparency", _("Transparency")
    EXPLAINABILITY = "explainability", _("Explainability")
    PRIVACY = "privacy", _("Privacy")
    SECURITY = "security", _("Security")
    SAFETY = "safety", _("Safety and health")
    RELIABILITY = "reliability", _("Reliability")
    ACCESSIBILITY = "accessibility", _("Accessibility")
    RIGHTS = "rights", _("Human rights")
    FINANCIAL = "financial", _("Money")
    MISINFORMATION = "misinformation", _("Misinformation")
    DEMOCRACY = "democracy", _("Government and democracy")
    CULTURE = "culture", _("Norms and culture")
    ENVIRONMENT = "environment", _("Environment")


class Direction(TextChoices):
    HARM = "harm", _("Harm")
    BENEFIT = "benefit", _("Benefit")


class Scenario(TextChoices):
    INTENDED = "intended", _("Intended use")
    MISUSE = "misuse", _("Foreseeable misuse")
    FAILURE = "failure", _("Failure")


class Severity(IntegerChoices):
    """How strongly one of those affected feels it."""

    NEGLIGIBLE = 1, _("1 Negligible: hardly noticed")
    MINOR = 2, _("2 Minor: annoying, soon over")
    MODERATE = 3, _("3 Moderate: costs time, money or an opportunity")
    SEVERE = 4, _("4 Severe: changes somebody's situation for long")
    CRITICAL = 5, _("5 Critical: life, liberty, livelihood")


class Scale(IntegerChoices):
    """How many are affected in a year."""

    SINGLE = 1, _("1 Single people")
    FEW = 2, _("2 Tens")
    SOME = 3, _("3 Hundreds")
    MANY = 4, _("4 Thousands")
    MASSES = 5, _("5 Most of the people concerned")


class Likelihood(IntegerChoices):
    RARE = 1, _("1 Rare")
    UNLIKELY = 2, _("2 Unlikely")
    POSSIBLE = 3, _("3 Possible")
    LIKELY = 4, _("4 Likely")
    CERTAIN = 5, _("5 Almost certain")


class Reversibility(TextChoices):
    EASY = "easy", _("Easily undone")
    EFFORT = "effort", _("Undone with effort")
    NOT = "not", _("Cannot be undone")


class Duration(TextChoices):
    SHORT = "short", _("Hours or days")
    MEDIUM = "medium", _("Weeks or months")
    LONG = "long", _("Years or for good")


class Confidence(TextChoices):
    LOW = "low", _("Low: a guess")
    MEDIUM = "medium", _("Medium: judged by people who know")
    HIGH = "high", _("High: measured")


class MeasureKind(TextChoices):
    TECHNICAL = "technical", _("Technical")
    MANAGEMENT = "management", _("Organizational")
    OVERSIGHT = "oversight", _("Human oversight")


class Discipline(TextChoices):
    """Who is asked for an opinion."""

    LEGAL = "legal", _("Legal")
    PRIVACY = "privacy", _("Privacy")
    SECURITY = "security", _("Security")
    BUSINESS = "business", _("Business")
    AFFECTED = "affected", _("Representatives of those affected")


class Verdict(TextChoices):
    AGREE = "agree", _("Agrees")
    CONCERN = "concern", _("Has a concern")
    CONDITION = "condition", _("Agrees on a condition")


class Outcome(TextChoices):
    """What was decided about an assessment."""

    APPROVED = "approved", _("Approved")
    CONDITIONS = "conditions", _("Approved on conditions")
    RETURNED = "returned", _("Returned to its authors")
    REJECTED = "rejected", _("Rejected")
    ESCALATED = "escalated", _("Put before top management")
    ALLOWED = "allowed", _("Allowed by top management")


APPROVING = (Outcome.APPROVED, Outcome.CONDITIONS, Outcome.ALLOWED)


class Trigger(TextChoices):
    """Why it is assessed now (8.4)."""

    NEW_SYSTEM = "new_system", _("New system")
    PURPOSE = "purpose", _("Purpose, use or context changes")
    PEOPLE = "people", _("Other people are affected")
    REGION = "region", _("New jurisdiction or language")
    DATA = "data", _("Data change")
    MODEL = "model", _("Model changes beyond what was assessed")
    OVERSIGHT = "oversight", _("Automation or human oversight changes")
    SUPPLIER = "supplier", _("Supplier or supplied part changes")
    INCIDENT = "incident", _("Incident, concern or report")
    LAW = "law", _("Law or guidance changes")
    MEASURE = "measure", _("A measure left its limits")
    PLANNED = "planned", _("Planned date")
    RETIREMENT = "retirement", _("Retirement")


class Publication(TextChoices):
    """What of the assessment is disclosed."""

    INTERNAL = "internal", _("Stays inside")
    PARTNERS = "partners", _("For customers and authorities on request")
    SUMMARY = "summary", _("A summary is published")
    FULL = "full", _("Published as a whole")


__all__ = ["Tier"]  # declared by the inventory, whose systems bear it
SEVERE = 4  # from this severity on, a harm is severe
OPEN_STATES = (ImpactState.DRAFT, ImpactState.IN_REVIEW, ImpactState.ESCALATED)
SCREENING_TONES: dict[str, Tone] = {
    ScreeningState.DRAFT: "warn",
    ScreeningState.PROPOSED: "info",
    ScreeningState.IN_FORCE: "good",
    ScreeningState.RETURNED: "bad",
    ScreeningState.SUPERSEDED: "neutral",
}
IMPACT_TONES: dict[str, Tone] = {
    ImpactState.DRAFT: "warn",
    ImpactState.IN_REVIEW: "info",
    ImpactState.ESCALATED: "warn",
    ImpactState.APPROVED: "good",
    ImpactState.STALE: "bad",
    ImpactState.REJECTED: "bad",
    ImpactState.SUPERSEDED: "neutral",
}
TIER_TONES: dict[str, Tone] = {"": "neutral", "minimal": "good", "standard": "info", "high": "warn", "sensitive": "bad"}
USE_TONES: dict[str, Tone] = {"ordinary": "neutral", "sensitive": "warn", "restricted": "bad", "prohibited": "bad"}
VERDICT_TONES: dict[str, Tone] = {"": "neutral", "agree": "good", "concern": "bad", "condition": "warn"}
OUTCOME_TONES: dict[str, Tone] = {
    "approved": "good",
    "conditions": "good",
    "allowed": "warn",
    "returned": "warn",
    "rejected": "bad",
    "escalated": "warn",
}

_OWNERS = ["system_owner", "aims_manager"]
_S = ScreeningState
SCREENING = Workflow(
    "screening",
    ScreeningState,
    [
        edge("propose", _("Propose the tier"), [_S.DRAFT, _S.RETURNED], _S.PROPOSED, _OWNERS),
        edge("apply", _("Put the tier in force"), [_S.DRAFT, _S.RETURNED], _S.IN_FORCE, _OWNERS),
        edge("approve", _("Approve"), [_S.PROPOSED], _S.IN_FORCE, ["approver", "top_management"]),
        edge("return", _("Return"), [_S.PROPOSED], _S.RETURNED, ["approver", "top_management"]),
        edge("supersede", _("Supersede"), [_S.DRAFT, _S.PROPOSED, _S.RETURNED, _S.IN_FORCE], _S.SUPERSEDED),
    ],
)
_I = ImpactState
IMPACT = Workflow(
    "impact",
    ImpactState,
    [
        edge("submit", _("Submit"), [_I.DRAFT], _I.IN_REVIEW, _OWNERS),
        edge("return", _("Return"), [_I.IN_REVIEW], _I.DRAFT, ["approver", "top_management", *_OWNERS]),
        edge("approve", _("Approve"), [_I.IN_REVIEW], _I.APPROVED, ["approver", "top_management"]),
        edge("escalate", _("Put before top management"), [_I.IN_REVIEW], _I.ESCALATED, ["approver"]),
        edge("allow", _("Allow the restricted use"), [_I.ESCALATED], _I.APPROVED, ["top_management"]),
        edge("reject", _("Reject"), [_I.IN_REVIEW, _I.ESCALATED], _I.REJECTED, ["approver", "top_management"]),
        edge("stale", _("Approval becomes stale"), [_I.APPROVED], _I.STALE),
        edge("supersede", _("Supersede"), [_I.APPROVED, _I.STALE, _I.DRAFT, _I.REJECTED], _I.SUPERSEDED),
    ],
)
