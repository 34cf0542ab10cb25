"""What is measured: lists and pages under permissions, the API's list, the price of the trail."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from typing import Any

import orjson
from django.db import connection, transaction
from django.http import QueryDict
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from aims.history import event_model
from aims.listing import page_of
from aims.querysets import GovernedQuerySet
from aims.registry import registry
from aims.trail import recording
from inventory.models import AISystem
from inventory.services import change_system
from organization.models import User
from tests.bench import risks
from tests.bench.clock import Stopwatch
from tests.bench.due import due_dates
from tests.bench.imports import importing
from tests.bench.past import as_of
from tests.bench.report import Row
from tests.bench.sealing import throughput, verification
from tests.bench.signed import fine, person, signed_in

KINDS = ("officer", "wide", "typical", "reader", "single", "nobody")
WORDS = {
    "officer": "officer of everything",
    "wide": "reader of a tenth",
    "typical": "reader of a hundredth",
    "reader": "reader of one small unit",
    "single": "reader of one unit and 20 single systems",
    "nobody": "nobody",
}
NOTHING = QueryDict("")
RAW_PAGE = (
    "SELECT s.id, s.ref, s.title, s.state, s.updated_at, u.name, p.name FROM inventory_aisystem s "
    "JOIN organization_unit u ON u.id = s.unit_id LEFT JOIN organization_user p ON p.id = s.owner_id "
    "ORDER BY s.updated_at DESC, s.id DESC LIMIT {}"
)


def run(only: set[str], explain: bool) -> Iterator[Row]:
    """Each row as soon as it is measured."""
    measures: dict[str, Callable[[Stopwatch], Iterator[Row]]] = {
        "lists": lists, "pages": pages, "queries": query_counts, "api": api, "trail": trail, "due": due_dates,
        "throughput": throughput, "verify": verification, "past": as_of, "risks": risks.measures, "imports": importing,
    }  # fmt: skip
    watch = Stopwatch()
    for name, measure in measures.items():
        if not only or name in only:
            yield from measure(watch)
    if explain:
        print_plans()


def visible(who: User) -> Any:
    return AISystem.objects.visible_to(who).select_related("unit", "owner")


def first_page_and_count(who: User) -> None:
    rows = visible(who)
    page_of(rows, "-updated_at", NOTHING)
    counted(rows)


def counted(rows: Any) -> int:
    """The exact number of rows the person sees, as the register shows it."""
    return int(rows.total())


def lists(watch: Stopwatch) -> Iterator[Row]:
    """B1, and the list against raw SQL."""
    everything = AISystem.objects.select_related("unit", "owner").order_by("-updated_at", "-id")
    floor = watch.best(lambda: list(everything[:51]))
    raw = watch.best(lambda: _raw(RAW_PAGE.format(51)))
    yield Row("", "page of 50 by raw SQL", raw)
    worst = 0.0
    for kind in KINDS:
        who = person(kind)
        assert who.access is not None
        took = watch.best(lambda who=who: first_page_and_count(who))  # type: ignore[misc]
        worst = max(worst, took)
        number = counted(visible(who))
        yield Row("", f"page of 50 and count, {WORDS[kind]}", took, raw, note=f"{number} rows")
    yield Row("B1", "permitted page + exact count, worst / unfiltered page by ORM", worst, floor, 6)
    who = person("officer")
    yield Row("", "resolving a person's access", watch.best(lambda: person("single").access), None)
    assert who


def pages(watch: Stopwatch) -> Iterator[Row]:
    """B2: the whole page, against the same without permissions."""
    path = f"/{registry.kinds['system'].path}/"
    for kind in ("officer", "reader", "single"):
        browser = signed_in(kind)
        took = watch.best(lambda browser=browser: fine(browser.get(path)))  # type: ignore[misc]
        with everything_shows():
            floor = watch.best(lambda browser=browser: fine(browser.get(path)))  # type: ignore[misc]
        yield Row("B2", f"register page, {WORDS[kind]} / without permissions", took, floor, 2)


def query_counts(watch: Stopwatch) -> Iterator[Row]:
    """B3: queries of a register and of a record page."""
    browser = signed_in("officer")
    record = visible(person("officer")).order_by("-updated_at").first()
    for what, path in (("register", f"/{registry.kinds['system'].path}/"), ("record page", record.get_absolute_url())):
        with CaptureQueriesContext(connection) as seen:
            fine(browser.get(path))
        yield Row("B3", f"queries of a {what}", len(seen), None, 20, unit="queries")


def api(watch: Stopwatch) -> Iterator[Row]:
    """C: a list of 100 by the API, against raw SQL and orjson."""
    browser = signed_in("officer")
    floor = watch.best(lambda: orjson.dumps(_raw(RAW_PAGE.format(100)), default=str))
    path = f"/api/v1/{registry.kinds['system'].path}/?limit=100"
    took = watch.best(lambda: fine(browser.get(path, HTTP_ACCEPT="application/json")))
    yield Row("C", "API list of 100 / raw SQL and orjson", took, floor, 3)


def trail(watch: Stopwatch) -> Iterator[Row]:
    """E1: a save with the trail, against one without triggers; a whole verb; and whether bulk changes are all kept."""
    row = AISystem.objects.order_by("pk").first()
    assert row is not None
    number, officer = iter(range(10**9)), person("officer")

    def save() -> None:
        with recording(None, "bench"):
            row.purpose = f"saved {next(number)}"
            row.save(update_fields=["purpose"])

    def plain() -> None:
        with transaction.atomic():
            row.purpose = f"saved {next(number)}"
            row.save(update_fields=["purpose"])

    def dated() -> None:
        with transaction.atomic():
            row.purpose, row.updated_at = f"saved {next(number)}", timezone.now()
            row.save(update_fields=["purpose", "updated_at"])

    def verb() -> None:
        change_system(row, by=officer, on=timezone.localdate(), data={"purpose": f"saved {next(number)}"})

    audited, whole, floor, with_date, bare = watch.in_turns(
        (nullcontext, save), (nullcontext, verb), (no_triggers, plain), (no_triggers, dated), (no_triggers, verb)
    )
    yield Row("E1", "audited save / plain save", audited, floor, 1.25)
    yield Row("E1", "audited save / plain save that keeps the date of change", audited, with_date, 1.25)
    yield Row("E1", "a whole verb (change a system) / the same without triggers", whole, bare, 1.25)
    some = list(AISystem.objects.order_by("pk").values_list("pk", flat=True)[:1000])
    events = event_model(AISystem).objects.filter(pgh_obj_id__in=some)
    before = events.count()
    AISystem.objects.filter(pk__in=some).update(purpose="bulk")
    yield Row("E1", "events kept of 1,000 rows updated in bulk", events.count() - before, None, unit="events")


@contextmanager
def everything_shows() -> Iterator[None]:
    """The same page without any permission rule."""
    ours = GovernedQuerySet.visible_to
    GovernedQuerySet.visible_to = lambda rows, user: rows  # type: ignore[method-assign, assignment]
    try:
        yield
    finally:
        GovernedQuerySet.visible_to = ours  # type: ignore[method-assign]


@contextmanager
def no_triggers() -> Iterator[None]:
    """The bench's own database alone: a table without its triggers."""
    table = AISystem._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute(f'ALTER TABLE "{table}" DISABLE TRIGGER USER')
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute(f'ALTER TABLE "{table}" ENABLE TRIGGER USER')


def print_plans() -> None:
    for kind in KINDS:
        if kind != "nobody":
            rows = visible(person(kind)).order_by("-updated_at", "-pk")[:51]
            print(f"--- {kind}\n{rows.explain(analyze=True)}")


def _raw(statement: str) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return list(cursor.fetchall())
