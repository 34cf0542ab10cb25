"""Who may what at the addresses of AI systems, components and suppliers, and how to fill them."""

from django.apps import apps

from tests.walk.rules.words import ADDRESSED, READ, SEEN, SIGNED_IN, Fill, Pairs, pieces, writes
from tests.walk.world import World

PAGES: dict[str, str] = {
    "attested_list": SIGNED_IN,
    "attested_ask": "list.ask",
    "attested_detail": SEEN,
    "attested_tab": SEEN,
    "attested_end": "list.ask",
    "proposal_list": SIGNED_IN,
    "proposal_create": ADDRESSED,
    "proposal_detail": SEEN,
    "proposal_tab": SEEN,
    "proposal_triage": "proposal.triage",
    "system_list": SIGNED_IN,
    "system_create": "system.register",
    "system_detail": SEEN,
    "system_tab": SEEN,
    "system_change": "system.change",
    "system_move": "system.move",
    **dict.fromkeys(("role_create", "role_change", "role_remove"), "system.change"),
    **dict.fromkeys(("law_role_create", "law_role_change", "law_role_remove"), "system.change"),
    **dict.fromkeys(("version_create", "version_change"), "version.add"),
    **dict.fromkeys(("version_release", "version_end"), "version.release"),
    **dict.fromkeys(("use_create", "use_end"), "component.use"),
    **dict.fromkeys(("system_grant_give", "system_grant_end"), "system.grant"),
    **dict.fromkeys(("record_create", "law_classify"), "record.write"),
    "change_create": "change.request",
    "gate_ask": "gate.ask",
    "gate_pilot": "gate.pilot",
    "gate_break": "gate.break_glass",
    "gate_stop": "gate.stop",
    "gate_attest": "gate.attest",
    "gate_except": "gate.except",
    "gate_countersign": "gate.countersign",
    "gate_take_back": "gate.attest",
    "lifecycle_record_list": SIGNED_IN,
    "lifecycle_record_detail": SEEN,
    "lifecycle_record_tab": SEEN,
    "lifecycle_record_change": "record.write",
    **dict.fromkeys(("lifecycle_record_approve", "lifecycle_record_verdict"), "record.approve"),
    "lifecycle_record_result": "result.record",
    "change_list": SIGNED_IN,
    "change_detail": SEEN,
    "change_tab": SEEN,
    **dict.fromkeys(("change_assess", "change_carry_out"), "change.assess"),
    "change_decide": "change.decide",
    "change_sample": "change.sample",
    "gate_attempt_list": SIGNED_IN,
    "gate_attempt_detail": SEEN,
    "gate_attempt_tab": SEEN,
    "gate_attempt_withdraw": "gate.withdraw",
    "gate_attempt_review": "gate.review",
    **dict.fromkeys(("gate_mode_list", "gate_running"), SIGNED_IN),
    "gate_mode_set": "gate.set_mode",
    "component_list": SIGNED_IN,
    "component_create": "component.register",
    "component_detail": SEEN,
    "component_tab": SEEN,
    "component_change": "component.change",
    "component_withdraw": "component.withdraw",
    "component_reinstate": "component.withdraw",
    "supplier_list": SIGNED_IN,
    "supplier_create": "supplier.register",
    "supplier_detail": SEEN,
    "supplier_tab": SEEN,
    "supplier_change": "supplier.change",
    "supplier_end": "supplier.end",
    "supplier_resume": "supplier.end",
}

API: dict[str, dict[str, str]] = {
    "lists": {**READ, "ask": "list.ask", "end": "list.ask"},
    "proposals": {**READ, "create": ADDRESSED, "triage": "proposal.triage"},
    "systems": {
        **READ,
        **writes("system.change"),
        "create": "system.register",
        "move": "system.move",
        **dict.fromkeys(("roles", "role", "remove_role", "law_roles", "law_role", "remove_law_role"), "system.change"),
        **dict.fromkeys(("versions", "version"), "version.add"),
        **dict.fromkeys(("release_version", "end_version"), "version.release"),
        **dict.fromkeys(("components", "stop_component"), "component.use"),
        "gate": SEEN,
        "ask_gate": "gate.ask",
        "pilot": "gate.pilot",
        "break_glass": "gate.break_glass",
        "stop": "gate.stop",
        "attest": "gate.attest",
        "exception": "gate.except",
        "statements": SEEN,
        "countersign": "gate.countersign",
        "take_back": "gate.attest",
        "deployed": "gate.report",
        "classify": "record.write",
    },
    "records": {
        **READ,
        "create": ADDRESSED,
        "partial_update": "record.write",
        "approve": "record.approve",
        "results": "result.record",
        "verdict": "record.approve",
    },
    "changes": {
        **READ,
        "create": ADDRESSED,
        "assess": "change.assess",
        "decide": "change.decide",
        "carry_out": "change.assess",
        "sample": "change.sample",
    },
    "gate": {**READ, "withdraw": "gate.withdraw", "review": "gate.review"},
    "components": {
        **READ,
        **writes("component.change"),
        "create": "component.register",
        "withdraw": "component.withdraw",
        "reinstate": "component.withdraw",
    },
    "suppliers": {
        **READ,
        **writes("supplier.change"),
        "create": "supplier.register",
        "end": "supplier.end",
        "resume": "supplier.end",
    },
}


def _single_grant(world: World, condition: str) -> Pairs:
    """A system with a role on it alone."""
    record = world.records["system"].get(condition)
    grants = apps.get_model("inventory.SystemGrant")._default_manager
    grant = record and grants.filter(content_object=record).order_by("pk").first()
    return [({"ref": record.ref, "pk": grant.pk}, record)] if grant else []


# How to fill the arguments of an address beside `ref` of a governed kind and `tab`.
ARGUMENTS: dict[str, Fill] = {
    **{name: pieces("system", "inventory.SystemRole") for name in ("role_change", "role_remove")},
    **{name: pieces("system", "inventory.LawRole") for name in ("law_role_change", "law_role_remove")},
    **{
        name: pieces("system", "inventory.SystemVersion")
        for name in ("version_change", "version_release", "version_end")
    },
    **{f"systems-{name}": pieces("system", "inventory.SystemRole", "part") for name in ("role", "remove-role")},
    **{f"systems-{name}": pieces("system", "inventory.LawRole", "part") for name in ("law-role", "remove-law-role")},
    **{
        f"systems-{name}": pieces("system", "inventory.SystemVersion", "part")
        for name in ("version", "release-version", "end-version")
    },
    "systems-stop-component": pieces("system", "inventory.ComponentUse", "component"),
    "use_end": pieces("system", "inventory.ComponentUse", "component"),
    "system_grant_end": _single_grant,
    "gate_countersign": pieces("system", "inventory.GateStatement"),
    "gate_take_back": pieces("system", "inventory.GateStatement"),
    **{f"systems-{name}": pieces("system", "inventory.GateStatement", "part") for name in ("countersign", "take-back")},
}
