"""Charts drawn on the server as SVG, the same in page and PDF, each with its table.

The attributes carry the colours of paper; on a page the style sheet replaces them by class, light or dark. A chart is a value that
templates print: `{{ chart }}` draws figure and table, `{{ chart.svg }}` and `{{ chart.table }}` the parts.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from math import ceil, floor, log10
from typing import Any

from django.template.loader import render_to_string
from django.utils.formats import date_format, number_format
from django.utils.html import format_html, format_html_join, html_safe
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from aims.ui import Tone

WIDTH = 640
INK, MUTED, LINE, AXIS, PAPER = "#16181d", "#626874", "#e4e6eb", "#868c98", "#ffffff"
TONES: dict[Tone, str] = {"info": "#3a72c4", "good": "#2b8a59", "warn": "#b97300", "bad": "#c4313c", "neutral": "#7d8390"}
HEAT = ("#e5f4eb", "#f4f3d9", "#fbe8c4", "#f7cfb8", "#eda9a9")


@dataclass(frozen=True)
class Bar:
    """One bar: its number is a link to the list behind it where `url` is given."""

    label: str
    value: float
    tone: Tone = "info"
    url: str = ""


@dataclass(frozen=True)
class Point:
    """One reading; None is a gap and is drawn as one."""

    on: date
    value: float | None


@html_safe
@dataclass(frozen=True)
class Chart:
    """A drawing, and the same numbers as a table."""

    title: str
    svg: SafeString
    head: Sequence[str]
    rows: Sequence[Sequence[Any]]

    def __str__(self) -> str:
        return render_to_string("kit/_chart.html", {"chart": self})

    @property
    def table(self) -> str:
        """The table alone, as a PDF prints it below the drawing."""
        return render_to_string("kit/_chart_table.html", {"chart": self})


def bars(title: str, items: Sequence[Bar], *, unit: str = "", describe: str = "") -> Chart:
    """Horizontal bars, one a line, longest possible first where the caller sorts them."""
    top = max([item.value for item in items], default=0) or 1
    parts = [_bar(item, index, top, unit) for index, item in enumerate(items)]
    svg = _svg(title, describe or _total(items, unit), WIDTH, 28 * len(items) + 4, parts)
    return Chart(title, svg, [_("What"), unit or _("Number")], [[item.label, item.value] for item in items])


def line(
    title: str, points: Sequence[Point], *, unit: str = "", limit: float | None = None, limit_label: str = "", describe: str = ""
) -> Chart:
    """Readings over time, with the limit they are held against; a missing reading interrupts the line."""
    frame = _Frame.around(points, limit)
    parts = [*frame.grid(unit), *_limit(frame, limit, limit_label), _path(frame, points), *(_dot(frame, point, unit) for point in points)]
    svg = _svg(title, describe or _span(points, unit), WIDTH, frame.height + 26, parts)
    return Chart(title, svg, [_("Date"), unit or _("Value")], [[point.on, point.value] for point in points])


def matrix(
    title: str,
    rows: Sequence[str],
    columns: Sequence[str],
    counts: Sequence[Sequence[int]],
    levels: Sequence[Sequence[int]],
    *,
    row_axis: str = "",
    column_axis: str = "",
    links: Callable[[int, int], str] | None = None,
    describe: str = "",
) -> Chart:
    """A heat map: `counts` and `levels` (1 calm to 5 severe) by row and column; the last row is drawn on top.

    `links(row, column)` gives the list behind a number.
    """
    shape = _Grid(len(rows), len(columns))
    cells = [
        _cell(shape, row, column, count, levels[row][column], f"{rows[row]} × {columns[column]}", links)
        for row, line_of in enumerate(counts)
        for column, count in enumerate(line_of)
    ]
    svg = _svg(title, describe or f"{row_axis} × {column_axis}", WIDTH, shape.height + 48, [*cells, *shape.labels(rows, columns, row_axis, column_axis)])
    table = [[rows[row], *counts[row]] for row in reversed(range(len(rows)))]
    return Chart(title, svg, [f"{row_axis} / {column_axis}", *columns], table)


def _svg(title: str, describe: str, width: int, height: int, parts: Sequence[str]) -> SafeString:
    inner = format_html_join("", "{}", ((part,) for part in parts))
    return format_html(
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {} {}" width="{}" height="{}" role="{}" font-family="sans-serif" '
        'font-size="12"><title>{}</title><desc>{}</desc>{}</svg>',
        width, height, width, height, "group" if "<a " in inner else "img", title, describe, inner,
    )  # fmt: skip


def _text(x: float, y: float, words: str, *, anchor: str = "start", kind: str = "chart-muted", fill: str = MUTED) -> SafeString:
    return format_html('<text x="{}" y="{}" text-anchor="{}" class="{}" fill="{}">{}</text>', _n(x), _n(y), anchor, kind, fill, words)


def _stroke(x1: float, y1: float, x2: float, y2: float, kind: str = "chart-line", colour: str = LINE, extra: str = "") -> SafeString:
    dashes = SafeString(' stroke-dasharray="5 4"') if extra else ""
    shape = '<line x1="{}" y1="{}" x2="{}" y2="{}" class="{}" stroke="{}"{}/>'
    return format_html(shape, _n(x1), _n(y1), _n(x2), _n(y2), kind, colour, dashes)


def _linked(url: str, label: str, inner: SafeString) -> SafeString:
    name = format_html(' aria-label="{}"', label) if label else ""
    return format_html('<a href="{}"{}>{}</a>', url, name, inner) if url else inner


def _n(number: float) -> str:
    return f"{number:.2f}".rstrip("0").rstrip(".")


def _said(number: float | None, unit: str = "") -> str:
    if number is None:
        return "–"
    words = number_format(int(number) if number == int(number) else number, use_l10n=True)
    return f"{words} {unit}".rstrip()


def _short(label: str, most: int) -> str:
    return label if len(label) <= most else label[: most - 1].rstrip() + "…"


def _bar(item: Bar, index: int, top: float, unit: str) -> SafeString:
    left, room, y = 200, WIDTH - 200 - 70, 28 * index + 4
    length = max(item.value / top * room, 1.5 if item.value else 0)
    shape = format_html(
        '<rect x="{}" y="{}" width="{}" height="14" rx="3" class="chart-bar {}" fill="{}"/>',
        left, y + 3, _n(length), item.tone, TONES[item.tone],
    )  # fmt: skip
    number = _text(left + length + 8, y + 14.5, _said(item.value, unit), kind="chart-ink", fill=INK)
    label = _text(left - 12, y + 14.5, _short(item.label, 30), anchor="end", kind="chart-ink", fill=INK)
    # Cut labels are read in full in the description and the table.
    return _linked(item.url, "", format_html("{}{} {}", label, shape, number))


def _total(items: Sequence[Bar], unit: str) -> str:
    return "; ".join(f"{item.label}: {_said(item.value, unit)}" for item in items)


def _span(points: Sequence[Point], unit: str) -> str:
    known = [point for point in points if point.value is not None]
    if not known:
        return _("No readings")
    return _("From %(first)s to %(last)s: %(before)s to %(after)s") % {
        "first": date_format(known[0].on, "j M Y"),
        "last": date_format(known[-1].on, "j M Y"),
        "before": _said(known[0].value, unit),
        "after": _said(known[-1].value, unit),
    }


def _steps(low: float, high: float) -> list[float]:
    """Four to six round numbers that hold the values between them."""
    rough = (high - low) / 4 or 1
    base = 10.0 ** floor(log10(rough))
    step: float = next(base * factor for factor in (1, 2, 2.5, 5, 10) if base * factor >= rough)
    first, last = floor(low / step), ceil(high / step)
    return [round(step * index, 10) for index in range(first, max(last, first + 1) + 1)]


@dataclass(frozen=True)
class _Frame:
    """Where a date and a value fall on the drawing of a line."""

    first: date
    days: int
    steps: Sequence[float]
    left: int = 48
    right: int = WIDTH - 16
    top: int = 12
    height: int = 200

    @classmethod
    def around(cls, points: Sequence[Point], limit: float | None) -> "_Frame":
        values = [point.value for point in points if point.value is not None] + ([limit] if limit is not None else [])
        days = [point.on for point in points] or [date(2000, 1, 1)]
        return cls(min(days), max((max(days) - min(days)).days, 1), _steps(min([0, *values]), max([0, *values])))

    def x(self, on: date) -> float:
        return self.left + (on - self.first).days / self.days * (self.right - self.left)

    def y(self, value: float) -> float:
        low, high = self.steps[0], self.steps[-1]
        return self.height - (value - low) / (high - low) * (self.height - self.top)

    def grid(self, unit: str) -> list[SafeString]:
        lines = [_stroke(self.left, self.y(step), self.right, self.y(step)) for step in self.steps]
        labels = [_text(self.left - 8, self.y(step) + 4, _said(step, unit), anchor="end") for step in self.steps]
        return [*lines, *labels, *self._days()]

    def _days(self) -> list[SafeString]:
        ends = [(0, "start"), (self.days // 2, "middle"), (self.days, "end")]
        days = [(date.fromordinal(self.first.toordinal() + after), anchor) for after, anchor in ends]
        return [_text(self.x(on), self.height + 20, date_format(on, "j M Y"), anchor=anchor) for on, anchor in days]


def _limit(frame: _Frame, limit: float | None, label: str) -> list[SafeString]:
    if limit is None:
        return []
    y = frame.y(limit)
    rule = _stroke(frame.left, y, frame.right, y, "chart-limit", TONES["bad"], "dashed")
    return [rule, _text(frame.right, y - 6, label or _("Limit"), anchor="end")]


def _path(frame: _Frame, points: Sequence[Point]) -> SafeString:
    moves, pen = [], "M"
    for point in points:
        if point.value is None:
            pen = "M"
            continue
        moves.append(f"{pen}{_n(frame.x(point.on))} {_n(frame.y(point.value))}")
        pen = "L"
    return format_html('<path d="{}" class="chart-path" fill="none" stroke="{}" stroke-width="2"/>', "".join(moves), TONES["info"])


def _dot(frame: _Frame, point: Point, unit: str) -> SafeString:
    if point.value is None:
        return SafeString("")
    return format_html(
        '<circle cx="{}" cy="{}" r="3.5" class="chart-dot" fill="{}" stroke="{}" stroke-width="1.5"><title>{}: {}</title></circle>',
        _n(frame.x(point.on)), _n(frame.y(point.value)), TONES["info"], PAPER, date_format(point.on, "j M Y"), _said(point.value, unit),
    )  # fmt: skip


@dataclass(frozen=True)
class _Grid:
    """Where a cell falls on a heat map; the last row is on top, as people read likelihood."""

    rows: int
    columns: int
    left: int = 132
    cell_height: int = 44

    @property
    def height(self) -> int:
        return self.rows * self.cell_height

    @property
    def cell_width(self) -> float:
        return (WIDTH - self.left) / max(self.columns, 1)

    def corner(self, row: int, column: int) -> tuple[float, float]:
        return self.left + column * self.cell_width, (self.rows - 1 - row) * self.cell_height

    def labels(self, rows: Sequence[str], columns: Sequence[str], row_axis: str, column_axis: str) -> list[SafeString]:
        beside = [_text(self.left - 12, self.corner(i, 0)[1] + 26, _short(name, 18), anchor="end") for i, name in enumerate(rows)]
        middle = self.cell_width / 2
        below = [_text(self.corner(0, i)[0] + middle, self.height + 18, _short(name, 18), anchor="middle") for i, name in enumerate(columns)]
        axes = [_text(self.left, self.height + 40, f"{column_axis} →" if column_axis else "", kind="chart-ink", fill=INK)]
        axes.append(_text(self.left - 12, self.height + 18, f"↑ {row_axis}" if row_axis else "", anchor="end", kind="chart-ink", fill=INK))
        return [*beside, *below, *axes]


def _cell(
    shape: _Grid, row: int, column: int, count: int, level: int, name: str, links: Callable[[int, int], str] | None
) -> SafeString:
    x, y = shape.corner(row, column)
    label = f"{name}: {count}"
    box = format_html(
        '<rect x="{}" y="{}" width="{}" height="{}" rx="4" class="chart-cell heat-{}" fill="{}" stroke="{}" stroke-width="2">'
        "<title>{}</title></rect>",
        _n(x), _n(y), _n(shape.cell_width), shape.cell_height, level, HEAT[level - 1], PAPER, label,
    )  # fmt: skip
    if not count:
        return box
    middle = shape.cell_width / 2
    number = format_html(
        '<text x="{}" y="{}" text-anchor="middle" class="heat-text" fill="{}" font-size="15" font-weight="600">{}</text>',
        _n(x + middle), _n(y + 27), INK, count,
    )  # fmt: skip
    return _linked(links(row, column) if links else "", label, format_html("{}{}", box, number))
