"""The AI system register: suppliers, systems with their parts, components; life cycle, changes and the gate."""

from inventory.models.changes import ChangeRequest
from inventory.models.components import Component, ComponentUse
from inventory.models.gate import GateAttempt, GateMode, GateStatement, Sighting
from inventory.models.lifecycle import CheckResult, LifecycleRecord
from inventory.models.lists import AttestedList
from inventory.models.proposals import Proposal
from inventory.models.rules import RuleEdition
from inventory.models.suppliers import Supplier
from inventory.models.systems import AISystem, LawRole, StageEntry, SystemGrant, SystemRole, SystemVersion

__all__ = [
    "AISystem",
    "AttestedList",
    "ChangeRequest",
    "CheckResult",
    "Component",
    "ComponentUse",
    "GateAttempt",
    "GateMode",
    "GateStatement",
    "LawRole",
    "LifecycleRecord",
    "Proposal",
    "RuleEdition",
    "Sighting",
    "StageEntry",
    "Supplier",
    "SystemGrant",
    "SystemRole",
    "SystemVersion",
]
