"""What an empty installation does first about risk."""

from django.utils.translation import gettext_lazy as _

from aims.registry import Step
from risk.models import RiskCriteria

STEPS = (
    Step(
        40,
        _("Approve risk criteria"),
        _("Scales, levels and who may accept what; without them nothing can be rated."),
        "/criteria/",
        lambda user: RiskCriteria.objects.filter(state="approved").exists(),
        "6.1.2",
    ),
)
