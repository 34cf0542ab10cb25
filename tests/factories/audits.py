"""Audits, nonconformities and engagements as the services make them."""

from datetime import date, timedelta
from typing import Any

from aims import clock
from audits import services
from audits.models import Audit, Engagement, Finding, Nonconformity
from audits.services import Scope
from controls.models import Clause, Control
from organization.mandates import CompetenceRecord
from organization.models import Unit, User
from organization.services.mandates import record_competence
from organization.states import Role
from tests.factories import person, root_unit
from tests.factories.controls import system as make_system


def today() -> date:
    return clock.today()


def soon(days: int = 30) -> date:
    return today() + timedelta(days=days)


def fresh(row: Any) -> Any:
    return type(row).objects.get(pk=row.pk)


def manager(unit: Unit | None = None) -> User:
    return person(Role.AIMS_MANAGER, unit or root_unit())


def competent(who: User, title: str = "Lead auditor ISO/IEC 42001") -> CompetenceRecord:
    data = {"owner": who, "title": title, "ground": "Course and exam", "acquired_on": date(2024, 1, 1)}
    return record_competence(by=person(Role.TOP_MANAGEMENT, root_unit()), data=data)


def auditor(unit: Unit | None = None) -> User:
    """An internal auditor who is competent."""
    who = person(Role.INTERNAL_AUDITOR, unit or root_unit())
    competent(who)
    return who


def clause(number: str = "7.2") -> Clause:
    return Clause.objects.get(framework__key="iso-42001", number=number)


def control(number: str = "A.7.5") -> Control:
    return Control.objects.get(framework__key="iso-42001", number=number)


def system(unit: Unit | None = None, **data: Any) -> Any:
    return make_system(unit, **data)


def audit(
    unit: Unit | None = None, *, systems: Any = (), clauses: Any = None, controls: Any = (), **data: Any
) -> Audit:
    """A planned audit of clause 7.2 in a unit, unless told otherwise."""
    where = unit or root_unit()
    by = manager(where)
    values = {
        "title": "Audit of competence", "unit": where, "owner": by, "objectives": "See whether people can do what they do.",
        "starts_on": today(), "ends_on": soon(3), "period_from": soon(-365), "period_to": today(), **data,
    }  # fmt: skip
    scope = Scope(clauses=[clause()] if clauses is None else clauses, controls=controls, units=[where], systems=systems)
    return services.plan_audit(by=by, data=values, scope=scope)


def assign(row: Audit, who: User, role: str = "lead", **more: Any) -> Any:
    return services.assign_auditor(row, by=manager(row.unit), person=who, role=role, on=today(), **more)


def running(unit: Unit | None = None, **data: Any) -> tuple[Audit, User]:
    """An audit that runs, and its lead."""
    row = audit(unit, **data)
    lead = auditor(row.unit)
    assign(row, lead)
    return services.start_audit(fresh(row), by=lead, on=today()), lead


def finding(row: Audit, by: User, **data: Any) -> Finding:
    values = {
        "title": "Two people without a record", "criterion": row.criteria.first(), "statement": "Two of eight have none.",
        "objective_evidence": "Sample of eight people.", "grade": "minor", "rationale": "Isolated.", **data,
    }  # fmt: skip
    return services.raise_finding(row, by=by, data=values, on=today())


def nonconformity(unit: Unit | None = None, **data: Any) -> Nonconformity:
    """An open nonconformity of a unit, owned by its system owner."""
    where = unit or root_unit()
    by = manager(where)
    values = {
        "title": "Reviews are late", "requirement": "Reviews are done in time.", "description": "Three of nine are late.",
        "grade": "minor", "source": "review", "unit": where, "owner": person(Role.SYSTEM_OWNER, where), **data,
    }  # fmt: skip
    return services.raise_nonconformity(by=by, data=values, on=data.pop("detected_on", today()))


def contained(**data: Any) -> Nonconformity:
    row = nonconformity(**data)
    return services.contain(row, by=row.owner, on=today(), containment="Done now.", consequences="None known.")


def analyse(row: Nonconformity, **more: Any) -> Nonconformity:
    values = {
        "cause_method": "free", "root_cause": "Nobody was named.", "similar_where": "All units", "similar_result": "None",
        **more,
    }  # fmt: skip
    return services.analyse(row, by=row.owner, on=today(), **values)


def planned(*, doer: User | None = None, reviewer: User | None = None, row: Any = None, **data: Any) -> Nonconformity:
    found = row or analyse(contained(**data))
    action = {"title": "Name somebody", "owner": doer or person(Role.CONTRIBUTOR, found.unit), "due_on": soon()}
    return services.plan_correction(
        found, by=found.owner, on=today(), action_needed=True, proportionality="One name is enough.",
        effect_criteria="No review is late for a quarter.", reviewer=reviewer or person(Role.APPROVER, found.unit),
        actions=[action],
    )  # fmt: skip


def done(row: Nonconformity) -> Nonconformity:
    for action in row.actions.open():
        services.complete_corrective_action(action, by=action.owner, on=today(), result="Named.")
    return fresh(row)


def awaiting(**data: Any) -> Nonconformity:
    row = done(planned(**data))
    return services.hand_over(
        row, by=row.owner, on=today(), aims_changes="Procedure says it.", risk_update="None needed."
    )


def guest(unit: Unit | None = None) -> User:
    """Somebody from outside: an account without any role."""
    return person(where=unit or root_unit())


def engagement(row: Audit | None = None, *, units: Any = None, systems: Any = (), **data: Any) -> Engagement:
    """An open engagement for a running audit of a certification body."""
    found = row or audit(sort="stage_2")
    values = {
        "firm": "Nordvalid", "starts_on": today(), "ends_on": soon(14), "period_from": soon(-365), "period_to": soon(1),
        **data,
    }  # fmt: skip
    opened = [found.unit] if units is None and not systems else units or []
    return services.open_engagement(
        found, by=manager(found.unit), data=values, on=today(), units=opened, systems=systems
    )


def member(row: Engagement, who: User | None = None) -> User:
    person_in = who or guest(row.unit)
    services.admit(row, by=manager(row.unit), person=person_in, on=today())
    return person_in
