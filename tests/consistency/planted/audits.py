"""Faults of audits: lapsed competence, a missing report, an action due too late, a reviewer who left."""

from typing import Any

from tests.consistency.planted.days import day, set_fields
from tests.factories import audits as make
from tests.factories import person


def _team(due: Any) -> Any:
    audit = make.audit()
    member = make.assign(audit, make.auditor())
    set_fields(member.competence, due_on=due)
    return make.fresh(audit)


def lapsed() -> Any:
    return _team(day(-1))


def lasting() -> Any:
    return _team(day(0))


def _over(days: int) -> Any:
    audit, _lead = make.running()
    return set_fields(audit, starts_on=day(-days - 3), ends_on=day(-days))


def silent() -> Any:
    return _over(31)


def recent() -> Any:
    return _over(30)


def _action(due: Any) -> Any:
    row = make.planned()
    set_fields(row, effect_from=day(40))
    return set_fields(row.actions.get(), due_on=due)


def too_late() -> Any:
    return _action(day(41))


def in_time() -> Any:
    return _action(day(40))


def _reviewer(*, active: bool) -> Any:
    reviewer = person("approver")
    row = make.planned(reviewer=reviewer)
    set_fields(reviewer, is_active=active)
    return row


def gone() -> Any:
    return _reviewer(active=False)


def here() -> Any:
    return _reviewer(active=True)


PLANTS = {
    "audit-lapsed-competence": (lapsed, lasting),
    "audit-never-reported": (silent, recent),
    "corrective-due-after-effect": (too_late, in_time),
    "nonconformity-reviewer-left": (gone, here),
}
