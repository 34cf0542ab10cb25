"""Nonconformities and the improvement log from files: what is the case. Cause, verdict and closing are acts of people
here and never come by file (clauses 10.1 and 10.2)."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from django.utils.translation import gettext_lazy

from aims.access import access_of
from aims.importing.fields import Context, Importable, by_reference, choice_field, day_field, text_field
from aims.removal import remove_imported
from audits import policies, services
from audits.importing_past import AUDITS, FINDINGS
from audits.models import Finding, Improvement, Nonconformity
from audits.reading import seen
from audits.services.common import spine
from audits.states import Grade, NcSource
from inventory.importing import filled, homeless, of_one_system, record_field
from inventory.models import AISystem
from organization.importing import person_field, unit_field

CALLED = ("name", "nonconformity", "finding", "abweichung", "bezeichnung")
RESPONSIBLE = ("responsible", "verantwortlich")
WHERE = ("department", "abteilung", "bereich")
UNTIL = ("due", "deadline", "termin", "frist")


def _rows_of(model: Any) -> Any:
    """Those that a person sees, naming the system only where they see it."""
    return lambda user: seen(
        model.objects.visible_to(user).select_related("unit", "owner").order_by("pk"), user, "finding", "system"
    )


def _raise(data: Mapping[str, Any], context: Context) -> Nonconformity:
    given = _of_finding(of_one_system(filled(data), None, context))
    return services.raise_nonconformity(by=context.by, data=given, on=context.on)


def _change(row: Nonconformity, data: Mapping[str, Any], context: Context) -> Nonconformity:
    given = _of_finding(of_one_system(data, row.unit, context))
    return services.change_nonconformity(row, by=context.by, data=given)


def _of_finding(data: dict[str, Any]) -> dict[str, Any]:
    """With the finding, where one is named, as what the nonconformity came of."""
    return {**data, "source_record": spine(data["finding"])} if data.get("finding") else data


def _remove(rows: Sequence[Nonconformity], context: Context) -> None:
    remove_imported(rows, by=context.by, may=lambda row: policies.may(context.by, "nonconformity.change", row))


def _register(data: Mapping[str, Any], context: Context) -> Improvement:
    return services.register_improvement(by=context.by, data=of_one_system(filled(data), None, context), on=context.on)


def _improve(row: Improvement, data: Mapping[str, Any], context: Context) -> Improvement:
    return services.change_improvement(row, by=context.by, data=of_one_system(data, row.unit, context))


def _withdraw(rows: Sequence[Improvement], context: Context) -> None:
    remove_imported(rows, by=context.by, may=lambda row: policies.can_change_improvement(context.by, row))


NONCONFORMITIES = Importable(
    kind="nonconformity",
    label=gettext_lazy("Nonconformities"),
    fields=(
        text_field("title", gettext_lazy("Title"), words=CALLED, required=True, most=200),
        person_field("owner", gettext_lazy("Owner"), words=RESPONSIBLE, required=True),
        record_field("finding", gettext_lazy("Came of the finding"), Finding, ("finding no", "finding ref", "feststellung")),
        record_field("system", gettext_lazy("AI system"), AISystem, ("system", "application", "anwendung")),
        unit_field("unit", gettext_lazy("Unit"), "nonconformity.raise", words=WHERE),
        text_field("requirement", gettext_lazy("Requirement not met"), words=("criterion", "anforderung"), required=True),
        text_field("description", gettext_lazy("What is the case"), words=("description", "beschreibung"), required=True),
        replace(choice_field("grade", gettext_lazy("Grade"), Grade, words=("severity", "schwere")), required=True),
        replace(choice_field("source", gettext_lazy("Comes from"), NcSource, words=("origin", "herkunft")), required=True),
        day_field("detected_on", gettext_lazy("Detected on"), words=("date", "datum", "festgestellt am")),
        day_field("due_on", gettext_lazy("Due"), words=UNTIL),
    ),
    may=lambda user: access_of(user).capacity("nonconformity.raise"),
    rows=_rows_of(Nonconformity),
    find=by_reference(Nonconformity, _rows_of(Nonconformity)),
    make=_raise,
    change=_change,
    remove=_remove,
    together=homeless,
    in_bulk=False,
)  # fmt: skip
IMPROVEMENTS = Importable(
    kind="improvement",
    label=gettext_lazy("Improvements"),
    fields=(
        text_field("title", gettext_lazy("Title"), words=("name", "improvement", "verbesserung"), required=True, most=200),
        person_field("owner", gettext_lazy("Owner"), words=RESPONSIBLE, required=True),
        record_field("system", gettext_lazy("AI system"), AISystem, ("system", "application", "anwendung")),
        unit_field("unit", gettext_lazy("Unit"), "improvement.register", words=WHERE),
        text_field("idea", gettext_lazy("What could be better"), words=("description", "beschreibung"), required=True),
        replace(day_field("due_on", gettext_lazy("Due"), words=UNTIL), required=True),
    ),
    may=lambda user: access_of(user).capacity("improvement.register"),
    rows=_rows_of(Improvement),
    find=by_reference(Improvement, _rows_of(Improvement)),
    make=_register,
    change=_improve,
    remove=_withdraw,
    together=homeless,
    in_bulk=False,
)  # fmt: skip
ALL = (AUDITS, FINDINGS, NONCONFORMITIES, IMPROVEMENTS)
