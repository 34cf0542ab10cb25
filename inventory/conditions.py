"""What the inventory must show for a certificate: facts, asked of the records themselves."""

from django.utils.translation import gettext_lazy as _

from aims.readiness import held
from aims.registry import Condition

CONDITIONS = (
    Condition("systems", "4.1", 1, _("AI systems are registered, with the role of the organization."), held("system")),
    Condition("releases", "8.1", 2, _("Releases went through the gate."), held("gate_attempt", "allowed")),
)
