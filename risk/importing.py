"""Risks from files: what is said about them. Nobody's rating comes by file: an assessment names who made it (6.1.2)."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext_lazy

from aims.access import access_of
from aims.importing.fields import Context, Importable, by_reference, choice_field, text_field
from aims.removal import remove_imported
from inventory.importing import filled, homeless, lines_field, of_one_system, record_field
from inventory.models import AISystem
from inventory.states import SystemStage
from organization.importing import person_field, unit_field
from risk import policies, services
from risk.models import Risk
from risk.states import Nature

CALLED = ("name", "risk", "risk title", "risiko", "bezeichnung")


def _rows(user: Any) -> Any:
    return Risk.objects.visible_to(user).select_related("unit", "owner", "system").order_by("pk")


def _make(data: Mapping[str, Any], context: Context) -> Risk:
    return services.register_risk(by=context.by, data=of_one_system(filled(data), None, context))


def _change(risk: Risk, data: Mapping[str, Any], context: Context) -> Risk:
    return services.change_risk(risk, by=context.by, data=of_one_system(data, risk.unit, context))


def _remove(risks: Sequence[Risk], context: Context) -> None:
    by = context.by
    remove_imported(risks, by=by, may=lambda risk: policies.can_register_risk(by, risk.unit, risk.system))


RISKS = Importable(
    kind="risk",
    label=gettext_lazy("Risks"),
    fields=(
        text_field("title", gettext_lazy("Title"), words=CALLED, required=True, most=200),
        person_field("owner", gettext_lazy("Owner"), words=("risk owner", "responsible", "verantwortlich"), required=True),
        record_field("system", gettext_lazy("AI system"), AISystem, ("system", "application", "anwendung")),
        unit_field("unit", gettext_lazy("Unit"), "risk.register", words=("department", "abteilung", "bereich")),
        text_field("cause", gettext_lazy("Cause"), words=("source", "ursache"), required=True),
        text_field("event", gettext_lazy("Event"), words=("description", "ereignis"), required=True),
        text_field("consequences", gettext_lazy("Consequence"), words=("impact", "effect", "auswirkung"), required=True),
        choice_field("nature", gettext_lazy("Kind"), Nature, words=("threat or opportunity",)),
        lines_field("sources", gettext_lazy("Risk sources"), ("risk source",)),
        lines_field("objectives", gettext_lazy("Objectives concerned"), ("objective",)),
        choice_field("stage", gettext_lazy("Life-cycle stage"), SystemStage, words=("phase",)),
        text_field("existing_controls", gettext_lazy("Controls already there"), words=("controls", "maßnahmen")),
    ),
    may=lambda user: access_of(user).capacity("risk.register"),
    rows=_rows,
    find=by_reference(Risk, _rows),
    make=_make,
    change=_change,
    remove=_remove,
    together=homeless,
)  # fmt: skip
