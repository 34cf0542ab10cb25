"""Severe harms of impact assessments become risks of the register (6.1.4, 8.2, 8.4)."""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from django.utils.translation import gettext as _

from aims.errors import invalid
from aims.services import create, locked, require
from aims.trail import recording
from impact.models import Impact
from organization.models import User
from risk import policies
from risk.models import HarmLink, Risk
from risk.services.common import fresh, require_open, require_seen
from risk.services.triggers import DAYS, ask_reassessment
from risk.states import RiskState, Trigger


def take_up_harms(assessment: Any, harms: Iterable[Impact], *, by: User | None, on: date) -> list[Risk]:
    """Give each harm a risk: the one that stood for it in the assessment before, else a newly proposed one.

    A risk known before is asked to be assessed again. Called when severe harms are submitted; answers the risks.
    """
    with recording(by, "take_up_harms", reason=_("Rated severe in %(ref)s") % {"ref": assessment.ref}):
        return [_taken_up(assessment, harm, by, on) for harm in harms if not harm.risk_links.exists()]


def _taken_up(assessment: Any, harm: Impact, by: User | None, on: date) -> Risk:
    known = _known(assessment, harm)
    risk = known or _proposed(assessment, harm, on)
    HarmLink.objects.create(risk=risk, harm=harm)
    if known is not None and known.state != RiskState.IDENTIFIED:
        cause = _("%(ref)s rates the harm as severe: %(harm)s") % {"ref": assessment.ref, "harm": harm.description}
        ask_reassessment([known], trigger=Trigger.IMPACT_RESULT, cause=cause, record=assessment, by=by, on=on)
    return risk


def _known(assessment: Any, harm: Impact) -> Risk | None:
    """The open risk that stood for the same words in the assessment before."""
    if assessment.predecessor_id is None:
        return None
    same = HarmLink.objects.filter(harm__assessment=assessment.predecessor_id, harm__description=harm.description)
    row = same.exclude(risk__state=RiskState.CLOSED).select_related("risk").first()
    return row.risk if row is not None else None


def _proposed(assessment: Any, harm: Impact, on: date) -> Risk:
    """A risk in the words of the assessment, for its owner to assess within days; nothing is rated here."""
    words = {"ref": assessment.ref, "party": harm.party.name, "dimension": harm.get_dimension_display()}
    system = assessment.system
    return create(
        Risk(
            title=harm.description[:200], system=system, unit=system.unit, owner=system.owner,
            confidentiality=assessment.confidentiality, cause=harm.rationale or _("Found by %(ref)s.") % words,
            due_on=on + timedelta(days=DAYS), event=harm.description, consequences=_("%(party)s: %(dimension)s (%(ref)s)") % words,
        )
    )  # fmt: skip


def link_harm(risk: Risk, *, by: User, harm: Impact, version: int | None = None) -> HarmLink:
    """Say that a risk stands for a harm. Errors: NotPermitted, Hidden, Stale, WrongState, ValidationError."""
    capacity = require(policies.can_change_risk(by, risk))
    with recording(by, "link_harm", capacity=capacity):
        require_seen(by, [harm.assessment])
        current = locked(risk, version)
        require_open(current)
        if not harm.harm:
            raise invalid(harm=_("This is a benefit."))
        if not Risk.objects.of_system(harm.assessment.system).filter(pk=risk.pk).exists():
            raise invalid(harm=_("The risk is about another AI system."))
        made = create(HarmLink(risk=current, harm=harm))
        fresh(risk)
        return made
