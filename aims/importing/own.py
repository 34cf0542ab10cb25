"""Own fields wherever a record shows: on its page, in its register and export, in forms and the API."""

from collections.abc import Mapping
from dataclasses import replace
from functools import reduce
from operator import or_
from typing import Any

from django import forms
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _
from rest_framework import serializers

from aims.importing.fields import Unclear, own_value
from aims.listing import Column, Filter, Table
from aims.models import OwnField, OwnValues
from aims.states import OwnType
from aims.ui import Fact

PREFIX = "own_"


def takes_own(model: Any) -> bool:
    """Whether records of this model have own fields at all."""
    return isinstance(model, type) and issubclass(model, OwnValues)


def asked_of(kind: str) -> list[OwnField]:
    """The fields that are asked of a kind now."""
    return list(OwnField.objects.filter(kind=kind, ended=False))


def facts_of(record: Any) -> list[tuple[Any, list[Fact]]]:
    """A group for the record's page: what is asked, and what was said when it still was; nothing where there is none."""
    if not takes_own(type(record)):
        return []
    known = OwnField.objects.filter(kind=record.kind)
    facts = [
        Fact(own.label, shown(record.own.get(own.key)), missing=_("Not stated yet"))
        for own in known
        if not own.ended or own.key in record.own
    ]
    return [(_("Own fields"), facts)] if facts else []


def shown(value: Any) -> Any:
    """A value in words."""
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    return "" if value is None else ", ".join(value) if isinstance(value, list) else value


def with_own(table: Table, model: Any) -> Table:
    """The register with a column for each own field and a filter for those with few values."""
    if not takes_own(model):
        return table
    own = asked_of(table.kind)
    filters = [_filter(one) for one in own if one.sort in (*OwnType.listed(), OwnType.YES_NO)]
    return (
        replace(table, columns=[*table.columns, *map(_column, own)], filters=[*table.filters, *filters])
        if own
        else table
    )


def _column(own: OwnField) -> Column:
    return Column(f"{PREFIX}{own.key}", own.label, lambda record: shown(record.own.get(own.key)), shown=False)


def _filter(own: OwnField) -> Filter:
    """Rows by the value of an own field."""
    known: Mapping[str, Any] = {"yes": True, "no": False} if own.sort == OwnType.YES_NO else {c: c for c in own.choices}

    def choices(user: Any) -> list[tuple[str, Any]]:
        return [(name, shown(value)) for name, value in known.items()]

    def apply(rows: QuerySet[Any], values: list[str]) -> QuerySet[Any]:
        if own.sort == OwnType.TAGS:
            return rows.filter(reduce(or_, (Q(**{f"own__{own.key}__contains": [value]}) for value in values)))
        return rows.filter(**{f"own__{own.key}__in": [known[value] for value in values]})

    return Filter(f"{PREFIX}{own.key}", own.label, choices, apply=apply)


def form_fields(kind: str) -> dict[str, forms.Field]:
    """A form field for each own field, by its name in the form."""
    return {f"{PREFIX}{own.key}": _form_field(own) for own in asked_of(kind)}


def _form_field(own: OwnField) -> forms.Field:
    if own.sort == OwnType.NUMBER:
        return forms.FloatField(label=own.label, required=False)
    if own.sort == OwnType.DAY:
        return forms.DateField(label=own.label, required=False, widget=forms.DateInput(attrs={"type": "date"}))
    if own.sort == OwnType.YES_NO:
        choices = [("", _("Not stated")), ("yes", _("Yes")), ("no", _("No"))]
        return forms.ChoiceField(label=own.label, required=False, choices=choices)
    if own.sort == OwnType.CHOICE:
        return forms.ChoiceField(
            label=own.label, required=False, choices=[("", _("Not stated")), *((c, c) for c in own.choices)]
        )
    if own.sort == OwnType.TAGS:
        return forms.MultipleChoiceField(
            label=own.label, required=False, choices=[(c, c) for c in own.choices], widget=forms.CheckboxSelectMultiple
        )
    return forms.CharField(label=own.label, required=False, max_length=4000)


def form_value(value: Any) -> Any:
    """A kept value as its form field shows it."""
    return ("yes" if value else "no") if isinstance(value, bool) else value


def values_of(kind: str, kept: Mapping[str, Any], typed: Mapping[str, Any]) -> dict[str, Any]:
    """What the record keeps after a form or a body: typed values of the fields asked, everything else as it was.

    Raises ValidationError of the framework for an unknown field or a value of another type.
    """
    known = {own.key: own for own in asked_of(kind)}
    found, wrong = dict(kept), {}
    for key, value in typed.items():
        try:
            found[key] = own_value(known[key], _text(value))
        except KeyError:
            wrong[key] = [_("There is no field of this name.")]
        except Unclear as error:
            wrong[key] = [str(error)]
    if wrong:
        raise serializers.ValidationError(wrong)
    return {key: value for key, value in found.items() if value is not None}


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return "; ".join(map(str, value))
    return "" if value is None else str(value)


class OwnValuesField(serializers.DictField):
    """Own fields by key; a body names those it sets, and null empties one."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(child=serializers.JSONField(allow_null=True), required=False, **kwargs)

    def to_internal_value(self, data: Any) -> dict[str, Any]:
        typed = super().to_internal_value(data)
        serializer: Any = self.parent
        kept = getattr(serializer.instance, "own", {}) if serializer.instance is not None else {}
        return values_of(serializer.Meta.model.kind, kept, typed)
