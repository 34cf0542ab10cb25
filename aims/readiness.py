"""What readiness is read from: how many records of each kind and state a person sees, and plain questions about them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, Q
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from aims.models import Record
from aims.registry import registry


@dataclass(frozen=True)
class Reading:
    """Whether a fact holds, why or why not, and where to look or to mend it."""

    met: bool
    why: str = ""
    url: str = ""


@dataclass(frozen=True)
class Stock:
    """What a person sees of a part of the organization on a day: kind → state → (how many, how many past their date)."""

    user: Any
    on: date
    counts: Mapping[str, Mapping[str, tuple[int, int]]]
    within: Q | None = None  # limits records to the part that is asked about

    def part(self, rows: Any) -> Any:
        """Rows of a governed kind that lie in the part of the organization that is asked about."""
        return rows if self.within is None else rows.filter(pk__in=Record.objects.filter(self.within).values("pk"))

    def count(self, kind: str, *states: str) -> int:
        """Records of a kind in any of the states; all of them where none is named."""
        found = self.counts.get(kind, {})
        return sum(number for state, (number, _late) in found.items() if not states or state in states)

    def late(self, kind: str) -> int:
        """Records of a kind that are past their date and not over."""
        over = registry.over(kind)
        return sum(late for state, (_number, late) in self.counts.get(kind, {}).items() if state not in over)


def stock_of(user: Any, on: date, within: Q | None = None) -> Stock:
    """Count once for all questions, a few statements. `within` limits it to a part of the organization.

    Whole organizations are counted from kept counters: what is past its date alone is read, by an index.
    """
    rows = Record.objects.visible_to(user)
    rows = rows if within is None else rows.filter(within)
    counts: dict[str, dict[str, tuple[int, int]]] = {}
    for kind, state, number, late in _kept(rows, on) or _counted(rows, on):
        counts.setdefault(kind, {})[state] = (number, late)
    return Stock(user, on, counts, within)


def _kept(rows: Any, on: date) -> list[tuple[str, str, int, int]]:
    """Kind, state, how many and how many past their date, as the counters have it; nothing where they have not."""
    kept = rows.kept_by_kind_and_state()
    if not kept:
        return []
    passed = rows.overdue(on=on).order_by().values_list("kind", "state").annotate(late=Count("pk"))
    late = {(kind, state): number for kind, state, number in passed}
    return [(kind, state, number, late.get((kind, state), 0)) for (kind, state), number in kept.items()]


def _counted(rows: Any, on: date) -> Any:
    """The same, counted."""
    late = Count("pk", filter=Q(due_on__lt=on))
    return rows.order_by().values_list("kind", "state").annotate(number=Count("pk"), late=late)


Ask = Callable[[Stock], Reading]


def held(kind: str, *states: str) -> Ask:
    """There is at least one record of the kind (in one of the states)."""

    def ask(stock: Stock) -> Reading:
        number, url = stock.count(kind, *states), registry.kinds[kind].url()
        if not number:
            return Reading(False, _("There is none that you may see."), url)
        return Reading(True, ngettext("%(count)d record", "%(count)d records", number) % {"count": number}, url)

    return ask


def settled(kind: str, *states: str) -> Ask:
    """There are records of the kind, and none of them waits in these states."""

    def ask(stock: Stock) -> Reading:
        total, waiting, url = stock.count(kind), stock.count(kind, *states), registry.kinds[kind].url()
        if not total:
            return Reading(False, _("There is none that you may see."), url)
        if waiting:
            return Reading(False, _("%(waiting)d of %(total)d wait.") % {"waiting": waiting, "total": total}, url)
        return Reading(True, _("All %(total)d") % {"total": total}, url)

    return ask


def in_time(kind: str) -> Ask:
    """No record of the kind is past its date."""

    def ask(stock: Stock) -> Reading:
        late, total, url = stock.late(kind), stock.count(kind), registry.kinds[kind].url()
        if late:
            said = ngettext(
                "%(late)d of %(total)d is past its date.", "%(late)d of %(total)d are past their date.", late
            )
            return Reading(False, said % {"late": late, "total": total}, url)
        return Reading(True, _("None of %(total)d is past its date.") % {"total": total}, url)

    return ask
