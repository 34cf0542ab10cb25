"""What falls due: assessments by the cadence of their tier, conditions, the end of an approval; minimal screenings."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from aims.registry import DueSource
from aims.rhythm import Every
from impact.states import ImpactState, ScreeningState


def tier_of(record: Any) -> str:
    """The tier by which a cadence is chosen."""
    return str(record.tier)


SOURCES = (
    DueSource(
        kind="impact",
        name=_("Impact assessment"),
        asks=_("Carry the assessment on, meet its condition, or assess again: what is due now?"),
        every={"": Every(12, "months"), "high": Every(6, "months"), "sensitive": Every(6, "months")},
        form="continue",
        idle=[ImpactState.REJECTED, ImpactState.SUPERSEDED],
        rhythmic=False,
        ahead=30,
        serious=["high", "sensitive"],
        tier=tier_of,
    ),
    DueSource(
        kind="screening",
        name=_("Screening"),
        asks=_("Does the lowest tier still fit, or did use, people or law change?"),
        every={"": Every(24, "months")},
        idle=[ScreeningState.SUPERSEDED, ScreeningState.RETURNED, ScreeningState.DRAFT, ScreeningState.PROPOSED],
        tier=tier_of,
    ),
    DueSource(
        kind="sitting",
        name=_("Sitting"),
        asks=_("Hold the sitting: open it, decide, close it with minutes."),
        every={"": Every(3, "months")},
        idle=["closed", "cancelled"],
        rhythmic=False,
    ),
)
