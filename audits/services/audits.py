"""Audits: planned, staffed independently, started, reported, distributed, signed, closed (clauses 9.2.1 and 9.2.2)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext as _

from aims.decisions import decide, our_language
from aims.errors import NotPermitted, WrongState, invalid
from aims.services import change, create, locked, move, require
from aims.trail import recording
from audits import policies
from audits.checklist import questions_for
from audits.models import (
    Audit,
    AuditCriterion,
    AuditSystem,
    AuditUnit,
    ChecklistItem,
    Distribution,
    ExternalRecord,
    SignOff,
    TeamMember,
)
from audits.rules import INDEPENDENT
from audits.services.common import (
    active_owner,
    fresh,
    require_active,
    require_seen,
    require_state,
    require_text,
    same_rows,
)
from audits.services.independence import as_data, competence_for_audit, conflicts_of, start_of_look_back
from audits.states import AUDIT, AUDITING, AuditState, PaperResult
from inventory.models import AISystem
from organization.duties import Override
from organization.models import CaseListing, User
from organization.services.duties import separated

_STILL_OPEN = (AuditState.PLANNED, AuditState.RUNNING)


@dataclass(frozen=True)
class Scope:
    """Against what and where is audited. None leaves a part as it is."""

    clauses: Iterable[Any] | None = None
    controls: Iterable[Any] | None = None
    procedures: Iterable[str] | None = None
    units: Iterable[Any] | None = None
    systems: Iterable[Any] | None = None


def plan_audit(*, by: User, data: Mapping[str, Any], scope: Scope = Scope()) -> Audit:
    """Plan an audit. Errors: NotPermitted, Hidden for a system that does not show, ValidationError."""
    if data.get("unit") is None:
        raise invalid(unit=_("Name the unit that keeps it."))
    capacity = require(policies.may(by, "audit.plan", unit=data["unit"]))
    active_owner({"owner": data.get("owner")})
    with recording(by, "plan_audit", capacity=capacity):
        audit = create(Audit(**data))
        set_scope(audit, scope, by)
        return fresh(audit)  # type: ignore[no-any-return]


def change_audit(
    audit: Audit,
    *,
    by: User,
    data: Mapping[str, Any],
    scope: Scope = Scope(),
    version: int | None = None,
    reason: str = "",
) -> Audit:
    """Change what is planned of an open audit. Once it runs, criteria that were worked on stay."""
    capacity = require(policies.may(by, "audit.change", audit))
    with recording(by, "change_audit", capacity=capacity, reason=reason):
        current = locked(audit, version)
        require_state(current, *_STILL_OPEN)
        if "owner" in data and data["owner"] != current.owner:
            active_owner(data)
        changed = change(current, data)
        set_scope(changed, scope, by)
        return fresh(changed)  # type: ignore[no-any-return]


def set_scope(audit: Audit, scope: Scope, by: User) -> None:
    """Set the parts of the scope that are given, inside another verb. Systems that the person does not see stay."""
    if scope.systems is not None:
        systems = list(scope.systems)
        require_seen(by, systems)
        unseen = AISystem.objects.filter(audits__audit=audit).exclude(
            pk__in=AISystem.objects.visible_to(by).values("pk")
        )
        same_rows(
            audit.systems, "system", [*systems, *unseen], lambda one: create(AuditSystem(audit=audit, system=one))
        )
    if scope.units is not None:
        same_rows(audit.units, "scope_unit", scope.units, lambda one: create(AuditUnit(audit=audit, scope_unit=one)))
    _set_criteria(audit, scope)
    if audit.state == AuditState.RUNNING:
        _ask(audit)


def _set_criteria(audit: Audit, scope: Scope) -> None:
    untouched = audit.criteria.filter(items=None, findings=None)
    for name, rows in (("clause", scope.clauses), ("control", scope.controls)):
        if rows is None:
            continue
        keys = {row.pk: row for row in rows}
        untouched.filter(**{f"{name}__isnull": False}).exclude(**{f"{name}__in": list(keys)}).delete()
        had = set(audit.criteria.values_list(f"{name}_id", flat=True))
        for pk in sorted(set(keys) - had):
            create(AuditCriterion(audit=audit, **{name: keys[pk]}))
    if scope.procedures is not None:
        wanted = [text.strip() for text in scope.procedures if text.strip()]
        untouched.exclude(procedure="").exclude(procedure__in=wanted).delete()
        had_texts = set(audit.criteria.values_list("procedure", flat=True))
        for text in dict.fromkeys(wanted):
            if text not in had_texts:
                create(AuditCriterion(audit=audit, procedure=text))


def assign_auditor(
    audit: Audit, *, by: User, person: User, role: str, on: date, declaration: str = "", override_reason: str = "",
    safeguards: str = "", version: int | None = None,
) -> TeamMember:  # fmt: skip
    """Put somebody on the team. Auditors must be competent and independent of what is audited (9.2.2 c).

    Who is partial is refused with the events that make them so. Where the organization's table of duties lets it be
    overridden, an approver gives reason and safeguards; they are printed in the report.
    Errors: NotPermitted, Stale, WrongState, ValidationError.
    """
    overriding = bool(override_reason.strip() or safeguards.strip())
    verb = "audit.override" if overriding else "audit.assign"
    capacity = require(
        policies.may(by, verb, audit) or (policies.may(by, "audit.assign", audit) and _cannot_override())
    )
    require_active(person=person)
    with recording(by, "assign_auditor", capacity=capacity, reason=override_reason):
        current = locked(audit, version)
        require_state(current, *_STILL_OPEN)
        if current.team.filter(person=person).exists():
            raise invalid(person=_("%(name)s is on the team already.") % {"name": person})
        values = _judged(current, person, role, by, capacity, Override(override_reason, safeguards), on)
        made = create(
            TeamMember(audit=current, person=person, role=role, declaration=declaration, added_by=by, **values)
        )
        for finding in current.findings.filter(state="draft"):
            CaseListing.objects.get_or_create(record_id=finding.pk, person=person, defaults={"reason": current.ref})
        return made


def _cannot_override() -> str:
    raise NotPermitted(_("Only an approver or top management lets a partial auditor audit."))


def _judged(
    audit: Audit, person: User, role: str, by: User, capacity: str, override: Override, on: date
) -> dict[str, Any]:
    """Competence and independence of who will judge; others of the team judge nothing."""
    if role not in AUDITING:
        return {}
    competence = competence_for_audit(person, audit.starts_on)
    if competence is None:
        raise invalid(person=_("No competence to audit is on record for %(name)s at that time.") % {"name": person})
    found = conflicts_of(person, audit, since=start_of_look_back(audit))
    if not found:
        return {"competence": competence}
    given = override.reason.strip() and override.safeguard.strip()
    try:
        separated(
            INDEPENDENT, tier="medium", broken=True, by=by, capacity=capacity, record=audit,
            override=override if given else None, on=on,
        )  # fmt: skip
    except NotPermitted as refused:
        raise _partial(person, found, refused) from refused
    if person.pk == by.pk:
        raise NotPermitted(_("Nobody lets themselves audit their own work."))
    return {
        "competence": competence, "conflicts": as_data(found), "override_reason": override.reason,
        "safeguards": override.safeguard, "approved_by": by,
    }  # fmt: skip


def _partial(person: User, found: list[Any], refused: NotPermitted) -> WrongState:
    """The refusal names every act."""
    words = _("%(name)s is not independent of what is audited: %(acts)s.") % {
        "name": person, "acts": "; ".join(str(one) for one in found),
    }  # fmt: skip
    unmet = [{"id": f"conflict_{number}", "sentence": str(one)} for number, one in enumerate(found, 1)]
    return WrongState(f"{words} {refused.detail}", unmet=unmet)


def remove_from_team(
    audit: Audit, *, by: User, member: TeamMember, on: date, reason: str, version: int | None = None
) -> Audit:
    """Take somebody off the team of an open audit."""
    capacity = require(policies.may(by, "audit.assign", audit))
    require_text(reason=reason)
    with recording(by, "remove_from_team", capacity=capacity, reason=reason):
        current = locked(audit, version)
        require_state(current, *_STILL_OPEN)
        member.delete()
        return fresh(current)  # type: ignore[no-any-return]


def start_audit(audit: Audit, *, by: User, on: date, opening: str = "", version: int | None = None) -> Audit:
    """Start it: objectives, criteria, scope and a lead are there; the checklist is made from the scope.

    Errors: NotPermitted, Stale, WrongState with what is unmet.
    """
    capacity = require(policies.may(by, "audit.start", audit) or policies.can_work(by, audit))
    with recording(by, "start_audit", capacity=capacity):
        current = locked(audit, version)
        moved = move(current, AUDIT, "start", **({"opening": opening} if opening else {}))
        _ask(moved)
        return fresh(moved)  # type: ignore[no-any-return]


def _ask(audit: Audit) -> None:
    """A question for each thing the criteria ask, in our own words; those there already stay."""
    if not audit.keeps_papers:
        return
    had = set(audit.items.values_list("criterion_id", "question"))
    last = audit.items.count()
    rows = audit.criteria.select_related("clause", "control")
    fresh_ones = [(row, text) for row in rows for text in questions_for(row) if (row.pk, text) not in had]
    for number, (row, text) in enumerate(fresh_ones, last + 1):
        create(ChecklistItem(audit=audit, criterion=row, question=text, position=number))


def report_audit(
    audit: Audit, *, by: User, on: date, at: datetime, conclusions: str, left_out: str = "", closing: str = "",
    version: int | None = None,
) -> Audit:  # fmt: skip
    """Issue the report with conclusions written by the lead. Nothing of it changes afterwards.

    `left_out` says why items were not looked at, while there are any. Errors: NotPermitted, Stale, WrongState,
    ValidationError.
    """
    capacity = require(policies.can_report(by, audit), _("The lead of the team reports."))
    require_text(conclusions=conclusions)
    with recording(by, "report_audit", capacity=capacity):
        current = locked(audit, version)
        _say_why(current, left_out)
        values = {"conclusions": conclusions, "left_out": left_out, "reported_by": by, "reported_at": at}
        with our_language():
            decide(
                current, by=by, capacity=capacity, sort="audit_report", question=_("What does the audit conclude?"),
                outcome=_("Reported"), reason=conclusions[:4000],
            )  # fmt: skip
        return move(current, AUDIT, "report", closing=closing or current.closing, **values)


def _say_why(audit: Audit, left_out: str) -> None:
    """A report that is silent about what was not looked at would claim more than was done."""
    unseen = audit.items.filter(result=PaperResult.NOT_LOOKED).count() if audit.keeps_papers else 0
    if unseen and audit.state == AuditState.RUNNING and not left_out.strip():
        raise invalid(left_out=_("Say why %(count)d of the items were not looked at.") % {"count": unseen})


def distribute_report(audit: Audit, *, by: User, people: Iterable[User], on: date, version: int | None = None) -> Audit:
    """Send the report to people: it then stands among what they were given."""
    capacity = require(policies.may(by, "audit.distribute", audit) or policies.can_report(by, audit))
    named = list(people)
    if not named:
        raise invalid(people=_("Name at least one recipient."))
    with recording(by, "distribute_report", capacity=capacity):
        current = locked(audit, version)
        require_state(current, AuditState.REPORTED, AuditState.CLOSED)
        had = set(current.distribution.values_list("person_id", flat=True))
        for person in named:
            if person.pk not in had:
                create(Distribution(audit=current, person=person, sent_by=by))
        return fresh(current)  # type: ignore[no-any-return]


def sign_report(audit: Audit, *, by: User, statement: str, on: date, version: int | None = None) -> Audit:
    """Sign the report, once, in one's own name."""
    capacity = require(policies.can_sign(by, audit))
    require_text(statement=statement)
    with recording(by, "sign_report", capacity=capacity, reason=statement):
        current = locked(audit, version)
        require_state(current, AuditState.REPORTED, AuditState.CLOSED)
        if current.sign_offs.filter(person=by).exists():
            raise WrongState(_("You signed it already."))
        create(SignOff(audit=current, person=by, capacity=capacity, statement=statement))
        return fresh(current)  # type: ignore[no-any-return]


def close_audit(audit: Audit, *, by: User, reason: str, on: date, version: int | None = None) -> Audit:
    """Close it: the report reached the managers concerned and is signed. Errors: WrongState with what is unmet."""
    capacity = require(policies.may(by, "audit.close", audit))
    require_text(reason=reason)
    with recording(by, "close_audit", capacity=capacity, reason=reason):
        return move(locked(audit, version), AUDIT, "close", due_on=None)


def cancel_audit(audit: Audit, *, by: User, reason: str, on: date, version: int | None = None) -> Audit:
    """Give it up, with the reason: it covers nothing."""
    capacity = require(policies.may(by, "audit.cancel", audit))
    require_text(reason=reason)
    with recording(by, "cancel_audit", capacity=capacity, reason=reason):
        return move(locked(audit, version), AUDIT, "cancel", due_on=None)


def add_external_record(
    audit: Audit, *, by: User, data: Mapping[str, Any], on: date, version: int | None = None
) -> ExternalRecord:
    """Name a record kept in another system that the audit relies on."""
    capacity = require(policies.can_work(by, audit) or policies.may(by, "audit.change", audit))
    with recording(by, "add_external_record", capacity=capacity):
        current = locked(audit, version)
        require_state(current, *_STILL_OPEN)
        return create(ExternalRecord(audit=current, **data))
