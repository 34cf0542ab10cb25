"""Row E4: pages as of a day, against the same pages of today, at ten events an object."""

from collections.abc import Iterator
from datetime import timedelta

from django.db.models import Max
from django.test import Client
from django.utils import timezone

from aims.history import event_model
from aims.registry import registry
from inventory.models import AISystem
from tests.bench import fill
from tests.bench.clock import Stopwatch
from tests.bench.report import Row
from tests.bench.signed import fine, person, signed_in

SORTS = ("title", "state", "due_on")


def as_of(watch: Stopwatch) -> Iterator[Row]:
    """A record's page and the whole register page as they stood half way back; other sorts are reported."""
    fill.history()
    first = event_model(AISystem).objects.filter(pgh_label="insert").aggregate(at=Max("pgh_created_at"))["at"]
    then = (first + (timezone.now() - first) / 2 - timedelta(seconds=1)).isoformat().replace("+", "%2B")
    record = AISystem.objects.visible_to(person("officer")).order_by("-updated_at").first()
    register = f"/{registry.kinds['system'].path}/"
    browser = signed_in("officer")
    assert record is not None
    yield _row(watch, browser, "record page", record.get_absolute_url(), then, 3)
    for kind in ("officer", "typical", "single"):
        yield _row(watch, signed_in(kind), f"register page, {kind}", register, then, 5)
    for sort in SORTS:
        yield _row(watch, browser, f"register page sorted by {sort}", f"{register}?sort={sort}", then, None)


def _row(watch: Stopwatch, browser: Client, what: str, path: str, then: str, budget: float | None) -> Row:
    past = f"{path}{'&' if '?' in path else '?'}as_of={then}"
    today = watch.best(lambda: fine(browser.get(path)), repeat=10)
    return Row(
        "E4", f"{what} as of a day / today's", watch.best(lambda: fine(browser.get(past)), repeat=5), today, budget
    )
