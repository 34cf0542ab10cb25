"""The rhythm of records: their first date after an import, the next one after a review, and changed cadences."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from django.db import connection
from django.utils import timezone

from aims.models import Cadence, Plan, Record, Task
from aims.registry import DueSource, registry
from aims.rhythm import Every, next_due
from aims.states import TaskState
from aims.trail import recording
from aims.working_days import spread

# So many new records of a kind at once are an import: their first dates spread over the cadence.
IMPORT = 20


def tiers_of(source: DueSource) -> list[str]:
    """The whole kind first, then its risk tiers: declared, changed here, or carried by records."""
    known = {*source.every, *source.serious}
    known |= set(Cadence.objects.filter(kind=source.kind).values_list("tier", flat=True))
    if source.tier is not None:
        known |= set(Plan.objects.filter(record__kind=source.kind).order_by().values_list("tier", flat=True).distinct())
    return ["", *sorted(known - {""})]


def every_of(source: DueSource, tier: str) -> Every:
    """The cadence of a kind and risk tier: the installation's own, else what comes with the product."""
    own = {one.tier: one.every for one in Cadence.objects.filter(kind=source.kind)}
    return own.get(tier) or (source.cadence(tier) if tier in source.every or "" not in own else own[""])


def plan_of(record: Any, source: DueSource, *, on: date) -> Plan:
    """The record's rhythm, begun at its present date (else at `on`) when it has none yet."""
    found = Plan.objects.select_for_update().filter(record_id=record.pk).first()
    tier = source.tier(record) if source.tier else ""
    if found is None:
        every = every_of(source, tier)
        values = {"anchor": record.due_on or on, "tier": tier, "number": every.number, "period": every.period}
        return Plan.objects.create(record_id=record.pk, **values)
    if found.tier != tier and not found.own:
        _pace(found, every_of(source, tier), tier)
    return found


def _pace(plan: Plan, every: Every, tier: str) -> None:
    plan.tier, plan.number, plan.period = tier, every.number, every.period
    plan.save(update_fields=["tier", "number", "period"])


def following(plan: Plan, *, on: date, due: date | None) -> date:
    """The next date of the rhythm: later than today and than the date just dealt with."""
    return next_due(plan.anchor, plan.every, after=max(on, due or on))


def unplanned(source: DueSource) -> Any:
    """Records of a rhythmic kind that have no date and should have one."""
    return Record.objects.filter(kind=source.kind, due_on=None).exclude(state__in=source.idle).order_by("pk")


def plan_new(*, on: date) -> int:
    """Give every record without a date its first one: counted from its making, or spread when many came at once."""
    planned = 0
    for source in registry.due_sources.values():
        if source.rhythmic:
            with recording(None, "plan_reviews"):
                planned += _plan(source, list(unplanned(source)), on)
    return planned


def _plan(source: DueSource, rows: Sequence[Record], on: date) -> int:
    paces = _paces(source, rows)
    firsts = _spread(rows, paces, on) if len(rows) > IMPORT else _counted(rows, paces, on)
    return begin(source, firsts, paces)


def _paces(source: DueSource, rows: Sequence[Record]) -> dict[int, tuple[str, Every]]:
    """Record → risk tier and cadence."""
    tiers = {row.pk: "" for row in rows}
    if source.tier is not None:
        records = registry.kinds[source.kind].model._default_manager.in_bulk(list(tiers))
        tiers = {pk: source.tier(record) for pk, record in records.items()}
    known = {tier: every_of(source, tier) for tier in {*tiers.values(), ""}}
    return {pk: (tier, known[tier]) for pk, tier in tiers.items()}


def _counted(rows: Iterable[Record], paces: Mapping[int, tuple[str, Every]], on: date) -> dict[int, date]:
    made = {row.pk: timezone.localtime(row.created_at).date() for row in rows}
    return {pk: next_due(made[pk], paces[pk][1], after=on) for pk in made}


def _spread(rows: Sequence[Record], paces: Mapping[int, tuple[str, Every]], on: date) -> dict[int, date]:
    firsts: dict[int, date] = {}
    for every in {paces[row.pk][1] for row in rows}:
        keys = [row.pk for row in rows if paces[row.pk][1] == every]
        days = spread(len(keys), on + timedelta(days=1), on + timedelta(days=every.days))
        firsts.update(zip(keys, days, strict=True))
    return firsts


def begin(source: DueSource, firsts: Mapping[int, date], paces: Mapping[int, tuple[str, Every]]) -> int:
    """Write first dates into the records in one statement, and begin their rhythms there."""
    plans = [
        Plan(record_id=pk, anchor=day, tier=paces[pk][0], number=paces[pk][1].number, period=paces[pk][1].period)
        for pk, day in firsts.items()
    ]
    Plan.objects.bulk_create(plans, ignore_conflicts=True, batch_size=5000)
    return set_dates(source.kind, firsts, only_empty=True)


def set_dates(kind: str, dates: Mapping[int, date], *, only_empty: bool = False) -> int:
    """Set `due_on` of many records of a kind in one statement."""
    table = connection.ops.quote_name(registry.kinds[kind].model._meta.db_table)
    only = "AND t.due_on IS NULL" if only_empty else ""
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE {table} t SET due_on = d.day FROM unnest(%s::bigint[], %s::date[]) d(id, day) "
            f"WHERE t.id = d.id {only}",
            [list(dates), list(dates.values())],
        )
        return int(cursor.rowcount)


def repace(source: DueSource, *, on: date) -> int:
    """Let changed cadences reach what is not done: rhythms without an own cadence whose next task is not open yet."""
    plans = Plan.objects.filter(record__kind=source.kind, own=False)
    dates: dict[int, date] = {}
    for tier in plans.order_by().values_list("tier", flat=True).distinct():
        every = every_of(source, tier)
        others = plans.filter(tier=tier).exclude(number=every.number, period=every.period)
        dates.update(_moved(list(others.select_related("record")), every, on))
        others.update(number=every.number, period=every.period)
    return set_dates(source.kind, dates) if dates else 0


def _moved(plans: Sequence[Plan], every: Every, on: date) -> dict[int, date]:
    """The new dates of those that lie ahead and have no open task."""
    open_now = set(Task.objects.exclude(state__in=TaskState.closed()).values_list("record_id", flat=True))
    ahead = (plan for plan in plans if plan.record.due_on and plan.record.due_on > on)
    return {plan.record_id: next_due(plan.anchor, every, after=on) for plan in ahead if plan.record_id not in open_now}


def plan_imported(kind: str, keys: Iterable[int], *, on: date) -> int:
    """Give imported records of a kind without a date their first ones, spread over working days of one cadence.

    The importer calls it inside its verb with the keys of what it made, however few; answers how many got a date.
    Kinds whose own act sets the date get none.
    """
    source = registry.due_sources.get(kind)
    if source is None or not source.rhythmic:
        return 0
    rows = list(unplanned(source).filter(pk__in=list(keys)))
    paces = _paces(source, rows)
    return begin(source, _spread(rows, paces, on), paces)
