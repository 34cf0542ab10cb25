"""Authority to decide, and records of competence (clauses 5.3 and 7.2)."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from aims.access import access_of
from aims.errors import NotPermitted, WrongState, invalid
from aims.services import change, create, locked, require
from aims.trail import recording
from organization.duties import LEVELS, AuthorityKind
from organization.mandates import Authority, CompetenceRecord, Mandate
from organization.states import MandateState, Role


def levels_of(act: str) -> list[tuple[str, str]]:
    """Levels up to which a kind of decision may be given, lowest first: (id, name)."""
    return list(LEVELS[act]()) if act in LEVELS else []


def grant_authority(*, by: Any, data: Mapping[str, Any]) -> Authority:
    """Let a person (`owner`), or whoever holds a `role`, take a kind of decision up to a level (5.3).

    Errors: NotPermitted (also to oneself), ValidationError for an unknown role or level.
    """
    capacity = require(access_of(by).capacity("authority.give", unit_id=data["unit"].pk))
    if data.get("owner") is not None and data["owner"].pk == by.pk:
        raise NotPermitted(_("Nobody gives authority to themselves."))
    words = _level_words(data)
    _check_authority(data)
    with recording(by, "grant_authority", capacity=capacity, reason=data.get("reason", "")):
        return create(Authority(granted_by=by, title=_title(data), level_name=words, **data))


def _level_words(data: Mapping[str, Any]) -> str:
    """The level as it is called now. Errors: ValidationError for a level that the decision does not have."""
    levels = dict(levels_of(data.get("act", "")))
    if data.get("level") and data["level"] not in levels:
        raise invalid(level=_("There is no such level; choose one of: %(levels)s.") % {"levels": ", ".join(levels)})
    return str(levels.get(data.get("level", ""), ""))


def _check_authority(data: Mapping[str, Any]) -> None:
    if data.get("role") and data["role"] not in Role.values:
        raise invalid(role=_("There is no such role."))
    if data.get("owner") is not None and not data["owner"].is_active:
        raise invalid(owner=_("Name somebody who is here."))


def _title(data: Mapping[str, Any]) -> str:
    act = AuthorityKind(data["act"]).label if data.get("act") in AuthorityKind.values else str(data.get("act", ""))
    who = str(data["owner"]) if data.get("owner") is not None else str(dict(Role.choices).get(data.get("role", ""), ""))
    return f"{act}: {who}"[:200]


def end_authority(row: Authority, *, by: Any, reason: str, on: date, version: int | None = None) -> Authority:
    """Take an authority back, with the reason. Errors: NotPermitted, Stale, WrongState, ValidationError."""
    return _end(row, "authority", by=by, reason=reason, on=on, version=version)  # type: ignore[no-any-return]


def _end(row: Any, kind: str, *, by: Any, reason: str, on: date, version: int | None) -> Any:
    capacity = require(access_of(by).capacity(f"{kind}.end", unit_id=row.unit_id))
    if not reason.strip():
        raise invalid(reason=_("This must be said."))
    with recording(by, f"end_{kind}", capacity=capacity, reason=reason):
        current: Mandate = locked(row, version)
        _in_force(current)
        gone = {"ended_on": on, "end_reason": reason.strip(), "state": MandateState.ENDED}
        return change(current, {**gone, "due_on": None})


def _in_force(row: Mandate) -> None:
    if not row.in_force:
        raise WrongState(_("It has ended already."))


def record_competence(*, by: Any, data: Mapping[str, Any]) -> CompetenceRecord:
    """Confirm what another person (`owner`) is competent for, until when (7.2). Errors: NotPermitted, ValidationError."""
    owner = data["owner"]
    capacity = require(access_of(by).capacity("competence.record", unit_id=owner.unit_id))
    _not_own(owner, by)
    with recording(by, "record_competence", capacity=capacity):
        return create(CompetenceRecord(confirmed_by=by, unit=owner.unit, **data))


def _not_own(owner: Any, by: Any) -> None:
    if owner.pk == by.pk:
        raise NotPermitted(_("Somebody else confirms your competence."))


def renew_competence(
    row: CompetenceRecord, *, by: Any, data: Mapping[str, Any], version: int | None = None
) -> CompetenceRecord:
    """Confirm it again before or after it ran out: ground, acquired_on, due_on, effect.

    Errors: NotPermitted, Stale, WrongState (ended), ValidationError.
    """
    capacity = require(access_of(by).capacity("competence.renew", row))
    _not_own(row.owner, by)
    with recording(by, "renew_competence", capacity=capacity, reason=data.get("ground", "")):
        current = locked(row, version)
        _in_force(current)
        return change(current, {**data, "confirmed_by": by})


def end_competence(
    row: CompetenceRecord, *, by: Any, reason: str, on: date, version: int | None = None
) -> CompetenceRecord:
    """End a record of competence, with the reason. Errors: NotPermitted, Stale, WrongState, ValidationError."""
    _not_own(row.owner, by)
    return _end(row, "competence", by=by, reason=reason, on=on, version=version)  # type: ignore[no-any-return]


def authority_of(user: Any, *, act: str, levels: Sequence[str], unit: Any, on: date) -> Authority | None:
    """The authority by which the person may take this decision in the unit on the day, or None.

    `levels`: the level asked and every higher one, for an authority reaches up to its level.
    """
    access = access_of(user)
    if access.scopes is not None or access.person_id is None:
        return None
    roles = [role for role, units in access.units.items() if unit.pk in units]
    found = Authority.objects.filter(Q(owner=access.person_id) | Q(role__in=roles), act=act, unit__in=unit.path)
    valid = found.filter(Q(valid_until=None) | Q(valid_until__gte=on), valid_from__lte=on, state=MandateState.IN_FORCE)
    return valid.filter(Q(level="") | Q(level__in=levels)).first()
