"""What the Statement does when something happens below: changes of systems and obligations ask to look again (6.1.3)."""

from controls import services
from controls.models import AimsScope, Control
from inventory.facts import SignificantChange
from organization.facts import ObligationChanged

# What changed → the controls whose statements may not hold any more.
CONCERNED = {
    "purpose": ("A.5.2", "A.6.2.2", "A.9.4"),
    "people": ("A.5.4", "A.8.2"),
    "data": ("A.4.3", "A.7.2", "A.7.4", "A.7.5"),
    "model": ("A.6.2.3", "A.6.2.4", "A.6.2.7"),
    "oversight": ("A.3.2", "A.9.3"),
    "supplier": ("A.10.2", "A.10.3"),
    "legal_class": ("A.5.3", "A.8.5"),
}


def changed(fact: SignificantChange) -> None:
    """The scope that covers the system gets a proposal for each control that the change concerns."""
    scope = services.scope_of(fact.system.unit, fact.system)
    numbers = {number for matter in fact.matters for number in CONCERNED.get(matter, ())}
    if scope is not None and numbers:
        controls = Control.objects.filter(number__in=numbers).in_order()
        services.note_change(scope, reason=fact.cause, record=fact.change, controls=controls, by=fact.by)


def obligation_changed(fact: ObligationChanged) -> None:
    """Each scope gets a proposal for every control that it decided with regard to the obligation."""
    for scope in AimsScope.objects.in_use().order_by("pk"):
        rests = {"statements__scope": scope, "statements__basis_rows__record": fact.obligation.pk}
        controls = Control.objects.filter(**rests).distinct()
        services.note_change(scope, reason=fact.cause, record=fact.obligation, controls=controls, by=fact.by)
