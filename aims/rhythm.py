"""How often something is looked at, and when next: counted from an anchor, so that dates never drift."""

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from django.utils.translation import ngettext

Period = Literal["days", "months"]


@dataclass(frozen=True)
class Every:
    """A cadence: every `number` days or months."""

    number: int
    period: Period = "days"

    def after(self, anchor: date, times: int) -> date:
        """The anchor plus `times` cadences. Months keep the anchor's day where the month has it, else its last day."""
        if self.period == "months":
            return _months_later(anchor, self.number * times)
        return anchor + timedelta(days=self.number * times)

    @property
    def days(self) -> int:
        """About how many days one round takes."""
        return self.number if self.period == "days" else self.number * 30

    def __str__(self) -> str:
        if self.period == "days":
            words = ngettext("every day", "every %(number)d days", self.number)
        else:
            words = ngettext("every month", "every %(number)d months", self.number)
        return words % {"number": self.number}


def _months_later(anchor: date, months: int) -> date:
    years, month = divmod(anchor.month - 1 + months, 12)
    year, month = anchor.year + years, month + 1
    return date(year, month, min(anchor.day, monthrange(year, month)[1]))


def next_due(anchor: date, every: Every, *, after: date) -> date:
    """The first date of the rhythm later than `after`: never in the past, whatever was missed meanwhile."""
    times = max(0, (after - anchor).days // _longest(every))
    while every.after(anchor, times) <= after:
        times += 1
    return every.after(anchor, times)


def _longest(every: Every) -> int:
    """No round takes longer than this many days, so that counting may begin near the answer."""
    return every.number if every.period == "days" else every.number * 31
