"""AI systems, components and suppliers through the API."""

from inventory.api.components import ComponentViewSet
from inventory.api.proposals import ProposalViewSet
from inventory.api.suppliers import SupplierViewSet
from inventory.api.systems import SystemViewSet

__all__ = ["ComponentViewSet", "ProposalViewSet", "SupplierViewSet", "SystemViewSet"]
