"""The change envelope: what may change without being asked about, because readings prove it harmless (8.1, A.6.2.6).

An envelope is a life-cycle record, approved like every other: what stays the same, which measures keep which limits,
until when. A model or a release of a component is inside when readings for it keep every limit.
"""

from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from aims.services import move
from inventory.models import AISystem, ChangeRequest, LifecycleRecord, SystemVersion
from inventory.standing import proves
from inventory.states import CHANGE_LIFE, ChangeState, RecordSort, Significance


def envelope_of(system: AISystem, on: date, *, digest: str = "", data: str = "") -> LifecycleRecord | None:
    """The approved envelope inside which readings prove this model (or this release of data) to be, if any."""
    if not (digest or data):
        return None
    rows = LifecycleRecord.objects.filter(system=system, sort=RecordSort.ENVELOPE, until__gte=on).approved()
    return next((row for row in rows.prefetch_related("results") if proves(row, digest, data)), None)


def stands_for(release: SystemVersion, on: date) -> SystemVersion:
    """The version whose records and approvals hold for this one: itself, or that of the envelope it is inside of.

    Whoever said of a change to this version that it is more than the envelope allows is believed.
    """
    asked = release.changes.exclude(state=ChangeState.REJECTED).exclude(significance=Significance.INSIDE)
    envelope = None if asked.exists() else envelope_of(release.system, on, digest=release.digest or "")
    return envelope.release if envelope is not None and envelope.release is not None else release


def if_inside(system: AISystem, on: date, *, digest: str = "", data: str = "") -> dict[str, Any]:
    """What a change carries from the start when it is inside: nothing is left to ask. Empty otherwise."""
    envelope = envelope_of(system, on, digest=digest, data=data)
    return {} if envelope is None else {**_settled(envelope, on), "state": ChangeState.DONE, "done_on": on}


def _settled(envelope: LifecycleRecord, on: date) -> dict[str, Any]:
    reason = _("Readings keep every limit of %(ref)s.") % {"ref": envelope.ref}
    return {"significance": Significance.INSIDE, "envelope": envelope, "reason": reason, "assessed_on": on}


def note_readings(envelope: LifecycleRecord, *, on: date) -> None:
    """Readings came in: what waited to be asked about and is inside now is settled. Called where they are recorded."""
    if envelope.sort != RecordSort.ENVELOPE:
        return
    waiting = ChangeRequest.objects.select_for_update(of=("self",)).filter(system=envelope.system_id)
    for request in waiting.filter(state=ChangeState.ASKED).select_related("release").order_by("pk"):
        digest = (request.release.digest or "") if request.release is not None else ""
        found = envelope_of(envelope.system, on, digest=digest, data=request.brought)
        if found is not None:
            move(request, CHANGE_LIFE, "assess", **_settled(found, on))
            move(request, CHANGE_LIFE, "carry_out", done_on=on)
