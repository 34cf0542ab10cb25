"""Every write of the inventory. Each verb: one transaction, policy, state, trail."""

from inventory.services.changes import assess_change, carry_out_change, decide_change, request_change, sample_change
from inventory.services.components import (
    change_component,
    register_component,
    reinstate_component,
    stop_using,
    use_component,
    withdraw_component,
)
from inventory.services.gate import (
    Brought,
    allow_pilot,
    ask_gate,
    break_glass,
    end_missed_reviews,
    look_at_gate,
    newest_question,
    review_bypass,
    stop_system,
    unmet_of,
    withdraw_permit,
)
from inventory.services.grants import end_system_grant, grant_on_system
from inventory.services.lifecycle import (
    approve_record,
    change_record,
    classify_system,
    give_verdict,
    prepare_record,
    record_results,
)
from inventory.services.lists import ask_heads, end_list, list_reviewed
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
from inventory.services.settling import settle, settle_flagged
from inventory.services.suppliers import change_supplier, end_supplier, register_supplier, resume_supplier
from inventory.services.systems import (
    change_system,
    check_new_system,
    move_stage,
    move_system_unit,
    register_system,
    retire_system,
)
from inventory.services.tiers import set_tier
from inventory.services.vouching import ask_exception, attest, countersign, report_running, set_mode, take_back

__all__ = [
    "Brought",
    "add_law_role",
    "add_role",
    "add_version",
    "allow_pilot",
    "approve_record",
    "ask_exception",
    "ask_gate",
    "ask_heads",
    "assess_change",
    "attest",
    "break_glass",
    "carry_out_change",
    "change_component",
    "change_record",
    "change_role",
    "change_supplier",
    "change_system",
    "change_version",
    "check_new_system",
    "classify_system",
    "countersign",
    "decide_change",
    "end_list",
    "end_missed_reviews",
    "end_supplier",
    "end_system_grant",
    "end_version",
    "give_verdict",
    "grant_on_system",
    "list_reviewed",
    "look_at_gate",
    "move_stage",
    "move_system_unit",
    "newest_question",
    "prepare_record",
    "propose_use",
    "record_results",
    "register_component",
    "register_supplier",
    "register_system",
    "reinstate_component",
    "release_version",
    "remove_imported",
    "remove_role",
    "report_running",
    "request_change",
    "resume_supplier",
    "retire_system",
    "review_bypass",
    "sample_change",
    "set_mode",
    "set_tier",
    "settle",
    "settle_flagged",
    "stop_system",
    "stop_using",
    "take_back",
    "triage_proposal",
    "unmet_of",
    "use_component",
    "withdraw_component",
    "withdraw_permit",
]
