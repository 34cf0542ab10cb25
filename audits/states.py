"""States and workflows of audits, findings, nonconformities, corrective actions, engagements and certificates."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from aims.ui import Tone
from aims.workflow import Workflow, edge


class ProgrammeState(TextChoices):
    DRAFT = "draft", _("Draft")
    APPROVED = "approved", _("Approved")
    CLOSED = "closed", _("Closed")


class AuditSort(TextChoices):
    """Who audits for what: ourselves, or a body on the way to a certificate and after it."""

    INTERNAL = "internal", _("Internal")
    GAP = "gap", _("Gap analysis")
    STAGE_1 = "stage_1", _("Stage 1")
    STAGE_2 = "stage_2", _("Stage 2")
    SURVEILLANCE = "surveillance", _("Surveillance")
    RECERTIFICATION = "recertification", _("Recertification")


class AuditState(TextChoices):
    PLANNED = "planned", _("Planned")
    RUNNING = "running", _("In progress")
    REPORTED = "reported", _("Reported")
    CLOSED = "closed", _("Closed")
    CANCELLED = "cancelled", _("Cancelled")
    TAKEN_OVER = "taken_over", _("Taken over")


class TeamRole(TextChoices):
    LEAD = "lead", _("Lead auditor")
    AUDITOR = "auditor", _("Auditor")
    TRAINEE = "trainee", _("Auditor in training")
    EXPERT = "expert", _("Technical expert")
    OBSERVER = "observer", _("Observer")


class PaperResult(TextChoices):
    """What an item of the checklist came to."""

    NOT_LOOKED = "not_looked", _("Not looked at")
    CONFORM = "conform", _("Conforms")
    NONCONFORM = "nonconform", _("Does not conform")
    OBSERVATION = "observation", _("Observation")
    OPPORTUNITY = "opportunity", pgettext_lazy("improvement", "Opportunity")


class FindingGrade(TextChoices):
    MAJOR = "major", _("Major nonconformity")
    MINOR = "minor", _("Minor nonconformity")
    OBSERVATION = "observation", _("Observation")
    OPPORTUNITY = "opportunity", _("Opportunity for improvement")
    STRENGTH = "strength", _("Good practice")


class FindingState(TextChoices):
    DRAFT = "draft", _("Draft")
    ISSUED = "issued", _("Issued")
    ANSWERED = "answered", _("Answered")
    CLOSED = "closed", _("Closed")
    WITHDRAWN = "withdrawn", _("Withdrawn")


class Grade(TextChoices):
    """How grave a nonconformity is; the wait before its effectiveness is judged follows from it."""

    MAJOR = "major", _("Major")
    MINOR = "minor", _("Minor")


class NcSource(TextChoices):
    AUDIT = "audit", _("Internal audit")
    BODY = "body", _("Certification body")
    INCIDENT = "incident", _("Incident")
    MONITORING = "monitoring", _("Monitoring")
    GATE_BYPASS = "gate_bypass", _("Gate bypassed")
    CONCERN = "concern", _("Concern or complaint")
    REVIEW = "review", _("Review")
    OTHER = "other", _("Other")


class NcState(TextChoices):
    OPEN = "open", _("Open")
    CONTAINED = "contained", _("Contained")
    ANALYSED = "analysed", _("Cause analysed")
    PLANNED = "planned", _("Actions planned")
    DONE = "done", _("Actions done")
    AWAITING = "awaiting", _("Awaiting effectiveness")
    CLOSED = "closed", _("Closed")
    REOPENED = "reopened", _("Reopened")


class CauseMethod(TextChoices):
    FIVE_WHYS = "five_whys", _("Five whys")
    FISHBONE = "fishbone", _("Fishbone")
    FREE = "free", _("Free text")


class Bone(TextChoices):
    """The branches of a fishbone."""

    PEOPLE = "people", _("People")
    METHOD = "method", _("Method")
    DATA = "data", _("Data")
    TOOLS = "tools", _("Models and tools")
    MEASUREMENT = "measurement", _("Measurement")
    SURROUNDINGS = "surroundings", _("Surroundings")


class ActionState(TextChoices):
    OPEN = "open", _("To do")
    DONE = "done", _("Done")
    DROPPED = "dropped", _("Dropped")


class ImprovementState(TextChoices):
    OPEN = "open", _("Open")
    DONE = "done", _("Carried out")
    DECLINED = "declined", _("Declined")


class Tie(TextChoices):
    """How two nonconformities belong together."""

    SIMILAR = "similar", _("Similar case")
    RECURRENCE = "recurrence", _("Happened again")


class EngagementState(TextChoices):
    OPEN = "open", _("Open")
    ENDED = "ended", _("Ended early")


class GuestRole(TextChoices):
    """As what somebody from outside works; given by an engagement alone."""

    EXTERNAL_AUDITOR = "external_auditor", _("External auditor")
    OUTSOURCED_AUDITOR = "outsourced_auditor", _("Outsourced internal auditor")


class RequestState(TextChoices):
    ASKED = "asked", _("Asked")
    OFFERED = "offered", _("Offered")
    ACCEPTED = "accepted", _("Accepted")
    FLAGGED = "flagged", _("Not enough")
    WITHDRAWN = "withdrawn", _("Withdrawn")


class RowVerdict(TextChoices):
    OPEN = "open", _("Not judged")
    CONFORM = "conform", _("Conforms")
    NONCONFORM = "nonconform", _("Does not conform")
    UNCLEAR = "unclear", _("Unclear")


class CertificateState(TextChoices):
    PREPARING = "preparing", _("In preparation")
    VALID = "valid", _("Valid")
    SUSPENDED = "suspended", _("Suspended")
    WITHDRAWN = "withdrawn", _("Withdrawn")
    EXPIRED = "expired", _("Expired")


WAIT = {Grade.MAJOR: 90, Grade.MINOR: 30}  # days from the last action to the earliest verdict on its effect
NONCONFORMING = (FindingGrade.MAJOR, FindingGrade.MINOR)
IMPROVING = (FindingGrade.OBSERVATION, FindingGrade.OPPORTUNITY)
AUDITING = (TeamRole.LEAD, TeamRole.AUDITOR)  # who judges, and so must be competent and independent
PAPERS_HERE = (AuditSort.INTERNAL, AuditSort.GAP)  # audits whose working papers are kept here
OPEN_NC = tuple(state for state in NcState if state != NcState.CLOSED)

PROGRAMME_TONES: dict[str, Tone] = {"draft": "warn", "approved": "good", "closed": "neutral"}
AUDIT_TONES: dict[str, Tone] = {
    "planned": "info", "running": "warn", "reported": "info", "closed": "good", "cancelled": "neutral",
    "taken_over": "neutral",
}  # fmt: skip
RESULT_TONES: dict[str, Tone] = {
    "not_looked": "neutral", "conform": "good", "nonconform": "bad", "observation": "warn", "opportunity": "info",
}  # fmt: skip
GRADE_TONES: dict[str, Tone] = {
    "major": "bad", "minor": "warn", "observation": "info", "opportunity": "info", "strength": "good",
}  # fmt: skip
FINDING_TONES: dict[str, Tone] = {
    "draft": "neutral", "issued": "warn", "answered": "info", "closed": "good", "withdrawn": "neutral",
}  # fmt: skip
NC_TONES: dict[str, Tone] = {
    "open": "bad", "contained": "warn", "analysed": "info", "planned": "info", "done": "info", "awaiting": "warn",
    "closed": "good", "reopened": "bad",
}  # fmt: skip
ACTION_TONES: dict[str, Tone] = {"open": "info", "done": "good", "dropped": "neutral"}
IMPROVEMENT_TONES: dict[str, Tone] = {"open": "info", "done": "good", "declined": "neutral"}
ENGAGEMENT_TONES: dict[str, Tone] = {"open": "info", "ended": "neutral"}
REQUEST_TONES: dict[str, Tone] = {
    "asked": "warn", "offered": "info", "accepted": "good", "flagged": "bad", "withdrawn": "neutral",
}  # fmt: skip
VERDICT_TONES: dict[str, Tone] = {"open": "neutral", "conform": "good", "nonconform": "bad", "unclear": "warn"}
CERTIFICATE_TONES: dict[str, Tone] = {
    "preparing": "info", "valid": "good", "suspended": "bad", "withdrawn": "neutral", "expired": "bad",
}  # fmt: skip

_KEEPERS = ["internal_auditor", "aims_manager"]
_OWNERS = ["aims_manager", "system_owner", "risk_owner"]
_A, _N, _F = AuditState, NcState, FindingState
PROGRAMME = Workflow(
    "programme",
    ProgrammeState,
    [
        edge("approve", _("Approve"), [ProgrammeState.DRAFT], ProgrammeState.APPROVED, ["top_management", "approver"]),
        edge("close", _("Close"), [ProgrammeState.APPROVED], ProgrammeState.CLOSED, _KEEPERS),
    ],
)
AUDIT = Workflow(
    "audit",
    AuditState,
    [
        edge("start", _("Start"), [_A.PLANNED], _A.RUNNING, _KEEPERS),
        edge("report", _("Issue the report"), [_A.RUNNING], _A.REPORTED, ["internal_auditor"]),
        edge("close", _("Close"), [_A.REPORTED], _A.CLOSED, _KEEPERS),
        edge("cancel", _("Cancel the audit"), [_A.PLANNED, _A.RUNNING], _A.CANCELLED, _KEEPERS),
    ],
)
FINDING = Workflow(
    "finding",
    FindingState,
    [
        edge("issue", _("Issue"), [_F.DRAFT], _F.ISSUED, ["internal_auditor"]),
        edge("answer", _("Answer"), [_F.ISSUED, _F.ANSWERED], _F.ANSWERED, _OWNERS),
        edge("close", _("Close"), [_F.ISSUED, _F.ANSWERED], _F.CLOSED, ["internal_auditor"]),
        edge("withdraw", _("Withdraw"), [_F.DRAFT, _F.ISSUED, _F.ANSWERED], _F.WITHDRAWN, ["internal_auditor"]),
    ],
)
# Closing may be tried from any open state: what is then still missing is answered in full (10.2).
NONCONFORMITY = Workflow(
    "nonconformity",
    NcState,
    [
        edge("contain", _("Contain"), [_N.OPEN, _N.REOPENED], _N.CONTAINED, _OWNERS),
        edge("analyse", _("Analyse the cause"), [_N.CONTAINED, _N.ANALYSED], _N.ANALYSED, _OWNERS),
        edge("plan", _("Plan corrective action"), [_N.ANALYSED, _N.PLANNED], _N.PLANNED, _OWNERS),
        edge("plan_none", _("No action needed"), [_N.ANALYSED], _N.DONE, _OWNERS),
        edge("finish", _("Last action done"), [_N.PLANNED], _N.DONE),
        edge("hand_over", _("Hand over for review"), [_N.DONE], _N.AWAITING, _OWNERS),
        edge("reject", _("Not effective"), [_N.AWAITING], _N.REOPENED),
        edge("close", _("Close"), OPEN_NC, _N.CLOSED, ["aims_manager", "internal_auditor"]),
        edge("reopen", _("Reopen"), [_N.CLOSED], _N.REOPENED, ["aims_manager", "internal_auditor"]),
    ],
)
