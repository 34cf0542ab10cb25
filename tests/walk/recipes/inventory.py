"""What rows of inventory must be, where a canary in every text breaks one of its rules."""

from typing import Any

# Kinds in the order in which they need each other.
ORDER = (("supplier", 10), ("system", 11), ("component", 12), ("proposal", 13))

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
    "inventory.SystemVersion": {"digest": "a" * 64},
}
