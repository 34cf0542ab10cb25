"""Writes of the gap assessment: a clause is answered once, and its answer is brought up to date."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from aims.errors import WrongState, invalid
from aims.services import change, create, locked, require
from aims.trail import recording
from controls import policies
from controls.models import AimsScope, Clause, ClauseAnswer
from controls.states import AnswerState
from organization.models import User


def answer_clause(scope: AimsScope, clause: Clause, *, by: User, data: Mapping[str, Any]) -> ClauseAnswer:
    """Say what was found of a clause (`state`, `found`), and where something is missing who closes it by when.

    Errors: NotPermitted, WrongState (a heading, a scope that ended), ValidationError (answered already, too).
    """
    capacity = require(policies.can_answer_clause(by, scope.unit))
    if clause.heading:
        raise WrongState(_("A heading asks for nothing; answer the clauses below it."))
    if not scope.in_use:
        raise WrongState(_("The scope has ended."))
    with recording(by, "answer_clause", capacity=capacity):
        row = ClauseAnswer(
            scope=scope, clause=clause, unit_id=scope.unit_id, title=str(clause)[:200], **_whole(data, by)
        )
        return create(row)


def change_answer(
    answer: ClauseAnswer, *, by: User, data: Mapping[str, Any], version: int | None, reason: str = ""
) -> ClauseAnswer:
    """Bring an answer up to date. Errors: NotPermitted, Stale, ValidationError."""
    capacity = require(policies.can_change_answer(by, answer))
    with recording(by, "change_answer", capacity=capacity, reason=reason):
        current = locked(answer, version)
        kept = {name: getattr(current, name) for name in ("state", "found", "owner", "due_on")}
        return change(current, _whole({**kept, **data}, by))


def _whole(data: Mapping[str, Any], by: User) -> dict[str, Any]:
    """What follows from the answer: a gap has somebody who closes it by a day; for what is met, who says so answers."""
    values = dict(data)
    if values.get("state") == AnswerState.MET:
        return {**values, "due_on": None, "owner": values.get("owner") or by}
    missing = {name: _("Say who closes the gap, and by when.") for name in ("owner", "due_on") if not values.get(name)}
    if missing:
        raise invalid(**missing)
    return values
