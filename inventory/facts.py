"""What the inventory announces to the apps above it. Reactions run in the same transaction."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from inventory.models import AISystem


@dataclass(frozen=True)
class SignificantChange:
    """A significant change of a system was recorded (8.4): what rests on what changed is stale, for this cause.

    `matters` are ids of the significance questions answered with yes (`purpose`, `people`, `data`, `model`,
    `oversight`, `supplier`, `legal_class`); `change` is the change request; `cause` a sentence for who is asked again.
    """

    system: AISystem
    matters: tuple[str, ...]
    cause: str
    change: Any
    by: Any
    on: date


@dataclass(frozen=True)
class GateBypassed:
    """A release went around the gate, and that was a nonconformity (10.2).

    `why` is `without_authority` (at once), `review_missed` (nobody reviewed it in time) or `reviewed` (the review says
    so); `attempt` is the record of the passage; `by` is who decided, None where time ran out.
    """

    system: AISystem
    attempt: Any
    why: str
    sentence: str
    by: Any
    on: date
