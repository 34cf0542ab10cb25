"""AI systems, components and suppliers through the API; life-cycle records, changes and passages of the gate."""

from inventory.api.components import ComponentViewSet
from inventory.api.lifecycle import AttemptViewSet, ChangeViewSet, LifecycleViewSet
from inventory.api.lists import AttestedListViewSet
from inventory.api.proposals import ProposalViewSet
from inventory.api.suppliers import SupplierViewSet
from inventory.api.systems import SystemViewSet

__all__ = [
    "AttemptViewSet",
    "AttestedListViewSet",
    "ChangeViewSet",
    "ComponentViewSet",
    "LifecycleViewSet",
    "ProposalViewSet",
    "SupplierViewSet",
    "SystemViewSet",
]
