"""What an empty installation does first about controls."""

from django.utils.translation import gettext_lazy as _

from aims.registry import Step
from controls.models import ControlStatement

STEPS = (
    Step(
        50,
        _("Decide the controls"),
        _("38 controls of Annex A, each included or excluded with its reason: the first document an auditor opens."),
        "/statements/",
        lambda user: ControlStatement.objects.exclude(applicability="undecided").count() >= 38,
        "6.1.3",
    ),
)
