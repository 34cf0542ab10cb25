"""The AI system register: suppliers, systems with their parts, components."""

from inventory.models.components import Component, ComponentUse
from inventory.models.proposals import Proposal
from inventory.models.rules import RuleEdition
from inventory.models.suppliers import Supplier
from inventory.models.systems import AISystem, LawRole, StageEntry, SystemGrant, SystemRole, SystemVersion

__all__ = [
    "AISystem",
    "Component",
    "ComponentUse",
    "LawRole",
    "Proposal",
    "RuleEdition",
    "StageEntry",
    "Supplier",
    "SystemGrant",
    "SystemRole",
    "SystemVersion",
]
