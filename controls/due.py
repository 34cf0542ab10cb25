"""What falls due of the Statement of Applicability: planned controls by the day that was stated."""

from django.utils.translation import gettext_lazy as _

from aims.registry import DueSource
from aims.rhythm import Every
from controls.states import AnswerState, ScopeState, SoaState, StatementState

SOURCES = (
    DueSource(
        kind="gap",
        name=_("Gap to close"),
        asks=_(
            "This was missing in the gap assessment: close it, link what shows it, and bring the answer up to date."
        ),
        every={"": Every(12, "months")},
        form="change",
        idle=[AnswerState.MET],
        rhythmic=False,
        ahead=366,
    ),
    DueSource(
        kind="soa",
        name=_("Review of the Statement of Applicability"),
        asks=_("Does every decision still hold? Confirm it, or open what changed and have the next version approved."),
        every={"": Every(12, "months")},
        idle=[SoaState.DRAFT, SoaState.IN_REVIEW, SoaState.SUPERSEDED],
    ),
    DueSource(
        kind="scope",
        name=_("Review of the scope"),
        asks=_("Does the scope still say what the management system covers?"),
        every={"": Every(12, "months")},
        idle=[ScopeState.ENDED],
    ),
    DueSource(
        kind="statement",
        name=_("Planned control"),
        asks=_("This control was to be implemented by this day: state how far it is."),
        every={"": Every(12, "months")},
        form="change",
        idle=[StatementState.UNDECIDED, StatementState.IMPLEMENTED, StatementState.EXCLUDED],
        rhythmic=False,
    ),
)
