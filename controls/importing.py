"""Gap assessments and Statements of Applicability from files: most organizations kept both in a sheet (4.4, 6.1.3).

A line speaks of the clause or control it names, in the scope it names, else in the widest. Nothing approves itself by
file: decisions go into the open draft.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from aims.access import access_of
from aims.errors import WrongState
from aims.importing.fields import (
    Context,
    Importable,
    ImportField,
    Unclear,
    by_reference,
    choice_field,
    day_field,
    parsed_yes_no,
    text_field,
)
from aims.removal import remove_imported
from controls import policies, readiness, services
from controls.models import AimsScope, Clause, ClauseAnswer, Control, ControlStatement
from controls.states import AnswerState, Applicability, Basis, Status
from inventory.importing import record_field
from organization.importing import person_field, settled

_CLAUSE = re.compile(r"(\d+(?:\.\d+)*)")
_OWNER = ("responsible", "owner", "verantwortlich", "action owner")
_DATE = ("due date", "target date", "deadline", "date", "frist", "termin")


def _clause(text: str, context: Context) -> Clause | None:
    """The clause whose number stands in the text: "7.3", "Clause 7.3 Awareness"."""
    if not text.strip():
        return None
    known = context.once("clauses", lambda: {row.number: row for row in Clause.objects.in_order()})
    number = _CLAUSE.search(text)
    found: Clause | None = known.get(number[1]) if number else None
    if found is None:
        raise Unclear(_("There is no clause “%(text)s”.") % {"text": text})
    if found.heading:
        raise Unclear(_("%(text)s is a heading; answer the clauses below it.") % {"text": found.number})
    return found


def _control(text: str, context: Context) -> Control | None:
    """The control with whose number the text begins."""
    if not text.strip():
        return None
    known = context.once("controls", lambda: {row.number.lower(): row for row in Control.objects.in_order()})
    found: Control | None = known.get(text.split(maxsplit=1)[0].lower())
    if found is None:
        raise Unclear(_("There is no control “%(text)s”.") % {"text": text})
    return found


def _number(name: str) -> Any:
    return lambda record: str(getattr(record, name).number)


def _scope(data: Mapping[str, Any], context: Context) -> AimsScope | None:
    """The scope that the line names, else the widest in use."""
    named = data.get("scope")
    widest = context.once("widest scope", lambda: readiness.scope_named(context.by))
    return named or widest  # type: ignore[no-any-return]


def _stays(record: Any, data: Mapping[str, Any], *names: str) -> dict[str, Any]:
    """The values without those that only say what the line speaks of. WrongState where they would make it another."""
    for name in names:
        if name in data and data[name] != getattr(record, name):
            raise WrongState(_("%(ref)s is about something else.") % {"ref": record.ref})
    return {name: value for name, value in data.items() if name not in names}


def _people(data: dict[str, Any], unit: Any, context: Context) -> dict[str, Any]:
    """With a pending owner settled."""
    if data.get("owner") is not None:
        data["owner"] = settled(data["owner"], unit, context)
    return data


def _answers(user: Any) -> Any:
    rows = ClauseAnswer.objects.visible_to(user).in_order()
    return rows.select_related("unit", "owner", "scope__unit", "clause")


def _answered(data: Mapping[str, Any], context: Context) -> ClauseAnswer | None:
    clause, scope = data.get("clause"), _scope(data, context)
    if clause is None or scope is None:
        return None
    known = context.once(("answers", scope.pk), lambda: {a.clause_id: a for a in _answers(context.by).of_scope(scope)})
    return known.get(clause.pk)  # type: ignore[no-any-return]


def _lacking(data: Mapping[str, Any], context: Context) -> dict[str, str]:
    """A gap has somebody who closes it by a day, and an answer stands in a scope."""
    told = {}
    if data.get("state") not in ("", None, AnswerState.MET):
        said = _("Say who closes the gap, and by when.")
        told = {name: said for name in ("owner", "due_on") if not data.get(name)}
    return (
        told if _scope(data, context) else {**told, "scope": _("There is no scope that you may see; open one first.")}
    )


def _answer(data: Mapping[str, Any], context: Context) -> ClauseAnswer:
    scope = _scope(data, context)
    assert scope is not None  # `_lacking` refuses the line before
    names = ("state", "found", "owner", "due_on")
    given = _people({name: data.get(name) for name in names}, scope.unit, context)
    return services.answer_clause(scope, data["clause"], by=context.by, data={**given, "found": given["found"] or ""})


def _change_answer(answer: ClauseAnswer, data: Mapping[str, Any], context: Context) -> ClauseAnswer:
    given = _people(_stays(answer, data, "clause", "scope"), answer.unit, context)
    return services.change_answer(answer, by=context.by, data=given, version=None) if given else answer


def _remove_answers(answers: Sequence[ClauseAnswer], context: Context) -> None:
    remove_imported(answers, by=context.by, may=lambda one: policies.can_answer_clause(context.by, one.unit))


_SCOPE = record_field("scope", gettext_lazy("Scope"), AimsScope, ("certificate", "geltungsbereich"))
ANSWERS = Importable(
    kind="gap",
    label=gettext_lazy("Gap assessment"),
    fields=(
        ImportField("clause", gettext_lazy("Clause"), _clause, _number("clause"), True, ("requirement", "klausel", "abschnitt")),
        replace(choice_field("state", gettext_lazy("What is there"), AnswerState, words=("status", "result", "stand")), required=True),
        text_field("found", gettext_lazy("What was found"), words=("finding", "comment", "notes"), required=True, most=8000),
        person_field("owner", gettext_lazy("Who closes the gap"), words=_OWNER),
        day_field("due_on", gettext_lazy("By when"), words=_DATE),
        _SCOPE,
    ),
    may=lambda user: access_of(user).capacity("gap.answer"),
    rows=_answers,
    find=by_reference(ClauseAnswer, _answers),
    same=_answered,
    make=_answer,
    change=_change_answer,
    remove=_remove_answers,
    together=_lacking,
    alone=("clause", "scope", "found"),
)  # fmt: skip


def _statements(user: Any) -> Any:
    rows = ControlStatement.objects.visible_to(user).in_order()
    return rows.select_related("unit", "owner", "scope__unit", "control")


def _stated(data: Mapping[str, Any], context: Context) -> ControlStatement | None:
    """What the scope itself states about the control; what units and systems differ in is named by reference."""
    control, scope = data.get("control"), _scope(data, context)
    if control is None or scope is None:
        return None
    rows = lambda: {row.control_id: row for row in _statements(context.by).of_scope(scope).base()}  # noqa: E731
    return context.once(("statements", scope.pk), rows).get(control.pk)  # type: ignore[no-any-return]


def _applicable(text: str, context: Context) -> str:
    """A decision by its name, or the yes and no under “applicable” that most sheets have."""
    known = {str(word).lower(): value for value, label in Applicability.choices for word in (value, label)}
    known |= {"applicable": "included", "in": "included", "not applicable": "excluded", "out": "excluded", "": ""}
    if text.lower() in known:
        return str(known[text.lower()])
    try:
        said = parsed_yes_no(text)
    except Unclear:
        said = None
    if said is None:
        raise Unclear(_("“%(text)s”: is the control included or excluded?") % {"text": text})
    return Applicability.INCLUDED if said else Applicability.EXCLUDED


def _decisions(context: Context) -> list[tuple[str, str]]:
    return [(value, str(label)) for value, label in Applicability.choices]


def _bases(text: str, context: Context) -> list[str]:
    known = {str(word).lower(): value for value, label in Basis.choices for word in (value, label)}
    parts = [part.strip().lower() for part in text.replace(",", ";").split(";") if part.strip()]
    unknown = next((part for part in parts if part not in known), None)
    if unknown is not None:
        choices = ", ".join(str(label) for label in Basis.labels)
        raise Unclear(_("“%(text)s” is not one of: %(choices)s.") % {"text": unknown, "choices": choices})
    return sorted({str(known[part]) for part in parts})


def _unstated(data: Mapping[str, Any], context: Context) -> dict[str, str]:
    """A file states nothing new: each control of a scope has its statement from the first day."""
    return {"control": _("No scope that you see has a statement about this control.")} if data.get("control") else {}


def _state(data: Mapping[str, Any], context: Context) -> ControlStatement:
    raise WrongState(_("A file states nothing new."))


def _change_statement(row: ControlStatement, data: Mapping[str, Any], context: Context) -> ControlStatement:
    given = _people(_stays(row, data, "control", "scope"), row.unit, context)
    if not given:
        return row
    return services.change_statement(row, by=context.by, data=given, version=None, reason=_("Imported"))


def _keep(rows: Sequence[ControlStatement], context: Context) -> None:
    raise WrongState(_("A file makes no statement, so it takes none away."))


STATEMENTS = Importable(
    kind="statement",
    label=gettext_lazy("Statement of Applicability"),
    fields=(
        ImportField("control", gettext_lazy("Control"), _control, _number("control"), True, ("number", "reference", "maßnahme")),
        ImportField(
            "applicability", gettext_lazy("Decision"), _applicable,
            lambda row: str(Applicability(row.applicability).label),
            words=("applicable", "applicability", "included", "anwendbar"), options=_decisions,
        ),
        text_field("justification", gettext_lazy("Justification"), words=("reason", "rationale", "begründung"), most=8000),
        ImportField(
            "basis", gettext_lazy("Basis"), _bases, lambda row: "; ".join(str(Basis(one).label) for one in sorted(row.basis)),
            words=("driver", "source", "grundlage"), several=True,
        ),
        choice_field("status", gettext_lazy("Status"), Status, words=("implementation status", "umsetzungsstand")),
        text_field("implementation", gettext_lazy("How it is implemented"), words=("implementation", "umsetzung"), most=20_000),
        text_field("procedure", gettext_lazy("Procedure"), words=("document", "policy", "verfahren"), most=300),
        person_field("owner", gettext_lazy("Owner"), words=("control owner", "responsible", "verantwortlich")),
        day_field("due_on", gettext_lazy("Due"), words=_DATE),
        day_field("last_reviewed_on", gettext_lazy("Last reviewed"), words=("review date", "last review")),
        _SCOPE,
    ),
    may=lambda user: access_of(user).capacity("statement.decide"),
    rows=_statements,
    find=by_reference(ControlStatement, _statements),
    same=_stated,
    make=_state,
    change=_change_statement,
    remove=_keep,
    together=_unstated,
    in_bulk=False,
)  # fmt: skip
ALL = (ANSWERS, STATEMENTS)
