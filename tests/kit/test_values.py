"""Drawing single values: text, numbers, dates, people, lists, differences."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.utils import timezone
from django.utils.html import format_html
from hypothesis import given
from hypothesis import strategies as st

from aims.templatetags import kit
from aims.ui import Badge, Link
from tests.kit.samples import HOSTILE


@pytest.mark.parametrize(
    "item",
    [
        HOSTILE,
        [HOSTILE, HOSTILE],
        Badge(HOSTILE),
        Link(HOSTILE, "/x"),
        Link("x", HOSTILE),
        Link("x", "/x", HOSTILE),
        SimpleNamespace(a=HOSTILE),
    ],
)
def test_values_are_escaped(item: Any) -> None:
    drawn = kit.value(item)
    assert "<img" not in drawn
    assert "\"'" not in drawn


@pytest.mark.parametrize(
    ("item", "words"),
    [
        (None, "–"),
        ("", "–"),
        ([], "–"),
        (0, "0"),
        (1234567, "1,234,567"),
        (Decimal("3.50"), "3.50"),
        (True, "Yes"),
        (False, "No"),
        (timedelta(days=3), "3 days"),
        (timedelta(minutes=61, seconds=5), "1:01:05"),
        (date(2026, 3, 31), "31 Mar 2026"),
        (datetime(2026, 3, 31, 12, 5, tzinfo=UTC), "31 Mar 2026, 12:05"),
    ],
)
def test_plain_values_in_words(item: Any, words: str) -> None:
    assert words in kit.value(item)


def test_what_a_view_made_safe_keeps_its_markup() -> None:
    assert kit.value(format_html("<em>{}</em>", "<b>")) == "<em>&lt;b&gt;</em>"


def test_a_moment_is_in_the_readers_zone_and_names_it() -> None:
    with timezone.override("Europe/Berlin"):
        drawn = kit.moment(datetime(2026, 3, 31, 12, 5, tzinfo=UTC))
    assert 'datetime="2026-03-31T14:05:00+02:00"' in drawn
    assert 'title="Tuesday 31 March 2026, 14:05:00 CEST"' in drawn
    assert ">31 Mar 2026, 14:05<" in drawn


@pytest.mark.parametrize(
    ("days", "words"),
    [(0, "today"), (1, "in 1 day"), (12, "in 12 days"), (-3, "3 days ago"), (90, "in 3 months"), (-800, "2 years ago")],
)
def test_how_far_off_a_day_is(days: int, words: str) -> None:
    assert kit.distance(timezone.localdate() + timedelta(days=days)) == words


def test_only_an_open_day_in_the_past_is_late() -> None:
    past = timezone.localdate() - timedelta(days=2)
    assert "late" in kit.day(past, due=True)
    assert "late" not in kit.day(past, due=True, done=True)
    assert "late" not in kit.day(timezone.localdate(), due=True)


def test_a_person_shows_name_and_initials() -> None:
    person = get_user_model()(email="ada@example.com")
    person.name = "Ada King Lovelace"  # type: ignore[attr-defined]
    drawn = kit.value(person)
    assert "Ada King Lovelace" in drawn
    assert ">AL<" in drawn


def test_a_record_is_a_link_with_its_reference() -> None:
    record = SimpleNamespace(ref="RSK-0142", title=HOSTILE, get_absolute_url=lambda: "/risks/RSK-0142/")
    drawn = kit.value(record)
    assert drawn.startswith('<a href="/risks/RSK-0142/"><span class="ref">RSK-0142</span> ')
    assert "<img" not in drawn


def test_nothing_is_missing_but_nothing() -> None:
    assert [kit.is_empty(item) for item in (None, "", [], 0, False, "x")] == [True, True, True, False, False, False]


def test_a_difference_shows_the_words_that_changed() -> None:
    assert kit.diff("pays on time", "pays in time") == "pays <del>on </del><ins>in </ins>time"


@given(st.text(max_size=200), st.text(max_size=200))
def test_a_difference_loses_no_text(before: str, after: str) -> None:
    parts = list(kit._marked(*_compared(before, after)))
    assert "".join(_text(part) for part in parts if not part.startswith("<ins>")) == before
    assert "".join(_text(part) for part in parts if not part.startswith("<del>")) == after


def _compared(before: str, after: str) -> Any:
    from difflib import SequenceMatcher

    old, new = kit._pieces(before), kit._pieces(after)
    return old, new, SequenceMatcher(None, old, new, autojunk=False).get_opcodes()


def _text(part: str) -> str:
    from html import unescape

    for tag in ("<ins>", "</ins>", "<del>", "</del>"):
        part = part.removeprefix(tag).removesuffix(tag)
    return unescape(part)


def test_a_long_difference_stays_quick() -> None:
    before = "\n".join(f"line {number} of many words that say little" for number in range(2000))
    drawn = kit.diff(before, before.replace("line 1000 ", "row 1000 "))
    assert "<ins>row 1000 of many words that say little\n</ins>" in drawn
