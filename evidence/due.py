"""What falls due: what expires is collected anew or withdrawn, what is in force is looked at again."""

from django.utils.translation import gettext_lazy as _

from aims.registry import DueSource
from aims.rhythm import Every
from evidence.states import DocumentState, EvidenceState, RequestState

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
    DueSource(
        kind="evidence_request",
        name=_("Requested evidence"),
        asks=_("Give the evidence that was asked for: drop a file, name an address, or choose what is there."),
        every={"": Every(3, "months")},
        form="give/",
        idle=[RequestState.GIVEN, RequestState.DROPPED],
        rhythmic=False,
        ahead=14,
    ),
    DueSource(
        kind="document",
        name=_("Review of documents"),
        asks=_("Is it still suitable, adequate and effective? Say what you looked at; if not, begin a new version."),
        every={"": Every(12, "months")},
        idle=[DocumentState.DRAFT, DocumentState.WITHDRAWN],
        ahead=30,
    ),
)
