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
