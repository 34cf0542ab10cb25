"""Opening, changing and submitting assessments; carrying over from the predecessor (6.1.4, 8.4)."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from django.utils.translation import gettext as _

from aims import services as kernel
from aims.errors import WrongState, invalid
from aims.registry import registry
from aims.services import create, locked, move, require
from aims.trail import recording
from impact import policies, questions
from impact.facts import SevereHarmsRated
from impact.missing import missing
from impact.models import FamilySystem, ImpactAssessment
from impact.services.common import fresh, note_author, purpose_digest, require_active, require_draft, require_seen
from impact.services.copying import carry_over, fill_from
from impact.states import IMPACT, ImpactState, Tier, Trigger, Use
from inventory.models import AISystem
from organization.models import User

DAYS = 30  # until an assessment that was opened should be done


def open_assessment(
    system: AISystem, *, by: User | None, on: date, data: Mapping[str, Any] | None = None,
    predecessor: ImpactAssessment | None = None, family: Mapping[AISystem, str] | None = None, reason: str = "",
    template: str = "",
) -> ImpactAssessment:  # fmt: skip
    """Begin an assessment of a system; what the predecessor said is carried over.

    Without `predecessor` the latest approved or stale one of the system is it. `data`: owner, trigger, trigger_record,
    trigger_note, system_version, due_on. A first one may begin from a `template` (impact/templates.py).
    Errors: NotPermitted, WrongState (open already, retired, minimal).
    """
    capacity = require(policies.can_open(by, system)) if by is not None else ""
    with recording(by, "open_assessment", capacity=capacity, reason=reason):
        current = locked(system)
        _openable(current)
        before = predecessor or latest_decided(current)
        values = {**_defaults(current, by, on, before), **(data or {})}
        if by is not None:
            require_active(owner=values["owner"])
        if by is not None and values.get("trigger_record") is not None:
            require_seen(by, [values["trigger_record"]])
        made = create(ImpactAssessment(system=current, unit=current.unit, predecessor=before, **values))
        if before is not None:
            carry_over(before, made, by=by or values["owner"])
        elif template:
            fill_from(template, made, by=by or values["owner"], on=on)
        if family is not None:
            _name_family(made, family, by)
        if by is not None:
            note_author(made, by)
        return fresh(made)  # type: ignore[no-any-return]


def _openable(system: AISystem) -> None:
    if system.retired:
        raise WrongState(_("A retired system is not assessed."))
    if ImpactAssessment.objects.filter(system=system).open().exists():
        raise WrongState(_("An assessment of this system is open already."))
    if system.tier == Tier.MINIMAL:
        raise WrongState(
            _("In the tier “Minimal” the approved screening is the assessment; screen it again to raise it.")
        )


def latest_decided(system: AISystem) -> ImpactAssessment | None:
    """The assessment that a new one follows: approved or stale, and not yet followed."""
    rows = ImpactAssessment.objects.filter(system=system, successor=None)
    decided = [ImpactState.APPROVED, ImpactState.STALE, ImpactState.REJECTED]
    return rows.filter(state__in=decided).order_by("-pk").first()


def _defaults(system: AISystem, by: User | None, on: date, before: ImpactAssessment | None) -> dict[str, Any]:
    tier = system.tier or Tier.HIGH
    screening = system.screenings.in_force().first()
    found: dict[str, Any] = {
        "title": (_("Impact assessment of %(system)s") % {"system": system.title})[:200],
        "owner": system.owner if by is None or before is None else before.owner,
        "confidentiality": system.confidentiality,
        "tier": tier,
        "edition": questions.latest("form"),
        "trigger": Trigger.NEW_SYSTEM if before is None else Trigger.PLANNED,
        "system_version": system.versions.order_by("-pk").first(),
        "due_on": on + timedelta(days=DAYS),
    }
    if screening is not None and screening.use != Use.ORDINARY:
        found |= {"use": screening.use, "use_reason": " ".join(screening.reasons)[:2000]}
    return found


def _name_family(assessment: ImpactAssessment, family: Mapping[AISystem, str], by: User | None) -> None:
    if by is not None:
        require_seen(by, family)
    rows = [FamilySystem(assessment=assessment, system=one, differences=told) for one, told in family.items()]
    for row in rows:
        if row.system_id != assessment.system_id:
            create(row)


def change_assessment(
    assessment: ImpactAssessment, *, by: User, data: Mapping[str, Any], version: int | None = None,
    family: Mapping[AISystem, str] | None = None,
) -> ImpactAssessment:  # fmt: skip
    """Change what stands beside the answers, while it is a draft. `family` replaces the further systems.

    Errors: NotPermitted, Hidden, Stale, WrongState (submitted), ValidationError.
    """
    capacity = require(policies.can_write(by, assessment))
    with recording(by, "change_assessment", capacity=capacity):
        current = locked(assessment, version)
        require_draft(current)
        require_active(**{name: data[name] for name in ("owner",) if name in data})
        _check_version(current, data)
        _check_use(current, data)
        changed = kernel.change(current, data)
        note_author(current, by)
        if family is not None:
            current.family.all().delete()
            _name_family(current, family, by)
        return fresh(changed)  # type: ignore[no-any-return]


def _check_version(assessment: ImpactAssessment, data: Mapping[str, Any]) -> None:
    found = data.get("system_version")
    if found is not None and found.system_id != assessment.system_id:
        raise invalid(system_version=_("This version is of another system."))


def _check_use(assessment: ImpactAssessment, data: Mapping[str, Any]) -> None:
    use = data.get("use", assessment.use)
    if use != Use.ORDINARY and not data.get("use_reason", assessment.use_reason).strip():
        raise invalid(use_reason=_("Say why this use is not an ordinary one."))


def submit_assessment(
    assessment: ImpactAssessment, *, by: User, on: date, version: int | None = None
) -> ImpactAssessment:
    """Submit for approval: everything asked is there; content, version and purpose are fixed from now on.

    Severe harms are announced, so that each becomes a risk. Errors: NotPermitted, Stale, WrongState with what is missing.
    """
    capacity = require(policies.can_submit(by, assessment))
    with recording(by, "submit_assessment", capacity=capacity):
        current = locked(assessment, version)
        _complete(current)
        note_author(current, by)
        moved = move(
            current, IMPACT, "submit", submitted_by=by, submitted_on=on,
            purpose_digest=purpose_digest(current.system), **_at_least(current),
        )  # fmt: skip
        harms = list(moved.impacts.severe().select_related("party"))
        if harms:
            registry.announce(SevereHarmsRated(moved, harms, by))
        return fresh(moved)  # type: ignore[no-any-return]


def _complete(assessment: ImpactAssessment) -> None:
    gaps = missing(assessment) if assessment.draft else []
    if gaps:
        told = [{"id": gap.id, "sentence": gap.sentence, "url": gap.url} for gap in gaps]
        raise WrongState(_("The assessment is not complete yet."), unmet=told)


def _at_least(assessment: ImpactAssessment) -> dict[str, str]:
    """An assessment never calls a use less than the screening in force does, nor a sensitive tier's use ordinary."""
    screening = assessment.system.screenings.in_force().first()
    tier = assessment.system.tier or assessment.tier
    found = [(assessment.use, assessment.use_reason)]
    if screening is not None:
        found.append((screening.use, " ".join(screening.reasons)[:2000]))
    if tier == Tier.SENSITIVE:
        found.append((Use.SENSITIVE.value, _("The screening put the system into the tier “Sensitive”.")))
    use, reason = max(found, key=lambda one: _USES.index(one[0]))
    return {"use": use, "use_reason": reason}


_USES = [one.value for one in Use]
