"""Where a control stands, and the workflow of the Statement of Applicability (clause 6.1.3)."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from aims.ui import Tone
from aims.workflow import Workflow, edge


class Source(TextChoices):
    """Where a control comes from: Annex A, or the organization itself (clause 6.1.3 c)."""

    ANNEX_A = "annex_a", _("Annex A")
    OWN = "own", _("Own control")


class Documented(TextChoices):
    """How a clause wants its documented information kept."""

    MAINTAIN = "maintain", _("Maintain")
    RETAIN = "retain", _("Retain")


class Relationship(TextChoices):
    """How closely a clause or control corresponds to a row of another framework; unknown is related, never more."""

    SUPPORTS = "supports", _("Supports")
    PARTIAL = "partial", _("Supports in part")
    RELATED = "related", _("Related")


class Ours(TextChoices):
    """What of another framework's rows is in the product's own words or by its own judgement."""

    TITLES = "titles", _("titles")
    COUNTERPARTS = "counterparts", _("counterparts")
    RELATIONSHIPS = "relationships", _("relationships")
    REASONS = "reasons", _("reasons")


class Applicability(TextChoices):
    """The decision of clause 6.1.3 f): every control is included or excluded, and says why."""

    UNDECIDED = "undecided", _("Undecided")
    INCLUDED = "included", _("Included")
    EXCLUDED = "excluded", _("Excluded")


class Basis(TextChoices):
    """What calls for a control, or lets it go."""

    RISK = "risk", _("Risk")
    LAW = "law", _("Law or regulation")
    CONTRACT = "contract", _("Contract")
    OBJECTIVE = "objective", _("Objective")
    PRACTICE = "practice", _("Good practice")
    ROLE = "role", _("Role or scope")


class Status(TextChoices):
    """How far a control is implemented. Not applicable: exactly the excluded ones."""

    NOT_STARTED = "not_started", _("Not started")
    PLANNED = "planned", _("Planned")
    PARTIAL = "partial", _("Partly implemented")
    IMPLEMENTED = "implemented", _("Implemented")
    NOT_APPLICABLE = "not_applicable", _("Not applicable")


class StatementState(TextChoices):
    """What the spine shows: no decision yet, excluded, or else the status."""

    UNDECIDED = "undecided", _("Undecided")
    NOT_STARTED = "not_started", _("Not started")
    PLANNED = "planned", _("Planned")
    PARTIAL = "partial", _("Partly implemented")
    IMPLEMENTED = "implemented", _("Implemented")
    EXCLUDED = "excluded", _("Excluded")


APPLICABILITY_TONES: dict[str, Tone] = {
    Applicability.UNDECIDED: "warn",
    Applicability.INCLUDED: "info",
    Applicability.EXCLUDED: "neutral",
}
STATUS_TONES: dict[str, Tone] = {
    Status.NOT_STARTED: "bad",
    Status.PLANNED: "info",
    Status.PARTIAL: "warn",
    Status.IMPLEMENTED: "good",
    Status.NOT_APPLICABLE: "neutral",
}
STATE_TONES: dict[str, Tone] = {
    StatementState.UNDECIDED: "warn",
    StatementState.NOT_STARTED: "bad",
    StatementState.PLANNED: "info",
    StatementState.PARTIAL: "warn",
    StatementState.IMPLEMENTED: "good",
    StatementState.EXCLUDED: "neutral",
}


def state_of(applicability: str, status: str) -> StatementState:
    """The state that a decision and a status give; the database keeps the same rule as a constraint."""
    if applicability == Applicability.UNDECIDED:
        return StatementState.UNDECIDED
    if applicability == Applicability.EXCLUDED:
        return StatementState.EXCLUDED
    return StatementState(status)


class ScopeState(TextChoices):
    IN_USE = "in_use", _("In use")
    ENDED = "ended", _("Ended")


class SoaState(TextChoices):
    """A version of the Statement of Applicability, from draft to the archive."""

    DRAFT = "draft", _("Draft")
    IN_REVIEW = "in_review", _("In review")
    APPROVED = "approved", _("Approved")
    SUPERSEDED = "superseded", _("Superseded")


class Wanted(TextChoices):
    """What a proposal asks for."""

    INCLUDE = "include", _("Include the control")
    BASIS = "basis", _("Name the basis")
    REVIEW = "review", _("Look at it again")


class ProposalState(TextChoices):
    OPEN = "open", _("Open")
    TAKEN = "taken", _("Taken over")
    DECLINED = "declined", _("Declined")


class AnswerState(TextChoices):
    """What a gap assessment found of a clause."""

    MISSING = "missing", _("Missing")
    PARTLY = "partly", _("Partly there")
    MET = "met", _("Met")


ANSWER_TONES: dict[str, Tone] = {AnswerState.MISSING: "bad", AnswerState.PARTLY: "warn", AnswerState.MET: "good"}
RELATIONSHIP_TONES: dict[str, Tone] = {
    Relationship.SUPPORTS: "info",
    Relationship.PARTIAL: "warn",
    Relationship.RELATED: "neutral",
}
SCOPE_TONES: dict[str, Tone] = {ScopeState.IN_USE: "good", ScopeState.ENDED: "neutral"}
SOA_TONES: dict[str, Tone] = {
    SoaState.DRAFT: "warn",
    SoaState.IN_REVIEW: "info",
    SoaState.APPROVED: "good",
    SoaState.SUPERSEDED: "neutral",
}
PROPOSAL_TONES: dict[str, Tone] = {
    ProposalState.OPEN: "warn",
    ProposalState.TAKEN: "good",
    ProposalState.DECLINED: "neutral",
}
SOA = Workflow(
    "soa",
    SoaState,
    [
        edge("submit", _("Submit for approval"), [SoaState.DRAFT], SoaState.IN_REVIEW, ["aims_manager"]),
        edge("return", _("Return"), [SoaState.IN_REVIEW], SoaState.DRAFT, ["approver", "top_management"]),
        edge("approve", _("Approve"), [SoaState.IN_REVIEW], SoaState.APPROVED, ["approver", "top_management"]),
        edge("supersede", _("Supersede"), [SoaState.APPROVED], SoaState.SUPERSEDED),
    ],
)
