"""What falls due of the organization: obligations and competence are looked at again, objectives end, overrides are reviewed."""

from django.utils.translation import gettext_lazy as _

from aims.registry import DueSource
from aims.rhythm import Every
from organization.states import MandateState, ObjectiveState, ObligationState, OverrideState

SOURCES = (
    DueSource(
        kind="obligation",
        name=_("Review of an obligation"),
        asks=_("Does it still bind us, and do we do what it asks?"),
        every={"": Every(12, "months")},
        idle=[ObligationState.ENDED],
    ),
    DueSource(
        kind="objective",
        name=_("End of an objective"),
        asks=_("Evaluate the result: was it reached, and what came of it?"),
        every={"": Every(12, "months")},
        form="close",
        idle=[ObjectiveState.DRAFT, ObjectiveState.REACHED, ObjectiveState.MISSED, ObjectiveState.DROPPED],
        rhythmic=False,
    ),
    DueSource(
        kind="competence",
        name=_("Renewal of competence"),
        asks=_("It runs out: show what keeps the competence up, and have it confirmed again."),
        every={"": Every(24, "months")},
        idle=[MandateState.ENDED],
        rhythmic=False,
        ahead=60,
    ),
    DueSource(
        kind="override",
        name=_("Review of an override"),
        asks=_("One person held two duties. Look at what came of it, and say what you found."),
        every={"": Every(3, "months")},
        form="review",
        idle=[OverrideState.REVIEWED],
        rhythmic=False,
    ),
)
