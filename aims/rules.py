"""Rules of consistency over what the kernel knows of every record: decisions and due dates."""

from collections.abc import Iterator
from datetime import date, timedelta
from functools import reduce
from operator import or_

from django.contrib.postgres.aggregates import ArrayAgg
from django.db.models import Count, Q
from django.db.models.functions import TruncMinute
from django.utils.translation import gettext_lazy as _

from aims.consistency import breaches
from aims.due import own_cadences, windows
from aims.models import Decision, Record
from aims.registry import Breach, Rule, registry


def same_minute(on: date) -> Iterator[Breach]:
    """Decisions on several records by one person within one minute, recorded sittings excepted."""
    rows = Decision.objects.filter(refused=False, decided_by__isnull=False)
    for sat in registry.sittings:
        rows = rows.exclude(pk__in=sat())
    grouped = (
        rows.annotate(minute=TruncMinute("decided_at"))
        .order_by()
        .values("decided_by__name", "decided_by", "minute")
        .annotate(many=Count("record", distinct=True), refs=ArrayAgg("record__ref", distinct=True))
        .annotate(records=ArrayAgg("record", distinct=True))
        .filter(many__gt=1)
    )
    for row in grouped:
        first, *others = sorted(row["records"])
        facts = {"person": row["decided_by__name"], "minute": row["minute"], "refs": sorted(row["refs"])}
        yield Breach(first, facts, also=others)


def review_lapsed(on: date) -> Iterator[Breach]:
    """Records whose date passed and whose time of grace is over."""
    own = own_cadences()
    late = [
        Q(kind=kind, due_on__lt=on - timedelta(days=windows(source, own.get(kind))["grace"]))
        & ~Q(state__in=list(source.idle))
        for kind, source in registry.due_sources.items()
    ]
    rows = Record.objects.filter(reduce(or_, late, Q(pk=None)))
    yield from breaches({"record": key, "due": due} for key, due in rows.values_list("pk", "due_on"))


RULES = (
    Rule(
        "review-lapsed",
        _("Reviews and promised work are done before their time of grace is over."),
        _("Due on %(due)s, and the time of grace is over."),
        "9.1",
        review_lapsed,
        verb="task.manage",
    ),
    Rule(
        "same-minute",
        _("Decisions on different records are taken one by one, or in a recorded sitting."),
        _("%(person)s decided on %(refs)s within the minute of %(minute)s."),
        "5.3",
        same_minute,
        question=True,
    ),
)
