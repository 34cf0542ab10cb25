"""The register page of a kind: filter, search, sort, page, choose columns, save the view, export."""

from collections.abc import Iterator
from datetime import date
from typing import Any, ClassVar

from django.db.models import Count, QuerySet
from django.http import HttpRequest, HttpResponse, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from aims import asof, bulk, exports
from aims.importing.own import with_own
from aims.listing import Column, Filter, Page, Table, page_of, total_of
from aims.models import SavedView
from aims.ui import Action, Badge, Empty, Facet, HeadCell, Header, Link, Option, Register, Row
from aims.views.base import KindView

# Above this many rows facets show no counts: counting would cost more than the page.
COUNTED = 5_000
_PAGING = ("after", "before")


class RegisterView(KindView):
    """List of a kind. Subclasses give `table`, the title's question, and the primary action."""

    table: Table
    lead: ClassVar[Any] = ""

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
        rows = self.matching(request.GET)
        if request.GET.get("format") in ("csv", "xlsx"):
            return self.export(rows, request.GET["format"])
        fetched = self.table.prefetched(self.table.chosen(request.GET))
        rows = rows.select_related(*self.table.related).prefetch_related(*fetched)
        page = page_of(rows, self.table.order(request.GET), request.GET)
        return render(request, self.template_name(), self.context(rows, page))

    def matching(self, params: QueryDict) -> QuerySet[Any]:
        """Every row that the search and the filters of an address leave, on all its pages."""
        self.table = with_own(self.table, self.model)
        return self.table.filtered(self.rows(), params, self.request.user)

    def template_name(self) -> str:
        return "kit/register.html"

    def context(self, rows: QuerySet[Any], page: Page) -> dict[str, Any]:
        register = self.register(rows, page)
        return {"header": self.header(), "register": register, **self.extra()}

    def extra(self) -> dict[str, Any]:
        """More for the template."""
        return {}

    def header(self) -> Header:
        return Header(
            title=self.title() or str(self.kind.plural),
            lead=self.lead,
            actions=self.actions() if asof.moment() is None else (),
        )

    def title(self) -> str:
        return ""

    def actions(self) -> list[Action]:
        return []

    def empty(self) -> Empty:
        return Empty(title=_("Nothing here yet"), text=str(self.lead))

    def register(self, rows: QuerySet[Any], page: Page) -> Register:
        params = self.request.GET
        columns = self.table.chosen(params)
        total = total_of(rows)
        filtered = self.table.narrows(params)
        return Register(
            head=[self._head(column) for column in columns],
            rows=[self.row(record, columns) for record in page.rows],
            total=total,
            searchable=True,
            facets=[self._facet(one, rows, total) for one in self.table.filters],
            query=params.get("q", ""),
            hidden=[(k, v) for k, vs in params.lists() for v in vs if k not in ("q", *_PAGING)],
            next_url=self._url(after=page.next) if page.next else "",
            previous_url=self._url(before=page.previous) if page.previous else "",
            exports=[Link("CSV", self._url(format="csv")), Link("XLSX", self._url(format="xlsx"))],
            columns=self._column_options(columns),
            views=self._views(),
            save_view_url=f"/views/{self.kind.name}/",
            compare_url=f"/compare/{self.kind.path}/",
            dates=(params.get("from", ""), params.get("to", "")) if self.table.dated else None,
            bulk_url=self._bulk_url(),
            bulk_all_url=self._bulk_all_url(page, total),
            filtered=filtered,
            reset_url=self.request.path,
            empty=None if page.rows else self._empty(filtered),
            caption=str(self.kind.plural),
        )

    def _bulk_url(self) -> str:
        """Where ticked rows are changed together; "" for who may not, and in the past."""
        if asof.moment() is not None or not bulk.can_bulk(self.request.user, self.kind.name):
            return ""
        return reverse("bulk", args=[self.kind.name])

    def _bulk_all_url(self, page: Page, total: int) -> str:
        """Where everything that matches is changed together, where that is more than the page; "" where it is too many."""
        url = self._bulk_url() if (page.next or page.previous) and total <= bulk.MOST else ""
        return f"{url}?{urlencode({'query': self._params().urlencode()})}" if url else ""

    def row(self, record: Any, columns: list[Column]) -> Row:
        cells = [column.cell(record) for column in columns]
        return Row(cells=cells, url=self.kind.url(self.key(record)), ref=getattr(record, "ref", ""))

    def _empty(self, filtered: bool) -> Empty:
        if not filtered:
            return self.empty()
        return Empty(
            title=_("Nothing matches"),
            text=_("No record you may see matches this search and these filters."),
            action=Action(_("Clear filters"), self.request.path),
        )

    def _head(self, column: Column) -> HeadCell:
        order = self.table.order(self.request.GET)
        if not column.sort:
            return HeadCell(column.key, str(column.label), numeric=column.numeric)
        current = {column.sort: "ascending", f"-{column.sort}": "descending"}.get(order, "")
        url = self._url(sort=f"-{column.sort}" if current == "ascending" else column.sort)
        return HeadCell(column.key, str(column.label), sort_url=url, sorted=current, numeric=column.numeric)  # type: ignore[arg-type]

    def _facet(self, one: Filter, rows: QuerySet[Any], total: int) -> Facet:
        current = self.request.GET.getlist(one.key)
        counts = self._counts(one, rows) if total <= COUNTED and one.field else {}
        options = [
            Option(
                value=str(value),
                label=str(label),
                url=self._toggle(one.key, str(value)),
                count=counts.get(str(value), 0) if counts or (total <= COUNTED and one.field) else None,
                current=str(value) in current,
            )
            for value, label in one.choices(self.request.user)
        ]
        return Facet(one.key, str(one.label), options, clear_url=self._url(**{one.key: ""}) if current else "")

    def _counts(self, one: Filter, rows: QuerySet[Any]) -> dict[str, int]:
        found = rows.order_by().values_list(one.field).annotate(n=Count("pk"))
        return {str(value): n for value, n in found}

    def _column_options(self, shown: list[Column]) -> list[Option]:
        keys = [column.key for column in shown]
        return [
            Option(
                c.key,
                str(c.label),
                self._url(columns=",".join(_without_or_with(self.table, keys, c.key))),
                current=c in shown,
            )
            for c in self.table.columns
        ]

    def _views(self) -> list[Option]:
        saved = SavedView.objects.filter(person=self.request.user.pk or 0, kind=self.kind.name).order_by("name")
        here = self.request.GET.urlencode()
        return [Option(str(v.pk), v.name, f"{self.request.path}?{v.query}", current=v.query == here) for v in saved]

    def _toggle(self, key: str, value: str) -> str:
        values = self.request.GET.getlist(key)
        chosen = [v for v in values if v != value] if value in values else [*values, value]
        params = self._params()
        params.setlist(key, chosen)
        return self._as_url(params)

    def _url(self, **changes: str) -> str:
        params = self._params()
        for key, value in changes.items():
            if value:
                params[key] = value
            else:
                params.pop(key, None)
        return self._as_url(params)

    def _params(self) -> QueryDict:
        params = self.request.GET.copy()
        for key in (*_PAGING, "format"):
            params.pop(key, None)
        return params

    def _as_url(self, params: QueryDict) -> str:
        text = params.urlencode()
        return f"{self.request.path}?{text}" if text else self.request.path

    def export(self, rows: QuerySet[Any], form: str) -> HttpResponse | HttpResponseBase:
        """All matching rows with all columns (or the chosen ones)."""
        params = self.request.GET
        columns = self.table.chosen(params) if "columns" in params else list(self.table.columns)
        ordered = (
            rows.select_related(*self.table.related).prefetch_related(*self.table.prefetched(columns)).order_by("pk")
        )
        data: Iterator[list[Any]] = ([c.export(r) for c in columns] for r in ordered.iterator(chunk_size=2000))
        head = [str(column.label) for column in columns]
        write = exports.csv_response if form == "csv" else exports.xlsx_response
        return write(self.kind.path, head, data)


def _without_or_with(table: Table, shown: list[str], key: str) -> list[str]:
    chosen = set(shown) ^ {key}
    return [column.key for column in table.columns if column.key in chosen]


def state_badge(record: Any) -> Badge:
    """The record's state as a badge, by its workflow's tones when the states declare them."""
    choices = record._meta.get_field("state").choices or ()
    tones = getattr(type(record), "state_tones", {})
    return Badge(str(dict(choices).get(record.state, record.state)), tones.get(record.state, "neutral"))


def due_badge(day: date | None, *, over: bool = False) -> Any:
    """A due date, marked when it had passed by the day that is read; that of what is over is never late."""
    if day is None or over or day >= asof.day():
        return day
    return Badge(date_format(day, "SHORT_DATE_FORMAT"), "bad", "clock-exclamation")
