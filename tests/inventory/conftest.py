"""What the tests of the inventory share."""

import pytest

from aims.registry import registry
from inventory.checks import CHECKS
from tests.factories import inventory as make


@pytest.fixture(autouse=True)
def only_our_checks(monkeypatch: pytest.MonkeyPatch) -> None:
    """The gate without the checks of the apps above: their items are attested here."""
    ours = [check for check in registry.checks if check.workflow != "gate" or check in CHECKS]
    monkeypatch.setattr(registry, "checks", ours)


@pytest.fixture
def open_gate(db: None) -> None:
    """The gate only looks on: these tests are about something else."""
    make.open_gate()
