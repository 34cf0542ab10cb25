"""Rules of separated duties that impact asks; the table of the organization says of which tier each is required."""

from django.utils.translation import gettext_lazy as _

from impact.states import Tier
from organization.duties import AuthorityKind, Rule, declare, declare_levels
from organization.duties import Tier as Stake

SCREENING_APPROVER = declare(
    Rule("screening.approver_not_author", _("Who answered the screening does not approve it."))
)
IMPACT_APPROVER = declare(Rule("impact.approver_not_author", _("Who wrote the assessment does not approve it.")))


def stake(tier: str) -> str:
    """How much is at stake in a tier, in the words of the table of duties."""
    found = {Tier.MINIMAL: Stake.LOW, Tier.STANDARD: Stake.MEDIUM}
    return str(found.get(tier, Stake.HIGH))  # type: ignore[call-overload]


def _levels() -> list[tuple[str, str]]:
    """Tiers up to which the approval of assessments may be given as an authority."""
    return [(tier.value, str(tier.label)) for tier in Tier]


declare_levels(AuthorityKind.APPROVE_IMPACT, _levels)
