"""States the kernel itself knows."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Confidentiality(TextChoices):
    """Who may see a record of a unit: everybody with a grant there, the cleared, or the people on its case list."""

    NORMAL = "normal", _("Normal")
    RESTRICTED = "restricted", _("Restricted")
    CASE = "case", _("Case list only")


class JobState(TextChoices):
    QUEUED = "queued", _("Waiting")
    RUNNING = "running", _("Running")
    DONE = "done", _("Done")
    FAILED = "failed", _("Failed")
    CANCELLED = "cancelled", _("Cancelled")

    @classmethod
    def finished(cls) -> frozenset[str]:
        return frozenset({cls.DONE, cls.FAILED, cls.CANCELLED})


class TaskState(TextChoices):
    OPEN = "open", _("Open")
    SNOOZED = "snoozed", _("Put off")
    BLOCKED = "blocked", _("Blocked")
    DONE = "done", _("Done")
    DROPPED = "dropped", _("No longer due")

    @classmethod
    def closed(cls) -> frozenset[str]:
        return frozenset({cls.DONE, cls.DROPPED})


class TaskSort(TextChoices):
    """What brought a task about: the record's own date, or a person who asked for a look between two dates."""

    REVIEW = "review", _("Review")
    EXTRA = "extra", _("Extra review")


class Outcome(TextChoices):
    """What a review found."""

    CONFIRMED = "confirmed", _("Still right")
    CORRECTED = "corrected", _("Corrected")
    FOLLOW_UP = "follow_up", _("Needs more work")


class FindingState(TextChoices):
    """How a breach of a consistency rule stands."""

    BREACH = "breach", _("To mend")
    QUESTION = "question", _("To answer")
    ANSWERED = "answered", _("Answered")
