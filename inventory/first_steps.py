"""What an empty installation does first with AI systems."""

from django.utils.translation import gettext_lazy as _

from aims.registry import Step
from inventory.models import AISystem

STEPS = (
    Step(
        30,
        _("Bring in the AI systems"),
        _("From the sheet you keep them in today, or one by one: four fields are enough."),
        "/imports/create/",
        lambda user: AISystem.objects.exists(),
        "4.3",
    ),
    Step(
        60,
        _("Put each system into a tier"),
        _("The tier says how deep assessments go and who approves them."),
        "/systems/",
        lambda user: AISystem.objects.exists() and not AISystem.objects.filter(tier="").exists(),
        "6.1.4",
    ),
)
