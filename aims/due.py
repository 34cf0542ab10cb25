"""What falls due: a few set-based statements open, wake, hand over and escalate tasks, for every kind at once.

A task is known by (record, date, sort), so that a second run, or two at once, opens nothing twice; a date that passed
while nothing ran is opened by the next run, once, already late. Clauses 8.1 and 9.1.
"""

import json
import logging
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.contrib.auth import get_user_model
from django.db import connection
from django.db.models import F
from django.utils.translation import gettext as _

from aims.facts import TaskNews
from aims.models import Cadence, DueRun, Task
from aims.registry import DueSource, registry
from aims.states import TaskSort, TaskState
from aims.trail import recording
from aims.ui import Badge

log = logging.getLogger(__name__)
_LOCK = 0x44554521  # one run at a time; a second one leaves
READING = "read"  # part of the address of a record that somebody has to read
LAPSES = 1000  # grace periods that end in one run, at most; the next run goes on

# What every statement knows: the kinds, and which day it is where.
_KNOWN = """
    WITH source AS MATERIALIZED (
        SELECT * FROM jsonb_to_recordset(%(sources)s::jsonb) AS s(kind text, idle text[], ahead int, grace int,
            acts boolean, deputy_after int, manager_after int, committee_after int, serious text[])
    ), zone AS MATERIALIZED (
        SELECT * FROM jsonb_to_recordset(%(zones)s::jsonb) AS z(name text, today date)
    ), person AS (
        SELECT p.id, p.is_active, p.manager_id, COALESCE(z.today, %(today)s::date) AS today
        FROM {people} p LEFT JOIN zone z ON z.name = p.time_zone
    )
"""

_OPEN = """
    , due AS MATERIALIZED (
        SELECT r.id, r.due_on, CASE WHEN p.is_active THEN r.owner_id END AS owner_id,
            COALESCE(p.today, %(today)s::date) AS today
        FROM aims_record r JOIN source s ON s.kind = r.kind LEFT JOIN person p ON p.id = r.owner_id
        WHERE r.due_on <= COALESCE(p.today, %(today)s::date) + s.ahead AND NOT r.state = ANY(s.idle)
        AND NOT EXISTS (
            SELECT FROM aims_task t WHERE t.record_id = r.id AND t.due_on = r.due_on AND t.sort = 'review'
        )
    ), days AS MATERIALIZED (
        SELECT d.due_on, COALESCE((
            SELECT min(one)::date FROM generate_series(d.due_on, d.due_on + 60, interval '1 day') one
            WHERE extract(isodow FROM one) < 6 AND NOT one::date = ANY(%(holidays)s::date[])
        ), d.due_on) AS day
        FROM (SELECT DISTINCT due_on FROM due) d
    )
    INSERT INTO aims_task (record_id, sort, due_on, day, asked, assignee_id, stands_in_for_id, state, why, level,
        outcome, looked_at)
    SELECT due.id, 'review', due.due_on, days.day, '', COALESCE(away.deputy_id, due.owner_id),
        CASE WHEN away.deputy_id IS NOT NULL THEN due.owner_id END, 'open', '', 0, '', ''
    FROM due JOIN days USING (due_on)
    LEFT JOIN LATERAL (
        SELECT l.deputy_id FROM aims_leave l WHERE l.person_id = due.owner_id AND due.today BETWEEN l.first AND l.last
        ORDER BY l.id DESC LIMIT 1
    ) away ON true
    ON CONFLICT (record_id, due_on, sort) WHERE sort = 'review' DO NOTHING
    RETURNING id
"""

# The record's date moved, or nothing falls due for it any more: what was asked for the old date is over.
_DROP = """
    UPDATE aims_task t SET state = 'dropped', done_at = %(now)s
    FROM aims_record r JOIN source s ON s.kind = r.kind
    WHERE r.id = t.record_id AND t.state NOT IN ('done', 'dropped')
    AND (r.state = ANY(s.idle) OR (t.sort = 'review' AND r.due_on IS DISTINCT FROM t.due_on))
"""

_WAKE = """
    UPDATE aims_task t SET state = 'open', until = NULL, why = ''
    WHERE t.state = 'snoozed'
    AND t.until <= COALESCE((SELECT p.today FROM person p WHERE p.id = t.assignee_id), %(today)s::date)
"""

_BACK = """
    UPDATE aims_task t SET assignee_id = t.stands_in_for_id, stands_in_for_id = NULL
    FROM person p
    WHERE p.id = t.stands_in_for_id AND t.state NOT IN ('done', 'dropped')
    AND NOT EXISTS (
        SELECT FROM aims_leave l WHERE l.person_id = t.stands_in_for_id AND p.today BETWEEN l.first AND l.last
    )
"""

# Nobody reads in another's place.
_AWAY = """
    UPDATE aims_task t SET assignee_id = l.deputy_id, stands_in_for_id = t.assignee_id
    FROM aims_leave l JOIN person p ON p.id = l.person_id
    WHERE l.person_id = t.assignee_id AND t.stands_in_for_id IS NULL AND t.state NOT IN ('done', 'dropped')
    AND t.sort <> 'read'
    AND p.today BETWEEN l.first AND l.last
    AND NOT EXISTS (
        SELECT FROM aims_leave later WHERE later.person_id = l.person_id AND later.id > l.id
        AND p.today BETWEEN later.first AND later.last
    )
"""

_LATE = """
    UPDATE aims_task t SET late_at = %(now)s
    WHERE t.late_at IS NULL AND t.state NOT IN ('done', 'dropped')
    AND t.day < COALESCE((SELECT p.today FROM person p WHERE p.id = t.assignee_id), %(today)s::date)
    RETURNING t.id
"""

# Who was asked first answers for the task, also while somebody stands in.
_ESCALATE = """
    , silent AS (
        SELECT t.id, p.manager_id, w.deputy_id,
            CASE
                WHEN late.days >= s.committee_after AND n.tier = ANY(s.serious) THEN 3
                WHEN late.days >= s.manager_after THEN 2
                WHEN late.days >= s.deputy_after AND w.deputy_id IS NOT NULL AND t.sort <> 'read' THEN 1
                ELSE 0
            END AS level
        FROM aims_task t JOIN aims_record r ON r.id = t.record_id JOIN source s ON s.kind = r.kind
        LEFT JOIN person p ON p.id = COALESCE(t.stands_in_for_id, t.assignee_id)
        LEFT JOIN aims_wishes w ON w.person_id = p.id
        LEFT JOIN aims_plan n ON n.record_id = t.record_id
        CROSS JOIN LATERAL (SELECT COALESCE(p.today, %(today)s::date) - t.day AS days) late
        WHERE t.state IN ('open', 'blocked') AND late.days > 0
    )
    UPDATE aims_task t SET level = silent.level,
        escalated_to_id = CASE WHEN silent.level = 1 THEN silent.deputy_id ELSE silent.manager_id END
    FROM silent WHERE silent.id = t.id AND silent.level > t.level
    RETURNING t.id
"""

# Where the end of a grace period closes nothing; see `_lapse` for the others.
_LAPSE = """
    UPDATE aims_task t SET lapsed_at = %(now)s
    FROM aims_record r JOIN source s ON s.kind = r.kind
    WHERE r.id = t.record_id AND NOT s.acts AND t.lapsed_at IS NULL AND t.late_at IS NOT NULL
    AND t.state NOT IN ('done', 'dropped') AND t.day + s.grace < %(today)s::date
"""

STEPS: Mapping[str, str] = {
    "dropped": _DROP,
    "opened": _OPEN,
    "woken": _WAKE,
    "returned": _BACK,
    "handed_over": _AWAY,
    "late": _LATE,
    "escalated": _ESCALATE,
    "lapsed": _LAPSE,
}
NEWS: Mapping[str, str] = {"opened": "task.opened", "late": "task.overdue", "escalated": "task.escalated"}

# Their day has come since the run before, by the organization's calendar.
_TODAY = """
    SELECT t.id FROM aims_task t
    WHERE t.state NOT IN ('done', 'dropped') AND t.day > %(before)s::date AND t.day <= %(today)s::date ORDER BY t.id
"""


def run(at: datetime) -> DueRun | None:
    """One look at everything that may be due at `at`. None when another run is at work. Safe to repeat at any time."""
    started = time.monotonic()
    with recording(None, "open_reviews"), connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [_LOCK])
        if not cursor.fetchone()[0]:
            return None
        known = _facts(at)
        counts = {}
        for name, step in STEPS.items():
            counts[name] = _count(cursor, step, known)
            if name in NEWS:
                _announce(NEWS[name], cursor, at)
        _announce_due(cursor, known, at)
        cursor.execute("SET LOCAL enable_nestloop = on")  # for what comes after in an outer transaction
    ended, errors = _lapse(at)
    counts["lapsed"] += ended
    took = timedelta(seconds=time.monotonic() - started)
    return DueRun.objects.create(at=at, took=took, counts=counts, errors=errors)


def _announce(what: str, cursor: Any, at: datetime) -> None:
    registry.announce(TaskNews(what, [row[0] for row in cursor.fetchall()], at))


def _announce_due(cursor: Any, known: Mapping[str, Any], at: datetime) -> None:
    last = DueRun.objects.order_by("-at").first()
    before = local_day(last.at, settings.TIME_ZONE) if last else known["today"] - timedelta(days=1)
    cursor.execute(_TODAY, {**known, "before": before})
    _announce("task.due", cursor, at)


def _count(cursor: Any, step: str, known: Mapping[str, Any]) -> int:
    people = connection.ops.quote_name(get_user_model()._meta.db_table)
    # Statistics know nothing of rows made a moment ago, and the trail's trigger keeps the plan of its first use: loops
    # over what look like a few rows would take minutes.
    cursor.execute("SET LOCAL enable_nestloop = off")
    cursor.execute("DISCARD PLANS")
    cursor.execute(_KNOWN.format(people=people) + step, known)
    return int(cursor.rowcount)


def _facts(at: datetime) -> dict[str, Any]:
    own = own_cadences()
    return {
        "now": at,
        "today": local_day(at, settings.TIME_ZONE),
        "zones": json.dumps([{"name": name, "today": str(local_day(at, name))} for name in _zones()]),
        "sources": json.dumps([_source(one, own) for one in registry.due_sources.values()]),
        "holidays": list(settings.HOLIDAYS),
    }


def local_day(at: datetime, zone: str) -> date:
    """The calendar day it is there; the organization's where the zone is not known."""
    try:
        return at.astimezone(ZoneInfo(zone)).date()
    except (KeyError, ValueError, OSError):
        return at.astimezone(ZoneInfo(settings.TIME_ZONE)).date()


def organization_day(at: datetime) -> date:
    """Today where the organization is at home."""
    return local_day(at, settings.TIME_ZONE)


def _zones() -> Iterable[str]:
    found: Iterable[str] = get_user_model()._default_manager.order_by().values_list("time_zone", flat=True).distinct()
    return found


def _source(source: DueSource, own: Mapping[str, Cadence]) -> dict[str, Any]:
    return {
        "kind": source.kind,
        "idle": list(source.idle),
        "acts": source.lapsed is not None,
        "serious": list(source.serious),
        **windows(source, own.get(source.kind)),
    }


def windows(source: DueSource, own: Cadence | None) -> dict[str, int]:
    """Days ahead, of grace and until each escalation: the installation's own, else what comes with the product."""
    return {name: getattr(own or source, name) for name in Cadence.WINDOWS}


def own_cadences() -> dict[str, Cadence]:
    """What the installation set for whole kinds."""
    return {one.kind: one for one in Cadence.objects.filter(tier="")}


def _lapse(at: datetime) -> tuple[int, list[dict[str, str]]]:
    """End grace periods one by one: a row that fails is named, waits for the next run, and stops no other."""
    ended, errors = 0, []
    for source in (one for one in registry.due_sources.values() if one.lapsed is not None):
        for task in _lapsing(source, at):
            try:
                _end_grace(task, source, at)
                ended += 1
            except Exception as error:
                log.exception("grace period could not end", extra={"task": task.pk})
                errors.append({"ref": task.record.ref, "error": f"{type(error).__name__}: {error}"[:300]})
    return ended, errors


def _lapsing(source: DueSource, at: datetime) -> Iterable[Task]:
    grace = windows(source, own_cadences().get(source.kind))["grace"]
    before = local_day(at, settings.TIME_ZONE) - timedelta(days=grace)
    waiting = Task.objects.open().filter(record__kind=source.kind, lapsed_at=None, late_at__isnull=False)
    return waiting.filter(day__lt=before).select_related("record").order_by("day")[:LAPSES]


def _end_grace(task: Task, source: DueSource, at: datetime) -> None:
    with recording(None, "end_grace"):
        current = Task.objects.select_for_update(of=("self",)).select_related("record").get(pk=task.pk)
        if current.state in TaskState.closed() or current.lapsed_at is not None:
            return
        current.lapsed_at = at
        current.save(update_fields=["lapsed_at"])
        assert source.lapsed is not None
        source.lapsed(subject(current), current)


def subject(task: Task) -> Any:
    """The governed record behind a task."""
    return registry.kinds[task.record.kind].model._default_manager.get(pk=task.record_id)


def source_of(task: Task) -> DueSource | None:
    return registry.due_sources.get(task.record.kind)


@dataclass(frozen=True)
class Work:
    """One line of "What needs me?": the task, its record, and why it matters to this person now."""

    task: Task
    today: date
    mine: bool = True

    @property
    def record(self) -> Any:
        return self.task.record

    @property
    def ref(self) -> str:
        return str(self.task.record.ref)

    @property
    def title(self) -> str:
        return str(self.task.record.title)

    @property
    def due_on(self) -> date:
        return self.task.day

    @property
    def days_late(self) -> int:
        return (self.today - self.task.day).days

    @property
    def asks(self) -> str:
        source = source_of(self.task)
        return self.task.asked or (str(source.asks) if source is not None else "")

    why = asks

    @property
    def url(self) -> str:
        """Straight to the form: the record's own, or the task's page; what one has to read oneself: to the words."""
        if self.task.sort == TaskSort.READ and self.mine:
            return registry.kinds[self.record.kind].url(self.ref, READING)
        source = source_of(self.task)
        if source is not None and not source.rhythmic and self.task.sort == TaskSort.REVIEW:
            return registry.kinds[source.kind].url(self.ref, source.form)
        return self.task.get_absolute_url()

    @property
    def badge(self) -> Badge | None:
        """What stands out about it, the strongest first."""
        if self.task.state == TaskState.BLOCKED:
            return Badge(_("Blocked"), "warn", "lock")
        if self.task.lapsed_at is not None:
            return Badge(_("Grace period over"), "bad")
        if not self.mine:
            return Badge(_("Brought up to you"), "warn", "arrow-up")
        if self.task.state == TaskState.SNOOZED:
            return Badge(_("Put off"), "neutral", "clock")
        return Badge(_("Overdue"), "bad", "clock-exclamation") if self.days_late > 0 else None


def work_of(person: Any, *, on: date, limit: int = 200) -> list[Work]:
    """What needs this person, most consequential first: what was brought up, what lapsed, then by age."""
    return [Work(task, on, mine=_mine(task, person)) for task in in_order(tasks_of(person, on=on))[:limit]]


def tasks_of(person: Any, *, on: date) -> Any:
    """Tasks that need the person, those put off until a later day left out."""
    return Task.objects.of(person).exclude(state=TaskState.SNOOZED, until__gt=on)


def in_order(rows: Any) -> Any:
    """The most consequential first, with what a line shows."""
    order = (F("level").desc(), F("lapsed_at").asc(nulls_last=True), "day", "pk")
    return rows.select_related("record__unit", "assignee", "stands_in_for").order_by(*order)


def _mine(task: Task, person: Any) -> bool:
    return task.assignee_id in (person.pk, None)


def count_of(person: Any, *, on: date) -> int:
    """How many tasks need this person by today, for the navigation."""
    return int(tasks_of(person, on=on).filter(day__lte=on).count())
