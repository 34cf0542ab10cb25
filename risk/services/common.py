"""What the verbs of risk share."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from aims.access import access_of
from aims.errors import Hidden, WrongState, invalid
from aims.services import change, move
from risk.models import Risk, RiskCriteria
from risk.states import RISK, PlanState, RiskState


def criteria_in_force() -> RiskCriteria:
    """The edition by which is rated now; WrongState when none was approved (6.1.1)."""
    found = RiskCriteria.objects.in_force()
    if found is None:
        raise WrongState(_("No risk criteria are approved yet; nothing can be rated before."))
    return found  # type: ignore[no-any-return]


def check_steps(criteria: RiskCriteria, ratings: dict[str, int | None]) -> None:
    """Each rating is a step of its scale; at least one consequence is rated."""
    wrong = {
        name: _("This scale has the steps 1 to %(most)d.") % {"most": len(criteria.steps(name))}
        for name, rating in ratings.items()
        if rating is not None and not 1 <= rating <= len(criteria.steps(name))
    }
    if ratings["likelihood"] is None:
        wrong["likelihood"] = _("Rate the likelihood.")
    if all(rating is None for name, rating in ratings.items() if name != "likelihood"):
        wrong["organization"] = _("Rate at least one consequence.")
    if wrong:
        raise invalid(**wrong)


def stands(rating: Any, criteria: RiskCriteria) -> dict[str, Any]:
    """The columns of a risk that follow from a rating under criteria."""
    level = criteria.level_at(rating.score)
    return {
        "likelihood": rating.likelihood,
        "consequence": rating.consequence,
        "score": rating.score,
        "level": level["id"],
        "evaluation": level["evaluation"],
        "criteria": criteria,
    }


def require_open(risk: Risk) -> None:
    if risk.closed:
        raise WrongState(_("This risk is closed; reopen it first."))


def require_text(**texts: str) -> None:
    """ValidationError for each text that is empty."""
    empty = {name: _("This must be said.") for name, text in texts.items() if not (text or "").strip()}
    if empty:
        raise invalid(**empty)


def require_active(**people: Any) -> None:
    """Who is named can sign in."""
    gone = {name: _("Name somebody who is here.") for name, one in people.items() if one is None or not one.is_active}
    if gone:
        raise invalid(**gone)


def require_seen(by: Any, records: Iterable[Any]) -> None:
    """What one may not see cannot be linked."""
    access = access_of(by)
    if not all(access.sees(record) for record in records):
        raise Hidden


def lapse(risk: Risk) -> Risk:
    """End the acceptance in force: the risk stands again where it stood before."""
    plan = risk.treatment.state if risk.treatment is not None else ""
    verb = {PlanState.APPROVED: "lapse_treating", PlanState.VERIFIED: "lapse_verified"}.get(plan, "lapse")  # type: ignore[call-overload]
    return move(risk, RISK, verb, acceptance=None)


def fresh(risk: Risk) -> Risk:
    """The row with the version that its parts raised."""
    risk.refresh_from_db(fields=["version", "updated_at"])
    return risk


def apply(risk: Risk, **values: Any) -> Risk:
    return change(risk, values)


def review_date(due_on: date | None, on: date) -> date:
    """A next review lies ahead."""
    if due_on is None:
        raise invalid(next_review_on=_("Say when it is looked at again."))
    if due_on <= on:
        raise invalid(next_review_on=_("The next review lies in the future."))
    return due_on


ACCEPTED = RiskState.ACCEPTED
