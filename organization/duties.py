"""Separation of duties: which rule is asked of which tier, from one versioned table for the whole of AIMS (clause 5.3).

A rule is declared by the app that asks it. Where the table says nothing, a rule is required.
"""

from collections.abc import Callable, Sequence
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
    "override.review": (Role.TOP_MANAGEMENT, Role.APPROVER, Role.INTERNAL_AUDITOR, Role.AIMS_MANAGER),
    "authority.give": (Role.TOP_MANAGEMENT, Role.AIMS_MANAGER),
    "authority.end": (Role.TOP_MANAGEMENT, Role.AIMS_MANAGER),
    "competence.record": (Role.AIMS_MANAGER, Role.TOP_MANAGEMENT),
    "competence.renew": (Role.AIMS_MANAGER, Role.TOP_MANAGEMENT),
    "competence.end": (Role.AIMS_MANAGER, Role.TOP_MANAGEMENT),
    "obligation.register": (Role.AIMS_MANAGER, Role.TOP_MANAGEMENT),
    "obligation.change": (Role.AIMS_MANAGER, Role.TOP_MANAGEMENT),
    "obligation.end": (Role.AIMS_MANAGER, Role.TOP_MANAGEMENT),
    "objective.draft": (Role.AIMS_MANAGER, Role.TOP_MANAGEMENT),
    "objective.change": (Role.AIMS_MANAGER, Role.TOP_MANAGEMENT),
    "objective.adopt": (Role.TOP_MANAGEMENT,),
    "objective.close": (Role.AIMS_MANAGER, Role.TOP_MANAGEMENT),
}
DECIDING = (
    "duties.set", "override.review", "authority.give", "authority.end", "competence.record", "competence.renew",
    "competence.end", "objective.adopt",
)  # fmt: skip


# Kind of decision → its levels in force, lowest first: pairs of id and name. Declared by the app that has the levels.
LEVELS: dict[str, Callable[[], Sequence[tuple[str, str]]]] = {}


def declare_levels(act: str, levels: Callable[[], Sequence[tuple[str, str]]]) -> None:
    """Say up to which levels a kind of decision may be given."""
    LEVELS[act] = levels


def declare(rule: Rule) -> Rule:
    """Make a rule known; an app does so when its module is read."""
    RULES[rule.id] = rule
    return rule


@dataclass(frozen=True)
class Override:
    """Why one person does both after all, and what keeps it safe meanwhile."""

    reason: str
    safeguard: str
