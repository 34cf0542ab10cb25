"""Faults of evidence: dates that cannot be, and one content under two names."""

from datetime import timedelta
from typing import Any

from aims import clock
from aims.models import Record
from evidence.consistency import LATE_DAYS
from tests.consistency.planted.days import day, set_fields
from tests.factories.evidence import RESULT, file_evidence, keeper, link_evidence, result_evidence


def received(item: Any, days_ago: int) -> Any:
    return set_fields(item, received_at=clock.now() - timedelta(days=days_ago))


def from_tomorrow() -> Any:
    return received(link_evidence(collected_on=day(-3)), 4)


def from_today() -> Any:
    return link_evidence(collected_on=day(0))


def measured_later() -> Any:
    return received(result_evidence(result={**RESULT, "measured_on": str(day(-3))}), 4)


def measured_that_day() -> Any:
    return result_evidence(result={**RESULT, "measured_on": str(day(0))})


def too_early() -> Any:
    return link_evidence(collected_on=day(-20), period_from=day(-10), period_to=day(-1))


def within() -> Any:
    return link_evidence(collected_on=day(-10), period_from=day(-10), period_to=day(0))


def unfinished() -> Any:
    return link_evidence(period_to=day(1))


def old() -> Any:
    return link_evidence(collected_on=day(-LATE_DAYS - 1))


def not_so_old() -> Any:
    return link_evidence(collected_on=day(-LATE_DAYS))


def twice() -> Any:
    first = file_evidence(content=b"the same words", name="one.txt")
    file_evidence(content=b"the same words", name="other.txt")
    return first


def once_for_many() -> Any:
    """One item that speaks for several records, and an older one that it replaced."""
    by = keeper()
    records = [Record.objects.get(pk=link_evidence(by=by).pk) for _number in range(3)]
    older = file_evidence(by=by, content=b"the same words")
    return file_evidence(by=by, content=b"the same words", supersedes=older, links=[(record, "") for record in records])


def missed() -> Any:
    by = keeper()
    record = Record.objects.get(pk=link_evidence(by=by).pk)
    item = result_evidence(by=by, result={**RESULT, "value": 3})
    from evidence.services import link_evidence as link

    link(item, by=by, record=record, proves="")
    return item


def missed_but_unused() -> Any:
    """Recorded, and shown as evidence for nothing."""
    return result_evidence(result={**RESULT, "value": 3})


PLANTS = {
    "evidence-claimed-after-receipt": (from_tomorrow, from_today),
    "evidence-measured-after-receipt": (measured_later, measured_that_day),
    "evidence-collected-before-period": (too_early, within),
    "evidence-period-unfinished": (unfinished, within),
    "evidence-backdated": (old, not_so_old),
    "evidence-same-file": (twice, once_for_many),
    "evidence-threshold-missed": (missed, missed_but_unused),
}
