"""Faults of decisions and due dates."""

from typing import Any

from aims.registry import registry
from organization.states import Role
from tests.consistency.planted.days import day, decision, set_fields
from tests.factories import person, root_unit
from tests.factories.evidence import link_evidence
from tests.factories.inventory import system


def lapsed() -> Any:
    return set_fields(system(), due_on=day(-15 - registry.due_sources["system"].grace))


def nearly_lapsed() -> Any:
    return set_fields(system(), due_on=day(-registry.due_sources["system"].grace))


def hasty() -> Any:
    who, one, other = person(Role.AIMS_MANAGER, root_unit()), link_evidence(), link_evidence()
    decision(one, who, days=3)
    decision(other, who, days=3)
    return one


def in_turn() -> Any:
    """Two people at once, one person a minute later, and twice about the same record."""
    who, one, other = person(Role.AIMS_MANAGER, root_unit()), link_evidence(), link_evidence()
    decision(one, who, days=3)
    decision(one, who, days=3)
    decision(other, who, days=3, minutes=1)
    decision(other, person(Role.AIMS_MANAGER, root_unit()), days=3)
    return one


PLANTS = {"review-lapsed": (lapsed, nearly_lapsed), "same-minute": (hasty, in_turn)}
