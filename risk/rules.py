"""Rules of separated duties that risk asks; the table of the organization says of which tier each is required."""

from django.utils.translation import gettext_lazy as _

from organization.duties import AuthorityKind, Rule, declare, declare_levels
from risk.models import RiskCriteria
from risk.states import Evaluation

CRITERIA_APPROVER = declare(Rule("criteria.approver_not_author", _("Who drafted the criteria does not approve them.")))
PLAN_APPROVER = declare(Rule("plan.approver_not_author", _("Who proposed the plan does not approve it.")))
VERIFIER = declare(Rule("treatment.verifier_not_doer", _("Who carries out an action does not verify the treatment.")))
ACCEPTOR_ASSESSOR = declare(Rule("acceptance.not_by_assessor", _("Who assessed the risk does not accept it.")))
ACCEPTOR_DOER = declare(
    Rule("acceptance.not_by_sole_doer", _("Who alone carries out the actions does not accept the risk."))
)


def _levels() -> list[tuple[str, str]]:
    """Levels of the criteria in force that somebody may accept, lowest first."""
    criteria = RiskCriteria.objects.in_force()
    if criteria is None:
        return []
    return [(one["id"], one["name"]) for one in criteria.levels if one["evaluation"] != Evaluation.UNACCEPTABLE]


declare_levels(AuthorityKind.ACCEPT_RISK, _levels)
