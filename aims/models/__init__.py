"""Models of the kernel, one room each: base records and spine, what is due, background work, the sealed log."""

from aims.models.base import Governed, Identified, Installation, Part, Record, Today, governed, part
from aims.models.comments import Comment, Mention
from aims.models.consistency import Answer
from aims.models.due import Cadence, DueRun, Leave, Letter, Plan, Task, Wishes
from aims.models.imports import Import, ImportKey, ImportLine, ImportPlan, OwnField, OwnValues
from aims.models.logs import Decision, Disposal, Erasure, Reading, SealedLog
from aims.models.seals import Activity, Leaf, Seal, SealKey
from aims.models.webhooks import Message, Webhook
from aims.models.work import Count, IdempotencyKey, Job, SavedView

__all__ = [
    "Activity",
    "Answer",
    "Cadence",
    "Comment",
    "Count",
    "Decision",
    "Disposal",
    "DueRun",
    "Erasure",
    "Governed",
    "IdempotencyKey",
    "Identified",
    "Import",
    "ImportKey",
    "ImportLine",
    "ImportPlan",
    "Installation",
    "Job",
    "Leaf",
    "Leave",
    "Letter",
    "Mention",
    "Message",
    "OwnField",
    "OwnValues",
    "Part",
    "Plan",
    "Reading",
    "Record",
    "SavedView",
    "Seal",
    "SealKey",
    "SealedLog",
    "Task",
    "Today",
    "Webhook",
    "Wishes",
    "governed",
    "part",
]
