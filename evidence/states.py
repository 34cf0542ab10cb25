"""Kinds and states of evidence and packs, with their transition tables. ISO/IEC 42001 clause 7.5."""

from typing import Any

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from aims.workflow import Workflow, edge
from organization.states import Role

KEEPERS = (Role.AIMS_MANAGER, Role.SYSTEM_OWNER, Role.RISK_OWNER, Role.CONTRIBUTOR, Role.INTEGRATION)


class EvidenceKind(TextChoices):
    FILE = "file", _("File")
    LINK = "link", _("Link")
    RESULT = "result", _("Measured result")


class EvidenceState(TextChoices):
    CURRENT = "current", _("Current")
    SUPERSEDED = "superseded", _("Superseded")
    WITHDRAWN = "withdrawn", _("Withdrawn")


class Freshness(TextChoices):
    """How long evidence still counts."""

    FRESH = "fresh", _("Fresh")
    DUE = "due", _("Due soon")
    EXPIRED = "expired", _("Expired")
    UNKNOWN = "unknown", _("Undated")


class RequestState(TextChoices):
    OPEN = "open", _("Open")
    GIVEN = "given", _("Given")
    DROPPED = "dropped", _("No longer wanted")


class Comparator(TextChoices):
    AT_LEAST = ">=", _("at least")
    AT_MOST = "<=", _("at most")


class PackState(TextChoices):
    ASKED = "asked", _("Waiting")
    RENDERING = "rendering", _("Being built")
    READY = "ready", _("Ready")
    FAILED = "failed", _("Failed")
    CANCELLED = "cancelled", _("Cancelled")


EVIDENCE_TONES: dict[str, Any] = {
    EvidenceState.CURRENT: "good",
    EvidenceState.SUPERSEDED: "neutral",
    EvidenceState.WITHDRAWN: "bad",
}
FRESHNESS_TONES: dict[str, Any] = {
    Freshness.FRESH: "good",
    Freshness.DUE: "warn",
    Freshness.EXPIRED: "bad",
    Freshness.UNKNOWN: "warn",
}
REQUEST_TONES: dict[str, Any] = {
    RequestState.OPEN: "info",
    RequestState.GIVEN: "good",
    RequestState.DROPPED: "neutral",
}
PACK_TONES: dict[str, Any] = {
    PackState.ASKED: "neutral",
    PackState.RENDERING: "info",
    PackState.READY: "good",
    PackState.FAILED: "bad",
    PackState.CANCELLED: "neutral",
}

EVIDENCE = Workflow(
    "evidence",
    EvidenceState,
    [
        edge("supersede", _("Replace by newer evidence"), [EvidenceState.CURRENT], EvidenceState.SUPERSEDED, KEEPERS),
        edge("withdraw", _("Withdraw"), [EvidenceState.CURRENT], EvidenceState.WITHDRAWN, KEEPERS),
    ],
)

_OPEN = [PackState.ASKED, PackState.RENDERING]
PACK = Workflow(
    "pack",
    PackState,
    [
        # From rendering too: a worker that died left it there, and another one takes it up again.
        edge("start", _("Start building"), _OPEN, PackState.RENDERING),
        edge("finish", _("Finish"), [PackState.RENDERING], PackState.READY),
        edge("fail", _("Fail"), _OPEN, PackState.FAILED),
        edge("cancel", _("Cancel"), _OPEN, PackState.CANCELLED),
        edge("retry", _("Try again"), [PackState.FAILED, PackState.CANCELLED], PackState.ASKED),
    ],
)

REQUEST = Workflow(
    "evidence_request",
    RequestState,
    [
        edge("give", _("Give evidence"), [RequestState.OPEN], RequestState.GIVEN, KEEPERS),
        edge("drop", _("No longer wanted"), [RequestState.OPEN], RequestState.DROPPED, [Role.AIMS_MANAGER]),
    ],
)
