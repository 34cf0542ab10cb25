"""Risks in a pack: each with level, treatment and acceptance, and the criteria they rest on."""

from collections.abc import Iterator, Mapping
from typing import Any

from aims.registry import registry
from risk.models import Risk, RiskCriteria
from risk.states import EVALUATION_TONES
from risk.views.base import with_systems


def risks(pack: Any) -> Iterator[Mapping[str, Any]]:
    """One chapter: the open risks of the pack's unit and below (or of its systems), the gravest first."""
    rows = pack.covers(Risk.objects.visible_to(pack.asked_by).open())
    found = with_systems(rows, pack.asked_by).select_related(
        "owner", "criteria", "treatment", "acceptance__accepted_by"
    )
    found = list(found.prefetch_related("treatment__controls").most_severe())
    criteria = RiskCriteria.objects.visible_to(pack.asked_by).select_related("approved_by").in_force()
    yield {
        "criteria": _criteria(criteria) if criteria is not None else None,
        "rows": [_plain(row) for row in found],
    }


def _criteria(criteria: RiskCriteria) -> dict[str, Any]:
    return {"edition": criteria.edition, "approved_by": str(criteria.approved_by), "appetite": criteria.appetite}


def _plain(row: Risk) -> dict[str, Any]:
    systems = ([row.system.ref] if row.system else []) + [part.system.ref for part in row.family.all()]
    return {
        "ref": row.ref,
        "title": row.title,
        "owner": str(row.owner or ""),
        "systems": systems,
        "level": f"{row.level_name} {row.score}" if row.rated else "–",
        "tone": EVALUATION_TONES[row.evaluation],
        "before": row.inherent_likelihood * row.inherent_consequence if row.inherent_likelihood else None,  # type: ignore[operator]
        "state": row.get_state_display(),
        "cause": row.cause,
        "event": row.event,
        "consequences": row.consequences,
        **_treatment(row),
        **_acceptance(row),
    }


def _treatment(row: Risk) -> dict[str, Any]:
    plan = row.treatment
    if plan is None:
        return {}
    controls = sorted(control.number for control in plan.controls.all())
    return {
        "option": plan.get_option_display(),
        "rationale": plan.rationale,
        "controls": [*controls, *plan.own_controls],
    }


def _acceptance(row: Risk) -> dict[str, Any]:
    held = row.acceptance
    if held is None:
        return {}
    card = registry.roles.get(held.capacity)
    capacity = str(card.name) if card is not None else held.capacity
    return {"accepted_by": str(held.accepted_by), "capacity": capacity, "reason": held.reason, "until": held.until}
