"""What happens here when something happens below: a significant change makes approvals stale, a committee decides."""

from typing import Any

from impact.models import Author, ImpactAssessment
from impact.services import mark_stale, open_assessment
from impact.states import Tier, Trigger
from inventory.facts import SignificantChange
from organization.services.committees import Voter

# What changed → why it is assessed again.
_TRIGGERS = {
    "purpose": Trigger.PURPOSE,
    "people": Trigger.PEOPLE,
    "region": Trigger.REGION,
    "data": Trigger.DATA,
    "model": Trigger.MODEL,
    "oversight": Trigger.OVERSIGHT,
    "supplier": Trigger.SUPPLIER,
    "legal_class": Trigger.LAW,
}


def changed(fact: SignificantChange) -> None:
    """A significant change: every approval that rests on the system is stale, and a new assessment is opened (8.4).

    The old one is the predecessor of the new; what is being written already is left to its authors, and cannot be
    approved for a purpose that is no longer the system's.
    """
    stale = list(ImpactAssessment.objects.approved().of_system(fact.system).select_related("system"))
    for row in stale:
        mark_stale(row, by=None, cause=fact.cause, on=fact.on, record=fact.change)
    for system in {row.system for row in stale} | {fact.system}:
        _open(system, fact)


def _open(system: Any, fact: SignificantChange) -> None:
    system.refresh_from_db()
    busy = ImpactAssessment.objects.filter(system=system).open().exists()
    if busy or system.retired or system.tier in ("", Tier.MINIMAL):  # what was never screened is screened first
        return
    trigger = next((_TRIGGERS[one] for one in fact.matters if one in _TRIGGERS), Trigger.PURPOSE)
    data = {
        "trigger": trigger,
        "trigger_note": fact.cause[:1000],
        "trigger_record_id": getattr(fact.change, "pk", None),
    }
    open_assessment(system, by=None, on=fact.on, data=data, reason=fact.cause)


def is_author(voter: Voter) -> dict[str, str] | None:
    """Who wrote an assessment does not vote on it (A.5.2)."""
    wrote = Author.objects.filter(assessment=voter.record.pk, person=voter.person).exists()
    return {"url": voter.record.get_absolute_url()} if wrote else None
