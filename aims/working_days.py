"""Working days: weekends and the holidays that the installation names are no day on which work falls due."""

from collections.abc import Iterator
from datetime import date, timedelta

from django.conf import settings

WEEKEND = (5, 6)
# A longer row of holidays than this is a mistake in the settings, not a reason to look for ever.
LONGEST_REST = 60


def is_working_day(day: date) -> bool:
    return day.weekday() not in WEEKEND and day not in _holidays()


def next_working_day(day: date) -> date:
    """The day itself when people work on it, else the first one after it."""
    later = (day + timedelta(days=count) for count in range(LONGEST_REST) if day.toordinal() + count <= _LAST)
    return next((one for one in later if is_working_day(one)), day)


def working_days(first: date, last: date) -> Iterator[date]:
    """Working days from `first` to `last`, both included."""
    span = (last - first).days + 1
    return (one for count in range(span) if is_working_day(one := first + timedelta(days=count)))


def spread(count: int, first: date, last: date) -> list[date]:
    """`count` days evenly over the working days from `first` to `last`, so that no day gets more than its share."""
    days = list(working_days(first, last)) or [next_working_day(last)]
    return [days[number * len(days) // count] for number in range(count)]


_LAST = date.max.toordinal()


def _holidays() -> frozenset[date]:
    return frozenset(settings.HOLIDAYS)
