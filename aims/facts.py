"""What the kernel itself announces: news of tasks, and new seals."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any


@dataclass(frozen=True)
class TaskNews:
    """Something happened to tasks: opened, due, overdue, escalated or completed."""

    what: str
    tasks: Sequence[int]
    at: datetime


@dataclass(frozen=True)
class SealMade:
    """The trail was sealed up to here."""

    seal: Any
