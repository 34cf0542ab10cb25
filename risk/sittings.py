"""The sitting: which rated risks wait for an acceptance that a person may give (6.1.3, 8.3)."""

from datetime import date
from typing import Any

from risk import policies
from risk.models import Risk, RiskCriteria
from risk.states import Evaluation, PlanState

MOST = 200  # risks of one sitting
PLANNED = (PlanState.APPROVED, PlanState.VERIFIED)


def waiting(rows: Any, user: Any, *, on: date, band: bool = False) -> list[Risk]:
    """Of the risks that this person sees, those to accept now, the gravest first, at most MOST.

    `band`: only those within the acceptable band, which need no plan and are accepted as a list once a year.
    """
    criteria = RiskCriteria.objects.in_force()
    if criteria is None:
        return []
    found = rows.to_accept().select_related("unit", "criteria", "assessment", "treatment").most_severe()
    found = found.filter(evaluation=Evaluation.ACCEPTABLE) if band else found
    return [risk for risk in found[:MOST] if _mine(user, risk, criteria, on)]


def _mine(user: Any, risk: Risk, criteria: RiskCriteria, on: date) -> bool:
    assert risk.score is not None  # `to_accept` reads rated ones alone
    level = criteria.level_at(risk.score)
    planned = risk.treatment is not None and risk.treatment.state in PLANNED
    ready = level["evaluation"] == Evaluation.ACCEPTABLE or (level["evaluation"] == Evaluation.TREAT and planned)
    return ready and bool(policies.can_accept_risk(user, risk, criteria, level["id"], on))
