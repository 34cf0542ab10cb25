"""The record of a certification and its visits."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from aims.errors import invalid
from aims.services import change, create, locked, require
from aims.trail import recording
from audits import policies
from audits.models import Audit, Certification, SurveillanceVisit
from audits.services.common import active_owner, require_seen
from organization.models import User


def record_certification(*, by: User, data: Mapping[str, Any]) -> Certification:
    """Record a certification, wished for or held. Errors: NotPermitted, ValidationError."""
    if data.get("unit") is None:
        raise invalid(unit=_("Name the unit that holds it."))
    capacity = require(policies.may(by, "certification.record", unit=data["unit"]))
    active_owner({"owner": data.get("owner")})
    with recording(by, "record_certification", capacity=capacity):
        return create(Certification(**{**data, "due_on": data.get("valid_until")}))


def change_certification(
    row: Certification, *, by: User, data: Mapping[str, Any], version: int | None = None, reason: str = ""
) -> Certification:
    """Change the record; its end is what falls due."""
    capacity = require(policies.may(by, "certification.change", row))
    with recording(by, "change_certification", capacity=capacity, reason=reason):
        current = locked(row, version)
        return change(current, {**data, "due_on": data.get("valid_until", current.valid_until)})


def plan_visit(
    row: Certification,
    *,
    by: User,
    sort: str,
    planned_on: date,
    audit: Audit | None = None,
    on: date,
    version: int | None = None,
) -> SurveillanceVisit:
    """Plan a visit of the body, or say which audit it became."""
    capacity = require(policies.may(by, "certification.change", row))
    with recording(by, "plan_visit", capacity=capacity):
        current = locked(row, version)
        require_seen(by, [audit] if audit else [])
        found = current.visits.filter(planned_on=planned_on).first()
        if found is not None:
            return change(found, {"sort": sort, "audit": audit})
        return create(SurveillanceVisit(certification=current, sort=sort, planned_on=planned_on, audit=audit))
