"""What falls due of risk: risks are assessed again, actions done by their day, criteria looked at once a year (8.2)."""

from django.utils.translation import gettext_lazy as _

from aims.registry import DueSource
from aims.rhythm import Every
from risk.states import ActionState, CriteriaState, RiskState

SOURCES = (
    DueSource(
        kind="risk",
        name=_("Reassessment"),
        asks=_("Assess the risk again: is it still as likely and as bad?"),
        every={"": Every(6, "months")},
        form="assess",
        idle=[RiskState.CLOSED],
        rhythmic=False,
    ),
    DueSource(
        kind="action",
        name=_("Treatment action"),
        asks=_("Carry the action out and say what came of it."),
        every={"": Every(3, "months")},
        form="done",
        idle=[ActionState.DONE, ActionState.DROPPED],
        rhythmic=False,
    ),
    DueSource(
        kind="criteria",
        name=_("Review of the risk criteria"),
        asks=_("Do scales, levels and authority still fit?"),
        every={"": Every(12, "months")},
        idle=[CriteriaState.SUPERSEDED],
    ),
    DueSource(
        kind="criteria",
        name=_("Review of the risk criteria"),
        asks=_("Do scales, levels and authority still fit?"),
        every={"": Every(12, "months")},
        idle=[CriteriaState.SUPERSEDED],
    ),
)
