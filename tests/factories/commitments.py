"""Obligations, objectives, authorities and records of competence as the services make them."""

from datetime import date, timedelta
from typing import Any

from aims import clock
from organization.commitments import Objective, Obligation
from organization.mandates import Authority, CompetenceRecord
from organization.models import User
from organization.services import commitments, mandates
from organization.states import Role
from tests.factories import person, root_unit

LONG_PAST = date(2001, 1, 1)
PLAN = {
    "work": "Count each month.", "resources": "One analyst.", "measure": "Share held; at most 1.2 percent.",
    "evaluation": "The board, quarterly.",
}  # fmt: skip


def soon(days: int = 90) -> date:
    return clock.today() + timedelta(days=days)


def obligation(*, by: User | None = None, reach: Any = (), **data: Any) -> Obligation:
    by = by or person(Role.AIMS_MANAGER)
    values = {
        "title": "Say that it is AI", "sort": "law", "source": "Regulation (EU) 2024/1689, Art. 50", "owner": by,
        "asks": "Customers know when they deal with AI.", "unit": root_unit(), "due_on": soon(), **data,
    }  # fmt: skip
    return commitments.register_obligation(by=by, data=values, reach=reach)


def objective(*, by: User | None = None, reach: Any = (), **data: Any) -> Objective:
    by = by or person(Role.AIMS_MANAGER)
    values = {
        "title": "Hold nobody for their address",
        "owner": by,
        "unit": root_unit(),
        "due_on": soon(),
        **PLAN,
        **data,
    }
    return commitments.draft_objective(by=by, data=values, reach=reach)


def adopted(**data: Any) -> Objective:
    row = objective(**data)
    return commitments.adopt_objective(
        row, by=person(Role.TOP_MANAGEMENT), reason="The board wants it.", on=clock.today()
    )


def authority(*, by: User | None = None, **data: Any) -> Authority:
    values = {
        "act": "accept_risk", "unit": root_unit(), "valid_from": clock.today(), "reason": "Stands in.", "level": "",
        **({} if "role" in data else {"owner": person(Role.READER)}), **data,
    }  # fmt: skip
    return mandates.grant_authority(by=by or person(Role.TOP_MANAGEMENT), data=values)


def competence(*, by: User | None = None, **data: Any) -> CompetenceRecord:
    values = {
        "owner": person(Role.READER), "title": "Assessing risks", "ground": "Course with examination.",
        "acquired_on": clock.today(), "due_on": soon(700), **data,
    }  # fmt: skip
    return mandates.record_competence(by=by or person(Role.AIMS_MANAGER), data=values)
