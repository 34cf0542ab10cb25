"""Questions of a checklist, from the catalogue's own words (never the standard's)."""

from typing import Any

from django.utils.translation import gettext as _

MOST = 6  # questions of one criterion


def questions_for(criterion: Any) -> list[str]:
    """What to ask about a criterion: a control's own questions, what is usually checked of a clause, a procedure."""
    if criterion.control is not None:
        return list(criterion.control.questions)[:MOST] or [_show(criterion.control.asks or criterion.control.title)]
    if criterion.clause is not None:
        return _of_clause(criterion.clause)
    return [_("Is “%(name)s” followed? Show the latest three cases.") % {"name": criterion.procedure}]


def _of_clause(clause: Any) -> list[str]:
    found = [_show(text) for text in clause.checks] or [_show(one.text) for one in clause.requirements.all()]
    return found[:MOST] or [_show(clause.title)]


def _show(text: str) -> str:
    return (_("Show me: %(what)s") % {"what": text})[:1000]
