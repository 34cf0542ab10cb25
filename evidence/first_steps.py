"""What an empty installation does first with evidence."""

from django.utils.translation import gettext_lazy as _

from aims.registry import Step
from evidence.models import EvidenceItem, EvidencePack

STEPS = (
    Step(
        70,
        _("Add the first evidence"),
        _("A file or link with what it proves, for which time, and where it came from."),
        "/evidence/create/",
        lambda user: EvidenceItem.objects.exists(),
        "7.5",
    ),
    Step(
        80,
        _("Build the first pack"),
        _("See what an auditor would see, and what is still empty."),
        "/packs/create/",
        lambda user: EvidencePack.objects.exists(),
        "7.5",
    ),
)
