"""AI systems, components and suppliers as the services make them."""

from datetime import date
from itertools import count
from typing import Any

from inventory import services
from inventory.models import AISystem, Component, Supplier, SystemVersion
from organization.models import Unit, User
from organization.states import Role
from tests.factories.organization import UnitFactory, person, root

TODAY = date(2026, 3, 2)
DIGEST = "0123456789abcdef" * 4
_numbers = count(1)


def manager() -> User:
    """The AIMS manager of the whole organization, who makes what the tests need."""
    found = User.objects.filter(email="factory@example.org").first()
    return found or person(Role.AIMS_MANAGER, root(), email="factory@example.org", name="Factory Manager")


def system(unit: Unit | None = None, *, stage: str = "inception", **fields: Any) -> AISystem:
    """A registered system; in use since 2025 when its stage says so."""
    by = manager()
    data = {"title": f"Distinct{_letters()}", "purpose": "To be tested", "owner": by, "unit": unit or root(), **fields}
    if stage in ("operation_monitoring", "continuous_validation"):
        data.setdefault("live_since", date(2025, 1, 1))
    first = {name: data.pop(name) for name in ("title", "purpose", "owner", "unit", "live_since") if name in data}
    made = services.register_system(by=by, data=first, on=TODAY, stage=stage)
    if data:
        made = services.change_system(made, by=by, data=data)
    return AISystem.objects.get(pk=made.pk)


def _letters() -> str:
    """A word no other test's system shares, made of letters alone: digits do not count as words of a name."""
    return "".join(chr(ord("a") + int(digit)) for digit in f"{next(_numbers):05}")


def complete(unit: Unit | None = None, **fields: Any) -> AISystem:
    """A system about which everything is stated."""
    stated = {
        "intended_use": "Ranks",
        "foreseeable_misuse": "Pushing",
        "decisions": "Order",
        "learning": "static",
        "autonomy": "automatic",
        "human_oversight": "Two people",
        "affected_groups": ["Customers"],
        "regions": ["DE"],
        "languages": ["de"],
        "user_information": "Help centre",
        "criticality": "low",
        "criticality_reason": "Little harm",
        "third_party": False,
    }
    made, by = system(unit, **{**stated, **fields}), manager()
    entity = UnitFactory(kind="legal_entity")
    services.add_role(made, by=by, data={"role": "ai_producer", "legal_entity": entity, "rationale": "Builds it"})
    services.add_law_role(made, by=by, data={"role": "provider", "legal_entity": entity, "rationale": "Own name"})
    for kind in ("data_set", "model", "tool", "computing", "people"):
        component(made, kind=kind)
    return AISystem.objects.get(pk=made.pk)


def version(of: AISystem, number: str = "1.0", *, live_from: date | None = None, **fields: Any) -> SystemVersion:
    """A version; released when `live_from` is given."""
    by = manager()
    made = services.add_version(of, by=by, data={"number": number, "digest": DIGEST, **fields})
    return services.release_version(made, by=by, on=TODAY, live_from=live_from) if live_from else made


def component(
    home: AISystem | None = None, *, kind: str = "data_set", unit: Unit | None = None, **fields: Any
) -> Component:
    """A component of a system, or of a unit."""
    by = manager()
    data = {"title": f"Component {next(_numbers)}", "owner": by, "component_kind": kind, "system": home, **fields}
    if home is None:
        data["unit"] = unit or root()
    return services.register_component(by=by, data=data)


def supplier(unit: Unit | None = None, **fields: Any) -> Supplier:
    by = manager()
    data = {"title": f"Supplier {next(_numbers)}", "owner": by, "unit": unit or root(), "supplier_kind": "software"}
    return services.register_supplier(by=by, data={**data, **fields})
