"""Where a control stands: decided or not, how far it is implemented, and the one state that both give."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from aims.ui import Tone


class Source(TextChoices):
    """Where a control comes from: Annex A, or the organization itself (clause 6.1.3 c)."""

    ANNEX_A = "annex_a", _("Annex A")
    OWN = "own", _("Own control")


class Documented(TextChoices):
    """How a clause wants its documented information kept."""

    MAINTAIN = "maintain", _("Maintain")
    RETAIN = "retain", _("Retain")


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
