"""Where risks stood at the ends of days past, read from their events in one statement."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date, datetime, time
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.utils import timezone

from aims.history import event_model
from risk.models import Risk
from risk.states import RiskState

_STANDINGS = """
    WITH spans AS (
        SELECT e.state, e.evaluation, e.pgh_label, e.pgh_created_at AS since,
            lead(e.pgh_created_at) OVER (PARTITION BY e.pgh_obj_id ORDER BY e.pgh_created_at, e.pgh_id) AS until
        FROM public.{events} e WHERE e.pgh_obj_id IN ({seen})
    )
    SELECT d.day, s.evaluation, count(*) FROM unnest(%s::date[], %s::timestamptz[]) AS d(day, ends)
    JOIN spans s ON s.since <= d.ends AND (s.until IS NULL OR s.until > d.ends)
    WHERE s.pgh_label <> 'delete' AND s.state <> %s GROUP BY 1, 2
"""


def standings(rows: Any, days: Sequence[date]) -> Mapping[date, Counter[str]]:
    """Day → evaluation → how many of these risks were open at its end. Rows are those seen today; "" is not assessed."""
    found: dict[date, Counter[str]] = {day: Counter() for day in days}
    try:
        seen, values = rows.order_by().values("pk").query.sql_with_params()
    except EmptyResultSet:  # who sees no risk at all
        return found
    ends = [timezone.make_aware(datetime.combine(day, time.max)) for day in days]
    statement = _STANDINGS.format(events=event_model(Risk)._meta.db_table, seen=seen)
    with connection.cursor() as cursor:
        cursor.execute(statement, [*values, list(days), ends, RiskState.CLOSED])
        for day, evaluation, number in cursor.fetchall():
            found[day][evaluation] += number
    return found
