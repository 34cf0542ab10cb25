"""A register declared once: columns, filters, search, sort. Page, export and API list are readings of it.

Paging is by keyset (the last row's sort value and key), so that page 2,000 costs as much as page 1.
"""

import base64
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Literal

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import F, Q, QuerySet
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from aims.errors import invalid

PAGE = 50


@dataclass(frozen=True)
class Column:
    """One column. `cell(record)` gives what the page shows, `plain(record)` what exports and API give.

    `sort` names the model field to order by ("" when not sortable); `shown` whether it shows unless chosen; `needs`
    what is prefetched for it, only where it is among the columns.
    """

    key: str
    label: Any
    cell: Callable[[Any], Any]
    plain: Callable[[Any], Any] | None = None
    sort: str = ""
    shown: bool = True
    numeric: bool = False
    needs: Sequence[Any] = ()

    def export(self, record: Any) -> Any:
        return (self.plain or self.cell)(record)


@dataclass(frozen=True)
class Filter:
    """One facet. `choices(user)` gives (value, label); `field` the model field it tests, or `apply` a own rule."""

    key: str
    label: Any
    choices: Callable[[Any], Sequence[tuple[str, Any]]]
    field: str = ""
    apply: Callable[[QuerySet[Any], list[str]], QuerySet[Any]] | None = None

    def narrow(self, rows: QuerySet[Any], values: list[str]) -> QuerySet[Any]:
        return self.apply(rows, values) if self.apply else rows.filter(**{f"{self.field}__in": values})


@dataclass(frozen=True)
class Table:
    """A register of one kind."""

    kind: str
    columns: Sequence[Column]
    filters: Sequence[Filter] = ()
    search: Sequence[str] = ("ref", "title")
    related: Sequence[str] = ("unit", "owner")
    prefetch: Sequence[Any] = ()
    dated: str = ""  # field that `from` and `to` limit to days
    sort: str = "-updated_at"
    extra_sorts: Sequence[str] = field(default=("updated_at",))

    def prefetched(self, columns: Sequence[Column]) -> list[Any]:
        """What to prefetch to show these columns."""
        return [*self.prefetch, *(one for column in columns for one in column.needs)]

    def sortable(self) -> set[str]:
        return {column.sort for column in self.columns if column.sort} | set(self.extra_sorts)

    def filtered(self, rows: QuerySet[Any], params: QueryDict, user: Any) -> QuerySet[Any]:
        """Rows that match the search text and every facet of the URL. Unknown values are refused (400)."""
        for one in self.filters:
            values = params.getlist(one.key)
            if values:
                known = {str(value) for value, _label in one.choices(user)}
                if not known.issuperset(values):
                    raise invalid(**{one.key: "Unknown value."})
                rows = one.narrow(rows, values)
        rows = self._dated(rows, params)
        text = params.get("q", "").strip().replace("\x00", "")
        for word in text.split()[:6]:
            match = Q()
            for name in self.search:
                match |= Q(**{f"{name}__icontains": word})
            rows = rows.filter(match)
        return rows

    def _dated(self, rows: QuerySet[Any], params: QueryDict) -> QuerySet[Any]:
        """Rows of the days from `from` to `to`, each of them optional."""
        for key, test in (("from", "date__gte"), ("to", "date__lte")) if self.dated else ():
            if text := params.get(key, ""):
                rows = rows.filter(**{f"{self.dated}__{test}": _day(key, text)})
        return rows

    def narrows(self, params: QueryDict) -> bool:
        """Whether the URL shows fewer than all rows."""
        keys = [*(one.key for one in self.filters), *(("from", "to") if self.dated else ())]
        return bool(params.get("q", "").strip()) or any(params.get(key) for key in keys)

    def chosen(self, params: QueryDict) -> list[Column]:
        """The columns of the URL (`columns=ref,title`), else those shown by default."""
        wanted = params.get("columns", "").split(",")
        return [c for c in self.columns if c.key in wanted] or [c for c in self.columns if c.shown]

    def order(self, params: QueryDict) -> str:
        asked = params.get("sort", "")
        return asked if asked.lstrip("-") in self.sortable() and asked.count("-") <= 1 else self.sort


def _day(key: str, text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise invalid(**{key: _("Give a date such as 2026-03-31.")}) from error


@dataclass(frozen=True)
class Page:
    """One page of rows with the cursors of its neighbours."""

    rows: list[Any]
    next: str = ""
    previous: str = ""


def total_of(rows: QuerySet[Any]) -> int:
    """Exactly how many rows there are: from the kept counters where they can answer."""
    return int(rows.total() if hasattr(rows, "total") else rows.order_by().count())


def page_of(rows: QuerySet[Any], order: str, params: QueryDict, size: int = PAGE) -> Page:
    """The page after (or before) the cursor in the URL, ordered by one field and the key."""
    back = "before" in params and "after" not in params
    cursor = _read_cursor(params.get("before" if back else "after", ""), rows.model, order)
    found = list(_ordered(_beyond(rows, order, cursor, back), order, back)[: size + 1])
    more, found = len(found) > size, found[:size]
    if back:
        found.reverse()
    first, last = (_write_cursor(found[0], order), _write_cursor(found[-1], order)) if found else ("", "")
    return Page(
        rows=found,
        next=last if (more or back) and found else "",
        previous=first if (more if back else cursor is not None) and found else "",
    )


def _ordered(rows: QuerySet[Any], order: str, back: bool) -> QuerySet[Any]:
    name, descending = order.lstrip("-"), order.startswith("-") != back
    if not _nullable(rows.model, name):
        sign = "-" if descending else ""
        return rows.order_by(f"{sign}{name}", f"{sign}pk")
    # Rows without a value come last in reading direction, so first when going back.
    nulls: dict[str, Any] = {"nulls_first": True} if back else {"nulls_last": True}
    by = F(name).desc(**nulls) if descending else F(name).asc(**nulls)
    return rows.order_by(by, "-pk" if descending else "pk")


def _beyond(rows: QuerySet[Any], order: str, cursor: tuple[Any, int] | None, back: bool) -> QuerySet[Any]:
    if cursor is None:
        return rows
    (value, key), name = cursor, order.lstrip("-")
    side: Literal["lt", "gt"] = "lt" if order.startswith("-") != back else "gt"
    if value is None:
        same = Q(**{f"{name}__isnull": True, f"pk__{side}": key})
        return rows.filter(same | Q(**{f"{name}__isnull": False}) if back else same)
    within = Q(**{f"{name}__{side}": value}) | Q(**{name: value, f"pk__{side}": key})
    # The wider condition lets the index start at the cursor.
    bounded = Q(**{f"{name}__{side}e": value}) & within
    return rows.filter(bounded if back or not _nullable(rows.model, name) else bounded | Q(**{f"{name}__isnull": True}))


def _nullable(model: type[models.Model], name: str) -> bool:
    parts, current = name.split("__"), model
    for part in parts:
        found = current._meta.get_field(part)
        if found.null:
            return True
        current = found.related_model or current
    return False


def _value(record: Any, name: str) -> Any:
    for part in name.split("__"):
        record = getattr(record, part, None)
    return record


def _write_cursor(record: Any, order: str) -> str:
    text = json.dumps([order, _value(record, order.lstrip("-")), record.pk], cls=_Exact)
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


class _Exact(DjangoJSONEncoder):
    """Keeps microseconds, which a cursor must not lose."""

    def default(self, o: Any) -> Any:
        return o.isoformat() if isinstance(o, datetime | date) else super().default(o)


def _read_cursor(text: str, model: type[models.Model], order: str) -> tuple[Any, int] | None:
    """The cursor's value and key; a cursor of another order starts again; a broken one is refused (400)."""
    if not text:
        return None
    try:
        made_for, value, key = json.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
        if made_for != order:
            return None
        return _as_field_value(model, order.lstrip("-"), value), int(key)
    except (ValueError, TypeError) as error:
        raise invalid(after="This page link is broken; start from the first page.") from error


def _as_field_value(model: type[models.Model], name: str, value: Any) -> Any:
    current: Any = model
    found: Any = None
    for part in name.split("__"):
        found = current._meta.get_field(part)
        current = found.related_model or current
    if value is None or isinstance(value, Decimal):
        return value
    return found.to_python(value)
