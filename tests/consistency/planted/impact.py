"""Faults of impact assessments: what was approved only after it was needed."""

from typing import Any

from inventory.consistency import CATCH_UP_DAYS
from tests.consistency.planted.days import day, days_ago, set_fields
from tests.factories import impact as make


def _approved(*, live_since: Any, known: int) -> Any:
    """A system that the register knows since so many days, approved today, in use since a day."""
    with days_ago(known):
        system = make.system()
    make.approved(system)
    return set_fields(system, state="operation_monitoring", live_since=live_since)


def approved_late() -> Any:
    return _approved(live_since=day(-1), known=10)


def approved_in_time() -> Any:
    return _approved(live_since=day(0), known=10)


def taken_over_in_time() -> Any:
    """In use before the register knew it, and approved before its time to catch up ended."""
    return _approved(live_since=day(-CATCH_UP_DAYS - 9), known=CATCH_UP_DAYS)


def near_misses() -> Any:
    approved_in_time()
    return taken_over_in_time()


PLANTS = {"impact-approved-after-use": (approved_late, near_misses)}
