"""Rules of separated duties that the inventory asks; the organization's table says of which tier each is required."""

from django.utils.translation import gettext_lazy as _

from inventory.states import Tier
from organization.duties import Rule, declare
from organization.duties import Tier as Stake

RECORD_APPROVER = declare(
    Rule("lifecycle.approver_not_author", _("Who prepared the life-cycle record does not approve it."))
)
CHANGE_DECIDER = declare(Rule("change.decider_not_asker", _("Who asked for the change does not decide on it.")))

# How much is at stake in a tier; unscreened counts as the most.
STAKES: dict[str, Stake] = {
    Tier.MINIMAL: Stake.LOW,
    Tier.STANDARD: Stake.MEDIUM,
    Tier.HIGH: Stake.HIGH,
    Tier.SENSITIVE: Stake.HIGH,
    "": Stake.HIGH,
}
