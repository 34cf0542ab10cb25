"""Charts drawn on the server as SVG, the same in page and PDF, each with its table.

The attributes carry the colours of paper; on a page the style sheet replaces them by class, light or dark. A chart is a
value that templates print: `{{ chart }}` draws figure and table, `{{ chart.svg }}` and `{{ chart.table }}` the parts.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from math import ceil, floor, log10
from typing import Any

from django.template.loader import render_to_string
from django.utils.formats import date_format, number_format
from django.utils.html import format_html, format_html_join, html_safe
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from aims.ui import Tone

WIDTH = 640
INK, MUTED, LINE, PAPER = "#16181d", "#626874", "#e4e6eb", "#ffffff"
TONES: dict[Tone, str] = {
    "info": "#3a72c4",
    "good": "#2b8a59",
    "warn": "#b97300",
    "bad": "#c4313c",
    "neutral": "#7d8390",
}
HEAT = ("#e5f4eb", "#f4f3d9", "#fbe8c4", "#f7cfb8", "#eda9a9")
STRONG = {"class": "chart-ink", "fill": INK}


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


@dataclass(frozen=True)
class Limit:
    """What readings are held against."""

    value: float
    label: str = ""


@dataclass(frozen=True)
class Axis:
    """A scale of a heat map: its name and its steps, from low to high."""

    name: str
    steps: Sequence[str]


@dataclass(frozen=True)
class Cell:
    """A number on a heat map, its level from 1 (calm) to 5 (severe), and the list behind it."""

    count: int
    level: int
    url: str = ""


@dataclass(frozen=True)
class Mark:
    """A place on a heat map, known by its sign; several marks are joined in their order."""

    row: int
    column: int
    sign: str
    label: str


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


def bars(title: str, items: Sequence[Bar], *, unit: str = "") -> Chart:
    """Horizontal bars, one a line, in the order given."""
    top = max([item.value for item in items], default=0) or 1
    parts = [_bar(item, index, item.value / top, unit) for index, item in enumerate(items)]
    told = "; ".join(f"{item.label}: {_said(item.value, unit)}" for item in items)
    svg = _svg(title, told, 28 * len(items) + 4, parts)
    return Chart(
        title, svg, [_("What"), unit or pgettext("count", "Number")], [[item.label, item.value] for item in items]
    )


def line(title: str, points: Sequence[Point], *, unit: str = "", limit: Limit | None = None) -> Chart:
    """Readings over time, with the limit they are held against; a missing reading interrupts the line."""
    frame = _Frame.around(points, limit)
    dots = [_dot(frame, point, unit) for point in points if point.value is not None]
    parts = [*frame.grid(unit), *_limit(frame, limit), _path(frame, points), *dots]
    svg = _svg(title, _span(points, unit), frame.height + 26, parts)
    return Chart(title, svg, [_("Date"), unit or _("Value")], [[point.on, point.value] for point in points])


def matrix(title: str, rows: Axis, columns: Axis, cells: Sequence[Sequence[Cell]], marks: Sequence[Mark] = ()) -> Chart:
    """A heat map of `cells` by row and column; the last row is drawn on top, as people read likelihood.

    With `marks` it shows the path of one thing over the map, and the table names its places.
    """
    shape = _Grid(rows, columns)
    drawn = [_cell(shape, row, column, cell) for row, cs in enumerate(cells) for column, cell in enumerate(cs)]
    svg = _svg(
        title, f"{rows.name} × {columns.name}", shape.height + 48, [*drawn, *shape.labels(), *_way(shape, marks)]
    )
    if marks:
        places = [[f"{m.sign} {m.label}", rows.steps[m.row], columns.steps[m.column]] for m in marks]
        return Chart(title, svg, [_("What"), rows.name, columns.name], places)
    table = [[rows.steps[row], *(cell.count for cell in cells[row])] for row in reversed(range(len(cells)))]
    return Chart(title, svg, [f"{rows.name} / {columns.name}", *columns.steps], table)


def _element(name: str, /, *inner: str, **attributes: Any) -> SafeString:
    """An element with its attributes; `stroke_width` becomes `stroke-width`, numbers are shortened."""
    named = ((key.replace("_", "-"), _short_number(value)) for key, value in attributes.items())
    drawn = format_html_join("", ' {}="{}"', named)
    within = format_html_join("", "{}", ((part,) for part in inner))
    return format_html("<{0}{1}>{2}</{0}>", name, drawn, within)


def _short_number(value: Any) -> str:
    return f"{value:.2f}".rstrip("0").rstrip(".") if isinstance(value, float) else str(value)


def _svg(title: str, told: str, height: int, parts: Sequence[str]) -> SafeString:
    # With links inside it is a group: the parts of an image cannot be reached.
    role = "group" if any("<a " in part for part in parts) else "img"
    frame = {"xmlns": "http://www.w3.org/2000/svg", "viewBox": f"0 0 {WIDTH} {height}", "width": WIDTH}
    head = [_element("title", title), _element("desc", told)]
    return _element("svg", *head, *parts, **frame, height=height, role=role, font_family="sans-serif", font_size=12)


def _text(x: float, y: float, words: str, anchor: str = "start", **attributes: Any) -> SafeString:
    ink = attributes or {"class": "chart-muted", "fill": MUTED}
    return _element("text", words, x=float(x), y=float(y), text_anchor=anchor, **ink)


def _rule(frame: "_Frame", value: float, **attributes: Any) -> SafeString:
    y = float(frame.y(value))
    return _element("line", x1=frame.left, y1=y, x2=frame.right, y2=y, **attributes)


def _linked(url: str, *inner: SafeString, **attributes: Any) -> SafeString:
    return _element("a", *inner, href=url, **attributes) if url else format_html_join("", "{}", ((i,) for i in inner))


def _said(number: float | None, unit: str = "") -> str:
    if number is None:
        return "–"
    words = number_format(int(number) if number == int(number) else number, use_l10n=True)
    return f"{words} {unit}".rstrip()


def _cut(label: str, most: int) -> str:
    """A label that fits; cut ones are read in full in the description and the table."""
    return label if len(label) <= most else label[: most - 1].rstrip() + "…"


def _bar(item: Bar, index: int, share: float, unit: str) -> SafeString:
    left, y = 200, 28 * index + 4
    length = max(share * (WIDTH - left - 70), 1.5 if item.value else 0.0)
    look = {"class": f"chart-bar {item.tone}", "fill": TONES[item.tone]}
    label = _text(left - 12, y + 14.5, _cut(item.label, 30), "end", **STRONG)
    shape = _element("rect", x=left, y=y + 3, width=float(length), height=14, rx=3, **look)
    number = _text(left + length + 8, y + 14.5, _said(item.value, unit), **STRONG)
    return _linked(item.url, label, shape, SafeString(" "), number)


def _span(points: Sequence[Point], unit: str) -> str:
    known = [point for point in points if point.value is not None]
    if not known:
        return _("No readings")
    return _("From %(first)s to %(last)s: %(before)s to %(after)s") % {
        "first": date_format(known[0].on, "SHORT_DATE_FORMAT"),
        "last": date_format(known[-1].on, "SHORT_DATE_FORMAT"),
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
    def around(cls, points: Sequence[Point], limit: Limit | None) -> "_Frame":
        values = [0.0, *(point.value for point in points if point.value is not None), *([limit.value] if limit else [])]
        days = [point.on for point in points] or [date(2000, 1, 1)]
        return cls(min(days), max((max(days) - min(days)).days, 1), _steps(min(values), max(values)))

    def x(self, on: date) -> float:
        return self.left + (on - self.first).days / self.days * (self.right - self.left)

    def y(self, value: float) -> float:
        low, high = self.steps[0], self.steps[-1]
        return self.height - (value - low) / (high - low) * (self.height - self.top)

    def grid(self, unit: str) -> list[SafeString]:
        look = {"class": "chart-line", "stroke": LINE}
        rules = [_rule(self, step, **look) for step in self.steps]
        labels = [_text(self.left - 8, self.y(step) + 4, _said(step, unit), "end") for step in self.steps]
        return [*rules, *labels, *self._days()]

    def _days(self) -> list[SafeString]:
        ends = [(0, "start"), (self.days // 2, "middle"), (self.days, "end")]
        days = [(date.fromordinal(self.first.toordinal() + after), anchor) for after, anchor in ends]
        return [
            _text(self.x(on), self.height + 20, date_format(on, "SHORT_DATE_FORMAT"), anchor) for on, anchor in days
        ]


def _limit(frame: _Frame, limit: Limit | None) -> list[SafeString]:
    if limit is None:
        return []
    look = {"class": "chart-limit", "stroke": TONES["bad"], "stroke_dasharray": "5 4"}
    label = _text(frame.right, frame.y(limit.value) - 6, limit.label or _("Limit"), "end")
    return [_rule(frame, limit.value, **look), label]


def _path(frame: _Frame, points: Sequence[Point]) -> SafeString:
    moves, pen = [], "M"
    for point in points:
        if point.value is None:
            pen = "M"
            continue
        moves.append(f"{pen}{_short_number(frame.x(point.on))} {_short_number(frame.y(point.value))}")
        pen = "L"
    look = {"class": "chart-path", "fill": "none", "stroke": TONES["info"], "stroke_width": 2}
    return _element("path", d="".join(moves), **look)


def _dot(frame: _Frame, point: Point, unit: str) -> SafeString:
    words = f"{date_format(point.on, 'SHORT_DATE_FORMAT')}: {_said(point.value, unit)}"
    look = {"class": "chart-dot", "fill": TONES["info"], "stroke": PAPER, "stroke_width": 1.5}
    place = {"cx": frame.x(point.on), "cy": float(frame.y(point.value or 0)), "r": 3.5}
    return _element("circle", _element("title", words), **place, **look)


@dataclass(frozen=True)
class _Grid:
    """Where a cell falls on a heat map."""

    rows: Axis
    columns: Axis
    left: int = 132
    cell_height: int = 44

    @property
    def height(self) -> int:
        return len(self.rows.steps) * self.cell_height

    @property
    def cell_width(self) -> float:
        return (WIDTH - self.left) / max(len(self.columns.steps), 1)

    def corner(self, row: int, column: int) -> tuple[float, float]:
        return self.left + column * self.cell_width, float((len(self.rows.steps) - 1 - row) * self.cell_height)

    def labels(self) -> list[SafeString]:
        return [*self._beside(), *self._below()]

    def _beside(self) -> list[SafeString]:
        x = self.left - 12
        steps = [_text(x, self.corner(i, 0)[1] + 26, _cut(name, 18), "end") for i, name in enumerate(self.rows.steps)]
        return [*steps, _text(0, self.height + 40, f"↑ {self.rows.name}", **STRONG)]

    def _below(self) -> list[SafeString]:
        middle, y = self.cell_width / 2, self.height + 18
        names = enumerate(self.columns.steps)
        steps = [_text(self.corner(0, i)[0] + middle, y, _cut(name, 18), "middle") for i, name in names]
        return [*steps, _text(WIDTH, self.height + 40, f"{self.columns.name} →", "end", **STRONG)]


def _cell(shape: _Grid, row: int, column: int, cell: Cell) -> SafeString:
    x, y = shape.corner(row, column)
    label = f"{shape.rows.steps[row]} × {shape.columns.steps[column]}: {cell.count}"
    look = {"class": f"chart-cell heat-{cell.level}", "fill": HEAT[cell.level - 1], "stroke": PAPER, "stroke_width": 2}
    size = {"width": shape.cell_width, "height": shape.cell_height, "rx": 4}
    box = _element("rect", _element("title", label), x=x, y=y, **size, **look)
    if not cell.count:
        return box
    bold = {"class": "heat-text", "fill": INK, "font_size": 15, "font_weight": 600}
    number = _text(x + shape.cell_width / 2, y + 27, str(cell.count), "middle", **bold)
    return _linked(cell.url, box, number, aria_label=label)


def _way(shape: _Grid, marks: Sequence[Mark]) -> list[SafeString]:
    """Marks as signs in circles, joined by a line; several in one cell stand beside each other."""
    spots = []
    for index, mark in enumerate(marks):
        before = sum((m.row, m.column) == (mark.row, mark.column) for m in marks[:index])
        x, y = shape.corner(mark.row, mark.column)
        spots.append((x + 18 + 26 * before, y + shape.cell_height / 2, mark))
    route = "M" + "L".join(f"{_short_number(x)} {_short_number(y)}" for x, y, _mark in spots)
    look = {"class": "chart-path", "fill": "none", "stroke": TONES["info"], "stroke_width": 2}
    return [*([_element("path", d=route, **look)] if len(spots) > 1 else []), *[_spot(*spot) for spot in spots]]


def _spot(x: float, y: float, mark: Mark) -> SafeString:
    dot = {"class": "chart-dot", "fill": TONES["info"], "stroke": PAPER, "stroke_width": 1.5}
    circle = _element("circle", _element("title", mark.label), cx=float(x), cy=float(y), r=11, **dot)
    sign = {"class": "chart-sign", "fill": PAPER, "font_weight": 600}
    return _element("g", circle, _text(x, y + 4, mark.sign, "middle", **sign))
