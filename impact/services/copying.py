"""Carrying over what the predecessor said, so that a new assessment begins where the last one ended (8.4)."""

from typing import Any

from aims.services import change, create
from impact.models import (
    AffectedParty,
    Answer,
    FamilySystem,
    Impact,
    ImpactAssessment,
    Measure,
    MeasureCover,
    NoImpact,
)

_SAID = ("use", "use_reason", "dpia", "fria", "publication", "publication_note")
_PARTY = ("name", "level", "role", "vulnerable", "note")
_IMPACT = (
    "dimension", "direction", "scenario", "description", "severity", "scale", "likelihood", "reversibility", "duration",
    "vulnerable", "confidence", "rationale", "residual_severity", "residual_likelihood",
)  # fmt: skip
_MEASURE = ("title", "measure_kind", "owner", "due_on", "control", "done_on", "result")


def carry_over(before: ImpactAssessment, made: ImpactAssessment, *, by: Any) -> None:
    """Copy answers, parties, impacts, measures and the rest of the predecessor's content into a new draft."""
    change(made, {**_of(before, _SAID), **_kept_use(made)})
    for row in before.answers.all():
        same = _of(row, ("question", "text", "not_applicable", "reason"))
        create(Answer(assessment=made, saved_by=by, **same))
    for none in before.none_rows.all():
        create(NoImpact(assessment=made, level=none.level, reason=none.reason))
    for one in before.family.select_related("system"):
        create(FamilySystem(assessment=made, system=one.system, differences=one.differences))
    impacts = _impacts(before, made, _parties(before, made))
    _measures(before, made, impacts)


def _kept_use(made: ImpactAssessment) -> dict[str, Any]:
    """What a newer screening said about the use is not overwritten by an older assessment."""
    return {"use": made.use, "use_reason": made.use_reason} if made.use_reason else {}


def _of(row: Any, names: tuple[str, ...]) -> dict[str, Any]:
    return {name: getattr(row, name) for name in names}


def _parties(before: ImpactAssessment, made: ImpactAssessment) -> dict[int, AffectedParty]:
    return {row.pk: create(AffectedParty(assessment=made, **_of(row, _PARTY))) for row in before.parties.all()}


def _impacts(before: ImpactAssessment, made: ImpactAssessment, parties: dict[int, AffectedParty]) -> dict[int, Impact]:
    return {
        row.pk: create(Impact(assessment=made, party=parties[row.party_id], **_of(row, _IMPACT)))
        for row in before.impacts.all()
    }


def _measures(before: ImpactAssessment, made: ImpactAssessment, impacts: dict[int, Impact]) -> None:
    for row in before.measures.prefetch_related("covers"):
        copy = create(Measure(assessment=made, **_of(row, _MEASURE)))
        for cover in row.covers.all():
            create(MeasureCover(assessment=made, measure=copy, impact=impacts[cover.impact_id]))
