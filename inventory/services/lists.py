"""Each unit's head says regularly that the list of its AI systems is complete; what was found later is counted (4.3, A.4.2)."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.utils.translation import gettext as _

from aims.access import access_of
from aims.services import change, create, locked, move, require
from aims.states import Outcome
from aims.trail import recording
from inventory import policies
from inventory.list_states import ASKED_FOR, LIST
from inventory.models import AISystem, AttestedList
from inventory.services.rules import require_text
from organization.models import Unit, User

FIRST = timedelta(days=14)  # so long a head has for the first time


@dataclass(frozen=True)
class Asked:
    """What became of asking: lists that are new, those that changed hands, units whose head cannot be asked."""

    new: int
    handed: int
    headless: int  # no head, or one who left
    blind: int  # the head holds no role that shows the unit


def ask_heads(*, by: User, on: date) -> Asked:
    """Ask the head of every unit in which the person may: a list for each, due in two weeks, then by its rhythm.

    Lists follow a new head. Errors: NotPermitted.
    """
    capacity = require(policies.can_ask_heads(by))
    units = Unit.objects.filter(pk__in=access_of(by).units_for("list.ask")).select_related("head").order_by("pk")
    kept = {one.unit_id: one for one in AttestedList.objects.filter(state__in=ASKED_FOR, unit__in=units)}
    new = handed = headless = blind = 0
    with recording(by, "ask_heads", capacity=capacity):
        for unit in units:
            head, row = unit.head, kept.get(unit.pk)
            if head is None or not head.is_active:
                headless += 1
            elif unit.pk not in access_of(head).seen_units:
                blind += 1
            elif row is None:
                title = _("AI systems of %(unit)s") % {"unit": unit.name}
                create(AttestedList(title=title[:200], unit=unit, owner=head, due_on=on + FIRST))
                new += 1
            elif row.owner_id != head.pk:
                change(locked(row), {"owner": head})
                handed += 1
    return Asked(new, handed, headless, blind)


def list_reviewed(record: AttestedList, task: Any) -> None:
    """Take over what a completed review said: only "as it should be" is an attestation. Within the review's verb."""
    if task.outcome != Outcome.CONFIRMED:
        return
    current = locked(record)
    seen = AttestedList.objects.with_found(task.done_by).get(pk=current.pk)
    systems = AISystem.objects.visible_to(task.done_by).in_life().within(current.unit_id)
    said = {"attested_at": task.done_at, "attested_by": task.done_by, "counted": systems.count()}
    move(current, LIST, "attest", **said, found=seen.found_later or 0)


def end_list(record: AttestedList, *, by: User, reason: str, version: int | None = None) -> AttestedList:
    """Ask a unit's head no more, such as after it was dissolved. Errors: NotPermitted, Stale, WrongState."""
    capacity = require(policies.can_end_list(by, record))
    require_text(reason=reason)
    with recording(by, "end_list", capacity=capacity, reason=reason):
        return move(locked(record, version), LIST, "end", due_on=None)
