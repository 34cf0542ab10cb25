"""Counters that the database keeps: how many rows of a table per unit, confidentiality and whatever else is counted.

A list's exact number and a heat map's cells are then a sum of a few rows instead of a scan. Triggers write what changed
(statement-level where rows come and go, row-level where one moves to another cell, so that a change of anything else
costs nothing); rows are only added, so that nobody waits for a counter; a job folds them, another compares nightly.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

from django.db import connection, models
from django.db.models import Q

from aims.states import Confidentiality

M = TypeVar("M", bound=type[models.Model])

_LOCK = 0x41494D43  # one fold at a time


@dataclass(frozen=True)
class Counter:
    """Rows of `model` by unit, confidentiality and the columns of `cell`; only those whose columns are among `only`."""

    name: str
    model: Any
    cell: Sequence[str]
    only: Mapping[str, Sequence[str]] = field(default_factory=dict)

    def rows(self) -> Q:
        """The rows that are counted, as a filter."""
        return Q(**{f"{column}__in": list(values) for column, values in self.only.items()})

    def condition(self, row: str) -> str:
        """The same in SQL about a row of that name."""
        tests = [f'{row}."{column}" IN ({_literals(values)})' for column, values in self.only.items()]
        return " AND ".join(tests) or "true"

    def key(self, row: str) -> str:
        """Cell, unit and confidentiality of a row in SQL."""
        cell = ", ".join(f"COALESCE({row}.\"{column}\"::text, '')" for column in self.cell)
        return f'ARRAY[{cell}]::text[] AS cell, {row}."unit_id" AS unit_id, {row}."confidentiality" AS confidentiality'


COUNTERS: dict[str, Counter] = {}


def counted(name: str, *cell: str, only: Mapping[str, Sequence[str]] | None = None) -> Callable[[M], M]:
    """Class decorator: keep a counter of this governed model's rows by unit, confidentiality and the columns `cell`.

    `only` limits it to rows whose column is one of the values. Read it with `GovernedQuerySet.cells`. Every governed
    kind has one of its own name by state, read with `GovernedQuerySet.total`, and of all kinds with
    `RecordQuerySet.kept_by_kind_and_state`.
    """

    def decorate(model: M) -> M:
        COUNTERS[name] = Counter(name, model, cell, only or {})
        return model

    return decorate


def install(cursor: Any) -> None:
    """Make every counter's triggers anew from the models, and put right what rows changed while they were away."""
    uninstall(cursor)
    for counter in COUNTERS.values():
        for event, (head, changes) in _triggers(counter).items():
            name = connection.ops.quote_name(f"aims_count_{counter.name}_{event}")
            cursor.execute(
                f"CREATE FUNCTION public.{name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
                f"{_add(counter, changes)}; RETURN NULL; END $$"
            )
            cursor.execute(f"CREATE TRIGGER {name} {head} EXECUTE FUNCTION public.{name}()")
    put_right()


def uninstall(cursor: Any) -> None:
    """Drop the triggers: a migration may then change what they watch."""
    cursor.execute("SELECT format('%I', proname) FROM pg_proc WHERE starts_with(proname, 'aims_count_')")
    for (name,) in cursor.fetchall():
        cursor.execute(f"DROP FUNCTION public.{name}() CASCADE")


def _literals(values: Sequence[str]) -> str:
    return ", ".join("'{}'".format(str(value).replace("'", "''")) for value in values)


def _triggers(counter: Counter) -> dict[str, tuple[str, str]]:
    """Event → head of the trigger and what it counts."""
    table = f'public."{counter.model._meta.db_table}"'
    watched = sorted({*counter.cell, *counter.only, "unit_id", "confidentiality"})
    moved = " OR ".join(f'OLD."{column}" IS DISTINCT FROM NEW."{column}"' for column in watched)
    return {
        "insert": (
            f"AFTER INSERT ON {table} REFERENCING NEW TABLE AS added FOR EACH STATEMENT",
            _rows(counter, "added", 1),
        ),
        "delete": (
            f"AFTER DELETE ON {table} REFERENCING OLD TABLE AS gone FOR EACH STATEMENT",
            _rows(counter, "gone", -1),
        ),
        "move": (
            f"AFTER UPDATE ON {table} FOR EACH ROW WHEN ({moved})",
            f"{_row(counter, 'OLD', -1)} UNION ALL {_row(counter, 'NEW', 1)}",
        ),
    }


def _rows(counter: Counter, source: str, sign: int) -> str:
    return f"SELECT {counter.key('r')}, {sign} AS n FROM {source} r WHERE {counter.condition('r')}"


def _row(counter: Counter, row: str, sign: int) -> str:
    return f"SELECT {counter.key(row)}, {sign} AS n WHERE {counter.condition(row)}"


def _add(counter: Counter, changes: str) -> str:
    """What changed: once per unit, and once for all units together."""
    return (
        "INSERT INTO public.aims_count (counter, cell, unit_id, confidentiality, n, fresh) "
        f"SELECT '{counter.name}', cell, unit_id, confidentiality, sum(n), true FROM ({changes}) c "
        "GROUP BY GROUPING SETS ((cell, unit_id, confidentiality), (cell, confidentiality)) HAVING sum(n) <> 0"
    )


def summed(counter: str, normal: Iterable[int] | None, restricted: Iterable[int] | None) -> dict[tuple[str, ...], int]:
    """Cell → rows of these units, by confidentiality; None stands for all units together."""
    return {cell[1:]: number for cell, number in summed_of([counter], normal, restricted).items()}


def summed_of(
    names: Iterable[str], normal: Iterable[int] | None, restricted: Iterable[int] | None
) -> dict[tuple[str, ...], int]:
    """The same of several counters in one statement: (counter, *cell) → rows."""
    tests: list[str] = []
    values: list[Any] = [list(names)]
    for confidentiality, units in ((Confidentiality.NORMAL, normal), (Confidentiality.RESTRICTED, restricted)):
        where = "unit_id IS NULL" if units is None else "unit_id = ANY(%s)"
        tests.append(f"(confidentiality = '{confidentiality.value}' AND {where})")
        values += [] if units is None else [list(units)]
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT counter, cell, sum(n)::bigint FROM aims_count WHERE counter = ANY(%s) AND ({' OR '.join(tests)}) "
            "GROUP BY counter, cell",
            values,
        )
        return {(counter, *cell): int(number) for counter, cell, number in cursor.fetchall()}


def fold() -> int:
    """Bring together what was noted since the last time. Answers how many rows became fewer; 0 while another folds."""
    with connection.cursor() as cursor:
        cursor.execute(_FOLD, {"lock": _LOCK})
        return int(cursor.fetchone()[0])


_FOLD = """
    WITH keys AS MATERIALIZED (
        SELECT DISTINCT counter, cell, unit_id, confidentiality FROM aims_count
        WHERE fresh AND (SELECT pg_try_advisory_xact_lock(%(lock)s))
    ),
    gone AS (
        DELETE FROM aims_count c USING keys k WHERE c.counter = k.counter AND c.cell = k.cell
        AND c.unit_id IS NOT DISTINCT FROM k.unit_id AND c.confidentiality = k.confidentiality RETURNING c.*
    ),
    kept AS (
        INSERT INTO aims_count (counter, cell, unit_id, confidentiality, n, fresh)
        SELECT counter, cell, unit_id, confidentiality, sum(n), false FROM gone
        GROUP BY counter, cell, unit_id, confidentiality HAVING sum(n) <> 0 RETURNING 1
    )
    SELECT (SELECT count(*) FROM gone) - (SELECT count(*) FROM kept)
"""


@dataclass(frozen=True)
class Drift:
    """A counter that was wrong by `n`; it has been put right."""

    counter: str
    cell: Sequence[str]
    unit_id: int | None
    n: int


def put_right() -> list[Drift]:
    """Compare every counter with its table, each in one statement; add what is wrong and answer it."""
    found = []
    with connection.cursor() as cursor:
        for counter in COUNTERS.values():
            cursor.execute(_put_right(counter), {"counter": counter.name})
            found += [Drift(counter.name, *row) for row in cursor.fetchall()]
    return found


def _put_right(counter: Counter) -> str:
    truth = _rows(counter, f'public."{counter.model._meta.db_table}"', 1)
    kept = "SELECT cell, unit_id, confidentiality, sum(n) AS n FROM aims_count WHERE counter = %(counter)s GROUP BY 1, 2, 3"
    return f"""
        INSERT INTO aims_count (counter, cell, unit_id, confidentiality, n, fresh)
        SELECT %(counter)s, cell, unit_id, confidentiality, sum(n), true FROM (
            SELECT cell, unit_id, confidentiality, sum(n) AS n FROM ({truth}) t
            GROUP BY GROUPING SETS ((cell, unit_id, confidentiality), (cell, confidentiality))
            UNION ALL SELECT cell, unit_id, confidentiality, -n FROM ({kept}) k
        ) both_sides GROUP BY cell, unit_id, confidentiality HAVING sum(n) <> 0
        RETURNING cell, unit_id, n
    """
