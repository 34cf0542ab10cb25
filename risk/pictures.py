"""Heat maps and the path of one risk: values for the page and the pack, drawn by the charts of the kit."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from django.utils.translation import gettext as _

from aims.asof import carry
from aims.charts import Axis, Cell, Chart, Mark, Point, line, matrix
from risk.models import Risk, RiskCriteria
from risk.scales import DIMENSIONS, consequence_of
from risk.standings import standings
from risk.states import Evaluation

MONTHS = 13


def heat(criteria: RiskCriteria, score: int) -> int:
    """How severe a score is drawn, from 1 (calm) to 5."""
    level = criteria.level_at(score)
    if level["evaluation"] == Evaluation.UNACCEPTABLE:
        return 5
    if level["evaluation"] == Evaluation.ACCEPTABLE:
        return 1
    return 3 if criteria.tier(level["id"]) == "medium" else 4


def axes(criteria: RiskCriteria) -> tuple[Axis, Axis]:
    likelihood = [f"{step['rating']} {step['label']}" for step in criteria.likelihood]
    longest = max((criteria.consequence[name] for name in DIMENSIONS), key=len)
    return Axis(_("Likelihood"), likelihood), Axis(_("Consequence"), [f"{s['rating']} {s['label']}" for s in longest])


def counts_of(rows: Any, before: bool, nature: str = "") -> dict[tuple[int, int], int]:
    """How many open risks stand on each cell, now or before treatment, from the kept counters: one sum."""
    found: Counter[tuple[int, int]] = Counter()
    for (likelihood, consequence, kind), n in rows.cells("risk.before" if before else "risk.now").items():
        if likelihood and nature in ("", kind):
            found[int(likelihood), int(consequence)] += n
    return dict(found)


def trend(user: Any, last: date, months: int = MONTHS) -> list[Chart]:
    """Open risks, those above the acceptable band, and those that nobody accepts, at the ends of the last months."""
    days = [_month_end(last, back) for back in reversed(range(1, months))] + [last]
    found = standings(Risk.objects.visible_to(user), days)
    beyond = (Evaluation.TREAT, Evaluation.UNACCEPTABLE)
    lines = (
        (_("Open risks"), ("", *Evaluation.values)),
        (_("To be treated, or accepted by nobody"), beyond),
        (_("Accepted by nobody"), (Evaluation.UNACCEPTABLE,)),
    )
    return [line(title, [Point(day, sum(found[day][one] for one in kinds)) for day in days]) for title, kinds in lines]


def _month_end(day: date, back: int) -> date:
    """The last day of the month that lies so many months before."""
    first = day.replace(day=1)
    for _step in range(back - 1):
        first = (first - timedelta(days=1)).replace(day=1)
    return first - timedelta(days=1)


def heat_map(
    criteria: RiskCriteria, counts: Mapping[tuple[int, int], int], *, title: str, before: bool, more: str = ""
) -> Chart:
    """Risks by likelihood and consequence; each cell opens its list, narrowed by `more` (`&system=…`)."""
    rows, columns = axes(criteria)
    suffix = "_before" if before else ""
    cells = [
        [
            Cell(
                counts.get((one, other), 0),
                heat(criteria, one * other),
                carry(f"/risks/?likelihood{suffix}={one}&consequence{suffix}={other}&standing=open{more}"),
            )
            for other in range(1, len(columns.steps) + 1)
        ]
        for one in range(1, len(rows.steps) + 1)
    ]
    return matrix(title, rows, columns, cells)


def path_of(risk: Risk, criteria: RiskCriteria, verdict: Any = None) -> Chart | None:
    """Inherent → expected → what it is now, as a path on the matrix; None before the first assessment."""
    marks = list(_marks(risk, verdict))
    if not marks:
        return None
    rows, columns = axes(criteria)
    inside = [m for m in marks if m.row < len(rows.steps) and m.column < len(columns.steps)]
    steps = range(1, len(rows.steps) + 1)
    cells = [[Cell(0, heat(criteria, r * c)) for c in range(1, len(columns.steps) + 1)] for r in steps]
    return matrix(_("The way of this risk"), rows, columns, cells, inside)


def _marks(risk: Risk, verdict: Any) -> Sequence[Mark]:
    if risk.likelihood is None or risk.inherent_likelihood is None:
        return []
    assert risk.consequence is not None and risk.inherent_consequence is not None
    found = [Mark(risk.inherent_likelihood - 1, risk.inherent_consequence - 1, "1", _("Before treatment"))]
    plan = risk.treatment
    if plan is not None:
        found.append(Mark(plan.likelihood - 1, consequence_of(plan.ratings) - 1, "2", _("Expected of the plan")))
        label = _("Verified") if verdict is not None else _("Now")
        found.append(Mark(risk.likelihood - 1, risk.consequence - 1, "3", label))
    return found
