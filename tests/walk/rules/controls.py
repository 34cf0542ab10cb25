"""Who may what at the addresses of statements and the catalogue, and how to fill them."""

from typing import Any

from tests.walk.rules.words import ADDRESSED, READ, SEEN, SIGNED_IN, Fill, Pairs, catalogue, once, pieces, writes

PAGES: dict[str, str] = {
    "readiness": SIGNED_IN,
    "framework_list": SIGNED_IN,
    "framework_detail": SIGNED_IN,
    "framework_review": "framework.review",
    "gap_list": SIGNED_IN,
    "gap_answer": ADDRESSED,
    "gap_detail": SEEN,
    "gap_change": "gap.answer",
    "gap_tab": SEEN,
    "scope_list": SIGNED_IN,
    "scope_create": "scope.keep",
    "scope_detail": SEEN,
    "scope_change": "scope.keep",
    "scope_end": "scope.keep",
    "scope_tab": SEEN,
    "statement_differ": "statement.decide",
    "statement_stop": "statement.decide",
    "soa_list": SIGNED_IN,
    "soa_detail": SEEN,
    "soa_submit": "soa.submit",
    "soa_return": "soa.return",
    "soa_approve": "soa.approve",
    "soa_download": SEEN,
    "soa_take": "soa.answer",
    "soa_decline": "soa.answer",
    "soa_tab": SEEN,
    "control_create": "control.keep",
    "control_change": ADDRESSED,
    "control_delete": ADDRESSED,
    "statement_list": SIGNED_IN,
    "statement_open": ADDRESSED,
    "statement_grid": "statement.describe",
    "statement_copy": ADDRESSED,
    "statement_detail": SEEN,
    "statement_change": "statement.describe",
    "statement_tab": SEEN,
    "control_list": SIGNED_IN,
    "control_detail": SIGNED_IN,
    "clause_list": SIGNED_IN,
    "clause_detail": SIGNED_IN,
}

API: dict[str, dict[str, str]] = {
    "statements": {
        **READ,
        **writes("statement.describe"),
        "open_all": ADDRESSED,
        "bulk": SIGNED_IN,
    },
    "readiness": {"list": SIGNED_IN},
    "frameworks": {"list": SIGNED_IN, "retrieve": SIGNED_IN, "review": "framework.review"},
    "gaps": {**READ, "create": ADDRESSED, "partial_update": "gap.answer"},
    "scopes": {
        **READ,
        "create": ADDRESSED,
        "partial_update": "scope.keep",
        "end": "scope.keep",
        "copy": "statement.decide",
    },
    "soa": {
        **READ,
        **dict.fromkeys(("content", "differences", "findings", "proposals"), SEEN),
        "submit": "soa.submit",
        "send_back": "soa.return",
        "approve": "soa.approve",
        "take": "soa.answer",
        "decline": "soa.answer",
    },
    "controls": {"list": SIGNED_IN, "retrieve": SIGNED_IN},
    "clauses": {"list": SIGNED_IN, "retrieve": SIGNED_IN},
}


def _downloads(world: Any, condition: str) -> Pairs:
    """The version as each kind of file."""
    record = world.records["soa"].get(condition)
    return [({"ref": record.ref, "form": form}, record) for form in ("csv", "json")] if record else []


# How to fill the arguments of an address beside `ref` of a governed kind and `tab`.
ARGUMENTS: dict[str, Fill] = {
    **dict.fromkeys(
        ("framework_detail", "framework_review", "frameworks-detail", "frameworks-review"), once({"key": "nist-ai-rmf"})
    ),
    "gap_answer": once({"number": "7.3"}),
    "control_change": catalogue("controls.Control"),
    "control_delete": catalogue("controls.Control"),
    "soa_download": _downloads,
    **dict.fromkeys(("soa_take", "soa_decline"), pieces("soa", "controls.SoaProposal", "number")),
    **dict.fromkeys(("soa-take", "soa-decline"), pieces("soa", "controls.SoaProposal", "number")),
    "control_detail": catalogue("controls.Control"),
    "clause_detail": catalogue("controls.Clause"),
    "controls-detail": catalogue("controls.Control"),
    "clauses-detail": catalogue("controls.Clause"),
}
