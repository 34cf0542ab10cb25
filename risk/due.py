"""What falls due of risks: they are assessed again, and actions of a treatment are done by their day."""

from django.utils.translation import gettext_lazy as _

from aims.registry import DueSource
from aims.rhythm import Every
from risk.states import ActionState, RiskState

SOURCES = (
    DueSource(
        kind="risk",
        name=_("Risk review"),
        asks=_("Assess this risk again: does what was found still hold?"),
        every={"": Every(12, "months")},
        form="assess",
        idle=[RiskState.CLOSED],
        rhythmic=False,
    ),
    DueSource(
        kind="action",
        name=_("Action"),
        asks=_("Carry out this action, then say what was done."),
        every={"": Every(12, "months")},
        form="done",
        idle=[ActionState.DONE, ActionState.DROPPED],
        rhythmic=False,
        ahead=7,
    ),
)
