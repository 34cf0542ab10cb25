"""What an assessment still lacks: section by section, each a sentence with the place to say it (6.1.4, A.5.4, A.5.5)."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from impact.models import ImpactAssessment
from impact.questions import Section, sections_of
from impact.states import ANALYSED, SEVERE, Direction, Level, Scenario, Tier, Use


@dataclass(frozen=True)
class Missing:
    """One gap; `id` for programs, `sentence` for people, `section` is the step where it is filled."""

    id: str
    sentence: str
    section: str
    url: str


def missing(assessment: ImpactAssessment) -> list[Missing]:
    """Every gap that keeps the assessment from being submitted, in the order of the form. Six queries."""
    held = _Held(assessment)
    return [gap for section in sections_of(assessment.edition, assessment.tier) for gap in _of(section, held)]


class _Held:
    """What the assessment holds, read once."""

    def __init__(self, assessment: ImpactAssessment) -> None:
        self.assessment = assessment
        self.full = assessment.tier != Tier.STANDARD
        self.answers = {row.question: row for row in assessment.answers.all()}
        self.parties = list(assessment.parties.all())
        self.impacts = list(assessment.impacts.select_related("party"))
        self.reasoned = {row.level for row in assessment.none_rows.all()}
        self.covered = set(assessment.covers.values_list("impact_id", flat=True))

    def gap(self, name: str, sentence: str, section: str, field: str = "") -> Missing:
        anchor = f"#field-{field}" if field else ""
        return Missing(name, sentence, section, f"{self.assessment.get_absolute_url()}write/{section}/{anchor}")


def _of(section: Section, held: _Held) -> Iterator[Missing]:
    for question in section.questions:
        row = held.answers.get(question.id)
        if row is None or not (row.complete or row.not_applicable):
            said = _("“%(label)s” is not answered.") % {"label": question.label}
            yield held.gap(question.id, said, section.id, question.id)
        elif not row.complete:
            said = _("“%(label)s” does not apply: say why.") % {"label": question.label}
            yield held.gap(question.id, said, section.id, f"{question.id}_reason")
    if section.kind in _KINDS:
        yield from _KINDS[section.kind](section, held)


def _parties(section: Section, held: _Held) -> Iterator[Missing]:
    named = {party.level for party in held.parties}
    for level in ANALYSED:
        if level not in named and level not in held.reasoned:
            said = _("No party at the level “%(level)s” is named.") % {"level": level.label}
            yield held.gap(f"party_{level}", said, section.id)


def _impacts(section: Section, held: _Held) -> Iterator[Missing]:
    found = {impact.party.level for impact in held.impacts}
    for level in ANALYSED:
        if level not in found and level not in held.reasoned:
            yield held.gap(f"level_{level}", _NOTHING[level](), section.id, f"none_{level}")
    directions = {impact.direction for impact in held.impacts}
    scenarios = {impact.scenario for impact in held.impacts}
    if Direction.BENEFIT not in directions:
        yield held.gap("benefit", _("No benefit is named: whom does it help?"), section.id)
    if Direction.HARM not in directions:
        yield held.gap("harm", _("No harm is named: whom could it hurt?"), section.id)
    if held.full and Scenario.MISUSE not in scenarios:
        yield held.gap("misuse_impact", _("No impact of foreseeable misuse is named."), section.id)
    if held.full and Scenario.FAILURE not in scenarios:
        yield held.gap("failure_impact", _("No impact of a failure is named."), section.id)


# A sentence of its own for each level, so that it reads well in every language.
_NOTHING: dict[str, Any] = {
    Level.INDIVIDUAL: lambda: _("No impact on individuals is analysed, and no reason given why there is none."),
    Level.GROUP: lambda: _("No impact on groups is analysed, and no reason given why there is none."),
    Level.SOCIETY: lambda: _("No impact on society is analysed, and no reason given why there is none."),
}


def _measures(section: Section, held: _Held) -> Iterator[Missing]:
    for impact in held.impacts:
        if impact.harm and impact.pk not in held.covered and (impact.severity >= SEVERE or impact.score >= 9):
            said = _("No measure answers the harm “%(harm)s”.") % {"harm": impact}
            yield held.gap(f"measure_{impact.pk}", said, section.id)


def _use(section: Section, held: _Held) -> Iterator[Missing]:
    if held.assessment.use != Use.ORDINARY and not held.assessment.use_reason.strip():
        yield held.gap("use_reason", _("Say why this use is not an ordinary one."), section.id, "use_reason")


def _reporting(section: Section, held: _Held) -> Iterator[Missing]:
    if not held.assessment.publication:
        yield held.gap("publication", _("Decide what is disclosed, and to whom."), section.id, "publication")


_KINDS: dict[str, Any] = {
    "parties": _parties,
    "impacts": _impacts,
    "measures": _measures,
    "use": _use,
    "reporting": _reporting,
}


def by_section(gaps: Iterable[Missing]) -> dict[str, list[Missing]]:
    """Gaps under the step where each is filled."""
    found: dict[str, list[Missing]] = {}
    for gap in gaps:
        found.setdefault(gap.section, []).append(gap)
    return found
