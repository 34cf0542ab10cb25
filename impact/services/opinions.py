"""Asking for opinions in parallel, and giving them (ISO/IEC 42005 5.8; A.5.2)."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext as _

from aims.access import access_of
from aims.errors import WrongState, invalid
from aims.services import change, create, locked, require
from aims.trail import recording
from impact import policies
from impact.models import ImpactAssessment, Opinion
from impact.questions import sections_of
from impact.services.common import fresh, require_active, require_text
from impact.states import Verdict
from organization.models import User


def ask_opinion(
    assessment: ImpactAssessment, *, by: User, discipline: str, asked: User, on: date, sections: Sequence[str] = ("",),
    question: str = "", due_on: date | None = None,
) -> list[Opinion]:  # fmt: skip
    """Ask a person for an opinion on some sections, or ("") on the whole. Others are asked at the same time.

    Errors: NotPermitted, WrongState (decided), ValidationError (nobody, no such section, cannot see it).
    """
    capacity = require(policies.can_ask(by, assessment))
    require_active(asked=asked)
    known = {"", *(one.id for one in sections_of(assessment.edition, assessment.tier))}
    if not set(sections) <= known:
        raise invalid(sections=_("There is no such section."))
    if not access_of(asked).sees(assessment):
        raise invalid(asked=_("This person does not see the assessment; give them a role there first."))
    with recording(by, "ask_opinion", capacity=capacity):
        current = locked(assessment)
        _undecided(current)
        same: dict[str, Any] = {"discipline": discipline, "asked": asked, "question": question, "due_on": due_on}
        made = [create(Opinion(assessment=current, section=one, asked_by=by, asked_on=on, **same)) for one in sections]
        fresh(assessment)
        return made


def _undecided(assessment: ImpactAssessment) -> None:
    if not assessment.open:
        raise WrongState(_("This assessment is decided; opinions belong to the next one."))


def give_opinion(opinion: Opinion, *, by: User, verdict: str, text: str, at: datetime) -> Opinion:
    """Say whether one agrees, has a concern, or agrees on a condition. Once; only who was asked.

    Errors: NotPermitted, WrongState (given, withdrawn, decided), ValidationError.
    """
    capacity = require(policies.can_give_opinion(by, opinion), _("Another person was asked for this opinion."))
    if verdict != Verdict.AGREE:
        require_text(text=text)
    with recording(by, "give_opinion", capacity=capacity):
        locked(opinion.assessment)
        current = locked(opinion)
        _undecided(current.assessment)
        if current.verdict or current.withdrawn_on:
            raise WrongState(_("This opinion is given already, or not asked any more."))
        return change(current, {"verdict": verdict, "text": text.strip(), "given_at": at})


def withdraw_opinion(opinion: Opinion, *, by: User, on: date, reason: str = "") -> Opinion:
    """Ask no more, while nothing was said yet."""
    capacity = require(policies.can_ask(by, opinion.assessment))
    with recording(by, "withdraw_opinion", capacity=capacity, reason=reason):
        current = locked(opinion)
        if current.verdict:
            raise WrongState(_("This opinion is given; it stays."))
        return change(current, {"withdrawn_on": on})
