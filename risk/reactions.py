"""What risk does when something happens below: a significant change asks for reassessment (8.2), severe harms become risks."""

from aims import clock
from impact.facts import SevereHarmsRated
from inventory.facts import SignificantChange
from risk import services
from risk.states import Trigger


def changed(fact: SignificantChange) -> None:
    """A significant change of a system: each of its risks is assessed again, before it is released."""
    services.ask_reassessment(
        services.affected_by(fact.system), trigger=Trigger.CHANGE_PROPOSED, cause=fact.cause, record=fact.change,
        by=fact.by, on=fact.on,
    )  # fmt: skip


def harms_rated(fact: SevereHarmsRated) -> None:
    """Severe harms were submitted: each becomes a risk of the register, or asks its risk to be assessed again (8.4)."""
    on = fact.assessment.submitted_on or clock.today()
    services.take_up_harms(fact.assessment, fact.harms, by=fact.by, on=on)
