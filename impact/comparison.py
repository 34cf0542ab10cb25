"""What differs between an assessment and an earlier one, in sentences; what who approves again sees first (8.4, A.5.2)."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from impact.models import ImpactAssessment, ImpactDecision
from impact.questions import questions_of
from impact.states import APPROVING, Publication, Use


@dataclass(frozen=True)
class Difference:
    """One difference: the sentence, and for long texts what stood there before and now."""

    sentence: str
    section: str
    before: str = ""
    after: str = ""


def compare(now: ImpactAssessment, before: ImpactAssessment) -> list[Difference]:
    """Every difference between two assessments of the same system, by section. Ten queries."""
    found = [*_head(now, before), *_answers(now, before), *_parties(now, before), *_impacts(now, before),
             *_measures(now, before)]  # fmt: skip
    return list(found)


def _head(now: ImpactAssessment, before: ImpactAssessment) -> Iterator[Difference]:
    if now.system_version_id != before.system_version_id:
        words: dict[str, Any] = {"now": now.system_version or "–", "before": before.system_version or "–"}
        yield Difference(_("It is about version %(now)s, not %(before)s.") % words, "scope")
    if now.purpose_digest and before.purpose_digest and now.purpose_digest != before.purpose_digest:
        yield Difference(_("Purpose or intended use of the system changed."), "system")
    if now.use != before.use:
        words = {"now": Use(now.use).label, "before": Use(before.use).label}
        yield Difference(_("The use is “%(now)s”, before “%(before)s”.") % words, "analysis")
    if now.publication != before.publication and now.publication:
        yield Difference(_("Publication: %(now)s.") % {"now": Publication(now.publication).label}, "reporting")


def _answers(now: ImpactAssessment, before: ImpactAssessment) -> Iterator[Difference]:
    labels = {name: one.label for name, one in questions_of(now.edition, now.tier).items()}
    had = {row.question: _said(row) for row in before.answers.all()}
    for row in now.answers.all():
        old, new = had.get(row.question, ""), _said(row)
        if old != new:
            label = labels.get(row.question, row.question)
            yield Difference(_("“%(label)s” reads differently.") % {"label": label}, row.question, old, new)


def _said(row: Any) -> str:
    return f"{_('Does not apply')}: {row.reason}" if row.not_applicable else str(row.text)


def _parties(now: ImpactAssessment, before: ImpactAssessment) -> Iterator[Difference]:
    have, had = ({row.name for row in one.parties.all()} for one in (now, before))
    for name in sorted(have - had):
        yield Difference(_("Now also concerned: %(name)s.") % {"name": name}, "parties")
    for name in sorted(had - have):
        yield Difference(_("No longer named: %(name)s.") % {"name": name}, "parties")


def _key(row: Any) -> tuple[str, str, str, str]:
    return (row.party.name, row.dimension, row.direction, row.description)


def _place(row: Any) -> dict[str, Any]:
    return {
        "party": row.party.name, "dimension": row.get_dimension_display(), "kind": row.get_direction_display(),
        "text": row.description,
    }  # fmt: skip


def _impacts(now: ImpactAssessment, before: ImpactAssessment) -> Iterator[Difference]:
    have, had = ({_key(row): row for row in one.impacts.select_related("party")} for one in (now, before))
    for key, row in have.items():
        if key not in had:
            yield Difference(_("%(kind)s added: %(party)s, %(dimension)s: %(text)s") % _place(row), "impacts")
        elif _rated(had[key]) != _rated(row):
            told = {**_place(row), "was": _in_words(had[key]), "is": _in_words(row)}
            yield Difference(_("%(party)s, %(dimension)s: rated %(is)s, before %(was)s. %(text)s") % told, "impacts")
    for key, row in had.items():
        if key not in have:
            yield Difference(_("%(kind)s no longer named: %(party)s, %(dimension)s: %(text)s") % _place(row), "impacts")


def _rated(row: Any) -> tuple[Any, ...]:
    names = ("severity", "scale", "likelihood", "reversibility", "residual_severity", "residual_likelihood")
    return tuple(getattr(row, name) for name in names)


def _in_words(row: Any) -> str:
    left = f" → {row.residual_severity}×{row.residual_likelihood}" if row.residual is not None else ""
    return f"{row.severity}×{row.likelihood}{left}"


def _measures(now: ImpactAssessment, before: ImpactAssessment) -> Iterator[Difference]:
    have, had = ({row.title for row in one.measures.all()} for one in (now, before))
    for title in sorted(have - had):
        yield Difference(_("New measure: %(title)s.") % {"title": title}, "measures")
    for title in sorted(had - have):
        yield Difference(_("Measure no longer named: %(title)s.") % {"title": title}, "measures")


def last_approved_by(person: Any, assessment: ImpactAssessment) -> ImpactDecision | None:
    """The person's latest approval of an earlier assessment of the system; None when they never approved one."""
    rows = ImpactDecision.objects.filter(assessment__system=assessment.system, decided_by=person, outcome__in=APPROVING)
    return rows.exclude(assessment=assessment).select_related("assessment__system_version").order_by("-pk").first()


def first_to_see(person: Any, assessment: ImpactAssessment) -> tuple[ImpactAssessment | None, Sequence[Difference]]:
    """What who approves again sees first: the assessment they last approved (else the predecessor), and what differs."""
    held = last_approved_by(person, assessment)
    before = held.assessment if held is not None else assessment.predecessor
    return (before, compare(assessment, before)) if before is not None else (None, [])
