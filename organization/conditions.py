"""What commitments and people must show for a certificate: facts, asked of the records themselves."""

from django.utils.translation import gettext_lazy as _

from aims.readiness import held
from aims.registry import Condition

CONDITIONS = (
    Condition(
        "obligations",
        "4.2",
        1,
        _("What interested parties and the law ask for is recorded."),
        held("obligation", "in_force"),
    ),
    Condition("authorities", "5.3", 1, _("It is recorded who may decide what."), held("authority", "in_force")),
    Condition("objectives", "6.2", 1, _("Objectives for AI are in force."), held("objective", "active", "reached")),
    Condition("competence", "7.2", 2, _("Competence is recorded."), held("competence", "in_force")),
)
