"""Models of the kernel, one room each: base records and spine, background work, the sealed log."""

from aims.models.base import Governed, Identified, Installation, Part, Record, Today, governed, part
from aims.models.seals import Activity, Leaf, Seal, SealKey
from aims.models.work import IdempotencyKey, Job, SavedView

__all__ = [
    "Activity",
    "Governed",
    "IdempotencyKey",
    "Identified",
    "Installation",
    "Job",
    "Leaf",
    "Part",
    "Record",
    "SavedView",
    "Seal",
    "SealKey",
    "Today",
    "governed",
    "part",
]
