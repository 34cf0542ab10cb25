"""The audit programme: drafted, approved with the reason for what it leaves out, closed (clause 9.2.2)."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext as _

from aims.decisions import decide, our_language
from aims.errors import WrongState, invalid
from aims.services import change, create, locked, move, require
from aims.trail import recording
from audits import leftout, policies
from audits.coverage import Line, gaps_of
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
    gap_reasons: Iterable[str] = (), version: int | None = None,
) -> AuditProgramme:  # fmt: skip
    """Approve it. What no audit of it covers, as the approver sees it, is frozen into it and needs a reason.

    `gap_reasons`: lines such as `Logistics: bought in May`, each for a clause or control, a unit with its systems, a
    tier, a system by reference, or a whole part (`AI systems: …`); the first that fits counts. `gap_reason` stands for
    all the rest. Errors: NotPermitted, Stale, WrongState, ValidationError naming what is not explained, or a line that
    explains nothing.
    """
    capacity = require(policies.may(by, "programme.approve", programme))
    require_text(reason=reason)
    with recording(by, "approve_programme", capacity=capacity, reason=reason):
        current = locked(programme, version)
        gaps = gaps_of(current, by)
        kept = _explained(gaps, gap_reasons, gap_reason.strip())
        said = "\n".join(f"{one['about']}: {one['why']}" if one["about"] else one["why"] for one in kept)
        with our_language():
            decide(
                current, by=by, capacity=capacity, sort="audit_programme", question=_("Approve the audit programme?"),
                outcome=_("Approved"), reason=reason, conditions=said[:4000],
            )  # fmt: skip
        numbers = [gap.number for gap in gaps if gap.part in ("clauses", "controls")]
        return move(
            current, PROGRAMME, "approve", gaps=numbers, gap_reasons=kept, gap_reason=gap_reason if gaps else "",
            approved_by=by, approved_at=at,
        )  # fmt: skip


def _explained(gaps: list[Line], lines: Iterable[str], rest: str) -> list[dict[str, Any]]:
    """The gaps by reason, once each has one."""
    try:
        reasons = leftout.read(lines)
    except ValueError as unclear:
        words = _("Write what it is for, a colon, and the reason: “%(line)s”.")
        raise invalid(gap_reasons=words % {"line": str(unclear)}) from unclear
    kept, silent, idle = leftout.explain(gaps, [*reasons, *([leftout.Reason("", rest)] if rest else [])])
    if idle:
        names = ", ".join(one.about for one in idle)
        raise invalid(gap_reasons=_("Nothing of this name is left out: %(names)s.") % {"names": names})
    if silent:
        words = _("No audit covers this: %(gaps)s. Plan one, or say why not.")
        raise invalid(gap_reason=words % {"gaps": leftout.told(silent)})
    return kept


def close_programme(
    programme: AuditProgramme, *, by: User, reason: str, on: date, version: int | None = None
) -> AuditProgramme:
    """Close it at its end."""
    capacity = require(policies.may(by, "programme.close", programme))
    require_text(reason=reason)
    with recording(by, "close_programme", capacity=capacity, reason=reason):
        return move(locked(programme, version), PROGRAMME, "close", due_on=None)
