"""What can be told of evidence without judging it: how recent, what it covers, whether it can be checked.

The machine says only that; whether it suffices is attested by a named person. Clause 7.5.
"""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from aims.ui import Badge, Tone
from evidence.freshness import COUNTS_FOR, standing
from evidence.models import EvidenceItem, EvidenceLink
from evidence.states import EvidenceKind, Freshness

GOOD, FAIR, WEAK = 2, 1, 0
WORDS: dict[int, tuple[Any, Tone]] = {
    GOOD: (gettext_lazy("Good"), "good"),
    FAIR: (gettext_lazy("Fair"), "warn"),
    WEAK: (gettext_lazy("Weak"), "bad"),
}
_RECENT = {Freshness.FRESH: GOOD, Freshness.DUE: FAIR, Freshness.EXPIRED: WEAK, Freshness.UNKNOWN: WEAK}


@dataclass(frozen=True)
class Score:
    """One point of view: 2 good, 1 fair, 0 weak, and why."""

    name: str
    label: str
    points: int
    why: str

    @property
    def badge(self) -> Badge:
        label, tone = WORDS[self.points]
        return Badge(str(label), tone)


def scores(item: EvidenceItem, on: date, link: EvidenceLink | None = None, days: int = COUNTS_FOR) -> list[Score]:
    """Recency, scope and verifiability of evidence, or of what a link says about it."""
    return [_recency(item, on, link, days), _scope(item, link), _verifiability(item, link)]


def _said(item: EvidenceItem, link: EvidenceLink | None, name: str) -> Any:
    return (link and getattr(link, name)) or getattr(item, name)


def _recency(item: EvidenceItem, on: date, link: EvidenceLink | None, days: int) -> Score:
    until = item.good_until(days, period_to=link.period_to if link else None)
    found = standing(until, on)
    why = {
        Freshness.FRESH: _("It counts until %(day)s."),
        Freshness.DUE: _("It counts only until %(day)s."),
        Freshness.EXPIRED: _("It counted until %(day)s."),
        Freshness.UNKNOWN: _("Nobody says for which days it speaks."),
    }[Freshness(found)]
    return Score("recency", _("Recency"), _RECENT[Freshness(found)], why % {"day": until})


def _scope(item: EvidenceItem, link: EvidenceLink | None) -> Score:
    """Both period and population said: good; one of them: fair."""
    period = _said(item, link, "period_from") and _said(item, link, "period_to")
    population = _said(item, link, "population")
    why = {
        GOOD: _("Period and population are stated."),
        FAIR: _("The population is not stated.") if period else _("The period is not stated."),
        WEAK: _("Neither period nor population is stated."),
    }
    points = bool(period) + bool(population)
    return Score("scope", pgettext("extent", "Scope"), points, why[points])


def _verifiability(item: EvidenceItem, link: EvidenceLink | None) -> Score:
    """Kept here and said how it was made: good; one of both: fair."""
    if item.form == EvidenceKind.LINK:
        points = FAIR if _said(item, link, "method") else WEAK
        why = _("It is kept elsewhere: nothing here shows that it stays the same.")
    elif item.form == EvidenceKind.RESULT:
        result = item.result or {}
        bound = bool(result.get("model_version")) and bool(result.get("data_set"))
        points = GOOD if bound else FAIR
        why = _("Model version and data set are named.") if bound else _("Model version or data set is not named.")
    else:
        points = GOOD if _said(item, link, "method") else FAIR
        why = _("The file is kept by its digest, with how it was collected.")
        why = why if points == GOOD else _("The file is kept by its digest; how it was collected is not said.")
    return Score("verifiability", _("Verifiability"), points, why)
