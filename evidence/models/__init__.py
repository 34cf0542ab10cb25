"""Models of this app, one room each: stored files, evidence, requests for it, packs of it, controlled documents."""

from evidence.models.documents import Acknowledgement, Document, DocumentVersion
from evidence.models.files import Blob
from evidence.models.items import Attestation, EvidenceItem, EvidenceLink
from evidence.models.packs import Chapter, EvidencePack, PackSystem
from evidence.models.requests import EvidenceRequest, RequestAnswer

__all__ = [
    "Acknowledgement",
    "Attestation",
    "Blob",
    "Chapter",
    "Document",
    "DocumentVersion",
    "EvidenceItem",
    "EvidenceLink",
    "EvidencePack",
    "EvidenceRequest",
    "PackSystem",
    "RequestAnswer",
]
