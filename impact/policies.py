"""Who may do what to screenings and assessments. Each answers with the role (or capacity) that allows it, or ""."""

from datetime import date
from typing import Any

from aims.access import access_of
from impact.models import ImpactAssessment, Opinion, Screening
from inventory.states import Tier
from organization.duties import AuthorityKind
from organization.services.mandates import authority_of
from organization.states import Role

KEEPERS = (Role.AIMS_MANAGER, Role.SYSTEM_OWNER)
WRITERS = (*KEEPERS, Role.CONTRIBUTOR)
DECIDERS = (Role.APPROVER, Role.TOP_MANAGEMENT)
VERBS: dict[str, tuple[str, ...]] = {
    "screening.answer": KEEPERS,
    "screening.approve": DECIDERS,
    "impact.open": KEEPERS,
    "impact.write": WRITERS,
    "impact.submit": KEEPERS,
    "impact.ask": KEEPERS,
    "impact.refer": (*KEEPERS, Role.APPROVER),
    "impact.return": (*DECIDERS, *KEEPERS),
    "impact.decide": DECIDERS,
    "impact.allow": (Role.TOP_MANAGEMENT,),
    "impact.fulfil": (*KEEPERS, *DECIDERS),
}
# Asked for the password or passkey again; no API token may do them.
DECIDING = ("screening.approve", "impact.decide", "impact.allow")
AUTHORITY = "authority"  # the capacity of who decides by an authority of their own
ASKED = "asked"  # the capacity of who was asked for an opinion


def can_screen(user: Any, system: Any = None) -> str:
    """Screen this system, or (without one) any at all."""
    access = access_of(user)
    return access.capacity("screening.answer", system) if system is not None else access.capacity("screening.answer")


def can_approve_screening(user: Any, screening: Screening | None = None) -> str:
    access = access_of(user)
    return access.capacity("screening.approve", screening) if screening else access.capacity("screening.approve")


def can_open(user: Any, system: Any = None) -> str:
    """Open an assessment of this system, or (without one) of any at all."""
    access = access_of(user)
    return access.capacity("impact.open", system) if system is not None else access.capacity("impact.open")


def can_write(user: Any, assessment: ImpactAssessment) -> str:
    return access_of(user).capacity("impact.write", assessment)


def can_submit(user: Any, assessment: ImpactAssessment) -> str:
    return access_of(user).capacity("impact.submit", assessment)


def can_ask(user: Any, assessment: ImpactAssessment) -> str:
    return access_of(user).capacity("impact.ask", assessment)


def can_give_opinion(user: Any, opinion: Opinion) -> str:
    """Who was asked, as a person."""
    access = access_of(user)
    own = opinion.asked_id == access.person_id is not None and access.scopes is None
    return ASKED if own and access.sees(opinion.assessment) else ""


def can_refer(user: Any, assessment: ImpactAssessment) -> str:
    return access_of(user).capacity("impact.refer", assessment)


def can_return(user: Any, assessment: ImpactAssessment) -> str:
    return access_of(user).capacity("impact.return", assessment)


def can_decide(user: Any, assessment: ImpactAssessment, on: date) -> str:
    """By role, or by an authority for this tier."""
    found = access_of(user).capacity("impact.decide", assessment)
    if found:
        return found
    levels = [tier.value for tier in Tier]
    higher = levels[levels.index(assessment.tier) :]
    held = authority_of(user, act=AuthorityKind.APPROVE_IMPACT, levels=higher, unit=assessment.unit, on=on)
    return AUTHORITY if held else ""


def can_allow(user: Any, assessment: ImpactAssessment) -> str:
    return access_of(user).capacity("impact.allow", assessment)


def can_fulfil(user: Any, assessment: ImpactAssessment) -> str:
    return access_of(user).capacity("impact.fulfil", assessment)
