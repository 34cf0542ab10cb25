"""Models of the kernel, one room each: base records and spine, background work, the sealed log."""

from aims.models.base import Governed, Identified, Installation, Part, Record, Today, governed, part
from aims.models.logs import Decision, Disposal, Erasure, Reading, SealedLog
from aims.models.seals import Activity, Leaf, Seal, SealKey
from aims.models.work import IdempotencyKey, Job, SavedView

__all__ = [
    "Activity",
    "Decision",
    "Disposal",
    "Erasure",
    "Governed",
    "IdempotencyKey",
    "Identified",
    "Installation",
    "Job",
    "Leaf",
    "Part",
    "Reading",
    "Record",
    "SavedView",
    "Seal",
    "SealKey",
    "SealedLog",
    "Today",
    "governed",
    "part",
]
