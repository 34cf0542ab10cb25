"""Samples fall due every 90 days, those of the high tier (amount above 100) every 30."""

from datetime import UTC, datetime
from functools import partial

import pytest

from aims.registry import DueSource, registry
from aims.rhythm import Every

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
