"""Concerns: what they are about, how they move, what came of them (control A.3.3)."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from aims.ui import Tone
from aims.workflow import Workflow, edge
from organization.states import Role


class ConcernState(TextChoices):
    RECEIVED = "received", _("Received")
    ACKNOWLEDGED = "acknowledged", _("Acknowledged")
    LOOKING = "looking", _("Being looked into")
    ANSWERED = "answered", _("Answered")
    CLOSED = "closed", _("Closed")


class ConcernSort(TextChoices):
    """What a concern is about, in everybody's words."""

    HARM = "harm", _("Somebody is or could be harmed")
    UNFAIR = "unfair", _("People are treated unfairly")
    PRIVACY = "privacy", _("Personal data")
    SAFETY = "safety", _("Safety or security")
    MISUSE = "misuse", _("AI used for what it should not be used for")
    RULES = "rules", _("A law or a rule of ours is broken")
    OTHER = "other", _("Something else")


class Verdict(TextChoices):
    UPHELD = "upheld", _("Upheld")
    PARTLY = "partly", _("Partly upheld")
    NOT_UPHELD = "not_upheld", _("Not upheld")


class EntrySort(TextChoices):
    """Who says something to whom in a case."""

    FROM_REPORTER = "from_reporter", _("From who raised it")
    TO_REPORTER = "to_reporter", _("To who raised it")
    NOTE = "note", _("Note of the handlers")


# Who may handle concerns, whom they are given to first: the next ones only where none of those before can be asked.
HANDLERS = (Role.CONCERN_HANDLER, Role.TOP_MANAGEMENT, Role.AIMS_MANAGER)
# The tier of the cadence until which a concern is acknowledged; the whole kind's is the time to the answer.
ACKNOWLEDGE = "acknowledge"
ANSWERED = (ConcernState.ANSWERED, ConcernState.CLOSED)

STATE_TONES: dict[str, Tone] = {
    ConcernState.RECEIVED: "warn",
    ConcernState.ACKNOWLEDGED: "info",
    ConcernState.LOOKING: "info",
    ConcernState.ANSWERED: "good",
    ConcernState.CLOSED: "neutral",
}
_C = ConcernState
CONCERN = Workflow(
    "concern",
    ConcernState,
    [
        edge("acknowledge", _("Acknowledge"), [_C.RECEIVED], _C.ACKNOWLEDGED, HANDLERS),
        edge("look", _("Begin to look into it"), [_C.ACKNOWLEDGED], _C.LOOKING, HANDLERS),
        edge("answer", _("Answer"), [_C.LOOKING], _C.ANSWERED, HANDLERS),
        edge("close", _("Close"), [_C.ANSWERED], _C.CLOSED, HANDLERS),
        edge("reopen", _("Reopen"), ANSWERED, _C.LOOKING, HANDLERS),
    ],
)
