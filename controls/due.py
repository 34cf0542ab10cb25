"""What falls due of the Statement of Applicability: planned controls by the day that was stated."""

from django.utils.translation import gettext_lazy as _

from aims.registry import DueSource
from aims.rhythm import Every
from controls.states import StatementState

SOURCES = (
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
