"""Kinds and states of evidence and packs, with their transition tables. ISO/IEC 42001 clause 7.5."""

from typing import Any

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from aims.workflow import Workflow, edge
from organization.states import Role

KEEPERS = (Role.AIMS_MANAGER, Role.SYSTEM_OWNER, Role.RISK_OWNER, Role.CONTRIBUTOR, Role.INTEGRATION)


class EvidenceKind(TextChoices):
    FILE = "file", _("File")
    LINK = "link", pgettext_lazy("address", "Link")
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


class DocumentSort(TextChoices):
    """What a document is. An AI policy is what clause 5.2 asks for."""

    AI_POLICY = "ai_policy", _("AI policy")
    POLICY = "policy", _("Policy")
    PROCEDURE = "procedure", _("Procedure")
    PLAN = "plan", _("Plan")
    FORM = "form", _("Record form")
    MANUAL = "manual", _("Description or guide")
    EXTERNAL = "external", _("External document")


class DocumentState(TextChoices):
    DRAFT = "draft", _("Not in force yet")
    EFFECTIVE = "effective", _("In force")
    WITHDRAWN = "withdrawn", _("Withdrawn")


class VersionState(TextChoices):
    """How a version of a document stands."""

    DRAFT = "draft", _("Draft")
    IN_REVIEW = "in_review", _("In review")
    APPROVED = "approved", _("Approved")
    EFFECTIVE = "effective", _("In force")
    SUPERSEDED = "superseded", _("Superseded")
    WITHDRAWN = "withdrawn", _("Withdrawn")

    @classmethod
    def open(cls) -> tuple[str, ...]:
        """On its way into force."""
        return (cls.DRAFT, cls.IN_REVIEW, cls.APPROVED)


class Audience(TextChoices):
    """Who is asked to read and acknowledge a document."""

    NOBODY = "nobody", _("Nobody is asked")
    EVERYBODY = "everybody", _("Everybody in its unit and below")
    ROLES = "roles", _("Certain roles")


class PolicyElement(TextChoices):
    """What clause 5.2 asks an AI policy to say; the value names the column that says where."""

    PURPOSE = "purpose", _("Fits the purpose of the organization")
    OBJECTIVES = "objectives", _("Frame for AI objectives")
    REQUIREMENTS = "requirements", _("Commitment to meet applicable requirements")
    IMPROVEMENT = "improvement", _("Commitment to continual improvement")


# Who may be asked to read: everybody of the house.
AUDIENCE_ROLES = tuple(role for role in Role if role not in (Role.EXTERNAL_AUDITOR, Role.INTEGRATION))
WRITERS = (Role.AIMS_MANAGER, Role.TOP_MANAGEMENT, Role.SYSTEM_OWNER, Role.RISK_OWNER, Role.CONTRIBUTOR)


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
DOCUMENT_TONES: dict[str, Any] = {
    DocumentState.DRAFT: "info",
    DocumentState.EFFECTIVE: "good",
    DocumentState.WITHDRAWN: "bad",
}
VERSION_TONES: dict[str, Any] = {
    VersionState.DRAFT: "info",
    VersionState.IN_REVIEW: "info",
    VersionState.APPROVED: "good",
    VersionState.EFFECTIVE: "good",
    VersionState.SUPERSEDED: "neutral",
    VersionState.WITHDRAWN: "bad",
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

DOCUMENT = Workflow(
    "document",
    DocumentState,
    [
        edge(
            "take_effect", _("Put a version in force"), [DocumentState.DRAFT, DocumentState.EFFECTIVE],
            DocumentState.EFFECTIVE, [Role.AIMS_MANAGER],
        ),
        edge(
            "withdraw", _("Withdraw"), [DocumentState.DRAFT, DocumentState.EFFECTIVE], DocumentState.WITHDRAWN,
            [Role.AIMS_MANAGER, Role.TOP_MANAGEMENT],
        ),
    ],
)  # fmt: skip

DOCUMENT_VERSION = Workflow(
    "document_version",
    VersionState,
    [
        edge("submit", _("Send to review"), [VersionState.DRAFT], VersionState.IN_REVIEW, WRITERS),
        edge(
            "send_back", _("Send back"), [VersionState.IN_REVIEW], VersionState.DRAFT,
            [Role.APPROVER, Role.TOP_MANAGEMENT, Role.AIMS_MANAGER],
        ),
        edge(
            "approve", _("Approve"), [VersionState.IN_REVIEW], VersionState.APPROVED,
            [Role.APPROVER, Role.TOP_MANAGEMENT],
        ),
        edge("take_effect", _("Put in force"), [VersionState.APPROVED], VersionState.EFFECTIVE, [Role.AIMS_MANAGER]),
        edge("supersede", _("Superseded by the next"), [VersionState.EFFECTIVE], VersionState.SUPERSEDED),
        edge(
            "withdraw", _("Withdraw"), [*VersionState.open(), VersionState.EFFECTIVE], VersionState.WITHDRAWN,
            [Role.AIMS_MANAGER, Role.TOP_MANAGEMENT],
        ),
    ],
)  # fmt: skip
