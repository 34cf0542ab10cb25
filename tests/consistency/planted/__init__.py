"""Planted faults, an app a module: rule → (plant, near miss). Each answers the record that a breach is expected on.

A module registers itself here by being imported; a rule without its pair fails `test_every_rule_has_its_plants`.
"""

from collections.abc import Callable
from typing import Any

from tests.consistency.planted import audits, controls, evidence, impact, inventory, kernel, organization, risk

Plant = Callable[[], Any]
PLANTS: dict[str, tuple[Plant, Plant]] = {
    **kernel.PLANTS,
    **organization.PLANTS,
    **evidence.PLANTS,
    **inventory.PLANTS,
    **controls.PLANTS,
    **impact.PLANTS,
    **risk.PLANTS,
    **audits.PLANTS,
}
