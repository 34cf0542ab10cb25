"""What risk must show for a certificate: facts, asked of the records themselves."""

from django.utils.translation import gettext_lazy as _

from aims.readiness import held, settled
from aims.registry import Condition

CONDITIONS = (
    Condition("risks", "6.1.1", 1, _("Risks and opportunities are registered."), held("risk")),
    Condition("criteria", "6.1.2", 1, _("Risk criteria are approved."), held("criteria", "approved")),
    Condition(
        "treated",
        "6.1.3",
        1,
        _("Treatment plans are decided."),
        held("risk", "treating", "verified", "accepted", "closed"),
    ),
    Condition("rated", "8.2", 2, _("Every risk is assessed."), settled("risk", "identified")),
    Condition("carried_out", "8.3", 2, _("Treatments were carried out."), held("action", "done")),
)
