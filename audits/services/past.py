"""Audits that were over before they came here, and what they found: history that other tools kept (9.2, 10.2).

Nothing of them is judged here: no independence, sample or signature is claimed, for none of it can be proved.
"""

from collections.abc import Iterable, Mapping
from datetime import date, datetime, time
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from aims.errors import WrongState, invalid
from aims.services import change, create, locked, require
from aims.trail import recording
from audits import policies
from audits.models import Audit, AuditCriterion, Finding
from audits.services.audits import Scope, set_scope
from audits.services.common import active_owner, fresh, placed, require_seen, require_text
from audits.states import AuditState, FindingState
from controls.models import Clause, Control
from organization.models import User

_SAME = Scope()
ENDINGS = (FindingState.ISSUED, FindingState.CLOSED)  # how a finding that comes here may stand


def take_over_audit(*, by: User, data: Mapping[str, Any], on: date, scope: Scope = _SAME) -> Audit:
    """Enter an audit that is over: who audited what, when, and what they concluded.

    Errors: NotPermitted, Hidden for a system that does not show, ValidationError.
    """
    if data.get("unit") is None:
        raise invalid(unit=_("Name the unit that keeps it."))
    capacity = require(policies.may(by, "audit.plan", unit=data["unit"]))
    active_owner({"owner": data.get("owner")})
    _over(data, on)
    with recording(by, "take_over_audit", capacity=capacity):
        audit = create(Audit(state=AuditState.TAKEN_OVER, **data))
        set_scope(audit, scope, by)
        return fresh(audit)  # type: ignore[no-any-return]


def change_past_audit(
    audit: Audit, *, by: User, data: Mapping[str, Any], on: date, scope: Scope = _SAME, version: int | None = None
) -> Audit:
    """Say it better. An audit that was done here does not change so."""
    capacity = require(policies.may(by, "audit.change", audit))
    with recording(by, "change_past_audit", capacity=capacity):
        current = locked(audit, version)
        if not current.taken_over:
            raise WrongState(_("This audit was planned here; a file does not change it."))
        active_owner(data)
        _over({"ends_on": current.ends_on, **data}, on)
        changed = change(current, data)
        set_scope(changed, scope, by)
        return fresh(changed)  # type: ignore[no-any-return]


def _over(data: Mapping[str, Any], on: date) -> None:
    if data["ends_on"] > on:
        raise invalid(ends_on=_("This day is still to come; plan the audit instead."))
    require_text(**{name: data[name] or "" for name in ("audited_by", "conclusions") if name in data})


def take_over_finding(audit: Audit, *, by: User, data: Mapping[str, Any]) -> Finding:
    """Enter what an audit that is over found. Nothing follows from it by itself: nonconformities come on their own.

    `data`: title, criterion (a clause, a control or the words of a procedure; it joins the audit's criteria), grade,
    statement, objective_evidence, rationale, owner, system, state (issued or closed), outcome, issued_at (a day).
    Errors: NotPermitted, Hidden, WrongState, ValidationError.
    """
    capacity = require(policies.may(by, "audit.change", audit))
    with recording(by, "take_over_finding", capacity=capacity):
        current = locked(audit)
        if not current.taken_over:
            raise WrongState(_("This audit was planned here; its team raises the findings."))
        values = placed({"unit": current.unit, "owner": current.owner, "state": FindingState.ISSUED,
                         "issued_at": current.ends_on, **data})  # fmt: skip
        _stands(by, values)
        values |= {"criterion": _criterion(current, values["criterion"]), "issued_at": _noon(values["issued_at"])}
        more = {"raised_by": by, "taken_over": True, "confidentiality": current.confidentiality}
        return fresh(create(Finding(audit=current, **more, **values)))  # type: ignore[no-any-return]


def change_past_finding(finding: Finding, *, by: User, data: Mapping[str, Any], version: int | None = None) -> Finding:
    """Say it better, or how it ended. A finding that was raised here does not change so."""
    capacity = require(policies.may(by, "audit.change", finding.audit))
    with recording(by, "change_past_finding", capacity=capacity):
        current = locked(finding, version)
        if not current.taken_over:
            raise WrongState(_("This finding was raised here; a file does not change it."))
        values = placed({"unit": current.unit, "system": current.system, **data})
        _stands(by, values)
        if "criterion" in values:
            values["criterion"] = _criterion(current.audit, values["criterion"])
        if "issued_at" in values:
            values["issued_at"] = _noon(values["issued_at"])
        return change(current, values)


def _stands(by: User, values: Mapping[str, Any]) -> None:
    active_owner(values)
    require_text(**{name: values[name] or "" for name in ("title", "statement") if name in values})
    require_seen(by, [values["system"]] if values.get("system") else [])
    if "state" in values and values["state"] not in ENDINGS:
        raise invalid(state=_("It is issued, or closed."))


def _criterion(audit: Audit, about: Clause | Control | str) -> AuditCriterion:
    """The audit's criterion of this clause, control or procedure; where it has none yet, it has now."""
    name = "clause" if isinstance(about, Clause) else "control" if isinstance(about, Control) else "procedure"
    found = audit.criteria.filter(**{name: about}).first()
    return found or create(AuditCriterion(audit=audit, **{name: about}))


def _noon(day: date) -> datetime:
    """The middle of a day: a report says no hour."""
    return timezone.make_aware(datetime.combine(day, time(12)))


def as_scope(criteria: Iterable[Any] | None, **more: Any) -> Scope:
    """Criteria of all three sorts in one list, as a scope."""
    if criteria is None:
        return Scope(**more)
    rows = list(criteria)
    return Scope(
        clauses=[row for row in rows if isinstance(row, Clause)],
        controls=[row for row in rows if isinstance(row, Control)],
        procedures=[row for row in rows if isinstance(row, str)],
        **more,
    )
