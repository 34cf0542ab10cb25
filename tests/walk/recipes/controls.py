"""What rows of controls must be."""

from typing import Any

# Kinds in the order in which they need each other.
ORDER = (("scope", 20), ("statement", 21), ("soa", 22), ("gap", 23))

_STANDS = {"state": "draft", **dict.fromkeys(("content", "digest", "reason", "capacity", "submitted_digest"), "")}
RECIPES: dict[str, dict[str, Any]] = {
    "controls.ClauseAnswer": {"state": "met", "due_on": None},
    "controls.SoaVersion": {
        **_STANDS,
        "submitted_by": None,
        "submitted_at": None,
        "approved_by": None,
        "approved_at": None,
    },
    "controls.SoaProposal": {"state": "open", "wanted": "review", "answer": "", "answered_by": None},
}


def _scope(world: Any, mark: str, given: dict[str, Any]) -> dict[str, Any]:
    """A unit has one scope in use; the other conditions are of scopes that ended."""
    return {"state": "in_use" if mark in ("qzopen", "qzforeign") else "ended"}


# What else a record of the kind is given: (world, mark, what it has) → more.
GIVEN = {"scope": _scope}
