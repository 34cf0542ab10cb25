"""States the kernel itself knows."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


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


class MessageState(TextChoices):
    """A message to a webhook."""

    WAITING = "waiting", _("Waiting")
    DELIVERED = "delivered", _("Delivered")
    FAILED = "failed", _("Failed")


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
    """What brought a task about: the record's own date, a person who asked for a look between two dates, or that
    somebody has to read the record themselves. A reading is one person's alone: nobody stands in, nobody takes over.
    """

    REVIEW = "review", _("Review")
    EXTRA = "extra", _("Extra review")
    READ = "read", _("Reading")


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


class ImportState(TextChoices):
    """A file on its way into the register."""

    READING = "reading", _("Being read")
    READ = "read", _("Columns to confirm")
    CHECKING = "checking", _("Being checked")
    CHECKED = "checked", _("Checked")
    RUNNING = "running", _("Being imported")
    DONE = "done", _("Imported")
    TAKING_BACK = "taking_back", _("Being taken back")
    TAKEN_BACK = "taken_back", _("Taken back")
    FAILED = "failed", _("Failed")

    @classmethod
    def on_the_way(cls) -> tuple[str, ...]:
        """From the upload to the last line."""
        return (cls.READING, cls.READ, cls.CHECKING, cls.CHECKED, cls.RUNNING)

    @classmethod
    def working(cls) -> frozenset[str]:
        """A worker has it."""
        return frozenset({cls.READING, cls.CHECKING, cls.RUNNING, cls.TAKING_BACK})


class LineState(TextChoices):
    """What becomes, or became, of a line."""

    READ = "read", _("Not checked yet")
    NEW = "new", _("New")
    UPDATE = "update", _("Changes a record")
    SAME = "same", _("Already so")
    TWICE = "twice", _("Named like an earlier line")
    WRONG = "wrong", _("Wrong")
    MADE = "made", _("Made")
    CHANGED = "changed", _("Changed")
    UNDONE = "undone", _("Taken back")
    KEPT = "kept", _("Kept: edited since, or used elsewhere")


class OwnType(TextChoices):
    TEXT = "text", _("Text")
    NUMBER = "number", pgettext_lazy("figure", "Number")
    DAY = "day", _("Date")
    YES_NO = "yes_no", _("Yes or no")
    CHOICE = "choice", _("Choice")
    TAGS = "tags", _("Tags")

    @classmethod
    def listed(cls) -> frozenset[str]:
        """Types whose words the AIMS manager lists."""
        return frozenset({cls.CHOICE, cls.TAGS})
