"""The register of decisions, and what staff are told about the recording of their acts."""

from typing import Any

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from aims import exports
from aims.listing import Column, Filter, Table, page_of
from aims.models import Decision
from aims.registry import registry
from aims.ui import Badge, Empty, HeadCell, Header, Link, Register, Row
from aims.views.base import PageView


def _sorts(user: Any) -> list[tuple[str, Any]]:
    return [(sort, sort.replace("_", " ")) for sort in registry.decision_sorts]


TABLE = Table(
    kind="decision",
    columns=(
        Column("decided_at", gettext_lazy("Decided"), lambda d: d.decided_at, sort="decided_at"),
        Column(
            "record",
            gettext_lazy("Record"),
            lambda d: Link(f"{d.record.ref} {d.record.title}", d.record.get_absolute_url()),
            lambda d: d.record.ref,
        ),
        Column("question", gettext_lazy("Question"), lambda d: d.question),
        Column(
            "outcome",
            gettext_lazy("Decision"),
            lambda d: Badge(d.outcome, "bad" if d.refused else "good"),
            lambda d: d.outcome,
        ),
        Column("reason", gettext_lazy("Reason"), lambda d: d.reason),
        Column("conditions", gettext_lazy("Conditions"), lambda d: d.conditions),
        Column("dissent", gettext_lazy("Dissent"), lambda d: d.dissent, shown=False),
        Column("until", gettext_lazy("Until"), lambda d: d.until, sort="until"),
        Column("decided_by", gettext_lazy("Decided by"), lambda d: d.decided_by),
        Column(
            "capacity",
            gettext_lazy("Capacity"),
            lambda d: str(registry.roles[d.capacity].name) if d.capacity in registry.roles else "",
        ),
    ),
    filters=(Filter("sort", gettext_lazy("Sort"), _sorts, field="sort"),),
    search=("question", "outcome", "reason", "record__ref", "record__title"),
    related=("record", "decided_by"),
    sort="-decided_at",
    extra_sorts=("decided_at",),
)


class DecisionsPage(PageView):
    """What was decided, by whom, why? Every approval, acceptance, exception and refusal in one list."""

    def get(self, request: HttpRequest) -> HttpResponseBase:
        rows = TABLE.filtered(Decision.objects.visible_to(request.user), _without_sort(request.GET), request.user)
        rows = self._of_sort(rows).select_related(*TABLE.related)
        if request.GET.get("format") in ("csv", "xlsx"):
            return self._export(rows, request.GET["format"])
        page = page_of(rows, TABLE.sort, request.GET)
        columns = [column for column in TABLE.columns if column.shown]
        register = Register(
            head=[HeadCell(column.key, str(column.label)) for column in columns],
            rows=[Row(cells=[column.cell(one) for column in columns]) for one in page.rows],
            total=rows.order_by().count(),
            query=request.GET.get("q", ""),
            next_url=f"?after={page.next}" if page.next else "",
            previous_url=f"?before={page.previous}" if page.previous else "",
            exports=[Link("CSV", "?format=csv"), Link("XLSX", "?format=xlsx")],
            reset_url=request.path,
            empty=None if page.rows else self._empty(),
            caption=_("Decisions"),
        )
        lead = _(
            "Approvals, acceptances, exceptions, classifications and refusals, with reason, dissent and conditions."
        )
        return render(
            request, "kit/register.html", {"header": Header(title=_("Decisions"), lead=lead), "register": register}
        )

    def _of_sort(self, rows: Any) -> Any:
        sorts = self.request.GET.getlist("sort")
        return rows.filter(Q(sort__in=sorts)) if sorts else rows

    def _empty(self) -> Empty:
        return Empty(
            title=_("No decision yet"),
            text=_("Whoever approves, accepts, refuses or makes an exception leaves an entry here by doing so."),
            clause="5.3",
        )

    def _export(self, rows: Any, form: str) -> HttpResponseBase:
        head = [str(column.label) for column in TABLE.columns]
        data = ([column.export(one) for column in TABLE.columns] for one in rows.order_by("pk"))
        write = exports.csv_response if form == "csv" else exports.xlsx_response
        return write("decisions", head, data)


def _without_sort(params: Any) -> Any:
    """`sort` names a sort of decision here, not an order."""
    kept = params.copy()
    kept.pop("sort", None)
    return kept


class RecordedPage(PageView):
    """What does AIMS record about me, and who sees it?"""

    def get(self, request: HttpRequest) -> HttpResponse:
        lead = _(
            "Every change is kept with who made it; some reads are too. This page says what, for how long, and who sees it."
        )
        return render(
            request,
            "trail/recorded.html",
            {"header": Header(title=_("What is recorded"), lead=lead), "roles": registry.roles.values()},
        )
