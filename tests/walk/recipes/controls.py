"""What rows of controls must be."""

from typing import Any

# Kinds in the order in which they need each other.
ORDER = (("scope", 20), ("statement", 21), ("soa", 22))

_STANDS = {"state": "draft", **dict.fromkeys(("content", "digest", "reason", "capacity", "submitted_digest"), "")}
RECIPES: dict[str, dict[str, Any]] = {
    "controls.SoaVersion": {
        **_STANDS,
        "submitted_by": None,
        "submitted_at": None,
        "approved_by": None,
        "approved_at": None,
    },
    "controls.SoaProposal": {"state": "open", "wanted": "review", "answer": "", "answered_by": None},
}
