"""AI systems, components and suppliers as the services make them."""

from datetime import UTC, date, datetime
from itertools import count
from typing import Any

from aims.registry import registry
from evidence.models import EvidenceItem
from evidence.services import add_evidence
from inventory import services
from inventory.models import AISystem, CheckResult, Component, GateMode, LifecycleRecord, Supplier, SystemVersion
from inventory.rulebook import rules
from organization.models import Unit, User
from organization.states import Role
from tests.factories.organization import UnitFactory, person, root

TODAY = date(2026, 3, 2)
AT = datetime(2026, 3, 2, 9, tzinfo=UTC)
CRITERION = {"metric": "recall", "group": "", "comparison": "at_least", "threshold": "0.8"}
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
        made = services.change_system(made, by=by, on=TODAY, data=data)
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
    made = services.add_version(of, by=by, data={"number": number, "digest": DIGEST, **fields}, on=TODAY)
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


def open_gate(mode: str = "observe", unit: Unit | None = None, tier: str = "") -> GateMode:
    """A gate that only looks on, for tests about something else."""
    return services.set_mode(
        by=manager(), unit=unit or root(), mode=mode, tier=tier, valid_from=TODAY, reason="Test", on=TODAY
    )  # fmt: skip


def proof(unit: Unit | None = None) -> EvidenceItem:
    """Evidence to attest with."""
    from_where = {"title": f"Proof {next(_numbers)}", "proves": "It was done", "unit": unit or root()}
    return add_evidence(by=manager(), data=from_where, url="https://example.org/proof")


def approver(unit: Unit | None = None) -> User:
    """Who approves what the manager prepares."""
    found = User.objects.filter(email="approver@example.org").first()
    return found or person(Role.APPROVER, unit or root(), email="approver@example.org", name="Avery Approver")


def record(of: AISystem, sort: str, release: SystemVersion | None = None, **data: Any) -> LifecycleRecord:
    """A complete life-cycle record, approved."""
    asks = rules("records", TODAY).content["sorts"][sort]
    answers = {field["id"]: "Said" for field in asks["fields"]}
    if asks.get("criteria"):
        data.setdefault("criteria", [CRITERION])
    if asks["of"] == "system":
        release = None
    made = services.prepare_record(
        of, by=manager(), sort=sort, data={"answers": answers, "release": release, **data}, on=TODAY
    )  # fmt: skip
    return services.approve_record(made, by=approver(), reason="Fine", at=AT, on=TODAY)


def measured(of: LifecycleRecord, value: str = "0.9", **row: Any) -> CheckResult:
    """A result for its first criterion."""
    first = {name: of.criteria[0][name] for name in ("metric", "group")}
    row = {**first, "value": value, "measured_on": TODAY, **row}
    return services.record_results(of, by=manager(), rows=[row], on=TODAY)[0]


def classified(of: AISystem, **answers: str) -> LifecycleRecord:
    """A classification, confirmed; minimal unless answered otherwise."""
    questions = rules("law", TODAY).content["questions"]
    given = {**{question["id"]: "no" for question in questions}, **answers}
    made = services.classify_system(of, by=manager(), answers=given, on=TODAY, exemption="Prepares only")
    return services.approve_record(made, by=approver(), reason="Agreed", at=AT, on=TODAY)


# What a person vouches for where no check of an app above is registered.
BY_HAND = ("screened", "risk_assessed", "impact_approved", "residual_accepted", "oversight", "sign_offs")


def ready(
    *, without: tuple[str, ...] = (), stage: str = "verification_validation", number: str = "1.0", **fields: Any
) -> SystemVersion:
    """A version of a system with everything the gate into deployment asks, but what is named in `without`."""
    of = complete(stage=stage, **fields)
    release = version(of, number)
    for sort in ("requirements", "responsibilities", "design", "deployment", "monitoring", "logging", "documentation"):
        if sort not in without:
            record(of, sort, release)
    if "evaluation" not in without:
        plan = record(of, "evaluation", release)
        measured(plan)
        services.give_verdict(plan, by=approver(), verdict="passed", reason="All met")
    if "data_quality" not in without:
        measured(record(of, "data_quality", release))
    if "law" not in without:
        classified(of)
    for item in BY_HAND:
        if item not in without and not any(one.id == item for one in registry.checks if one.workflow == "gate"):
            attested(of, item)
    return release


def attested(of: AISystem, item: str) -> Any:
    return services.attest(of, by=manager(), data={"item": item, "text": "Done", "evidence": proof()}, on=TODAY)
