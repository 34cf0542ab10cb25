"""The matrix of an assessment: parties × dimensions, each cell with its benefits and harms. Nothing here writes."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from impact.models import ImpactAssessment
from impact.states import ANALYSED, Dimension, Level


@dataclass(frozen=True)
class Cell:
    """What a party gains and loses in one dimension."""

    dimension: str
    harms: Sequence[Any] = ()
    benefits: Sequence[Any] = ()
    bare: bool = False  # a harm that no measure answers
    url: str = ""  # where to add one, while it is written

    @property
    def worst(self) -> int:
        """The highest severity × likelihood of the harms; 0 without one."""
        return max((one.score for one in self.harms), default=0)

    @property
    def heat(self) -> int:
        """A step of the heat scale, 1 to 5; 0 without a harm."""
        return next((step for limit, step in _HEAT if self.worst >= limit), 0)

    @property
    def words(self) -> str:
        """What the cell says to who cannot see it."""
        told = []
        if self.harms:
            told.append(_("Harms: %(count)d, worst %(score)d") % {"count": len(self.harms), "score": self.worst})
        if self.bare:
            told.append(_("without a measure"))
        if self.benefits:
            told.append(_("Benefits: %(count)d") % {"count": len(self.benefits)})
        return ", ".join(told)


_HEAT = ((20, 5), (12, 4), (8, 3), (4, 2), (1, 1))


@dataclass(frozen=True)
class Line:
    """A party with its cells."""

    party: Any
    cells: Sequence[Cell]


@dataclass(frozen=True)
class Matrix:
    """Lines under their level; the dimensions that are shown; levels said not to be affected."""

    dimensions: Sequence[tuple[str, str]]
    levels: Sequence[tuple[str, Sequence[Line], str]]  # name, lines, reason why none
    bare: Sequence[Any] = field(default=())  # harms without a measure, the worst first

    @property
    def empty(self) -> bool:
        return not any(lines or reason for _name, lines, reason in self.levels)


def matrix_of(assessment: ImpactAssessment, *, writing: bool = False) -> Matrix:
    """The whole matrix in four queries. While writing every dimension shows, with addresses to add; else only those used."""
    impacts = list(assessment.impacts.select_related("party").prefetch_related("coverings__measure"))
    parties = list(assessment.parties.all())
    reasons = {row.level: row.reason for row in assessment.none_rows.all()}
    used = {one.dimension for one in impacts}
    shown = [(one.value, str(one.label)) for one in Dimension if writing or one.value in used]
    base = f"{assessment.get_absolute_url()}impact/new/" if writing else ""
    lines = {party.pk: _line(party, impacts, shown, base) for party in parties}
    levels = [
        (str(level.label), [lines[one.pk] for one in parties if one.level == level], reasons.get(level, ""))
        for level in Level
        if level in ANALYSED or any(one.level == level for one in parties)
    ]
    bare = sorted((one for one in impacts if one.harm and not covered(one)), key=lambda one: -one.score)
    return Matrix(shown, levels, bare)


def covered(impact: Any) -> bool:
    return bool(impact.coverings.all())


def _line(party: Any, impacts: Sequence[Any], shown: Sequence[tuple[str, str]], base: str) -> Line:
    own = [one for one in impacts if one.party_id == party.pk]
    return Line(
        party, [_cell(name, party, [one for one in own if one.dimension == name], base) for name, _label in shown]
    )


def _cell(name: str, party: Any, rows: Sequence[Any], base: str) -> Cell:
    harms = [one for one in rows if one.harm]
    url = f"{base}?party={party.pk}&dimension={name}" if base else ""
    return Cell(name, harms, [one for one in rows if not one.harm], any(not covered(one) for one in harms), url)
