"""Days and decisions that plants are made of."""

from datetime import date, timedelta
from typing import Any

from aims import clock
from aims.decisions import decide
from aims.trail import recording


def day(offset: int) -> date:
    """So many days from today."""
    return clock.today() + timedelta(days=offset)


def days_ago(days: int) -> Any:
    """A context in which the installation's clock stands so many days ago."""
    return clock.at(clock.now() - timedelta(days=days))


def decision(record: Any, by: Any, *, minutes: int = 0, days: int = 0, capacity: str = "", **more: Any) -> Any:
    """A decision about the record, taken so long ago."""
    at = clock.now() - timedelta(days=days, minutes=minutes)
    words = {"sort": "test", "question": "May it run?", "outcome": "Yes", "reason": "It was tested"}
    with recording(by, "test"):
        return decide(record, by=by, capacity=capacity, decided_at=at.replace(second=30), **{**words, **more})


def set_fields(record: Any, **values: Any) -> Any:
    """Change columns behind the services' back, as a fault would have come about."""
    with recording(None, "test"):
        type(record)._default_manager.filter(pk=record.pk).update(**values)
    record.refresh_from_db()
    return record
