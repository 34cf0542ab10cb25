"""What audits and what follows from them must show for a certificate: facts, asked of the records themselves."""

from django.utils.translation import gettext_lazy as _

from aims.readiness import held
from aims.registry import Condition

CONDITIONS = (
    Condition("programme", "9.2.2", 1, _("An audit programme is approved."), held("programme", "approved")),
    Condition(
        "audited", "9.2.1", 1, _("An internal audit was carried out and reported."), held("audit", "reported", "closed")
    ),
    Condition("improved", "10.1", 2, _("Improvements are recorded."), held("improvement")),
    Condition("corrected", "10.2", 2, _("Nonconformities are recorded."), held("nonconformity")),
)
