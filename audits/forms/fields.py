"""Pickers and rows that the forms of audits are made of."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from aims.forms import PickerField, RowsField
from aims.models import Record
from audits.models import Audit, AuditProgramme, Nonconformity
from controls.models import Clause, Control
from inventory.fields import UnitField, people, units_for
from inventory.models import AISystem
from organization.models import Unit, User
from risk.forms import ActForm, area, date_field

__all__ = [
    "ActForm",
    "RowsField",
    "UnitsField",
    "area",
    "audits",
    "clause_field",
    "control_field",
    "date_field",
    "person_field",
    "programmes",
    "record_field",
    "system_field",
    "unit_field",
]  # fmt: skip


def systems(user: Any) -> Any:
    return AISystem.objects.visible_to(user)


def records(user: Any) -> Any:
    return Record.objects.visible_to(user)


def nonconformities(user: Any) -> Any:
    return Nonconformity.objects.visible_to(user)


def audits(user: Any) -> Any:
    return Audit.objects.visible_to(user)


def programmes(user: Any) -> Any:
    return AuditProgramme.objects.visible_to(user)


def units(user: Any) -> Any:
    return Unit.objects.visible_to(user)


def anybody(user: Any) -> Any:
    """Active people, also from outside: whoever assigns them knows their e-mail."""
    return User.objects.active()


def clauses(user: Any) -> Any:
    return Clause.objects.all()


def controls(user: Any) -> Any:
    return Control.objects.all()


def system_field(**more: Any) -> PickerField:
    more.setdefault("label", _("AI system"))
    return PickerField("system", systems, ["ref", "title"], required=False, **more)


def unit_field(verb: str, **more: Any) -> UnitField:
    more.setdefault("label", _("Unit"))
    more.setdefault("required", False)
    source = verb.replace(".", "-")
    return UnitField(units_for(verb), f"{source}-units", **more)


def person_field(label: Any, **more: Any) -> PickerField:
    return PickerField("people", people, ["email", "name"], label=label, **more)


def record_field(label: Any, **more: Any) -> PickerField:
    """A record of any kind, by reference."""
    return PickerField("records", records, ["ref"], label=label, **more)


def clause_field(**more: Any) -> PickerField:
    return PickerField("audit-clauses", clauses, ["pk", "number"], label=_("Clause"), required=False, **more)


def control_field(**more: Any) -> PickerField:
    return PickerField("audit-controls", controls, ["number"], label=_("Control"), required=False, **more)


class UnitsField(RowsField):
    """Several units by name, or by number where several share a name."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__("units", units, "name", **kwargs)

    def clean(self, value: Any) -> Any:
        found = []
        for text in (part.strip() for part in str(forms.CharField.clean(self, value) or "").split(",") if part.strip()):
            hits = list(self.rows(self.user).filter(name__iexact=text)[:2])
            hits = hits if len(hits) == 1 else list(self.rows(self.user).filter(pk=text if text.isdigit() else 0))
            if not hits:
                raise forms.ValidationError(
                    _("There is no unit %(name)s, or several of this name."), params={"name": text}
                )
            found += hits
        return found
