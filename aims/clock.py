"""The moment at which something happens. Views and tasks ask it and pass the answer on; services never read it.

In demo and test installations `at` sets another moment for Python and, through the trail, for the database's
`aims_now()`; a real installation's database ignores it.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date, datetime

from django.conf import settings
from django.utils import timezone

_moment: ContextVar[datetime | None] = ContextVar("aims_clock", default=None)


def now() -> datetime:
    """The current moment, aware, or the one set by `at`."""
    return _moment.get() or timezone.now()


def today() -> date:
    """Today in the current time zone (the person's, else the organization's)."""
    return timezone.localtime(now()).date()


def override() -> datetime | None:
    """The moment set by `at`, for the trail to hand to the database."""
    return _moment.get()


@contextmanager
def at(moment: datetime) -> Iterator[None]:
    """Let things happen at `moment`. Refused in a real installation: its history has one clock."""
    if settings.INSTALLATION_KIND == "real":
        raise RuntimeError("The clock of a real installation cannot be set.")
    token = _moment.set(moment)
    try:
        yield
    finally:
        _moment.reset(token)
