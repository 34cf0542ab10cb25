"""Forms of people, units, roles, tokens and the own account."""

from datetime import timedelta
from typing import Any
from zoneinfo import available_timezones

from django import forms
from django.conf import settings
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from aims import clock
from aims.forms import PickerField, ReasonForm, RecordForm
from aims.registry import registry
from organization.finders import unit_value
from organization.models import Unit, User
from organization.services.handover import holdings
from organization.services.tokens import possible_scopes
from organization.states import SENTENCES, Role


def visible_units(user: Any) -> Any:
    """Units one may choose."""
    return Unit.objects.visible_to(user)


def visible_people(user: Any) -> Any:
    """People one may choose."""
    return User.objects.visible_to(user).active()


class UnitField(PickerField):
    """A unit the person sees, by name; by number where the name stands twice in the tree."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__("units", visible_units, ("name", "pk"), **kwargs)

    def prepare_value(self, value: Any) -> Any:
        shown = super().prepare_value(value)
        unit = value if isinstance(value, Unit) else Unit.objects.filter(pk=value).first() if _is_key(value) else None
        return unit_value(unit) if unit is not None else shown


def _is_key(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


class PersonField(PickerField):
    """An active person one sees, by e-mail or name."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__("people", visible_people, ("email", "name"), **kwargs)


class _Pickers:
    """Gives the form's pickers the person who chooses."""

    fields: dict[str, forms.Field]

    def __init__(self, *args: Any, user: Any = None, **kwargs: Any) -> None:
        super().__init__(*args, user=user, **kwargs)  # type: ignore[call-arg]
        for field in self.fields.values():
            if isinstance(field, PickerField):
                field.user = user


class ChangePersonForm(_Pickers, RecordForm):
    """What an AIMS manager keeps about a person. The e-mail is not here: it opens the account."""

    unit = UnitField(label=_("Unit"))
    manager = PersonField(label=_("Superior"), required=False)

    class Meta:
        model = User
        fields = ("name", "job_title", "unit", "manager")


class PersonForm(ChangePersonForm):
    """A new account."""

    groups = (
        (_("Person"), ("name", "email", "job_title")),
        (_("Place"), ("unit", "manager")),
        (_("Account"), ("is_program", "language", "time_zone")),
    )

    class Meta:
        model = User
        fields = ("name", "email", "job_title", "unit", "manager", "is_program", "language", "time_zone")
        help_texts = {
            "email": _("The person signs in with it and gets a link to choose a password."),
            "is_program": _("For software that uses the API: gets no password and no mail, only tokens."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _offer_words(self.fields)


class DeactivateForm(ReasonForm):
    """Why the person leaves, and who takes over what they hold."""

    successor = PickerField(
        "people", lambda user: User.objects.visible_to(user).active(), ["email", "name"],
        label=_("Hand everything over to"), required=False,
    )  # fmt: skip

    def __init__(self, *args: Any, user: Any = None, instance: Any = None, **kwargs: Any) -> None:
        super().__init__(*args, user=user, instance=instance, **kwargs)
        field: Any = self.fields["successor"]
        field.user, field.required = user, bool(holdings(instance))
        if not field.required:
            del self.fields["successor"]

    def clean(self) -> dict[str, Any]:
        return {"successor": None, **(super().clean() or {})}


class AccountForm(RecordForm):
    """How AIMS speaks to a person."""

    class Meta:
        model = User
        fields = ("language", "time_zone")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _offer_words(self.fields)


def _offer_words(fields: dict[str, forms.Field]) -> None:
    zones = [(name, name) for name in sorted(available_timezones()) if "/" in name or name == "UTC"]
    fields["language"] = forms.ChoiceField(label=_("Language"), choices=settings.LANGUAGES)
    fields["time_zone"] = forms.ChoiceField(label=_("Time zone"), choices=zones)


class UnitForm(_Pickers, RecordForm):
    """A unit and its place in the tree."""

    parent = UnitField(label=_("Part of"), required=False)
    head = PersonField(label=_("Head"), required=False)

    class Meta:
        model = Unit
        fields = ("name", "kind", "country", "parent", "head")
        help_texts = {"country": _("Two letters, such as DE. Empty when the unit works in several.")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["parent"].required = not (self.instance.pk and self.instance.is_root)

    def clean_country(self) -> str:
        return str(self.cleaned_data["country"]).upper()


def _role_choices() -> list[tuple[str, Any]]:
    """Each role with the sentence that says what it is for."""
    words = '<span>{}<br><span class="muted small">{}</span></span>'
    return [(role.value, format_html(words, role.label, SENTENCES[role])) for role in Role]


class GrantForm(_Pickers, ReasonForm):
    """A role for a person, where, from when until when, and why."""

    role = forms.ChoiceField(label=_("Role"), choices=_role_choices, widget=forms.RadioSelect)
    unit = UnitField(label=_("Unit"), help_text=_("The role holds there and in every unit below."))
    valid_from = forms.DateField(label=_("From"), widget=forms.DateInput(attrs={"type": "date"}))
    valid_until = forms.DateField(
        label=_("Until"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}),
        help_text=_("The last day. Empty: until somebody ends it."),
    )
    field_order = ("role", "unit", "valid_from", "valid_until", "reason")


def scope_words(scope: str) -> str:
    """A scope in words, with its name in the API: "People: change (person.change)"."""
    kind, _dot, act = scope.partition(".")
    known = registry.kinds.get(kind)
    what = str(known.plural) if known else kind.replace("_", " ").capitalize()
    return f"{what}: {act.replace('_', ' ')} ({scope})" if act else str(_("Read everything the owner sees (read)"))


_LIVES = (30, 90, 180, 365)


class TokenForm(ReasonForm):
    """A key for a program. What it may do is chosen one by one; nothing is ticked beforehand but reading."""

    name = forms.CharField(label=_("Name"), max_length=80, help_text=_("The program that will use it."))
    scopes = forms.MultipleChoiceField(label=_("May"), widget=forms.CheckboxSelectMultiple)
    days = forms.TypedChoiceField(
        label=_("Lives"),
        coerce=int,
        choices=lambda: [(days, ngettext("%d day", "%d days", days) % days) for days in _LIVES],
        initial=90,
    )
    field_order = ("name", "scopes", "days", "reason")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = self.fields["scopes"]
        assert isinstance(choices, forms.MultipleChoiceField)
        choices.choices = [(scope, scope_words(scope)) for scope in possible_scopes()]
        choices.initial = ["read"]
        self.fields["reason"].required = False

    def data_for_service(self) -> dict[str, Any]:
        """`days` becomes the moment at which the token dies."""
        data = super().data_for_service()
        lives = timedelta(days=data.pop("days"))
        return {**data, "expires_at": clock.now() + lives}
