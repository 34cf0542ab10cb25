"""Pages of evidence and packs."""

from evidence.views.evidence import (
    EvidenceAdd,
    EvidenceChange,
    EvidenceDetail,
    EvidenceDownload,
    EvidenceList,
    EvidenceReplace,
    EvidenceVerify,
    EvidenceWithdraw,
)
from evidence.views.links import AttachEvidence, LinkCreate, LinkRemove
from evidence.views.packs import (
    PackCancel,
    PackCreate,
    PackDetail,
    PackDownload,
    PackList,
    PackProgress,
    PackRetry,
)

__all__ = [
    "AttachEvidence",
    "EvidenceAdd",
    "EvidenceChange",
    "EvidenceDetail",
    "EvidenceDownload",
    "EvidenceList",
    "EvidenceReplace",
    "EvidenceVerify",
    "EvidenceWithdraw",
    "LinkCreate",
    "LinkRemove",
    "PackCancel",
    "PackCreate",
    "PackDetail",
    "PackDownload",
    "PackList",
    "PackProgress",
    "PackRetry",
]
