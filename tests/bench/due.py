"""Row D: everything that is due, opened in one run, against one task each through the ORM."""

from collections.abc import Iterator
from typing import Any

from django.db import connection, transaction

from aims import clock, due
from aims.models import Record, Task
from aims.trail import recording
from tests.bench.clock import Stopwatch
from tests.bench.report import Row

SAMPLE = 300  # one task each is so slow that only some are made; the rest is reckoned


def due_dates(watch: Stopwatch) -> Iterator[Row]:
    """Every record of the bench is due; what is opened is rolled back."""
    at = clock.now()
    with transaction.atomic():
        with recording(None, "bench"), connection.cursor() as cursor:
            cursor.execute("UPDATE aims_record SET due_on = %s WHERE kind = 'system'", [at.date()])
            known = due._facts(at)
            opened, took = _timed(watch, cursor, known)
            _none, again = _timed(watch, cursor, known)
        transaction.set_rollback(True)
    yield Row("D", f"{opened:,} due reviews opened in one run / one task each", took, _one_each(watch) * opened, 0.01)
    yield Row("D", "a second run that finds nothing to open", again, None)


def _timed(watch: Stopwatch, cursor: Any, known: Any) -> tuple[int, float]:
    """How many tasks one statement opened, and its milliseconds."""
    start = watch.read()
    opened = due._count(cursor, due.STEPS["opened"], known)
    return opened, (watch.read() - start) * 1000


def _one_each(watch: Stopwatch) -> float:
    """Milliseconds of one task, opened by itself."""
    rows = list(Record.objects.filter(kind="system").order_by("pk")[:SAMPLE])
    start = watch.read()
    for row in rows:
        with transaction.atomic(), recording(None, "bench"):
            day = clock.today()
            values = {"day": day, "assignee_id": row.owner_id}
            Task.objects.get_or_create(record=row, due_on=day, sort="review", defaults=values)
    took = (watch.read() - start) * 1000 / len(rows)
    Task.objects.filter(record__in=rows).delete()
    return took
