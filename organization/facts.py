"""Facts that the organization announces; apps above react to them in the same transaction."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from organization.commitments import Obligation
from organization.committees import Matter


@dataclass(frozen=True)
class MatterDecided:
    """A committee decided a matter: its outcome is one of the options that the matter offered."""

    matter: Matter
    by: Any
    capacity: str
    on: date


@dataclass(frozen=True)
class ObligationChanged:
    """An obligation asks something else than before, or binds no longer; `cause` says so in a sentence."""

    obligation: Obligation
    cause: str
    by: Any


@dataclass(frozen=True)
class ListedOnCase:
    """A person was brought onto the case list of a record; an error refuses it."""

    record_id: int
    person: Any


DECLARED = (
    (MatterDecided, "A committee decided a matter"),
    (ObligationChanged, "An obligation asks something else, or ended"),
    (ListedOnCase, "A person was brought onto the case list of a record"),
)
