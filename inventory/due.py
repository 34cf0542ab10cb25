"""What falls due in the inventory: the register is attested each quarter, suppliers are looked at each year."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from aims.registry import DueSource
from aims.rhythm import Every
from inventory.list_states import ListState
from inventory.services import list_reviewed
from inventory.states import Criticality, SupplierState, SystemStage


def _criticality(system: Any) -> str:
    return str(system.criticality)


SOURCES = (
    DueSource(
        kind="system",
        name=_("Attestation"),
        asks=_("Confirm that the register still describes this AI system as it is."),
        every={"": Every(90)},
        idle=[SystemStage.RETIREMENT],
        serious=[Criticality.HIGH, Criticality.CRITICAL],
        tier=_criticality,
    ),
    DueSource(
        kind="attested_list",
        name=_("Is the list complete?"),
        asks=_(
            "Look at the AI systems of your unit and all below it. Confirm that these are all, or propose what is missing."
        ),
        every={"": Every(6, "months")},
        idle=[ListState.ENDED],
        reviewed=list_reviewed,
    ),
    DueSource(
        kind="supplier",
        name=_("Supplier review"),
        asks=_("Look at what this supplier delivers, what was agreed, and whether it still holds."),
        every={"": Every(12, "months")},
        idle=[SupplierState.ENDED],
        ahead=30,
    ),
)
