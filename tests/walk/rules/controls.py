"""Who may what at the addresses of statements and the catalogue, and how to fill them."""

from tests.walk.rules.words import ADDRESSED, READ, SEEN, SIGNED_IN, Fill, catalogue, writes

PAGES: dict[str, str] = {
    "statement_list": SIGNED_IN,
    "statement_open": ADDRESSED,
    "statement_grid": "statement.describe",
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
    "controls": {"list": SIGNED_IN, "retrieve": SIGNED_IN},
    "clauses": {"list": SIGNED_IN, "retrieve": SIGNED_IN},
}

# How to fill the arguments of an address beside `ref` of a governed kind and `tab`.
ARGUMENTS: dict[str, Fill] = {
    "control_detail": catalogue("controls.Control"),
    "clause_detail": catalogue("controls.Clause"),
    "controls-detail": catalogue("controls.Control"),
    "clauses-detail": catalogue("controls.Clause"),
}
