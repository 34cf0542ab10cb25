"""Bodies of the API, read from the forms of the pages: one declaration of fields, checks and words for both."""

from collections.abc import Mapping
from functools import cache
from typing import Any

from django import forms
from rest_framework import serializers

from aims.forms import PickerField, RowsField
from inventory.fields import LinesField

HIDDEN = ("version", "edition")


@cache
def body_of(form: Any) -> type[serializers.Serializer[Any]]:
    """A serializer with the form's fields: for the schema, for shapes and for unknown fields."""
    fields = {name: _field(one) for name, one in form.base_fields.items() if name not in HIDDEN}
    name = form.__name__.removesuffix("Form") + "Body"
    return type(name, (serializers.Serializer,), {**fields, "__doc__": form.__doc__ or "What the verb is given."})


def _field(one: Any) -> Any:
    said = {"required": False, "help_text": str(one.label or "")}
    if isinstance(one, RowsField | LinesField):
        return serializers.ListField(child=serializers.CharField(max_length=400), **said)  # type: ignore[arg-type]
    if isinstance(one, forms.DateField):
        return serializers.DateField(allow_null=True, **said)  # type: ignore[arg-type]
    if isinstance(one, forms.IntegerField):
        return serializers.IntegerField(allow_null=True, **said)  # type: ignore[arg-type]
    if isinstance(one, forms.TypedChoiceField) and dict(one.choices).keys() == {"yes", "no"}:  # type: ignore[arg-type]
        return serializers.BooleanField(**said)  # type: ignore[arg-type]
    most = getattr(one, "max_length", None) or (400 if isinstance(one, PickerField) else 20_000)
    return serializers.CharField(allow_blank=True, allow_null=True, max_length=most, **said)  # type: ignore[arg-type]


def as_form_data(form: Any, given: Mapping[str, Any]) -> dict[str, Any]:
    """What came as the form reads it from a page."""
    return {name: _flat(form.base_fields[name], value) for name, value in given.items()}


def _flat(one: Any, value: Any) -> Any:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return ("\n" if isinstance(one, LinesField) else ", ").join(map(str, value))
    return value


def as_it_stands(form: Any) -> dict[str, Any]:
    """The fields of a bound record as a page would send them unchanged: what a partial change starts from."""
    found = {}
    for bound in form:
        value = bound.value()
        if value is not None and bound.name not in HIDDEN:
            found[bound.name] = value
    return found


def clean(form: Any) -> dict[str, Any]:
    """What the form gives to the service, or a ValidationError by field."""
    if form.is_valid():
        return dict(form.data_for_service())
    wrong = {name: [str(one) for one in errors] for name, errors in form.errors.items()}
    raise serializers.ValidationError(
        {"non_field_errors" if name == "__all__" else name: words for name, words in wrong.items()}
    )
