"""Risk criteria: drafting, changing, approving (clause 6.1.1)."""

from collections.abc import Mapping
from copy import deepcopy
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext as _

from aims.decisions import decide, our_language
from aims.errors import WrongState
from aims.services import change, create, locked, move, require
from aims.trail import recording
from organization.duties import Override
from organization.models import Unit, User
from organization.services.duties import separated
from risk import policies
from risk.models import RiskCriteria
from risk.rules import CRITERIA_APPROVER
from risk.services.common import require_text
from risk.starter import STARTER
from risk.states import CRITERIA, CriteriaState

FIELDS = ("appetite", "likelihood", "consequence", "levels", "authority", "due_on", "owner")


def draft_criteria(*, by: User, data: Mapping[str, Any] | None = None, reason: str = "") -> RiskCriteria:
    """Begin a new edition: a copy of the one in force (or of the starter), with `data` over it.

    Errors: NotPermitted, WrongState when there is a draft already, ValidationError.
    """
    root = Unit.objects.get(parent=None)
    capacity = require(policies.can_draft_criteria(by, root))
    with recording(by, "draft_criteria", capacity=capacity, reason=reason):
        if RiskCriteria.objects.filter(state=CriteriaState.DRAFT).exists():
            raise WrongState(_("There is a draft already; change that one."))
        last = RiskCriteria.objects.select_for_update().order_by("-edition").first()
        edition = last.edition + 1 if last else 1
        values = {**(_copied(last) if last else deepcopy(STARTER)), **(data or {})}
        title = _("Risk criteria, edition %(edition)d") % {"edition": edition}
        row = RiskCriteria(edition=edition, title=title, unit=root, drafted_by=by, **{"owner": by, **values})
        return create(row)


def _copied(criteria: RiskCriteria) -> dict[str, Any]:
    return {name: deepcopy(getattr(criteria, name)) for name in FIELDS[:5]}


def change_criteria(criteria: RiskCriteria, *, by: User, data: Mapping[str, Any], version: int | None) -> RiskCriteria:
    """Change a draft. Who changes it last counts as its author. Errors: NotPermitted, Stale, WrongState, ValidationError."""
    if not criteria.draft:
        raise WrongState(_("Approved criteria never change; draft a new edition."))
    capacity = require(policies.can_change_criteria(by, criteria))
    with recording(by, "change_criteria", capacity=capacity):
        current = locked(criteria, version)
        if not current.draft:
            raise WrongState(_("Approved criteria never change; draft a new edition."))
        return change(current, {**data, "drafted_by": by})


def approve_criteria(
    criteria: RiskCriteria,
    *,
    by: User,
    reason: str,
    at: datetime,
    on: date,
    version: int | None,
    override: Override | None = None,
) -> RiskCriteria:
    """Put an edition in force; the one before is superseded, its scores stay as they were (6.1.1).

    Errors: NotPermitted (also for who drafted it), Stale, WrongState, ValidationError.
    """
    capacity = require(policies.can_approve_criteria(by, criteria))
    require_text(reason=reason)
    with recording(by, "approve_criteria", capacity=capacity, reason=reason):
        current = locked(criteria, version)
        kept = separated(
            CRITERIA_APPROVER, tier="high", broken=current.drafted_by_id == by.pk, by=by, capacity=capacity,
            record=current, override=override, on=on,
        )  # fmt: skip
        for old in RiskCriteria.objects.select_for_update().filter(state=CriteriaState.APPROVED):
            move(old, CRITERIA, "supersede", due_on=None)
        with our_language():
            decide(
                current, by=by, capacity=capacity, sort="risk_criteria", question=_("Put these criteria in force?"),
                outcome=_("Approved"), reason=reason,
            )  # fmt: skip
        return move(current, CRITERIA, "approve", approved_by=by, approved_at=at, kept_apart=kept)
