"""Reading the past: the same querysets over the generated views of schema `asof`, read-only by construction.

Permissions stay today's: resolve the person's access before entering `reading`.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date, datetime, time, timedelta
from typing import Any
from urllib.parse import urlencode

from django.db import connection, transaction
from django.utils import timezone
from django.utils.dateparse import parse_date, parse_datetime
from django.utils.translation import gettext_lazy as _

from aims import clock
from aims.errors import invalid

_moment: ContextVar[tuple[datetime, str] | None] = ContextVar("aims_as_of", default=None)
_known: ContextVar[dict[tuple[int, str], tuple[Any, Any]]] = ContextVar("aims_as_of_known")

_ENTER = (
    "SELECT set_config('search_path', 'asof, public', true), set_config('aims.as_of', %s, true),"
    " set_config('transaction_read_only', 'on', true)"
)


def moment() -> datetime | None:
    """The moment being read, or None for now."""
    found = _moment.get()
    return found[0] if found else None


def day() -> date:
    """The day being read: what counted then, not what counts now."""
    past = moment()
    return clock.today() if past is None else timezone.localtime(past).date()


def parse(text: str) -> datetime:
    """A date (its end, in the person's zone) or an ISO 8601 moment. Refused (400): nonsense and the future."""
    found = _parsed(text)
    if found is None:
        raise invalid(as_of=_("Give a date such as 2026-03-31 or a moment in ISO 8601."))
    if found > clock.now() + timedelta(days=1):
        raise invalid(as_of=_("The future has not been recorded yet."))
    return found


def _parsed(text: str) -> datetime | None:
    try:
        day: date | None = parse_date(text)
        if day is not None:
            return timezone.make_aware(datetime.combine(day, time.max))
        found = parse_datetime(text.replace(" ", "+"))
    except ValueError:
        return None
    return timezone.make_aware(found) if found is not None and timezone.is_naive(found) else found


@contextmanager
def reading(at: datetime, text: str = "") -> Iterator[None]:
    """Read everything as it stood `at` a moment. Whatever is done inside is rolled back; writes are refused."""
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute(_ENTER, [at.isoformat()])
        token, known = _moment.set((at, text or at.isoformat())), _known.set({})
        try:
            yield
        finally:
            _moment.reset(token)
            _known.reset(known)
            transaction.set_rollback(True)


def once(whose: Any, what: str, find: Callable[[], Any]) -> Any:
    """What `find` answers, asked once while the past is read; `whose` is held, so that no other takes its place."""
    known = _known.get()
    if (id(whose), what) not in known:
        known[id(whose), what] = (whose, find())
    return known[id(whose), what][1]


def carry(url: str) -> str:
    """The address with the date being read, so that links stay in the past."""
    found = _moment.get()
    if found is None:
        return url
    return f"{url}{'&' if '?' in url else '?'}{urlencode({'as_of': found[1]})}"


def finished(response: Any) -> Any:
    """A streamed answer read to its end, while the past is still there to read."""
    if getattr(response, "streaming", False):
        response.streaming_content = iter(list(response.streaming_content))
    return response
