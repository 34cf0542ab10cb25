"""Dates: cadences, ends of months, leap days, working days; three years of reviews against a plain oracle."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from dateutil.relativedelta import relativedelta
from hypothesis import given
from hypothesis import strategies as st

from aims import due, reviews
from aims.models import Task
from aims.rhythm import Every, next_due
from aims.working_days import is_working_day, next_working_day, spread, working_days
from tests.factories import person, unit
from tests.factories.sample import sample

DAYS = st.dates(date(2020, 1, 1), date(2035, 12, 31))
PACES = st.one_of(
    st.builds(Every, st.integers(1, 800), st.just("days")), st.builds(Every, st.integers(1, 36), st.just("months"))
)


@given(DAYS, PACES, DAYS)
def test_next_date_is_the_first_of_the_rhythm_that_is_later(anchor, every, after):
    found = next_due(anchor, every, after=after)
    times, expected = 0, anchor
    while expected <= after:
        times += 1
        step = {every.period: every.number * times}
        expected = anchor + relativedelta(**step)
    assert found == expected > after


@pytest.mark.parametrize(
    ("anchor", "every", "after", "then"),
    [
        (date(2024, 1, 31), Every(1, "months"), date(2024, 1, 31), date(2024, 2, 29)),
        (date(2024, 1, 31), Every(1, "months"), date(2024, 2, 29), date(2024, 3, 31)),
        (date(2024, 2, 29), Every(12, "months"), date(2024, 2, 29), date(2025, 2, 28)),
        (date(2024, 2, 29), Every(12, "months"), date(2027, 6, 1), date(2028, 2, 29)),
        (date(2026, 5, 4), Every(90), date(2027, 1, 1), date(2027, 1, 29)),
    ],
)
def test_ends_of_months_and_leap_days_do_not_drift(anchor, every, after, then):
    assert next_due(anchor, every, after=after) == then


def test_cadence_in_words():
    assert [str(Every(1)), str(Every(90)), str(Every(12, "months"))] == [
        "every day",
        "every 90 days",
        "every 12 months",
    ]


def test_weekends_and_holidays_are_no_working_days(settings):
    settings.HOLIDAYS = [date(2026, 12, 25)]
    assert next_working_day(date(2026, 12, 25)) == date(2026, 12, 28)
    assert next_working_day(date(2026, 12, 24)) == date(2026, 12, 24)
    assert list(working_days(date(2026, 12, 24), date(2026, 12, 28))) == [date(2026, 12, 24), date(2026, 12, 28)]


def test_endless_holidays_are_not_searched_for_ever(settings):
    settings.HOLIDAYS = [date(2026, 1, 1) + timedelta(days=count) for count in range(400)]
    assert next_working_day(date(2026, 1, 5)) == date(2026, 1, 5)


@given(st.integers(1, 500), DAYS, st.integers(7, 400))
def test_dates_are_spread_evenly_over_working_days(count, first, span):
    last = first + timedelta(days=span)
    found = spread(count, first, last)
    share = -(-count // len(list(working_days(first, last))))
    assert len(found) == count
    assert all(is_working_day(day) and first <= day <= last for day in found)
    assert max(found.count(day) for day in set(found)) <= share


def test_spread_over_a_weekend_takes_the_next_working_day():
    assert spread(2, date(2026, 5, 9), date(2026, 5, 10)) == [date(2026, 5, 11)] * 2


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("first", "every"),
    [(date(2024, 1, 31), Every(1, "months")), (date(2023, 2, 28), Every(90)), (date(2024, 2, 29), Every(6, "months"))],
)
def test_three_years_of_reviews_as_the_oracle_says(sources, at, first, every):
    """Looked at every fifth day with a pause of 40 days each year; what is open is done at once."""
    from tests.due.conftest import source

    sources.falls_due(source(every={"": every}, ahead=0, tier=None))
    who = person("system_owner", unit())
    row = sample(unit=who.unit, owner=who, due_on=first)
    done = []
    for step in range(0, 3 * 366, 5):
        today = first + timedelta(days=step)
        if today.timetuple().tm_yday in range(200, 240):
            continue
        moment = datetime.combine(today, time(12), tzinfo=UTC)
        at(moment)
        due.run(moment)
        for task in Task.objects.open():
            reviews.complete_review(task, by=who, looked_at="all", on=today, at=moment)
            done.append((task.due_on, today))
    row.refresh_from_db()
    expected, date_of = [], first
    for due_on, today in done:
        assert due_on == date_of
        times = 0
        while first + relativedelta(**{every.period: every.number * times}) <= today:
            times += 1
        date_of = first + relativedelta(**{every.period: every.number * times})
        expected.append(due_on)
    assert row.due_on == date_of
    assert len(set(expected)) == len(expected) >= 6
