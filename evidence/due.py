"""What falls due of evidence: what expires is collected anew, or withdrawn."""

from django.utils.translation import gettext_lazy as _

from aims.registry import DueSource
from aims.rhythm import Every
from evidence.states import EvidenceState

SOURCES = (
    DueSource(
        kind="evidence",
        name=_("Expiring evidence"),
        asks=_("This evidence expires: collect it anew, or withdraw it."),
        every={"": Every(12, "months")},
        form="replace",
        idle=[EvidenceState.SUPERSEDED, EvidenceState.WITHDRAWN],
        rhythmic=False,
        ahead=30,
    ),
)
