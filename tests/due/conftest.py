"""Samples fall due every 90 days, those of the high tier (amount above 100) every 30."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

import pytest

from aims import due
from aims.models import Task
from aims.registry import DueSource, registry
from aims.rhythm import Every
from tests.factories import person, unit
from tests.factories.sample import sample

NOON = datetime(2026, 5, 4, 12, tzinfo=UTC)  # a Monday
source = partial(
    DueSource,
    kind="sample",
    name="Attestation",
    asks="Is this sample still right?",
    every={"": Every(90), "high": Every(30)},
    idle=["gone"],
    serious=["high"],
    tier=lambda sample: "high" if (sample.amount or 0) > 100 else "",
)


@pytest.fixture(autouse=True)
def sources():
    """Only what the test registers falls due."""
    before = dict(registry.due_sources)
    registry.due_sources.clear()
    registry.falls_due(source())
    yield registry
    registry.due_sources.clear()
    registry.due_sources.update(before)


@pytest.fixture(autouse=True)
def clock(at):
    at(NOON)
    return at


@pytest.fixture
def owner(db: None) -> Any:
    """Who owns the samples."""
    return person("system_owner", unit(), name="Olga Owner")


@pytest.fixture
def make(owner: Any) -> Callable[..., Task]:
    """`make(days)`: the task about a sample of the owner that falls due so many days from noon."""

    def make(days: int = 0, **more: Any) -> Task:
        row = sample(**{"unit": owner.unit, "owner": owner, "due_on": NOON.date() + timedelta(days=days), **more})
        due.run(NOON)
        return Task.objects.select_related("record").get(record_id=row.pk)

    return make
