"""Evidence packs: asking for one, taking it back, trying again; `rendering` builds them. Clause 7.5."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from aims import jobs
from aims.errors import Hidden, WrongState, invalid
from aims.models import Job, Record
from aims.services import create, locked, move, require
from aims.states import Confidentiality, JobState
from aims.trail import recording
from evidence import policies
from evidence.models import EvidencePack, PackSystem
from evidence.states import PACK, PackState

TASK = "evidence.render_pack"
# So many packs may one person have waiting or being built at a time.
OPEN_PACKS = 5
SYSTEM = "system"


def ask_pack(*, by: Any, title: str, unit: Any, systems: Sequence[Record] = (), at: datetime) -> EvidencePack:
    """Ask for a pack of the unit (and all below it), limited to `systems` when any are named, as things stand `at`.

    It is built by a worker with the rights, language and time zone of the person who asks. Errors: NotPermitted,
    ValidationError, Hidden for a system that does not show, WrongState when too many are open already.
    """
    capacity = require(policies.can_ask_pack(by, unit.pk))
    with recording(by, "ask_pack", capacity=capacity):
        _not_too_many(by)
        pack = EvidencePack(
            title=title, unit=unit, owner=by, asked_by=by, at=at, confidentiality=Confidentiality.RESTRICTED,
            language=by.language, time_zone=by.time_zone,
        )  # fmt: skip
        create(pack)
        for system in systems:
            create(PackSystem(pack=pack, record=_visible_system(by, system)))
        pack.job = jobs.ask(f"pack-{pack.pk}", TASK, by=by, pack=pack.pk)
        pack.save(update_fields=["job"])
        pack.refresh_from_db()
    return pack


def job_of(pack: EvidencePack) -> Job:
    """The work that builds the pack; every pack that was asked for has it."""
    assert pack.job is not None
    return pack.job


def _not_too_many(by: Any) -> None:
    open_packs = EvidencePack.objects.filter(asked_by=by, state__in=[PackState.ASKED, PackState.RENDERING])
    if open_packs.count() >= OPEN_PACKS:
        raise WrongState(
            _("You have %(count)d packs waiting already. Wait for one or cancel it.") % {"count": OPEN_PACKS}
        )


def _visible_system(by: Any, system: Record) -> Record:
    found: Record | None = Record.objects.visible_to(by).filter(pk=system.pk).first()
    if found is None:
        raise Hidden
    if found.kind != SYSTEM:
        raise invalid(systems=_("%(ref)s is not an AI system.") % {"ref": found.ref})
    return found


def pack_job_ended(job: Job) -> None:
    """Let the pack follow its job, in the transaction that changes the job: failed, cancelled, asked for again."""
    pack = EvidencePack.objects.select_for_update().filter(job=job).first()
    if pack is None:
        return
    verb = {JobState.FAILED: "fail", JobState.CANCELLED: "cancel", JobState.QUEUED: "retry"}.get(JobState(job.state))
    if verb is not None and pack.state in PACK.edge(verb).sources:
        with recording(None, f"{verb}_pack"):
            move(pack, PACK, verb, failure=job.error if verb == "fail" else "")


def cancel_pack(pack: EvidencePack, *, by: Any, version: int | None) -> EvidencePack:
    """Take a pack back: at once while it waits, after the current chapter while it is built. WrongState, Stale."""
    capacity = require(policies.can_run_pack(by, pack))
    with recording(by, "cancel_pack", capacity=capacity):
        current = locked(pack, version)
        if not current.is_open:
            raise WrongState(_("Only a pack that waits or is being built can be cancelled."))
        jobs.cancel(job_of(current))
    return EvidencePack.objects.get(pk=pack.pk)


def retry_pack(pack: EvidencePack, *, by: Any, version: int | None) -> EvidencePack:
    """Build a failed or cancelled pack again, with the rights of the person who asked for it. WrongState, Stale."""
    capacity = require(policies.can_run_pack(by, pack))
    with recording(by, "retry_pack", capacity=capacity):
        current = locked(pack, version)
        if current.state not in PACK.edge("retry").sources:
            raise WrongState(_("Only a failed or cancelled pack can be tried again."))
        jobs.retry(job_of(current))
    return EvidencePack.objects.get(pk=pack.pk)
