"""The audit programme: drafted, approved with the reason for what it leaves out, closed (clause 9.2.2)."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext as _

from aims.decisions import decide
from aims.errors import WrongState, invalid
from aims.services import change, create, locked, move, require
from aims.trail import recording
from audits import policies
from audits.coverage import gaps_of
from audits.models import AuditProgramme
from audits.services.common import active_owner, require_text
from audits.states import PROGRAMME
from organization.models import User


def draft_programme(*, by: User, data: Mapping[str, Any]) -> AuditProgramme:
    """Draft a programme for a period. Errors: NotPermitted, ValidationError."""
    if data.get("unit") is None:
        raise invalid(unit=_("Name the unit that keeps it."))
    capacity = require(policies.may(by, "programme.draft", unit=data["unit"]))
    active_owner({"owner": data.get("owner")})
    with recording(by, "draft_programme", capacity=capacity):
        return create(AuditProgramme(**data))


def change_programme(
    programme: AuditProgramme, *, by: User, data: Mapping[str, Any], version: int | None = None
) -> AuditProgramme:
    """Change a draft."""
    capacity = require(policies.may(by, "programme.change", programme))
    with recording(by, "change_programme", capacity=capacity):
        current = locked(programme, version)
        if not current.is_draft:
            raise WrongState(_("An approved programme does not change; draft a new one."))
        return change(current, data)


def approve_programme(
    programme: AuditProgramme, *, by: User, reason: str, at: datetime, on: date, gap_reason: str = "",
    version: int | None = None,
) -> AuditProgramme:  # fmt: skip
    """Approve it. What no audit of it covers is frozen into it and needs a reason.

    Errors: NotPermitted, Stale, WrongState, ValidationError naming what is not covered.
    """
    capacity = require(policies.may(by, "programme.approve", programme))
    require_text(reason=reason)
    with recording(by, "approve_programme", capacity=capacity, reason=reason):
        current = locked(programme, version)
        gaps = gaps_of(current)
        if gaps and not gap_reason.strip():
            named = ", ".join(gaps[:12]) + (" …" if len(gaps) > 12 else "")
            raise invalid(gap_reason=_("No audit covers %(gaps)s. Plan one, or say why not.") % {"gaps": named})
        decide(
            current, by=by, capacity=capacity, sort="audit_programme", question=_("Approve the audit programme?"),
            outcome=_("Approved"), reason=reason, conditions=gap_reason,
        )  # fmt: skip
        values = {"gaps": gaps, "gap_reason": gap_reason if gaps else "", "approved_by": by, "approved_at": at}
        return move(current, PROGRAMME, "approve", **values)


def close_programme(
    programme: AuditProgramme, *, by: User, reason: str, on: date, version: int | None = None
) -> AuditProgramme:
    """Close it at its end."""
    capacity = require(policies.may(by, "programme.close", programme))
    require_text(reason=reason)
    with recording(by, "close_programme", capacity=capacity, reason=reason):
        return move(locked(programme, version), PROGRAMME, "close", due_on=None)
