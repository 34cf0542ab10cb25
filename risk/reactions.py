"""What risk does when something happens below: a significant change asks for reassessment (8.2)."""

from inventory.facts import SignificantChange
from risk import services
from risk.states import Trigger


def changed(fact: SignificantChange) -> None:
    """A significant change of a system: each of its risks is assessed again, before it is released."""
    services.ask_reassessment(
        services.affected_by(fact.system), trigger=Trigger.CHANGE_PROPOSED, cause=fact.cause, record=fact.change,
        by=fact.by, on=fact.on,
    )  # fmt: skip
