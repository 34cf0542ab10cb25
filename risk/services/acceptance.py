"""Accepting what is left, for a time; and the end of that time (clauses 6.1.3 and 8.3)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from aims.decisions import decide, our_language
from aims.errors import NotPermitted, Refusal, WrongState, invalid
from aims.services import change, create, locked, move, require
from aims.trail import recording
from organization.duties import Kept, Override
from organization.models import User
from organization.services.duties import separated
from risk import policies
from risk.models import Acceptance, Risk, RiskCriteria
from risk.rules import ACCEPTOR_ASSESSOR, ACCEPTOR_DOER
from risk.services.common import criteria_in_force, fresh, lapse, require_text
from risk.states import RISK, ActionState, Evaluation, PlanState, RiskState

LONGEST = 366  # days that an acceptance holds, at most
RENEWED = 90  # days before its end in which it may be given again


def accept_residual_risk(
    risk: Risk,
    *,
    by: User,
    reason: str,
    until: date,
    on: date,
    conditions: str = "",
    version: int | None = None,
    override: Override | None = None,
) -> Acceptance:
    """Accept what is left of a risk until a date, with authority for its level under the criteria in force (6.1.3).

    Never by who assessed it or alone carries out its actions; above the unacceptable threshold by nobody. A level that
    is to be treated needs an approved plan. Errors: NotPermitted, Stale, WrongState, ValidationError.
    """
    require_text(reason=reason)
    _check_end(until, on)
    require(policies.can_take_acceptance(by, risk, on))
    with recording(by, "accept_residual_risk", reason=reason):
        current = locked(risk, version)
        criteria = criteria_in_force()
        _acceptable(current, criteria, on)
        level = criteria.level_at(current.score)  # type: ignore[arg-type]
        capacity = policies.can_accept_risk(by, current, criteria, level["id"], on)
        require(capacity, _not_named(criteria, level))
        with recording(by, "accept_residual_risk", capacity=capacity, reason=reason):
            kept = _separated(current, criteria, level["id"], by, capacity, override, on)
            made = _accept(current, criteria, level, by, capacity, reason, conditions, until, on, kept)
        fresh(risk)
        return made


def _check_end(until: date | None, on: date) -> None:
    if until is None or until <= on:
        raise invalid(until=_("An acceptance ends on a day to come."))
    if until > on + timedelta(days=LONGEST):
        raise invalid(until=_("An acceptance holds for a year at most."))


def _acceptable(risk: Risk, criteria: RiskCriteria, on: date) -> None:
    if not risk.rated or risk.state not in RISK.edge("accept").sources:
        raise WrongState(_("This is not possible while it is “%s”.") % RISK.label(risk.state))
    if risk.acceptance is not None and risk.acceptance.until > on + timedelta(days=RENEWED):
        raise WrongState(_("It is accepted already, until %(day)s.") % {"day": risk.acceptance.until})
    level = criteria.level_at(risk.score)  # type: ignore[arg-type]
    if level["evaluation"] == Evaluation.UNACCEPTABLE:
        raise WrongState(_("“%(level)s” is accepted by nobody: treat or avoid it.") % {"level": level["name"]})
    approved = risk.treatment is not None and risk.treatment.state in (PlanState.APPROVED, PlanState.VERIFIED)
    if level["evaluation"] == Evaluation.TREAT and not approved:
        raise WrongState(_("“%(level)s” needs an approved treatment plan first.") % {"level": level["name"]})


def _not_named(criteria: RiskCriteria, level: Any) -> str:
    return _("You hold no authority to accept “%(level)s”.") % {"level": level["name"]}


def _separated(
    risk: Risk, criteria: RiskCriteria, level: str, by: User, capacity: str, override: Override | None, on: date
) -> Kept:
    same: dict[str, Any] = {
        "tier": criteria.tier(level), "by": by, "capacity": capacity, "record": risk, "override": override, "on": on,
    }  # fmt: skip
    assert risk.assessment is not None
    assessed = risk.assessment.assessors.filter(person=by).exists()
    kept = [
        separated(ACCEPTOR_ASSESSOR, broken=assessed, **same),
        separated(ACCEPTOR_DOER, broken=_sole_doer(risk, by), **same),
    ]
    return next((one for one in kept if one != Kept.KEPT), Kept.KEPT)


def _sole_doer(risk: Risk, by: User) -> bool:
    """Whether every action of the plan is this person's."""
    doers = set(
        risk.actions.filter(treatment=risk.treatment)
        .exclude(state=ActionState.DROPPED)
        .values_list("owner_id", flat=True)
    )
    return doers == {by.pk}


def _accept(
    risk: Risk, criteria: RiskCriteria, level: Any, by: User, capacity: str, reason: str, conditions: str, until: date,
    on: date, kept: Kept,
) -> Acceptance:  # fmt: skip
    assert risk.likelihood is not None and risk.consequence is not None and risk.score is not None
    made = create(
        Acceptance(
            risk=risk, assessment=risk.assessment, verdict=risk.verdicts.filter(treatment=risk.treatment).first(),
            criteria=criteria, likelihood=risk.likelihood, consequence=risk.consequence, score=risk.score,
            level=level["id"], evaluation=level["evaluation"], accepted_by=by, capacity=capacity, reason=reason,
            conditions=conditions, accepted_on=on, until=until, kept_apart=kept,
        )
    )  # fmt: skip
    with our_language():
        decide(
            risk, by=by, capacity=capacity, sort="risk_acceptance", outcome=_("Accepted"), reason=reason,
            question=_("Accept the residual risk “%(level)s”?") % {"level": level["name"]}, conditions=conditions, until=until,
        )  # fmt: skip
    values = {"level": level["id"], "evaluation": level["evaluation"], "criteria": criteria}
    move(risk, RISK, "accept", acceptance=made, **values)
    return made


@dataclass(frozen=True)
class Outcome:
    """What became of one risk of a sitting: the acceptance, or the sentence that refused it."""

    risk: Risk
    acceptance: Acceptance | None = None
    refusal: str = ""


def accept_many(
    risks: Iterable[tuple[Risk, int | None]], *, by: User, reason: str, until: date, on: date, conditions: str = ""
) -> list[Outcome]:
    """Accept several risks in one sitting, each recorded singly: a refused one does not hold the others back."""
    same: dict[str, Any] = {"by": by, "reason": reason, "until": until, "on": on, "conditions": conditions}
    return [_one_of_many(risk, version, same) for risk, version in risks]


def _one_of_many(risk: Risk, version: int | None, same: dict[str, Any]) -> Outcome:
    try:
        return Outcome(risk, accept_residual_risk(risk, version=version, **same))
    except (Refusal, NotPermitted) as refusal:
        return Outcome(risk, refusal=str(refusal.detail))
    except ValidationError as error:
        return Outcome(risk, refusal=" ".join(error.messages))


def lapse_acceptances(*, on: date) -> int:
    """End every acceptance whose time is over, and let the risk fall due; answers how many. Runs again harmlessly."""
    ended = 0
    over = Risk.objects.filter(state=RiskState.ACCEPTED, acceptance__until__lt=on)
    for pk in list(over.values_list("pk", flat=True)):
        with recording(None, "lapse_acceptance", reason=_("The time of the acceptance is over")):
            risk = locked(Risk(pk=pk))
            if risk.acceptance is not None and risk.acceptance.until < on:
                change(lapse(risk), {"due_on": min(risk.due_on or on, on)})
                ended += 1
    return ended
