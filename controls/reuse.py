"""What stands here that answers the rows of another framework: statements of controls, records of clauses. Reads only.

A row is answered here when a counterpart has something to show: an included control that is at least partly
implemented, or a clause with records. Whether that is enough is for whoever judges the other framework.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Exists, IntegerField, OuterRef, Subquery
from django.db.models.functions import Coalesce

from aims import clock
from aims.readiness import Stock, stock_of
from aims.registry import registry
from aims.ui import Badge
from aims.views.register import state_badge
from controls.models import ControlStatement, Counterpart, Framework, OtherRow
from controls.models.catalogue import OURS
from controls.sheets import serves
from controls.states import Status

SHOWING = (Status.PARTIAL, Status.IMPLEMENTED)


@dataclass(frozen=True)
class Standing:
    """A counterpart, and what stands there: a control's statement, or how many records answer a clause."""

    counterpart: Counterpart
    statement: ControlStatement | None = None
    records: int = 0

    @property
    def target(self) -> Any:
        return self.counterpart.control or self.counterpart.clause

    @property
    def badge(self) -> Badge | None:
        return state_badge(self.statement) if self.statement is not None else None

    @property
    def shows(self) -> bool:
        return self.records > 0 or (self.statement is not None and self.statement.status in SHOWING)


@dataclass(frozen=True)
class Line:
    """A row of the other framework with its counterparts."""

    row: OtherRow
    counterparts: Sequence[Standing]

    @property
    def reason(self) -> str:
        """The reason that all its counterparts have in common, said once; "" where they differ or there is but one."""
        reasons = {one.counterpart.rationale for one in self.counterparts}
        return reasons.pop() if len(reasons) == 1 < len(self.counterparts) else ""

    @property
    def unreviewed(self) -> bool:
        """Whether a person still has to look at it."""
        return not self.row.heading and not self.row.reviewed

    @property
    def answered(self) -> bool:
        return any(one.shows for one in self.counterparts)


def frameworks() -> Any:
    """Every other framework, with how many rows it asks, how many have a counterpart, how many a person reviewed."""
    asked = OtherRow.objects.asking().filter(framework=OuterRef("pk"))
    matched = asked.filter(Exists(Counterpart.objects.filter(row=OuterRef("pk"))))
    rows = Framework.objects.exclude(key=OURS).order_by("title", "key")
    reviewed = asked.exclude(reviewed_by=None)
    return rows.annotate(asked=_count(asked), matched=_count(matched), reviewed=_count(reviewed))


def _count(rows: Any) -> Any:
    found = rows.order_by().values("framework").annotate(n=Count("pk")).values("n")
    return Coalesce(Subquery(found, output_field=IntegerField()), 0)


def lines_of(framework: Framework, user: Any) -> list[Line]:
    """The framework's rows in order with what the person sees behind each; a handful of statements."""
    stated = ControlStatement.objects.visible_to(user).filter(scope__state="in_use").base().order_by("-unit__path")
    statements = {row.control_id: row for row in stated}
    stock = stock_of(user, clock.today())
    rows = framework.rows.select_related("reviewed_by").prefetch_related(
        "counterparts__clause", "counterparts__control"
    )
    return [Line(row, [_standing(one, statements, stock) for one in row.counterparts.all()]) for row in rows]


def _standing(one: Counterpart, statements: dict[int, ControlStatement], stock: Stock) -> Standing:
    if one.control_id is not None:
        return Standing(one, statements.get(one.control_id))
    kinds = [kind.name for kind in registry.kinds.values() if kind.name != "gap" and serves(kind, one.number)]
    return Standing(one, records=sum(stock.count(kind) for kind in kinds))
