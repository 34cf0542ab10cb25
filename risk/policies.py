"""Who may do what to criteria, risks and actions. Each answers with the role (or authority) that allows it, or ""."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from aims.access import access_of
from organization.duties import AuthorityKind
from organization.services.mandates import authority_of
from organization.states import Role
from risk.models import Risk, RiskCriteria, TreatmentAction

KEEPERS = (Role.RISK_OWNER, Role.AIMS_MANAGER)
MANAGEMENT = (Role.APPROVER, Role.TOP_MANAGEMENT)
VERBS: dict[str, tuple[str, ...]] = {
    "criteria.draft": (Role.RISK_OWNER, Role.AIMS_MANAGER),
    "criteria.change": (Role.RISK_OWNER, Role.AIMS_MANAGER),
    "criteria.approve": (Role.TOP_MANAGEMENT,),
    "risk.register": KEEPERS,
    "risk.change": KEEPERS,
    "risk.assess": KEEPERS,
    "risk.treat": KEEPERS,
    "risk.approve_plan": MANAGEMENT,
    "risk.verify": (*MANAGEMENT, Role.INTERNAL_AUDITOR),
    "risk.accept": (*MANAGEMENT, Role.RISK_OWNER),
    "risk.close": KEEPERS,
    "risk.reopen": KEEPERS,
    "action.change": KEEPERS,
    "action.complete": KEEPERS,
}
# Asked for the password or passkey again; no API token may do them.
DECIDING = ("criteria.approve", "risk.approve_plan", "risk.verify", "risk.accept", "risk.close")
AUTHORITY = "authority"  # the capacity of who decides by an authority of their own
OWNER = "owner"  # the capacity of who carries out an action


def can_draft_criteria(user: Any, unit: Any) -> str:
    return access_of(user).capacity("criteria.draft", unit_id=unit.pk)


def can_change_criteria(user: Any, criteria: RiskCriteria) -> str:
    """Only a draft changes."""
    return access_of(user).capacity("criteria.change", criteria) if criteria.draft else ""


def can_approve_criteria(user: Any, criteria: RiskCriteria) -> str:
    return access_of(user).capacity("criteria.approve", criteria)


def can_register_risk(user: Any, unit: Any = None, system: Any = None) -> str:
    """In a unit, for a system, or (with neither) anywhere at all."""
    access = access_of(user)
    if system is not None:
        return access.capacity("risk.register", system)
    return access.capacity("risk.register", unit_id=unit.pk) if unit is not None else access.capacity("risk.register")


def can_change_risk(user: Any, risk: Risk) -> str:
    return access_of(user).capacity("risk.change", risk)


def can_assess_risk(user: Any, risk: Risk) -> str:
    return access_of(user).capacity("risk.assess", risk)


def can_treat_risk(user: Any, risk: Risk) -> str:
    return access_of(user).capacity("risk.treat", risk)


def can_approve_plan(user: Any, risk: Risk) -> str:
    return access_of(user).capacity("risk.approve_plan", risk)


def can_verify_treatment(user: Any, risk: Risk) -> str:
    return access_of(user).capacity("risk.verify", risk)


def can_close_risk(user: Any, risk: Risk) -> str:
    return access_of(user).capacity("risk.close", risk)


def can_reopen_risk(user: Any, risk: Risk) -> str:
    return access_of(user).capacity("risk.reopen", risk)


def can_take_acceptance(user: Any, risk: Risk, on: date) -> str:
    """Open the page of acceptance: by role, or by any authority to accept risks here."""
    levels = [risk.level, *risk.criteria.above(risk.level)] if risk.criteria is not None else []
    return access_of(user).capacity("risk.accept", risk) or _by_authority(user, risk, levels, on)


def can_sit(user: Any) -> str:
    """Open the list of risks that wait for acceptance."""
    return access_of(user).capacity("risk.accept")


def can_accept_risk(user: Any, risk: Risk, criteria: RiskCriteria, level: str, on: date) -> str:
    """Accept a residual of this level: by a role that the criteria name for it, or by an authority (6.1.3).

    A token never may. What nobody is named for, nobody accepts.
    """
    access = access_of(user)
    named = criteria.accepted_by(level)
    if access.scopes is not None or not named:
        return ""
    for role in named:
        inside = risk.unit_id in access.units.get(role, frozenset())
        if inside or (risk.system_id is not None and risk.system_id in access.records.get(role, frozenset())):
            return role
    return _by_authority(user, risk, [level, *criteria.above(level)], on)


def _by_authority(user: Any, risk: Risk, levels: Sequence[str], on: date) -> str:
    found = authority_of(user, act=AuthorityKind.ACCEPT_RISK, levels=levels, unit=risk.unit, on=on)
    return AUTHORITY if found else ""


def can_change_action(user: Any, action: TreatmentAction) -> str:
    return access_of(user).capacity("action.change", action)


def can_complete_action(user: Any, action: TreatmentAction) -> str:
    """By role, or as the one who carries it out (not by token)."""
    access = access_of(user)
    own = action.owner_id == access.person_id is not None and access.scopes is None and access.sees(action)
    return access.capacity("action.complete", action) or (OWNER if own else "")
