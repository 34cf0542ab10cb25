"""Which tier a system is in: how much the AIMS asks about it (A.5.2)."""

from datetime import date, timedelta

from django.utils.translation import gettext as _

from aims.decisions import decide, our_language
from aims.errors import invalid
from aims.services import change, locked, require
from aims.trail import recording
from inventory import policies
from inventory.models import AISystem
from inventory.rulebook import tier_rules
from inventory.services.rules import require_in_life, require_text
from inventory.states import IN_USE, Tier
from organization.models import User

_RANK = {tier: rank for rank, tier in enumerate(("", *Tier.values))}


def set_tier(system: AISystem, *, by: User, tier: str, reasons: str, on: date, version: int | None = None) -> AISystem:
    """Put a system into a tier, with the reasons. Lowering a tier needs an approver.

    A system in use that was never screened before gets until the tier's catch-up date to bring what the gate asks
    (backlog). Raises NotPermitted, Stale, WrongState (retired), ValidationError.
    """
    require_text(reasons=reasons)
    if tier not in Tier.values:
        raise invalid(tier=_("There is no such tier."))
    with recording(by, "set_tier", reason=reasons):
        current = locked(system, version)
        require_in_life(current)
        lower = _RANK[tier] < _RANK[current.tier]
        capacity = require(
            policies.can_lower_tier(by, current) if lower else policies.can_set_tier(by, current),
            _("An approver lowers a tier.") if lower else "",
        )
        with recording(by, "set_tier", capacity=capacity, reason=reasons):
            _decide(current, tier, by, capacity, reasons)
            until = catch_up_by(current, tier, on)
            more = {"backlog_until": until} if until is not None else {}
            return change(current, {"tier": tier, "tier_reasons": reasons, "tier_since": on, **more})


def _decide(system: AISystem, tier: str, by: User, capacity: str, reasons: str) -> None:
    with our_language():
        question = _("Which tier is it in? (before: %(tier)s)") % {
            "tier": system.get_tier_display() or _("not screened")
        }
        decide(
            system, by=by, capacity=capacity, sort="tier", question=question, outcome=Tier(tier).label, reason=reasons
        )  # fmt: skip


def catch_up_by(system: AISystem, tier: str, on: date) -> date | None:
    """The day by which a system that ran before anybody looked at it catches up when it comes into a tier; else None."""
    if system.tier or system.state not in IN_USE:
        return None
    return on + timedelta(days=tier_rules(tier, on)["catch_up_days"])
