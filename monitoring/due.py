"""What falls due of concerns: acknowledged within a week, answered within three months (control A.3.3)."""

from django.utils.translation import gettext_lazy as _

from aims.registry import DueSource
from aims.rhythm import Every
from monitoring.models import Concern
from monitoring.states import ACKNOWLEDGE, ANSWERED, ConcernState


def tier(concern: Concern) -> str:
    """What is asked next: the acknowledgement, else the answer."""
    return ACKNOWLEDGE if concern.state == ConcernState.RECEIVED else ""


SOURCES = (
    DueSource(
        kind="concern",
        name=_("Answer to who raised it"),
        asks=_("Acknowledge the concern, or answer it: who raised it was promised a date."),
        every={"": Every(3, "months"), ACKNOWLEDGE: Every(7, "days")},
        idle=ANSWERED,
        rhythmic=False,
        paced=True,
        tier=tier,
        tiers={ACKNOWLEDGE: _("until it is acknowledged")},
    ),
)
