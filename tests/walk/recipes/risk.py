"""What rows of risk must be, where a canary in every text breaks one of its rules."""

from datetime import date
from typing import Any

from django.utils import timezone

from impact.models import Impact
from risk.models import Treatment
from risk.starter import STARTER
from tests.walk.making import make

ORDER = (("criteria", 40), ("risk", 41), ("action", 42))

# A rating as the formula wants it.
RATED = {
    **dict.fromkeys(("likelihood", "organization", "individual", "group", "society", "consequence", "score"), 1),
    "level": "low",
}

# What the fields of a kind must be, where "a canary in every text" breaks one of its rules.
RECIPES: dict[str, dict[str, Any]] = {
    "risk.RiskCriteria": {**STARTER, "state": "superseded", "kept_apart": "not_asked"},
    "risk.Risk": {"level": "", "evaluation": ""},
    "risk.TreatmentAction": {"due_on": date(2026, 6, 1)},
    "risk.RiskAssessment": {**RATED, "number": 1},
    "risk.Treatment": {**RATED, "state": "returned"},
    "risk.EffectivenessVerdict": RATED,
    "risk.Acceptance": {"likelihood": 1, "consequence": 1, "score": 1, "level": "low", "until": date(2026, 6, 1)},
}


def _criteria(world: Any, mark: str, given: dict[str, Any]) -> dict[str, Any]:
    return {"approved_by": world.keeper, "approved_at": timezone.now()}


def _action(world: Any, mark: str, given: dict[str, Any]) -> dict[str, Any]:
    links = world.links(Treatment, mark)
    return {"treatment": make(Treatment, mark, RECIPES, **{"risk": given["risk"], **links})}


def _harm(world: Any, mark: str, given: dict[str, Any]) -> dict[str, Any]:
    """A harm of the assessment in the same condition."""
    return {"harm": Impact.objects.filter(assessment__title__startswith=mark).order_by("pk").first()}


# What else a record of the kind is given: (world, mark, what it has) → more.
GIVEN = {"criteria": _criteria, "action": _action, "risk.HarmLink": _harm}
