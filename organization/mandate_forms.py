"""Forms of authorities, records of competence, the table of separated duties and reviews of overrides."""

from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from aims.forms import ReasonForm, RecordForm
from organization.commitment_forms import PlaceField
from organization.duties import RULES, AuthorityKind, DutyMode, Tier
from organization.forms import PersonField
from organization.mandates import Authority, CompetenceRecord
from organization.services.mandates import levels_of
from organization.states import Role

DATE = {"type": "date"}


class _Chooses(RecordForm):
    """Gives the pickers the person who chooses."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            if hasattr(field, "user"):
                field.user = self.user


class AuthorityForm(_Chooses):
    """Who may decide what, up to which level, where, until when."""

    owner = PersonField(label=_("Person"), required=False)
    role = forms.ChoiceField(
        label=_("Or whoever holds the role"), required=False, choices=lambda: [("", _("No role")), *Role.choices]
    )
    unit = PlaceField("authority.give", label=_("Unit"), help_text=_("It reaches there and into every unit below."))
    level = forms.ChoiceField(label=_("Up to the level"), required=False)
    groups = (
        (_("Who"), ("owner", "role")),
        (_("What"), ("act", "level")),
        (_("Where and how long"), ("unit", "valid_from", "valid_until", "reason")),
    )

    class Meta:
        model = Authority
        fields = ("owner", "role", "act", "level", "unit", "valid_from", "valid_until", "reason")
        widgets: ClassVar = {"valid_from": forms.DateInput, "valid_until": forms.DateInput, "act": forms.RadioSelect}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        known = dict(pair for act in AuthorityKind.values for pair in levels_of(act))
        self.fields["level"].choices = [("", _now("Every level")), *known.items()]  # type: ignore[attr-defined]
        self.fields["act"].choices = AuthorityKind.choices  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        if bool(data.get("owner")) == bool(data.get("role")) and "owner" not in self.errors:
            self.add_error("owner", _("Name a person or a role, one of the two."))
        return data

    def _post_clean(self) -> None:
        """The service judges the row as a whole."""


class CompetenceForm(_Chooses):
    """What a person is competent for, on what ground, until when."""

    owner = PersonField(label=_("Person"))
    asks = {"ground": _("Which training, examination or experience shows it, and where is the proof?")}

    class Meta:
        model = CompetenceRecord
        fields = ("owner", "title", "ground", "acquired_on", "due_on", "effect")
        labels: ClassVar = {"title": _("Competent for"), "due_on": _("Until")}
        widgets: ClassVar = {
            "acquired_on": forms.DateInput, "due_on": forms.DateInput,
            "ground": forms.Textarea(attrs={"rows": 3}), "effect": forms.Textarea(attrs={"rows": 2}),
        }  # fmt: skip

    def _post_clean(self) -> None:
        """The service judges the row as a whole."""


class RenewForm(CompetenceForm):
    """Confirming it again."""

    class Meta(CompetenceForm.Meta):
        fields = ("ground", "acquired_on", "due_on", "effect")  # type: ignore[assignment]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        del self.fields["owner"]


class FindingForm(ReasonForm):
    """What the review of an override found."""

    reason = None  # type: ignore[assignment]
    finding = forms.CharField(label=_("What you found"), max_length=2000, widget=forms.Textarea(attrs={"rows": 4}))


class DutiesForm(ReasonForm):
    """Every rule for every tier, as it stands in the edition in force; and why it changes."""

    def __init__(self, *args: Any, cells: Any = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        said = cells or {}
        self.groups: list[tuple[Any, list[str]]] = []
        for rule in RULES.values():
            names = []
            for tier in Tier:
                name = f"{rule.id}:{tier.value}"
                self.fields[name] = forms.ChoiceField(
                    label=tier.label, choices=_modes(tier), initial=said.get(rule.id, {}).get(tier, DutyMode.REQUIRED)
                )
                names.append(name)
            self.groups.append((rule.sentence, names))
        self.groups.append((_now("This edition"), ["reason"]))

    def fieldsets(self) -> list[tuple[Any, list[forms.BoundField]]]:
        return [(title, [self[name] for name in names]) for title, names in self.groups]

    def cells(self) -> dict[str, dict[str, str]]:
        return {rule: {tier: self.cleaned_data[f"{rule}:{tier}"] for tier in Tier.values} for rule in RULES}


def _modes(tier: Tier) -> list[tuple[str, Any]]:
    """Where much is at stake nothing but separation."""
    return [(DutyMode.REQUIRED.value, DutyMode.REQUIRED.label)] if tier == Tier.HIGH else list(DutyMode.choices)
