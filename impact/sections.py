"""Impact assessments in a pack: tier and screening, whom each may harm or help, measures, opinions, who approved."""

from collections.abc import Iterator, Mapping
from typing import Any

from impact import cards
from impact.models import ImpactAssessment
from impact.states import IMPACT_TONES, ImpactState
from impact.views.assessments import impacts_of, report_of
from impact.views.base import with_systems


def assessments(pack: Any) -> Iterator[Mapping[str, Any]]:
    """One chapter each: assessments of the pack's unit and below (or of its systems), those superseded left out."""
    rows = pack.covers(ImpactAssessment.objects.visible_to(pack.asked_by).exclude(state=ImpactState.SUPERSEDED))
    found = with_systems(rows, pack.asked_by).select_related("owner", "system_version", "submitted_by")
    for row in found.order_by("pk"):
        yield _plain(row, pack.asked_by)


def _plain(row: ImpactAssessment, reader: Any) -> dict[str, Any]:
    seen = [row.system] if row.system is not None else []
    return {
        "ref": row.ref,
        "title": row.title,
        "systems": [f"{one.ref} {one.title}" for one in [*seen, *(part.system for part in row.family.all())]],
        "version": str(row.system_version or ""),
        "state": row.get_state_display(),
        "tone": IMPACT_TONES[row.state],
        "tier": row.get_tier_display(),
        "use": row.get_use_display(),
        "use_reason": row.use_reason,
        "owner": str(row.owner or ""),
        "valid_until": row.valid_until,
        "stale": row.stale_cause,
        "parties": [(str(party), str(party.get_level_display()), [_impact(one) for one in rows])
                    for party, rows in impacts_of(row)],
        "none": [(str(one.get_level_display()), one.reason) for one in row.none_rows.all()],
        "answers": [_section(one) for one in report_of(row) if one["answers"]],
        "opinions": [_opinion(one) for one in cards.opinions(row, reader, writing=False)],
        "decisions": [_decision(one) for one in cards.decisions(row)],
        "conditions": [(one.text, one.due_on, str(badge.label), one.met_note) for one, badge in cards.conditions(row)],
    }  # fmt: skip


def _impact(one: Any) -> dict[str, Any]:
    measures = [cover.measure.title for cover in one.coverings.all()]
    return {
        "dimension": str(one.get_dimension_display()),
        "direction": one.direction,
        "kind": str(one.get_direction_display()),
        "scenario": str(one.get_scenario_display()),
        "text": one.description,
        "rated": f"{one.severity} × {one.likelihood}",
        "left": f"{one.residual_severity} × {one.residual_likelihood}" if one.residual is not None else "",
        "measures": measures,
        "bare": one.harm and not measures,
    }


def _section(one: Mapping[str, Any]) -> dict[str, Any]:
    rows = [
        (question.label, answer.reason if answer.not_applicable else answer.text, answer.not_applicable)
        for question, answer in one["answers"]
    ]
    return {"title": f"{one['section'].number} {one['section'].title}", "rows": rows}


def _opinion(one: Any) -> dict[str, Any]:
    return {
        "who": f"{one.row.asked}, {one.row.get_discipline_display()}",
        "section": str(one.section),
        "verdict": str(one.badge.label),
        "text": one.row.text,
    }


def _decision(card: cards.Card) -> dict[str, Any]:
    return {
        "title": str(card.title), "outcome": str(card.badge.label), "by": str(card.by), "capacity": card.capacity,
        "at": card.at, "reason": card.reason, "until": card.until, "note": card.note,
    }  # fmt: skip
