"""A million risks: the register (B1) and the heat map (F) under permissions."""

from collections.abc import Iterator
from typing import Any

from django.db import connection, transaction
from django.db.models import Count
from django.http import QueryDict

from aims.counters import put_right
from aims.listing import page_of
from aims.trail import recording
from organization.models import User
from risk.models import Risk
from risk.pictures import counts_of
from risk.tables import RISKS
from tests.bench.clock import Stopwatch
from tests.bench.report import Row
from tests.bench.signed import person
from tests.factories import risk as make

NOTHING = QueryDict("")
KINDS = ("officer", "wide", "typical", "reader", "single", "nobody")
BATCH = 100_000


def fill_risks(number: int) -> None:
    """One assessed risk by the services is the pattern; the others are its copies, spread over units and the matrix."""
    pattern = make.assessed(system=None)
    own = {
        "title": "'Risk ' || n || ' ' || (ARRAY['drift','proxy','labels','loop','misuse'])[1 + n %% 5]",
        "unit_id": "u.ids[1 + (n::bigint * 7919) %% array_length(u.ids, 1)]",
        "confidentiality": "CASE WHEN n %% 100 = 0 THEN 'case' WHEN n %% 20 = 0 THEN 'restricted' ELSE 'normal' END",
        "likelihood": "1 + n %% 4",
        "consequence": "1 + (n / 4) %% 4",
        "score": "(1 + n %% 4) * (1 + (n / 4) %% 4)",
        "nature": "CASE WHEN n %% 12 = 0 THEN 'opportunity' ELSE 'threat' END",
        "updated_at": "now() - (n * interval '31 seconds')",
        "created_at": "now() - (n * interval '31 seconds')",
        "version": "1",
    }
    columns = [f.column for f in Risk._meta.concrete_fields if f.column not in ("id", "ref")]
    values = ", ".join(own.get(column, f't."{column}"') for column in columns)
    names = ", ".join(f'"{column}"' for column in columns)
    statement = (
        f"INSERT INTO risk_risk ({names}) SELECT {values} FROM risk_risk t, generate_series(%s, %s) n, "
        "(SELECT array_agg(id ORDER BY id) AS ids FROM organization_unit) u WHERE t.id = %s"
    )
    for first in range(1, number + 1, BATCH):
        with transaction.atomic(), recording(None, "bench"), connection.cursor() as cursor:
            cursor.execute(statement, [first, min(first + BATCH - 1, number), pattern.pk])
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")


def visible(who: User) -> Any:
    return Risk.objects.visible_to(who).select_related(*RISKS.related)


def page_and_count(who: User, order: str) -> None:
    page_of(visible(who), order, NOTHING)
    int(visible(who).total())


def register(watch: Stopwatch) -> Iterator[Row]:
    """B1: first page and exact number, in the order of the register and in order of change."""
    everything = Risk.objects.select_related(*RISKS.related)
    for order, words in (("-updated_at", "by change"), (RISKS.sort, "the gravest first")):
        floor = watch.best(lambda order=order: page_of(everything, order, NOTHING))  # type: ignore[misc]
        worst = 0.0
        for kind in KINDS:
            who = person(kind)
            assert who.access is not None
            took = watch.best(lambda who=who, order=order: page_and_count(who, order), repeat=15)  # type: ignore[misc]
            worst = max(worst, took)
            number = visible(who).total()
            yield Row("", f"risks, page and count {words}, {kind}", took, floor, note=f"{number} rows")
        yield Row("B1", f"risks {words}: worst permitted / unfiltered page by ORM", worst, floor, 6)


def grouped(who: User) -> Any:
    rows = Risk.objects.visible_to(who).open().exclude(likelihood=None).order_by()
    return list(rows.values_list("likelihood", "consequence", "nature").annotate(n=Count("pk")))


def heat_map(watch: Stopwatch) -> Iterator[Row]:
    """F: the cells of the heat map from the kept counters, against GROUP BY."""
    for kind in KINDS[:4]:
        who = person(kind)
        truth = {(one, other): 0 for one, other, _nature, _n in grouped(who)}
        for one, other, _nature, n in grouped(who):
            truth[one, other] += n
        assert counts_of(Risk.objects.visible_to(who), before=False) == truth
        took = watch.best(lambda who=who: counts_of(Risk.objects.visible_to(who), before=False))  # type: ignore[misc]
        floor = watch.best(lambda who=who: grouped(who), repeat=5)  # type: ignore[misc]
        widest = kind == "officer"
        yield Row("F" if widest else "", f"heat map, {kind} / GROUP BY", took, floor, 0.01 if widest else None)


def drift(watch: Stopwatch) -> Iterator[Row]:
    """What a recount of every counter takes, as the nightly job does."""
    yield Row("", "every counter compared with its table", watch.best(put_right, repeat=1))


def measures(watch: Stopwatch) -> Iterator[Row]:
    """Everything about risks; nothing where none were made."""
    if Risk.objects.exists():
        yield from register(watch)
        yield from heat_map(watch)
        yield from drift(watch)
