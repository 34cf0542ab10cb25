"""What rows of inventory must be, where a canary in every text breaks one of its rules."""

from datetime import date
from typing import Any

from django.utils import timezone

from inventory.models import RuleEdition

CRITERION = {"metric": "recall", "group": "", "comparison": "at_least", "threshold": "0"}

# Kinds in the order in which they need each other.
ORDER = (
    ("supplier", 10), ("system", 11), ("component", 12), ("lifecycle_record", 13), ("change", 14), ("gate_attempt", 15),
    ("proposal", 16), ("attested_list", 17),
)  # fmt: skip

# What the fields of a kind must be, where "a canary in every text" breaks one of its rules.
RECIPES: dict[str, dict[str, Any]] = {
    "inventory.AISystem": {
        "vendor_product": "",
        "vendor_version": "",
        "criticality_reason": "",
        "regions": ["DE"],
        "languages": ["de"],
    },
    "inventory.Component": {
        "component_kind": "data_set",
        **dict.fromkeys(("algorithm", "base_model", "limits", "used_for", "location", "resources", "footprint"), ""),
        **dict.fromkeys(("roles", "competence"), ""),
    },
    "inventory.Supplier": {"country": "DE"},
    "inventory.Proposal": {"answer": ""},
    "inventory.AttestedList": {"state": "ended", "attested_at": None, "attested_by": None, "counted": None, "found": 0},
    "inventory.SystemVersion": {"digest": "a" * 64},
    "inventory.LifecycleRecord": {
        "state": "approved",
        "kept_apart": "not_asked",
        "verdict": "",
        "criteria": [CRITERION],
    },
    "inventory.CheckResult": {"comparison": "at_least", "value": 1, "threshold": 0, "passed": True, "digest": ""},
    "inventory.GateAttempt": {"permit": "", "digest": "", "pilot": {}},
    "inventory.GateStatement": {"said": "exception", "until": date(2027, 1, 1)},
}


def _lifecycle(world: Any, mark: str, given: dict[str, Any]) -> dict[str, Any]:
    edition = RuleEdition.objects.filter(sort="records").first()
    return {"edition": edition, "approved_by": world.keeper, "approved_at": timezone.now()}


# What else a record of the kind is given: (world, mark, what it has) → more.
GIVEN = {"lifecycle_record": _lifecycle}
