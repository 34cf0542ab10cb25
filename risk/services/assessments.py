"""Assessing risks: immutable versions, by formula, with reasons (clauses 6.1.2 and 8.2)."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from aims.errors import WrongState, invalid
from aims.services import change, create, locked, move, require, unmet_checks
from aims.trail import recording
from organization.models import User
from risk import policies
from risk.models import Assessor, Risk, RiskAssessment
from risk.scales import DIMENSIONS
from risk.services.common import (
    check_steps,
    criteria_in_force,
    fresh,
    lapse,
    require_open,
    review_date,
    stands,
)
from risk.services.triggers import answer_reassessments
from risk.states import RISK, PlanState, RiskState

RATINGS = ("likelihood", *DIMENSIONS)


def assess_risk(
    risk: Risk,
    *,
    by: User,
    data: Mapping[str, Any],
    assessors: Iterable[User] = (),
    on: date,
    next_review_on: date | None = None,
    version: int | None = None,
) -> RiskAssessment:
    """Record a new version of the assessment under the criteria in force; `assessors` beside who records it.

    `data`: likelihood, organization, individual, group, society (1 … or None), `<dimension>_reason` (needed where the
    rating is None), likelihood_reason, trigger, trigger_record. An acceptance lapses: its inputs changed.
    Errors: NotPermitted, Stale, WrongState (closed, no criteria), ValidationError.
    """
    capacity = require(policies.can_assess_risk(by, risk))
    due_on = review_date(next_review_on, on)
    with recording(by, "assess_risk", capacity=capacity, reason=data.get("likelihood_reason", "")):
        current = locked(risk, version)
        _ready(current)
        made = _version(current, by, data)
        people = {by.pk: by, **{person.pk: person for person in assessors}}
        Assessor.objects.bulk_create(Assessor(assessment=made, person=person) for person in people.values())
        answer_reassessments(current, made, by=by, on=on)
        _take_over(current, made, due_on)
        return made


def _ready(risk: Risk) -> None:
    require_open(risk)
    unmet = unmet_checks(risk, RISK.name, "assess")
    if unmet:
        raise WrongState(_("Something is still missing."), unmet=unmet)


def _version(risk: Risk, by: User, data: Mapping[str, Any]) -> RiskAssessment:
    criteria = criteria_in_force()
    last = risk.assessment
    check_steps(criteria, {name: data.get(name) for name in RATINGS})
    _reasoned(data)
    number = last.number + 1 if last else 1
    made = RiskAssessment(risk=risk, number=number, predecessor=last, recorded_by=by, **data)
    made.by(criteria)
    return create(made)


def _reasoned(data: Mapping[str, Any]) -> None:
    """Every consequence is rated or reasoned away (6.1.2 d)."""
    wrong = {
        f"{name}_reason": _("Rate this consequence, or say why it does not apply.")
        for name in DIMENSIONS
        if data.get(name) is None and not (data.get(f"{name}_reason") or "").strip()
    }
    if not (data.get("likelihood_reason") or "").strip():
        wrong["likelihood_reason"] = _("Say why it is so likely.")
    if wrong:
        raise invalid(**wrong)


def _take_over(risk: Risk, made: RiskAssessment, due_on: date) -> None:
    """The risk stands where its latest assessment puts it; before a plan is approved that is the inherent risk."""
    if risk.state == RiskState.ACCEPTED:
        risk = lapse(risk)
    values: dict[str, Any] = {**stands(made, made.criteria), "assessment": made, "due_on": due_on}
    if not _treated(risk):
        values |= {"inherent_likelihood": made.likelihood, "inherent_consequence": made.consequence}
    if risk.state == RiskState.IDENTIFIED:
        move(risk, RISK, "assess", **values)
    else:
        change(risk, values)
    fresh(risk)


def _treated(risk: Risk) -> bool:
    return risk.treatment is not None and risk.treatment.state in (PlanState.APPROVED, PlanState.VERIFIED)
