"""Every write of the inventory. Each verb: one transaction, policy, state, trail."""

from inventory.services.components import (
    change_component,
    register_component,
    reinstate_component,
    stop_using,
    use_component,
    withdraw_component,
)
from inventory.services.grants import end_system_grant, grant_on_system
from inventory.services.parts import (
    add_law_role,
    add_role,
    add_version,
    change_role,
    change_version,
    end_version,
    release_version,
    remove_role,
)
from inventory.services.proposals import propose_use, triage_proposal
from inventory.services.removal import remove_imported
from inventory.services.suppliers import change_supplier, end_supplier, register_supplier, resume_supplier
from inventory.services.systems import change_system, move_stage, move_system_unit, register_system, retire_system
from inventory.services.tiers import set_tier

__all__ = [
    "add_law_role",
    "add_role",
    "add_version",
    "change_component",
    "change_role",
    "change_supplier",
    "change_system",
    "change_version",
    "end_supplier",
    "end_system_grant",
    "end_version",
    "grant_on_system",
    "move_stage",
    "move_system_unit",
    "propose_use",
    "register_component",
    "register_supplier",
    "register_system",
    "reinstate_component",
    "release_version",
    "remove_imported",
    "remove_role",
    "resume_supplier",
    "retire_system",
    "set_tier",
    "stop_using",
    "triage_proposal",
    "use_component",
    "withdraw_component",
]
