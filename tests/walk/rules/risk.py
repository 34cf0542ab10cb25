"""Who may what at the addresses of criteria, risks and actions, and how to fill them."""

from tests.walk.rules.words import ADDRESSED, READ, SEEN, SIGNED_IN, writes

PAGES: dict[str, str] = {
    "risk_list": SIGNED_IN,
    "risk_create": "risk.register",
    "risk_library": "risk.register",
    "risk_heatmap": SIGNED_IN,
    "risk_trend": SIGNED_IN,
    "risk_sitting": "risk.accept",
    "risk_detail": SEEN,
    "risk_tab": SEEN,
    "risk_change": "risk.change",
    "risk_assess": "risk.assess",
    "risk_treat": "risk.treat",
    "risk_add_action": "risk.treat",
    "risk_link_harm": "risk.change",
    "risk_decide_plan": "risk.approve_plan",
    "risk_verify": "risk.verify",
    "risk_accept": "risk.accept",
    "risk_close": "risk.close",
    "risk_reopen": "risk.reopen",
    "action_list": SIGNED_IN,
    "action_detail": SEEN,
    "action_tab": SEEN,
    "action_change": "action.change",
    "action_done": "action.complete",
    "action_drop": "action.change",
    "criteria_list": SIGNED_IN,
    "criteria_draft": ADDRESSED,
    "criteria_detail": SEEN,
    "criteria_tab": SEEN,
    # Only a draft changes; the walk's are superseded.
    "criteria_change": ADDRESSED,
    "criteria_approve": "criteria.approve",
}

API: dict[str, dict[str, str]] = {
    "risks": {
        **READ,
        **writes("risk.change"),
        "create": "risk.register",
        "set_family": "risk.change",
        # Read by who sees the risk; written by verb, which the journeys try.
        **dict.fromkeys(("assessments", "treatments", "acceptances"), ADDRESSED),
        "decide_plan": "risk.approve_plan",
        "verify": "risk.verify",
        # What it answers follows from which risks wait; tests/risk/test_sitting.py tries it.
        "sitting": "risk.accept",
        "close": "risk.close",
        "reopen": "risk.reopen",
    },
    "actions": {**READ, "partial_update": "action.change", "complete": "action.complete", "drop": "action.change"},
    "criteria": {**READ, "create": ADDRESSED, "partial_update": ADDRESSED, "approve": ADDRESSED},
}
