"""What rows of monitoring must be, where a canary in every text breaks one of its rules."""

from datetime import date
from typing import Any

ORDER = (("concern", 50),)
# A concern is always a case: at home its handlers are on the list, and with them the AIMS manager who walks everywhere.
ALWAYS_CASE = {"concern": ("concern_handler", "aims_manager")}
RECIPES: dict[str, dict[str, Any]] = {
    "monitoring.Concern": {
        "state": "received",
        "verdict": "",
        "reasons": "",
        "outcome": "",
        "name_kept": False,
        "acknowledge_by": date(2026, 6, 1),
        "answer_by": date(2026, 9, 1),
    },
    "monitoring.Entry": {"sort": "note"},
}


def _entry(world: Any, mark: str, given: dict[str, Any]) -> dict[str, Any]:
    return {"author": world.keeper}


def _concern(world: Any, mark: str, given: dict[str, Any]) -> dict[str, Any]:
    """Nobody's yet: the keeper of records is the one whom it names."""
    return {"owner": None}


GIVEN = {"concern": _concern, "monitoring.Entry": _entry}
