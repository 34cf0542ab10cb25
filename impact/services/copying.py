"""Carrying over what the predecessor said, so that a new assessment begins where the last one ended (8.4)."""

from typing import Any

from django.utils.translation import gettext as _

from aims.errors import invalid
from aims.services import change, create
from controls.models import Control
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
from impact.questions import questions_of
from impact.templates import rated, template

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


def fill_from(key: str, made: ImpactAssessment, *, by: Any, on: Any) -> None:
    """Fill an empty draft from a template; what the form of its tier does not ask is left out."""
    found = template(key)
    if found is None:
        raise invalid(template=_("There is no such template."))
    known = questions_of(made.edition, made.tier)
    for name, said in found["answers"].items():
        if name in known:
            create(Answer(assessment=made, question=name, text=said, saved_by=by))
    for level, reason in found.get("none", {}).items():
        create(NoImpact(assessment=made, level=level, reason=reason))
    measures = {row["key"]: _measure(row, made, on) for row in found["measures"]}
    parties = {
        row["key"]: create(AffectedParty(assessment=made, **{k: v for k, v in row.items() if k != "key"}))
        for row in found["parties"]
    }
    for row in found["impacts"]:
        impact = create(Impact(assessment=made, party=parties[row["party"]], **rated(row)))
        for one in row.get("measures", ()):
            create(MeasureCover(assessment=made, measure=measures[one], impact=impact))


def _measure(row: Any, made: ImpactAssessment, on: Any) -> Measure:
    control = Control.objects.filter(number=row.get("control", "")).first()
    return create(
        Measure(
            assessment=made, title=row["title"], measure_kind=row["kind"], control=control,
            done_on=on if row.get("done") else None, result=row.get("result", ""),
        )
    )  # fmt: skip
