"""Concerns in numbers: for pages, packs and reviews of people who see no case (control A.3.3)."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.translation import gettext as _

from aims import asof
from monitoring.models import Concern
from monitoring.states import Verdict


def figures(units: Iterable[int]) -> dict[str, int]:
    """How many concerns there are in these units, at the day being read."""
    return Concern.objects.figures(sorted(units), on=asof.day())


def lines(found: Mapping[str, int]) -> list[tuple[Any, Any]]:
    """The numbers with their words."""
    return [
        (_("Received"), found["received"]),
        (_("Without a name"), found["anonymous"]),
        (_("Open"), found["open"]),
        (_("Overdue"), found["overdue"]),
        (_("Acknowledged in time"), _of(found["acknowledged_in_time"], found["acknowledged"])),
        (_("Answered in time"), _of(found["answered_in_time"], found["answered"])),
        *((verdict.label, found[verdict.value]) for verdict in Verdict),
    ]


def _of(part: int, whole: int) -> str:
    return _("%(part)d of %(whole)d") % {"part": part, "whole": whole}
