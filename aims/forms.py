"""Forms: drawn by the kit's templates, checked by the model's own rules, saved by services."""

import json
from collections.abc import Iterable, Mapping, Sequence
from copy import copy
from typing import Any

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import models
from django.forms.renderers import TemplatesSetting
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from aims.importing import own


class Renderer(TemplatesSetting):
    """Django's own form rendering with the kit's templates."""

    form_template_name = "kit/_form_fields.html"
    field_template_name = "kit/_field.html"


class Refusable:
    """A form that can show what a service refused."""

    def refuse(self: Any, error: ValidationError) -> None:
        """Put a service's refusal next to its fields; what belongs to none goes on top."""
        if not hasattr(error, "error_dict"):
            self.add_error(None, error)
            return
        for name, messages in error.error_dict.items():
            self.add_error(name if name in self.fields else None, messages)


class RecordForm(Refusable, forms.ModelForm):
    """Form of a governed record. `groups` names the fieldsets; `version` is what the person opened.

    It validates field by field; the service decides and saves. `save` is refused.
    """

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    # ((title, (field, …)), …); empty: one group of all fields
    groups: Sequence[tuple[Any, Sequence[str]]] = ()
    # field → what an auditor will ask about it, in our own words
    asks: Mapping[str, Any] = {}
    # whether it asks the fields that the organization added to the kind
    asks_own = False

    def __init__(self, *args: Any, user: Any = None, instance: Any = None, **kwargs: Any) -> None:
        # Checking writes what was typed into the form's row: never into the one that policies and services judge.
        super().__init__(*args, **{**kwargs, "instance": copy(instance)})
        self.user = user
        if self.instance.pk:
            self.initial["version"] = getattr(self.instance, "version", None)
        self.own = own.form_fields(self.instance.kind) if self.asks_own else {}
        for name, added in self.own.items():
            self.fields[name] = added
            self.initial[name] = own.form_value(self.instance.own.get(name.removeprefix(own.PREFIX)))
        for field in self.fields.values():
            if isinstance(field.widget, forms.DateInput):
                field.widget.input_type = "date"

    def data_for_service(self) -> dict[str, Any]:
        """The cleaned fields without the version; own fields together as `own`."""
        given = {name: value for name, value in self.cleaned_data.items() if name != "version" and name not in self.own}
        if not self.own:
            return given
        typed = {name.removeprefix(own.PREFIX): self.cleaned_data[name] for name in self.own}
        return {**given, "own": own.values_of(self.instance.kind, self.instance.own, typed)}

    def fieldsets(self) -> list[tuple[Any, list[forms.BoundField]]]:
        if not self.groups:
            return [("", list(self.visible_fields()))]
        groups = [(title, [self[name] for name in names if name in self.fields]) for title, names in self.groups]
        return [*groups, (_("Own fields"), [self[name] for name in self.own])] if self.own else groups

    def _update_errors(self, errors: ValidationError) -> None:
        """A rule of the model that names a field which this form does not show is told on top."""
        if hasattr(errors, "error_dict"):
            shown: dict[str, list[Any]] = {}
            for name, found in errors.error_dict.items():
                shown.setdefault(name if name in self.fields else NON_FIELD_ERRORS, []).extend(found)
            errors = ValidationError(shown)
        super()._update_errors(errors)  # type: ignore[misc]

    def save(self, commit: bool = True) -> Any:
        raise NotImplementedError("services save")


class ReasonForm(Refusable, forms.Form):
    """Verbs that decide ask for a reason, never only "are you sure"."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    reason = forms.CharField(label=_("Reason"), max_length=2000, widget=forms.Textarea(attrs={"rows": 3}))

    def __init__(self, *args: Any, user: Any = None, instance: Any = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user, self.instance = user, instance

    def data_for_service(self) -> dict[str, Any]:
        return {name: value for name, value in self.cleaned_data.items() if name != "version"}


class ActForm(Refusable, forms.Form):
    """A form of fields for one verb on a record; `version` is what was opened. Fields that search know who asks."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    groups: Sequence[tuple[Any, Sequence[str]]] = ()
    asks: Mapping[str, Any] = {}

    def __init__(self, *args: Any, user: Any = None, instance: Any = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user, self.instance = user, instance
        self.initial.setdefault("version", getattr(instance, "version", None))
        for field in self.fields.values():
            self.prepare(field)

    def prepare(self, field: forms.Field) -> None:
        """Tell a field who asks; let dates be picked. Fields added later want it too."""
        if hasattr(field, "user"):
            field.user = self.user
        if isinstance(field.widget, forms.DateInput):
            field.widget.input_type = "date"

    def fieldsets(self) -> list[tuple[Any, list[forms.BoundField]]]:
        if not self.groups:
            return [("", list(self.visible_fields()))]
        return [(title, [self[name] for name in names if name in self.fields]) for title, names in self.groups]

    def data_for_service(self) -> dict[str, Any]:
        """The cleaned fields without the version."""
        return {name: value for name, value in self.cleaned_data.items() if name != "version"}


class Picker(forms.TextInput):
    """A field that searches on the server. `source` names the list to search: people, units or a kind."""

    template_name = "kit/_picker.html"

    def __init__(self, source: str, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs)
        self.source = source

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        context["widget"]["url"] = reverse("pick", args=[self.source])
        return context


def chosen(rows: Iterable[tuple[Any, str]]) -> str:
    """How a picker calls what is chosen now: (value, label) pairs as its `data-chosen`."""
    return json.dumps([{"value": str(value), "label": label} for value, label in rows])


class PickerField(forms.Field):
    """One row chosen by searching. Accepts what people type or paste: its reference, e-mail or exact name.

    `rows(user)` gives the rows one may choose; `keys` the columns by which a typed text finds one.
    """

    def __init__(self, source: str, rows: Any, keys: Sequence[str], **kwargs: Any) -> None:
        kwargs.setdefault("widget", Picker(source))
        super().__init__(**kwargs)
        self.rows, self.keys, self.user = rows, keys, None

    def prepare_value(self, value: Any) -> Any:
        row = self.rows(self.user).filter(pk=value).first() if isinstance(value, int) else value
        if not isinstance(row, models.Model):
            return row if row is not None else ""
        key = getattr(row, self.keys[0])
        self.widget.attrs["data-chosen"] = chosen([(key, str(row))])
        return key

    def to_python(self, value: Any) -> Any:
        if isinstance(value, int):  # a field that may not be changed gives its row's key
            return self.rows(self.user).filter(pk=value).first()
        text = str(value or "").strip()
        if not text:
            return None
        for key in self.keys if "\x00" not in text else ():
            found = list(self.rows(self.user).filter(**{f"{key}__iexact": text})[:2])
            if len(found) == 1:
                return found[0]
        raise ValidationError(_("Nothing here is called “%(text)s”. Choose from the list."), params={"text": text})


class RowsField(forms.CharField):
    """Several rows by reference, number or e-mail, separated by commas; only ones the person may choose."""

    def __init__(self, source: str, rows: Any, key: str, **kwargs: Any) -> None:
        super().__init__(widget=Picker(source, attrs={"data-multiple": ""}), max_length=4000, **kwargs)
        self.rows, self.key, self.user = rows, key, None

    def prepare_value(self, value: Any) -> Any:
        if not isinstance(value, list):
            return value
        self.widget.attrs["data-chosen"] = chosen([(getattr(row, self.key), str(row)) for row in value])
        return ", ".join(str(getattr(row, self.key)) for row in value)

    def clean(self, value: Any) -> Any:
        fold = str.lower if self.key == "email" else str.upper
        wanted = {fold(part.strip()) for part in str(super().clean(value) or "").split(",") if part.strip()}
        found = list(self.rows(self.user).filter(**{f"{self.key}__in": wanted}))
        unknown = wanted - {fold(getattr(row, self.key)) for row in found}
        if unknown:
            raise ValidationError(_("There is no %(names)s."), params={"names": ", ".join(sorted(unknown))})
        return found
