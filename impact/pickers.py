"""What impact's pickers offer."""

from typing import Any

from controls.models import Control


def controls(user: Any, text: str) -> list[dict[str, str]]:
    """Controls by number or title."""
    return [{"value": row.number, "label": str(row), "hint": row.number} for row in Control.objects.matching(text)[:12]]


PICKERS = {"impact-controls": controls}
