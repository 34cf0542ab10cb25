"""Criteria and risks as the services make them."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

from aims import clock
from organization.duties import Override  # noqa: F401 - for tests that override
from organization.models import Unit, User
from organization.services.duties import set_duties
from organization.states import Role
from risk import services
from risk.models import Risk, RiskCriteria, Treatment
from risk.rules import ACCEPTOR_ASSESSOR
from tests.factories import person, root_unit
from tests.factories.controls import system as make_system

RATINGS: dict[str, Any] = {
    "likelihood": 4, "organization": 3, "individual": 2, "group": None, "society": 1, "likelihood_reason": "Seen twice.",
    "group_reason": "Nobody is hit as a group.",
}  # fmt: skip
LOW: dict[str, Any] = {"likelihood": 2, "organization": 2, "individual": 1, "group": None, "society": 1}
MEDIUM: dict[str, Any] = {"likelihood": 2, "organization": 3, "individual": 1, "group": None, "society": 1}


def today() -> date:
    return clock.today()


def set_low_override(by: User) -> None:
    """Let who assessed a low risk accept it, with an override."""
    set_duties({ACCEPTOR_ASSESSOR.id: {"low": "override"}}, by=by, reason="We are three.")


def soon(days: int = 90) -> date:
    return today() + timedelta(days=days)


def now() -> datetime:
    return clock.now()


def manager(role: str = Role.TOP_MANAGEMENT, unit: Unit | None = None, **more: Any) -> User:
    return person(role, unit or root_unit(), **more)


def draft(**data: Any) -> RiskCriteria:
    return services.draft_criteria(by=manager(Role.RISK_OWNER), data=data)


def criteria(**data: Any) -> RiskCriteria:
    """Criteria in force; those that were are superseded."""
    row = draft(**data)
    return services.approve_criteria(
        row, by=manager(), reason="The board decided so.", at=now(), on=today(), version=row.version
    )


def in_force() -> RiskCriteria:
    found = RiskCriteria.objects.in_force()
    return found or criteria()


def system(unit: Unit | None = None, **data: Any) -> Any:
    return make_system(unit, **data)


def risk(*, by: User | None = None, unit: Unit | None = None, **data: Any) -> Risk:
    """A risk that is registered and not assessed, of one system of the unit unless told otherwise."""
    where = unit or root_unit()
    owner = by or person(Role.RISK_OWNER, where)
    values = {
        "title": "Prices go up where people cannot choose",
        "cause": "The place stands in for income.",
        "event": "The model learns it.",
        "consequences": "Poor people pay more.",
        "owner": owner,
        **({} if "system" in data else {"system": system(where)}),
        **data,
    }
    if values.get("system") is None:
        values.setdefault("unit", where)
    return services.register_risk(by=owner, data=values)


def assessed(*, by: User | None = None, ratings: Mapping[str, Any] | None = None, **data: Any) -> Risk:
    """A risk with one assessment (a high one unless told otherwise), recorded by its owner."""
    in_force()
    row = data.pop("row", None) or risk(by=by, **data)
    assess(row, by=by, **(ratings or {}))
    return fresh(row)


def assess(row: Risk, *, by: User | None = None, assessors: Any = (), **ratings: Any) -> Any:
    values = {**RATINGS, **ratings}
    return services.assess_risk(
        row, by=by or row.owner, data=values, assessors=assessors, on=today(), next_review_on=soon()
    )


def fresh(row: Any) -> Any:
    return type(row).objects.get(pk=row.pk)


def plan(row: Risk, *, by: User | None = None, actions: int = 1, controls: Any = (), **data: Any) -> Treatment:
    """A proposed plan with actions of different people."""
    steps = [
        {"title": f"Step {n}", "owner": person(Role.CONTRIBUTOR, row.unit), "due_on": soon(30)} for n in range(actions)
    ]
    values = {"option": "modify", "rationale": "It takes the cause away.", **MEDIUM, **data}
    return services.propose_treatment(row, by=by or row.owner, data=values, controls=controls, actions=steps)


def approve(row: Risk, *, by: User | None = None, **more: Any) -> Any:
    values = {"approved": True, "reason": "It will do.", "on": today(), **more}
    return services.decide_plan(row, by=by or manager(Role.APPROVER, row.unit), **values)


def treated(*, actions: int = 1, **data: Any) -> Risk:
    """A risk with an approved plan."""
    row = assessed(**data)
    plan(row, actions=actions)
    approve(row)
    return fresh(row)


def done(row: Risk) -> Risk:
    """Every action done by its owner."""
    for action in row.actions.open():
        services.complete_action(action, by=action.owner, on=today(), result="Done.")
    return fresh(row)


def verify(row: Risk, verdict: str = "effective", *, by: User | None = None, **ratings: Any) -> Any:
    data = {"verdict": verdict, "method": "Measured for a month.", **MEDIUM, **ratings}
    return services.verify_treatment(row, by=by or manager(Role.APPROVER, row.unit), data=data, on=today())


def verified(**data: Any) -> Risk:
    """A risk whose treatment was verified as effective; its residual is medium."""
    row = done(treated(**data))
    verify(row)
    return fresh(row)


def accept(row: Risk, *, by: User | None = None, **more: Any) -> Any:
    values = {"reason": "What is left is small.", "until": soon(300), "on": today(), **more}
    return services.accept_residual_risk(row, by=by or manager(Role.APPROVER, row.unit), **values)


def accepted(**data: Any) -> Risk:
    row = verified(**data)
    accept(row)
    return fresh(row)
