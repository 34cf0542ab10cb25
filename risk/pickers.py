"""What risk's pickers offer: controls of the catalogue, units where a risk may be registered."""

from typing import Any

from controls.models import Control
from inventory.pickers import units_where


def controls(user: Any, text: str) -> list[dict[str, str]]:
    """Controls by number or title."""
    rows = Control.objects.matching(text)[:12]
    return [{"value": row.number, "label": str(row), "hint": row.number} for row in rows]


PICKERS = {"risk-controls": controls, "risk-units": units_where("risk.register")}
