"""Registering, changing and moving AI systems."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from aims import services as kernel
from aims.errors import WrongState, invalid
from aims.services import locked, require
from aims.trail import recording
from inventory import policies
from inventory.models import AISystem, StageEntry
from inventory.services.changes import note_changed_fields
from inventory.services.gate import ask_for_stage, unmet_of
from inventory.services.rules import check_owner, check_unit, require_in_life, require_text
from inventory.states import IN_USE, LIFE_CYCLE, SystemStage, edge_to
from organization.models import Unit, User


def register_system(
    *, by: User | None, data: Mapping[str, Any], on: date, stage: str = SystemStage.INCEPTION, reason: str = ""
) -> AISystem:
    """Put an AI system on the register (A.4.2). `data` holds model fields; title, purpose, owner and unit suffice.

    A system from before the register comes with its `stage` and `live_since`. Raises NotPermitted, ValidationError.
    """
    unit = data.get("unit")
    capacity = require(policies.can_register_system(by, unit))
    require_text(title=data.get("title") or "", purpose=data.get("purpose") or "")
    check_owner({"owner": data.get("owner")})
    _check_first_stage(stage, data.get("live_since"), on)
    with recording(by, "register_system", capacity=capacity, reason=reason):
        system = kernel.create(AISystem(state=stage, **data))
        since = data.get("live_since") or on
        _enter(system, stage, since=since if stage in IN_USE else on, by=by, reason=reason or _("Registered"))
        return _fresh(system)


def check_new_system(system: AISystem, *, on: date) -> None:
    """ValidationError for what `register_system` would refuse of the values of a system that is not saved yet."""
    _check_first_stage(system.state, system.live_since, on)
    system.clean()


def _check_first_stage(stage: str, live_since: date | None, on: date) -> None:
    if stage == SystemStage.RETIREMENT:
        raise invalid(stage=_("Register it in the stage it had last; then retire it."))
    if stage in IN_USE and live_since is None:
        raise invalid(live_since=_("Say since when the system is in use."))
    if live_since is not None and live_since > on:
        raise invalid(live_since=_("This day is still to come."))


def change_system(
    system: AISystem, *, by: User, data: Mapping[str, Any], on: date, version: int | None = None, reason: str = ""
) -> AISystem:
    """Set fields of a system. With `unit` it moves there with its dependents, which needs a role in both units.

    Of a system in use, a changed purpose, people, oversight or supplier is a significant change (8.4): it is recorded,
    what rests on it becomes stale, and the system is flagged.

    Raises NotPermitted, Stale, WrongState (retired), ValidationError.
    """
    capacity = require(policies.can_change_system(by, system))
    with recording(by, "change_system", capacity=capacity, reason=reason):
        current = locked(system, version)
        check_unit(current, data, policies.can_register_system, by)
        require_in_life(current, _changed(current, data))
        check_owner(data, current)
        require_text(**{name: data[name] for name in ("title", "purpose") if name in data})
        before = {name: getattr(current, name) for name in data}
        kernel.change(current, data)
        if note_changed_fields(current, by=by, before=before, after=data, on=on):
            current.refresh_from_db()
        return current


def _changed(system: AISystem, data: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in data.items() if getattr(system, name) != value}


def move_system_unit(
    system: AISystem, *, by: User, unit: Unit, on: date, version: int | None = None, reason: str = ""
) -> AISystem:
    """Move a system to another unit; its dependents follow in the same statement."""
    return change_system(system, by=by, data={"unit": unit}, on=on, version=version, reason=reason)


def move_stage(
    system: AISystem, *, stage: str, by: User, reason: str, on: date, version: int | None = None
) -> AISystem:
    """Move a system to a stage of its life cycle, when the stage before allows it and every check is met (A.6.2).

    `reason` must be given. Raises NotPermitted, Stale, WrongState (with what is unmet), ValidationError.
    """
    capacity = require(policies.can_move_stage(by, system))
    require_text(reason=reason)
    with recording(by, "move_stage", capacity=capacity, reason=reason):
        current = locked(system, version)
        refused = ask_for_stage(current, stage, by=by, capacity=capacity, reason=reason, on=on)
        if refused is None:
            return _moved(current, stage, by, reason, on)
    raise WrongState(_("Something is still missing."), unmet=unmet_of(refused), attempt=refused.ref)


def _moved(current: AISystem, stage: str, by: User, reason: str, on: date) -> AISystem:
    also = _dates_of(current, stage, on)
    if stage == SystemStage.RETIREMENT:
        current.versions.filter(live_from__isnull=False, live_until=None).update(live_until=on)
    kernel.move(current, LIFE_CYCLE, edge_to(stage).verb, **also)
    _enter(current, stage, since=on, by=by, reason=reason)
    return _fresh(current)


def _dates_of(system: AISystem, stage: str, on: date) -> dict[str, Any]:
    """Dates that a stage brings: in use since, retired on."""
    if stage == SystemStage.RETIREMENT:
        return {"retired_on": on}
    if stage in IN_USE and system.live_since is None:
        return {"live_since": on}
    return {}


def retire_system(system: AISystem, *, by: User, reason: str, on: date, version: int | None = None) -> AISystem:
    """Take a system out of use for good, by its retirement plan. The version in use ends the same day."""
    return move_stage(system, stage=SystemStage.RETIREMENT, by=by, reason=reason, on=on, version=version)


def _enter(system: AISystem, stage: str, *, since: date, by: User | None, reason: str) -> StageEntry:
    return kernel.create(StageEntry(system=system, stage=stage, since=since, by=by, reason=reason))


def _fresh(system: AISystem) -> AISystem:
    """The row with the version that its parts raised."""
    system.refresh_from_db(fields=["version", "updated_at"])
    return system
