"""Whom a report concerns: who answers for the units and systems in the scope (clause 9.2.2 e)."""

from typing import Any

from audits.models import Audit
from organization.models import Unit, UnitGrant, User
from organization.states import Role

ANSWERING = (Role.AIMS_MANAGER, Role.SYSTEM_OWNER, Role.RISK_OWNER, Role.TOP_MANAGEMENT)


def managers_concerned(audit: Audit) -> Any:
    """People who own a system in the scope, or hold an answering role that reaches a unit of it."""
    systems = audit.systems.values_list("system__owner_id", flat=True)
    units = [
        *audit.units.values_list("scope_unit_id", flat=True),
        *audit.systems.values_list("system__unit_id", flat=True),
    ]
    held = UnitGrant.objects.filter(
        content_object__in=Unit.objects.above(units), permission__codename__in=ANSWERING, ended_at=None
    )
    return User.objects.active().filter(pk__in={*systems, *held.values_list("user_id", flat=True)})


def reaches_managers(audit: Audit) -> bool:
    """Whether at least one recipient of the report answers for what was audited."""
    return bool(managers_concerned(audit).filter(pk__in=audit.distribution.values("person")).exists())
