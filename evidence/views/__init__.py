"""Pages of evidence and packs."""

from evidence.views.evidence import (
    EvidenceAdd,
    EvidenceAttest,
    EvidenceChange,
    EvidenceDetail,
    EvidenceDownload,
    EvidenceList,
    EvidenceRedact,
    EvidenceReplace,
    EvidenceVerify,
    EvidenceWithdraw,
)
from evidence.views.links import AttachEvidence, LinkCreate, LinkRemove
from evidence.views.packs import (
    PackBag,
    PackCancel,
    PackCreate,
    PackDetail,
    PackDownload,
    PackList,
    PackProgress,
    PackRetry,
)
from evidence.views.requests import (
    RequestChange,
    RequestCreate,
    RequestDetail,
    RequestDrop,
    RequestGive,
    RequestList,
)

__all__ = [
    "AttachEvidence",
    "EvidenceAdd",
    "EvidenceAttest",
    "EvidenceChange",
    "EvidenceDetail",
    "EvidenceDownload",
    "EvidenceList",
    "EvidenceRedact",
    "EvidenceReplace",
    "EvidenceVerify",
    "EvidenceWithdraw",
    "LinkCreate",
    "LinkRemove",
    "PackBag",
    "PackCancel",
    "PackCreate",
    "PackDetail",
    "PackDownload",
    "PackList",
    "PackProgress",
    "PackRetry",
    "RequestChange",
    "RequestCreate",
    "RequestDetail",
    "RequestDrop",
    "RequestGive",
    "RequestList",
]
