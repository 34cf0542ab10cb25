"""Authority to decide, and records of competence (clauses 5.3 and 7.2)."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from aims.access import access_of
from aims.errors import NotPermitted, WrongState, invalid
from aims.services import create, locked, require
from aims.trail import recording
from organization.mandates import Authority, CompetenceRecord


def grant_authority(*, by: Any, data: Mapping[str, Any]) -> Authority:
    """Let a person, or whoever holds a role, take a kind of decision. Errors: NotPermitted, ValidationError."""
    capacity = require(access_of(by).capacity("authority.grant", unit_id=data["unit"].pk))
    person = data.get("person")
    if person is not None and person.pk == by.pk:
        raise NotPermitted(_("Nobody gives authority to themselves."))
    with recording(by, "grant_authority", capacity=capacity, reason=data.get("reason", "")):
        return create(Authority(granted_by=by, **data))


def end_authority(row: Authority, *, by: Any, reason: str, on: date) -> Authority:
    """Take an authority back, with the reason."""
    capacity = require(access_of(by).capacity("authority.grant", unit_id=row.unit_id))
    if not reason.strip():
        raise invalid(reason=_("This must be said."))
    with recording(by, "end_authority", capacity=capacity, reason=reason):
        current = locked(row)
        if current.ended_on is not None:
            raise WrongState(_("It has ended already."))
        current.ended_on, current.end_reason = on, reason.strip()
        current.save(update_fields=["ended_on", "end_reason"])
        return current


def record_competence(*, by: Any, data: Mapping[str, Any]) -> CompetenceRecord:
    """Confirm what another person is competent for, until when."""
    capacity = require(access_of(by).capacity("competence.record", unit_id=data["person"].unit_id))
    if data["person"].pk == by.pk:
        raise NotPermitted(_("Somebody else confirms your competence."))
    with recording(by, "record_competence", capacity=capacity):
        return create(CompetenceRecord(confirmed_by=by, **data))


def authority_of(user: Any, *, kind: str, level: str, unit: Any, on: date) -> Authority | None:
    """The authority by which the person may take this decision in the unit on the day, or None."""
    access = access_of(user)
    if access.scopes is not None or access.person_id is None:
        return None
    roles = [role for role, units in access.units.items() if unit.pk in units]
    found = Authority.objects.filter(Q(person=access.person_id) | Q(role__in=roles), kind=kind, unit__in=unit.path)
    valid = found.filter(Q(valid_until=None) | Q(valid_until__gte=on), valid_from__lte=on, ended_on=None)
    return valid.filter(Q(level="") | Q(level=level)).first()
