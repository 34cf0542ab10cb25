"""Facts that the organization announces; apps above react to them in the same transaction."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from organization.committees import Matter


@dataclass(frozen=True)
class MatterDecided:
    """A committee decided a matter: its outcome is one of the options that the matter offered."""

    matter: Matter
    by: Any
    capacity: str
    on: date


DECLARED = ((MatterDecided, "A committee decided a matter"),)
