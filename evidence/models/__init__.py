"""Models of this app, one room each: stored files, evidence, requests for it, packs of it."""

from evidence.models.files import Blob
from evidence.models.items import Attestation, EvidenceItem, EvidenceLink
from evidence.models.packs import Chapter, EvidencePack, PackSystem
from evidence.models.requests import EvidenceRequest, RequestAnswer

__all__ = [
    "Attestation",
    "Blob",
    "Chapter",
    "EvidenceItem",
    "EvidenceLink",
    "EvidencePack",
    "EvidenceRequest",
    "PackSystem",
    "RequestAnswer",
]
