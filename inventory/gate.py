"""The question that gate checks answer. Apps above register their checks with `gate_check`.

A check answers None when it is met, else a mapping: `reason` (a sentence), `url` (where to do the work), and
`failed=True` when something was looked at and found wrong: that blocks in every tier, asked or not.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from aims.registry import Check
from inventory.models import AISystem, SystemVersion

WORKFLOW = "gate"
# Checks of this transition say what still rests on a significant change of a system; they are asked a `GateQuestion`.
SETTLE = ("system", "settle")


@dataclass(frozen=True)
class GateQuestion:
    """May this version of the system enter the stage on this day? `version` is None for a system without one."""

    system: AISystem
    version: SystemVersion | None
    environment: str
    on: date


Answer = Mapping[str, Any] | None


def gate_check(item: str, stage: str, sentence: Any, ask: Callable[[GateQuestion], Answer]) -> Check:
    """A check for an item of the gate into a stage (`inventory/data/vocabulary.yaml`), to put into `registry.checks`.

    Several checks of one item must all be met.
    """
    return Check(item, WORKFLOW, str(stage), sentence, ask)
