"""What impact assessments must show for a certificate: facts, asked of the records themselves."""

from django.utils.translation import gettext_lazy as _

from aims.readiness import held, settled
from aims.registry import Condition

CONDITIONS = (
    Condition(
        "screened", "6.1.4", 1, _("AI systems are screened for whom they could harm."), held("screening", "in_force")
    ),
    Condition("assessed", "8.4", 2, _("Impact assessments are approved."), held("impact", "approved")),
    Condition("assessed_anew", "8.4", 2, _("No approved impact assessment is outdated."), settled("impact", "stale")),
)
