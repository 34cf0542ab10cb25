"""What audits does when something happens below: a bypassed gate becomes a nonconformity (clauses 8.1 and 10.2)."""

from typing import Any

from django.utils.translation import gettext as _

from audits.services.common import spine
from audits.services.nonconformities import note_nonconformity
from audits.states import Grade, NcSource
from controls.models import Control
from inventory.facts import GateBypassed

RELEASE = "A.6.2.5"  # the control that a release without its gate breaks


def bypassed(fact: Any) -> None:
    """Enter the nonconformity in the transaction that bypassed the gate; the system's owner answers for it."""
    system = fact.system
    note_nonconformity(
        {
            "title": _("Gate of %(system)s bypassed") % {"system": system.title[:150]}, "unit": system.unit,
            "system": system, "owner": system.owner, "confidentiality": system.confidentiality,
            "source": NcSource.GATE_BYPASS, "source_record": spine(system), "grade": Grade.MINOR,
            "requirement": _("A release meets the conditions of its gate before it goes live."),
            "description": f"{fact.sentence}\n\n{fact.why}", "control": Control.objects.filter(number=RELEASE).first(),
            "detected_on": fact.on, "detected_by": fact.by,
        }
    )  # fmt: skip


REACTIONS = ((GateBypassed, bypassed),)
