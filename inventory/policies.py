"""Who may do what in the inventory. Each answers with the role that allows it, or "" (clause 5.3)."""

from typing import Any

from aims.access import access_of
from inventory.states import OWNERS
from organization.states import Role

# Who works on a system without answering for it.
_WORKERS = (*OWNERS, Role.CONTRIBUTOR)
# Who decides what others prepared.
_DECIDERS = (Role.APPROVER, Role.TOP_MANAGEMENT)

# Asked for the password or passkey again after 15 minutes; no API token may do it.
DECIDING = (
    "system.grant", "system.lower_tier", "record.approve", "change.decide", "gate.pilot", "gate.break_glass",
    "gate.bypass", "gate.review", "gate.withdraw", "gate.countersign", "gate.set_mode",
)  # fmt: skip

VERBS: dict[str, tuple[str, ...]] = {
    "system.register": OWNERS,
    "system.change": OWNERS,
    "system.move": OWNERS,
    "system.tier": (*_WORKERS, *_DECIDERS),
    "system.lower_tier": _DECIDERS,
    "record.write": _WORKERS,
    "record.approve": (*_DECIDERS, Role.AIMS_MANAGER),
    "result.record": (*_WORKERS, Role.INTEGRATION),
    "change.request": (*_WORKERS, Role.INTEGRATION),
    "change.assess": OWNERS,
    "change.decide": _DECIDERS,
    "change.sample": (Role.AIMS_MANAGER, *_DECIDERS, Role.INTERNAL_AUDITOR),
    "gate.ask": (*_WORKERS, Role.INTEGRATION),
    "gate.report": (*_WORKERS, Role.INTEGRATION),
    "gate.attest": (*_WORKERS, *_DECIDERS),
    "gate.except": OWNERS,
    "gate.countersign": _DECIDERS,
    "gate.pilot": _DECIDERS,
    "gate.break_glass": (*_WORKERS, *_DECIDERS),
    "gate.bypass": (*_DECIDERS, Role.AIMS_MANAGER),
    "gate.review": (*_DECIDERS, Role.AIMS_MANAGER),
    "gate.stop": (*_WORKERS, *_DECIDERS),
    "gate.withdraw": (*_DECIDERS, Role.AIMS_MANAGER),
    "gate.set_mode": (Role.TOP_MANAGEMENT, Role.AIMS_MANAGER),
    "version.add": (*_WORKERS, Role.INTEGRATION),
    "version.release": OWNERS,
    "component.register": _WORKERS,
    "component.change": _WORKERS,
    "component.use": _WORKERS,
    "component.withdraw": OWNERS,
    "supplier.register": _WORKERS,
    "supplier.change": _WORKERS,
    "supplier.end": OWNERS,
    "system.grant": (Role.AIMS_MANAGER,),
    "proposal.triage": OWNERS,
    "list.ask": (Role.AIMS_MANAGER,),
}


def can_register(verb: str, user: Any, unit: Any = None) -> str:
    """Whether the person may make a record of a kind in a unit; in any unit when none is given."""
    return access_of(user).capacity(verb, unit_id=unit.pk if unit is not None else None)


def can_register_system(user: Any, unit: Any = None) -> str:
    return can_register("system.register", user, unit)


def can_change_system(user: Any, system: Any) -> str:
    return access_of(user).capacity("system.change", system)


def can_move_stage(user: Any, system: Any) -> str:
    return access_of(user).capacity("system.move", system)


def can_set_tier(user: Any, system: Any) -> str:
    return access_of(user).capacity("system.tier", system)


def can_lower_tier(user: Any, system: Any) -> str:
    return access_of(user).capacity("system.lower_tier", system)


def can_write_record(user: Any, system: Any) -> str:
    return access_of(user).capacity("record.write", system)


def can_approve_record(user: Any, record: Any) -> str:
    return access_of(user).capacity("record.approve", record)


def can_record_result(user: Any, system: Any) -> str:
    return access_of(user).capacity("result.record", system)


def can_request_change(user: Any, system: Any) -> str:
    return access_of(user).capacity("change.request", system)


def can_assess_change(user: Any, request: Any) -> str:
    return access_of(user).capacity("change.assess", request)


def can_decide_change(user: Any, request: Any) -> str:
    return access_of(user).capacity("change.decide", request)


def can_sample_change(user: Any, request: Any) -> str:
    return access_of(user).capacity("change.sample", request)


def can_ask_gate(user: Any, system: Any) -> str:
    return access_of(user).capacity("gate.ask", system)


def can_report_running(user: Any, system: Any) -> str:
    return access_of(user).capacity("gate.report", system)


def can_attest(user: Any, system: Any) -> str:
    """A machine vouches for nothing."""
    access = access_of(user)
    return access.capacity("gate.attest", system) if access.scopes is None else ""


def can_ask_exception(user: Any, system: Any) -> str:
    return access_of(user).capacity("gate.except", system)


def can_countersign(user: Any, system: Any) -> str:
    return access_of(user).capacity("gate.countersign", system)


def can_allow_pilot(user: Any, system: Any) -> str:
    return access_of(user).capacity("gate.pilot", system)


def can_break_glass(user: Any, system: Any) -> str:
    return access_of(user).capacity("gate.break_glass", system)


def may_bypass(user: Any, system: Any) -> str:
    """The authority without which a bypass is a nonconformity."""
    return access_of(user).capacity("gate.bypass", system)


def can_review_bypass(user: Any, attempt: Any) -> str:
    return access_of(user).capacity("gate.review", attempt)


def can_stop_system(user: Any, system: Any) -> str:
    return access_of(user).capacity("gate.stop", system)


def can_withdraw_permit(user: Any, attempt: Any) -> str:
    return access_of(user).capacity("gate.withdraw", attempt)


def can_set_mode(user: Any, unit: Any = None) -> str:
    return can_register("gate.set_mode", user, unit)


def can_add_version(user: Any, system: Any) -> str:
    return access_of(user).capacity("version.add", system)


def can_release_version(user: Any, system: Any) -> str:
    return access_of(user).capacity("version.release", system)


def can_use_component(user: Any, system: Any) -> str:
    return access_of(user).capacity("component.use", system)


def can_register_component(user: Any, unit: Any = None) -> str:
    return can_register("component.register", user, unit)


def can_change_component(user: Any, component: Any) -> str:
    return access_of(user).capacity("component.change", component)


def can_withdraw_component(user: Any, component: Any) -> str:
    return access_of(user).capacity("component.withdraw", component)


def can_register_supplier(user: Any, unit: Any = None) -> str:
    return can_register("supplier.register", user, unit)


def can_change_supplier(user: Any, supplier: Any) -> str:
    return access_of(user).capacity("supplier.change", supplier)


def can_end_supplier(user: Any, supplier: Any) -> str:
    return access_of(user).capacity("supplier.end", supplier)


def can_grant_on_system(user: Any, system: Any, holder: Any = None) -> str:
    """Who manages the system's unit gives roles on it, to others only: nobody adds to their own power."""
    if holder is not None and holder.pk == user.pk:
        return ""
    return access_of(user).capacity("system.grant", system)


PROPOSER = "proposer"  # the capacity of whoever proposes: no role is needed


def can_propose(user: Any) -> str:
    """Everybody who is here, signed in as a person."""
    access = access_of(user)
    return PROPOSER if access.person_id is not None and access.scopes is None and not user.is_program else ""


def can_triage(user: Any, unit: Any) -> str:
    return access_of(user).capacity("proposal.triage", unit_id=unit.pk)


def can_ask_heads(user: Any) -> str:
    """Ask the heads of units whether their lists of AI systems are complete."""
    return access_of(user).capacity("list.ask")


def can_end_list(user: Any, record: Any) -> str:
    return access_of(user).capacity("list.ask", record)
