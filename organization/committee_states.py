"""Words and workflows of committees: the body, its sittings, the matters before it (A.3.2)."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from aims.ui import Tone
from aims.workflow import Workflow, edge


class CommitteeState(TextChoices):
    ACTIVE = "active", _("Active")
    DISSOLVED = "dissolved", _("Dissolved")


class Function(TextChoices):
    """What a member is in the committee."""

    CHAIR = "chair", _("Chair")
    SECRETARY = "secretary", _("Secretary")
    MEMBER = "member", _("Member")


class Majority(TextChoices):
    SIMPLE = "simple", _("More than half of the votes")
    TWO_THIRDS = "two_thirds", _("Two thirds of the votes")


class SittingState(TextChoices):
    PLANNED = "planned", _("Planned")
    OPEN = "open", _("In session")
    CLOSED = "closed", _("Closed")
    CANCELLED = "cancelled", _("Cancelled")


class MatterState(TextChoices):
    QUEUED = "queued", _("Waits for a sitting")
    LISTED = "listed", _("On the agenda")
    DECIDED = "decided", _("Decided")
    PUT_OFF = "put_off", _("Put off")
    WITHDRAWN = "withdrawn", _("Withdrawn")


class Choice(TextChoices):
    """What a member may vote for; which of them a matter offers is said when it is raised."""

    APPROVE = "approve", _("Approve")
    REJECT = "reject", _("Reject")
    ESCALATE = "escalate", _("Put before top management")
    ABSTAIN = "abstain", _("Abstain")


OPEN_MATTERS = (MatterState.QUEUED, MatterState.LISTED)
COMMITTEE_TONES: dict[str, Tone] = {CommitteeState.ACTIVE: "good", CommitteeState.DISSOLVED: "neutral"}
SITTING_TONES: dict[str, Tone] = {
    SittingState.PLANNED: "info",
    SittingState.OPEN: "warn",
    SittingState.CLOSED: "good",
    SittingState.CANCELLED: "neutral",
}
MATTER_TONES: dict[str, Tone] = {
    MatterState.QUEUED: "info",
    MatterState.LISTED: "warn",
    MatterState.DECIDED: "good",
    MatterState.PUT_OFF: "neutral",
    MatterState.WITHDRAWN: "neutral",
}
CHOICE_TONES: dict[str, Tone] = {"approve": "good", "reject": "bad", "escalate": "warn", "abstain": "neutral"}

_KEEPERS = ["aims_manager", "top_management"]
COMMITTEE = Workflow(
    "committee",
    CommitteeState,
    [edge("dissolve", _("Dissolve"), [CommitteeState.ACTIVE], CommitteeState.DISSOLVED, _KEEPERS)],
)
SITTING = Workflow(
    "sitting",
    SittingState,
    [
        edge("open", _("Open the sitting"), [SittingState.PLANNED], SittingState.OPEN, _KEEPERS),
        edge("close", _("Close the sitting"), [SittingState.OPEN], SittingState.CLOSED, _KEEPERS),
        edge("cancel", _("Cancel"), [SittingState.PLANNED], SittingState.CANCELLED, _KEEPERS),
    ],
)
