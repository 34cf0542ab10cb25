"""What the tests of the inventory share."""

import pytest

from aims.registry import Check, registry
from inventory.checks import CHECKS, SETTLING
from inventory.gate import SETTLE, WORKFLOW
from tests.factories import inventory as make


@pytest.fixture(autouse=True)
def only_our_checks(monkeypatch: pytest.MonkeyPatch) -> None:
    """The gate without the checks of the apps above: their items are attested here."""
    ours = [check for check in registry.checks if not _asks(check) or check in (*CHECKS, *SETTLING)]
    monkeypatch.setattr(registry, "checks", ours)


def _asks(check: Check) -> bool:
    return check.workflow == WORKFLOW or (check.workflow, check.transition) == SETTLE


@pytest.fixture
def open_gate(db: None) -> None:
    """The gate only looks on: these tests are about something else."""
    make.open_gate()
