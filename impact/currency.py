"""Whether a system's impact assessment is approved and current for a version on a day: what the gate asks (A.5.2, A.6.2.5)."""

from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from impact.models import ImpactAssessment, Screening
from impact.services.common import purpose_digest
from impact.states import ImpactState, Tier
from inventory.gate import GateQuestion
from inventory.models import AISystem, SystemVersion


def impact_unmet(question: GateQuestion) -> dict[str, str] | None:
    """Gate item `impact_approved`: None, or why not and where to go."""
    system = question.system
    if system.tier == Tier.MINIMAL:
        return _screening_unmet(system)
    found = covering(system)
    if found is None:
        return _none(system)
    return _outdated(found, system, question.version, question.on)


def screened_unmet(question: GateQuestion) -> dict[str, str] | None:
    """Gate item `screened`: a screening is in force."""
    return _screening_unmet(question.system)


def _screening_unmet(system: AISystem) -> dict[str, str] | None:
    if Screening.objects.filter(system=system).in_force().exists():
        return None
    return {"reason": _("No screening is in force."), "url": f"/screenings/new/?system={system.ref}"}


def covering(system: AISystem) -> ImpactAssessment | None:
    """The approved assessment that covers the system: its own before that of a family."""
    rows = ImpactAssessment.objects.approved().of_system(system).select_related("system", "system_version")
    return min(rows, key=lambda row: (row.system_id != system.pk, -row.pk), default=None)


def _none(system: AISystem) -> dict[str, str]:
    """Nothing approved covers it: say how far it is."""
    latest = ImpactAssessment.objects.of_system(system).exclude(state=ImpactState.SUPERSEDED).order_by("-pk").first()
    if latest is None:
        return {"reason": _("There is no impact assessment."), "url": f"/impact-assessments/new/?system={system.ref}"}
    words = {"ref": latest.ref, "state": latest.get_state_display()}
    said = _("The impact assessment %(ref)s is not approved: %(state)s.") % words
    if latest.stale_cause and latest.state == ImpactState.STALE:
        said = f"{said} {latest.stale_cause}"
    return {"reason": said, "url": latest.get_absolute_url()}


def _outdated(
    found: ImpactAssessment, system: AISystem, version: SystemVersion | None, on: date
) -> dict[str, Any] | None:
    """Why an approved assessment does not hold for this version on this day."""
    own, words = found.system_id == system.pk, {"ref": found.ref, "day": found.valid_until}
    if found.valid_until is None or found.valid_until < on:
        said = _("The approval of %(ref)s ended on %(day)s.") % words
    elif own and found.purpose_digest != purpose_digest(system):
        said = _("%(ref)s was approved for another purpose or intended use.") % words
    elif own and found.system_version is not None and version is not None and found.system_version_id != version.pk:
        said = _("%(ref)s was approved for version %(old)s, not for %(new)s.") % {
            **words, "old": found.system_version, "new": version,
        }  # fmt: skip
    else:
        return None
    return _with_next(said, found, system)


def _with_next(said: str, found: ImpactAssessment, system: AISystem) -> dict[str, Any]:
    """What no longer holds, and how far the one is that will: that is where to go."""
    coming = ImpactAssessment.objects.filter(system=system).open().order_by("-pk").first()
    if coming is None:
        return {"reason": said, "url": found.get_absolute_url()}
    words = {"said": said, "ref": coming.ref, "state": coming.get_state_display()}
    return {"reason": _("%(said)s The next one, %(ref)s: %(state)s.") % words, "url": coming.get_absolute_url()}
