"""Fields that the inventory's forms are made of: pickers, lists of lines, codes with names."""

from collections.abc import Callable, Mapping
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from aims.access import access_of
from aims.forms import Picker, PickerField
from inventory.models import AISystem, Component, Supplier
from inventory.services.parts import ENTITIES
from inventory.states import MEANINGS
from organization.models import Unit, User

NOT_STATED = ("", _("Not stated"))


class Unsure(forms.NullBooleanSelect):
    """Yes, no, or not stated yet."""

    def __init__(self, no: Any, yes: Any) -> None:
        super().__init__()
        self.choices = [("unknown", NOT_STATED[1]), ("false", no), ("true", yes)]


class LinesField(forms.CharField):
    """A list, one entry a line."""

    def __init__(self, *, each: int = 200, **kwargs: Any) -> None:
        kwargs.setdefault("widget", forms.Textarea(attrs={"rows": 4}))
        super().__init__(max_length=8000, **kwargs)
        self.each = each

    def prepare_value(self, value: Any) -> Any:
        return "\n".join(value) if isinstance(value, list) else value

    def clean(self, value: Any) -> Any:
        lines = [line.strip() for line in str(super().clean(value) or "").splitlines() if line.strip()]
        if any(len(line) > self.each for line in lines):
            raise ValidationError(_("Each line has at most %(most)s characters."), params={"most": self.each})
        return list(dict.fromkeys(lines))


class CodesField(forms.CharField):
    """Several codes of a list, chosen by code or name, separated by commas."""

    def __init__(self, source: str, names: Mapping[str, Any], named: Callable[[str], str], **kwargs: Any) -> None:
        kwargs.setdefault("widget", Picker(source, attrs={"data-multiple": ""}))
        super().__init__(max_length=2000, **kwargs)
        self.names, self.named = names, named

    def prepare_value(self, value: Any) -> Any:
        return ", ".join(value) if isinstance(value, list) else value

    def chosen(self, value: Any) -> list[dict[str, str]]:
        return [{"value": code, "label": self.named(code)} for code in value or []]

    def clean(self, value: Any) -> Any:
        parts = [part.strip() for part in str(super().clean(value) or "").split(",") if part.strip()]
        return list(dict.fromkeys(self._code(part) for part in parts))

    def _code(self, text: str) -> str:
        for code in self.names:
            if text.lower() in (code.lower(), self.named(code).lower(), str(self.names[code]).lower()):
                return code
        raise ValidationError(_("“%(text)s” is not on the list."), params={"text": text})


class UnitField(PickerField):
    """A unit by its name, or by its number where several share a name."""

    def __init__(self, rows: Any, source: str = "units", **kwargs: Any) -> None:
        super().__init__(source, rows, ["name", "pk"], **kwargs)

    def prepare_value(self, value: Any) -> Any:
        unit = self.rows(self.user).filter(pk=value).first() if isinstance(value, int) else value
        if not isinstance(unit, Unit):
            return value or ""
        alone = self.rows(self.user).filter(name__iexact=unit.name).count() == 1
        return unit.name if alone else str(unit.pk)


def people(user: Any) -> Any:
    return User.objects.visible_to(user).active()


def units_for(verb: str) -> Callable[[Any], Any]:
    """Units in which the person may do the verb."""
    return lambda user: Unit.objects.filter(pk__in=sorted(access_of(user).units_for(verb)))


def suppliers(user: Any) -> Any:
    return Supplier.objects.visible_to(user)


def systems(user: Any) -> Any:
    return AISystem.objects.visible_to(user).in_life()


def components(user: Any) -> Any:
    return Component.objects.visible_to(user).filter(state="in_use")


def entities_for(system: AISystem) -> Callable[[Any], Any]:
    """Legal entities that may hold a role: those the person sees and those above the system's unit."""

    def rows(user: Any) -> Any:
        above = Unit.objects.filter(pk__in=system.unit.path)
        return (Unit.objects.visible_to(user) | above).filter(kind__in=ENTITIES)

    return rows


def explained(choices: Any) -> list[tuple[str, Any]]:
    """A scale with what each value means, "not stated" first."""
    return [NOT_STATED, *((value, format_lazy("{}: {}", label, MEANINGS[value])) for value, label in choices.choices)]
