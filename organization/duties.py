"""Separation of duties: which rule is asked of which tier, from one versioned table for the whole of AIMS (clause 5.3).

A rule is declared by the app that asks it. Where the table says nothing, a rule is required.
"""

from dataclasses import dataclass
from typing import Any

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from organization.states import Role


class Tier(TextChoices):
    """How much is at stake."""

    LOW = "low", _("Low")
    MEDIUM = "medium", _("Medium")
    HIGH = "high", _("High")


class DutyMode(TextChoices):
    """What a cell of the table says."""

    REQUIRED = "required", _("Required")
    OVERRIDE = "override", _("May be overridden")
    NOT_ASKED = "not_asked", _("Not asked")


class Kept(TextChoices):
    """How a decision stands towards its rules."""

    KEPT = "kept", _("Separated")
    OVERRIDDEN = "overridden", _("Overridden")
    NOT_ASKED = "not_asked", _("Not asked")


class AuthorityKind(TextChoices):
    """What somebody is authorized to decide."""

    ACCEPT_RISK = "accept_risk", _("Accept a risk")
    APPROVE_PLAN = "approve_plan", _("Approve a treatment plan")
    APPROVE_CRITERIA = "approve_criteria", _("Approve risk criteria")
    APPROVE_IMPACT = "approve_impact", _("Approve an impact assessment")


@dataclass(frozen=True)
class Rule:
    """Two duties that one person may not hold at once; `sentence` says so to who tries."""

    id: str
    sentence: Any


RULES: dict[str, Rule] = {}
VERBS: dict[str, tuple[str, ...]] = {
    "duties.set": (Role.TOP_MANAGEMENT,),
    "duties.review": (Role.TOP_MANAGEMENT, Role.APPROVER, Role.INTERNAL_AUDITOR, Role.AIMS_MANAGER),
    "authority.grant": (Role.TOP_MANAGEMENT, Role.AIMS_MANAGER),
    "competence.record": (Role.AIMS_MANAGER, Role.TOP_MANAGEMENT),
}
DECIDING = ("duties.set", "duties.review", "authority.grant", "competence.record")


def declare(rule: Rule) -> Rule:
    """Make a rule known; an app does so when its module is read."""
    RULES[rule.id] = rule
    return rule


@dataclass(frozen=True)
class Override:
    """Why one person does both after all, and what keeps it safe meanwhile."""

    reason: str
    safeguard: str
