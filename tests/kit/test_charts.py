"""Charts: the numbers drawn are the numbers given, in figure and table; hostile labels stay text."""

import re
from datetime import date
from xml.etree import ElementTree

from aims.charts import Axis, Bar, Cell, Limit, Point, bars, line, matrix
from tests.kit.samples import HOSTILE

NAME = "{http://www.w3.org/2000/svg}"
ROWS = Axis("Likelihood", ["Rare", "Likely"])
COLUMNS = Axis("Severity", ["Low", "Middle", HOSTILE])


def parts(svg: str, tag: str, kind: str = "") -> list[ElementTree.Element]:
    found = ElementTree.fromstring(svg).iter(NAME + tag)
    return [one for one in found if kind in one.get("class", "")]


def test_bars_are_as_long_as_their_numbers() -> None:
    chart = bars("Open risks", [Bar("A", 10), Bar(HOSTILE, 5, "bad", "/risks"), Bar("C", 0)])
    widths = [float(one.get("width", "")) for one in parts(chart.svg, "rect")]
    assert widths[0] == 2 * widths[1] > 0
    assert widths[2] == 0
    assert [one.get("href") for one in parts(chart.svg, "a")] == ["/risks"]


def test_a_missing_reading_interrupts_the_line() -> None:
    points = [Point(date(2026, month, 1), value) for month, value in enumerate([4.0, 3.0, None, 5.0, 6.0], start=1)]
    chart = line("False positives", points, unit="%", limit=Limit(5))
    (path,) = parts(chart.svg, "path")
    assert path.get("d", "").count("M") == 2
    assert len(parts(chart.svg, "circle")) == 4
    (limit,) = parts(chart.svg, "line", "chart-limit")
    at = {one[0].text: one.get("cy") for one in parts(chart.svg, "circle")}
    assert at["1 Apr 2026: 5 %"] == limit.get("y1")


def test_no_readings_and_one_reading_can_be_drawn() -> None:
    assert parts(line("None", []).svg, "circle") == []
    assert len(parts(line("One", [Point(date(2026, 1, 1), 0)]).svg, "circle")) == 1
    assert parts(bars("None", []).svg, "rect") == []


def test_the_severest_cell_is_on_top_at_the_right() -> None:
    cells = [[Cell(0, 1), Cell(0, 2), Cell(0, 3)], [Cell(7, 3, "/r?10"), Cell(0, 4, "/r?11"), Cell(9, 5, "/r?12")]]
    chart = matrix("Risk", ROWS, COLUMNS, cells)
    placed = {(one.get("x"), one.get("y")): one for one in parts(chart.svg, "rect")}
    right = max(float(x or 0) for x, _y in placed)
    corner = next(one for (x, y), one in placed.items() if float(x or 0) == right and y == "0")
    assert corner.get("class") == "chart-cell heat-5"
    assert [one.get("href") for one in parts(chart.svg, "a")] == ["/r?10", "/r?12"]


def test_each_chart_has_its_numbers_as_a_table() -> None:
    cells = [[Cell(1, 1), Cell(2, 2), Cell(3, 3)], [Cell(4, 2), Cell(5, 3), Cell(6, 4)]]
    drawn = str(matrix("Risk", ROWS, COLUMNS, cells))
    table = drawn[drawn.index("<table") :]
    assert re.findall(r'<span class="num">(\d)</span>', table) == ["4", "5", "6", "1", "2", "3"]


def test_hostile_labels_stay_text_and_nothing_is_styled_inline() -> None:
    for chart in (
        bars(HOSTILE, [Bar(HOSTILE, 1)], unit=HOSTILE),
        line(HOSTILE, [Point(date(2026, 1, 1), 1)], limit=Limit(2, HOSTILE)),
        matrix(HOSTILE, Axis(HOSTILE, [HOSTILE]), Axis(HOSTILE, [HOSTILE]), [[Cell(1, 1, "/r")]]),
    ):
        assert "<img" not in str(chart)
        assert "style=" not in str(chart)
        title = ElementTree.fromstring(chart.svg).find(NAME + "title")
        assert title is not None
        assert title.text == HOSTILE


def test_a_chart_with_links_is_a_group_and_one_without_an_image() -> None:
    assert ElementTree.fromstring(bars("x", [Bar("a", 1)]).svg).get("role") == "img"
    assert ElementTree.fromstring(bars("x", [Bar("a", 1, url="/a")]).svg).get("role") == "group"
