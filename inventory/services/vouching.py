"""What people vouch for at the gate, what its modes are, and what was seen running (A.6.2.5)."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext as _

from aims.decisions import decide, our_language
from aims.errors import NotPermitted, WrongState, invalid
from aims.registry import registry
from aims.services import change, create, locked, require
from aims.trail import recording
from inventory import policies
from inventory.gate import WORKFLOW
from inventory.models import AISystem, GateMode, GateStatement, Sighting
from inventory.rulebook import items
from inventory.services.rules import require_in_life, require_text
from inventory.states import Mode, Said, Tier
from organization.models import Unit, User


def _known(item: str) -> str:
    """The item's id, when the gate has one of this name."""
    ids = {one.id for some in items().values() for one in some}
    ids |= {check.id for check in registry.checks if check.workflow == WORKFLOW}
    if item not in ids:
        raise invalid(item=_("The gate has no such item."))
    return item


def attest(system: AISystem, *, by: User, data: Mapping[str, Any], on: date) -> GateStatement:
    """Vouch for an item that no check answers, with evidence. `data`: item, text, evidence, release, until."""
    capacity = require(policies.can_attest(by, system), _("A person vouches, not a program."))
    require_text(text=str(data.get("text", "")))
    if any(check.id == data.get("item") for check in registry.checks if check.workflow == WORKFLOW):
        raise invalid(item=_("AIMS checks this by itself."))
    return _said(system, Said.ATTESTATION, by, capacity, data, on)


def ask_exception(system: AISystem, *, by: User, data: Mapping[str, Any], on: date) -> GateStatement:
    """Ask for an exception from an item until a day, with the reason. It holds once another person countersigns."""
    capacity = require(policies.can_ask_exception(by, system))
    require_text(text=str(data.get("text", "")))
    if data.get("until") is None or data["until"] <= on:
        raise invalid(until=_("An exception ends on a day to come."))
    return _said(system, Said.EXCEPTION, by, capacity, data, on)


def _said(system: AISystem, said: str, by: User, capacity: str, data: Mapping[str, Any], on: date) -> GateStatement:
    item, release = _known(str(data.get("item", ""))), data.get("release")
    if release is not None and release.system_id != system.pk:
        raise invalid(release=_("This is a version of another system."))
    with recording(by, said, capacity=capacity, reason=str(data["text"])):
        require_in_life(locked(system))
        made = create(GateStatement(**{**data, "item": item}, system=system, said=said, said_by=by, said_on=on))
        if said == Said.ATTESTATION:
            with our_language():
                decide(
                    system, by=by, capacity=capacity, sort="attestation", question=_("Is “%(item)s” met?") % {"item": item},
                    outcome=_("Vouched for"), reason=str(data["text"]), until=data.get("until"),
                )  # fmt: skip
        return made


def countersign(statement: GateStatement, *, by: User, reason: str, on: date) -> GateStatement:
    """Countersign an exception; never one's own."""
    capacity = require(policies.can_countersign(by, statement.system))
    if statement.said_by_id == by.pk:
        raise NotPermitted(_("Somebody else countersigns."))
    require_text(reason=reason)
    with recording(by, "countersign", capacity=capacity, reason=reason):
        locked(statement.system)
        current = locked(statement)
        if current.said != Said.EXCEPTION or current.countersigned_on is not None or current.over(on):
            raise WrongState(_("There is nothing to countersign: it ended, or somebody did already."))
        change(current, {"countersigned_by": by, "countersigned_on": on})
        with our_language():
            decide(
                current.system, by=by, capacity=capacity, sort="exception", outcome=_("Exception"), reason=reason,
                question=_("Wait for “%(item)s”?") % {"item": current.item}, until=current.until,
            )  # fmt: skip
        return current


def take_back(statement: GateStatement, *, by: User, reason: str, on: date) -> GateStatement:
    """End an attestation or exception before its time."""
    require_text(reason=reason)
    capacity = require(policies.can_attest(by, statement.system))
    with recording(by, "take_back", capacity=capacity, reason=reason):
        locked(statement.system)
        current = locked(statement)
        if current.ended_on is not None:
            raise WrongState(_("It was taken back already."))
        return change(current, {"ended_on": on})


def set_mode(*, by: User, unit: Unit, mode: str, tier: str = "", valid_from: date, reason: str, on: date) -> GateMode:
    """Decide what the gate does in a unit and all below it, for a tier or all, from a day on."""
    require_text(reason=reason)
    capacity = require(policies.can_set_mode(by, unit))
    if mode not in Mode.values or (tier and tier not in Tier.values):
        raise invalid(mode=_("There is no such mode or tier."))
    if valid_from < on:
        raise invalid(valid_from=_("It cannot begin in the past."))
    with recording(by, "set_mode", capacity=capacity, reason=reason):
        return create(
            GateMode(unit=unit, tier=tier, mode=mode, valid_from=valid_from, reason=reason, decided_by=by)
        )  # fmt: skip


def report_running(
    system: AISystem, *, by: User, environment: str, running: Sequence[Mapping[str, str]], at: datetime
) -> list[Sighting]:
    """Report everything of a system that runs in an environment: `version` and `digest` each. What is missing is gone."""
    capacity = require(policies.can_report_running(by, system))
    require_text(environment=environment)
    with recording(by, "report_running", capacity=capacity):
        locked(system)
        seen = [_seen(system, environment, row, by, at) for row in running]
        here = Sighting.objects.filter(system=system, environment=environment, gone_at=None)
        here.exclude(pk__in=[row.pk for row in seen]).update(gone_at=at)
        return seen


def _seen(system: AISystem, environment: str, row: Mapping[str, str], by: User, at: datetime) -> Sighting:
    key = {"environment": environment, "digest": row.get("digest", ""), "number": row.get("version", "")}
    found = Sighting.objects.filter(system=system, **key).first()
    values = {"seen_at": at, "reported_by": by, "gone_at": None}
    return change(found, values) if found is not None else create(Sighting(system=system, **key, **values))
