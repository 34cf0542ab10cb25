"""Forms of committees: the body, its members, sittings, votes, outcomes, minutes."""

from datetime import date
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from aims.access import access_of
from aims.forms import ActForm, PickerField, RecordForm
from organization.committee_states import Choice, Function
from organization.committees import Committee
from organization.models import Unit, User

DATE = {"type": "date"}
CONDITION_HELP = _("One a line, with its day in front: 2026-09-30 Publish the summary.")


def people(user: Any) -> Any:
    return User.objects.visible_to(user).active()


def units(user: Any) -> Any:
    return Unit.objects.filter(pk__in=sorted(access_of(user).units_for("committee.found")))


def date_field(label: Any, **more: Any) -> forms.DateField:
    return forms.DateField(label=label, widget=forms.DateInput(attrs=DATE), **more)


def area(label: Any, rows: int = 3, most: int = 2000, **more: Any) -> forms.CharField:
    return forms.CharField(label=label, max_length=most, widget=forms.Textarea(attrs={"rows": rows}), **more)


class CommitteeForm(RecordForm):
    """What the committee is for, and how it decides."""

    unit = PickerField("units", units, ["name", "pk"], label=_("Unit"))
    owner = PickerField("people", people, ["email", "name"], label=_("Owner"))
    asks = {
        "purpose": _("What comes before it, and what may it decide alone?"),
        "quorum": _("How many members must vote so that a decision counts? Authors of what is decided never count."),
    }

    class Meta:
        model = Committee
        fields = ("title", "purpose", "quorum", "majority", "unit", "owner")
        widgets: ClassVar = {"majority": forms.RadioSelect, "purpose": forms.Textarea(attrs={"rows": 3})}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("unit", "owner"):
            self.fields[name].user = self.user  # type: ignore[attr-defined]
        if self.instance.pk:
            del self.fields["unit"]


class MemberForm(ActForm):
    person = PickerField("people", people, ["email", "name"], label=_("Person"))
    function = forms.ChoiceField(label=_("Function"), choices=Function.choices, initial="member")
    since = date_field(_("From"))
    ground = forms.CharField(
        label=_("What the person brings"), max_length=300, required=False, help_text=_("Law, ethics, data, customers …")
    )


class EndForm(ActForm):
    until = date_field(_("Last day"))
    reason = area(_("Reason"), 2)


class ReasonActForm(ActForm):
    reason = area(_("Reason"), 3)


class SittingForm(ActForm):
    held_on = date_field(_("Day"))
    place = forms.CharField(label=_("Place or call"), max_length=200, required=False)


class PresentForm(ActForm):
    """Who of the members is there."""

    present = forms.MultipleChoiceField(
        label=_("Present"), widget=forms.CheckboxSelectMultiple, required=False,
        help_text=_("Members on the day of the sitting."),
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        members = self.instance.committee.members.on(self.instance.held_on).select_related("person")
        self.people = {str(one.person_id): one.person for one in members}
        rows = [(str(one.person_id), f"{one.person}, {one.get_function_display()}") for one in members]
        self.fields["present"].choices = rows  # type: ignore[attr-defined]
        here = self.instance.attendances.values_list("person_id", flat=True)
        self.initial.setdefault("present", [str(pk) for pk in here])

    def here(self) -> list[Any]:
        return [self.people[key] for key in self.cleaned_data["present"]]


class VoteForm(ActForm):
    choice = forms.ChoiceField(label=_("Your vote"), widget=forms.RadioSelect)
    reason = area(_("Your reason"), 2, required=False, help_text=_("Who dissents is quoted with it."))

    def __init__(self, *args: Any, matter: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offered = [*matter.options, Choice.ABSTAIN.value]
        self.fields["choice"].choices = [(one, Choice(one).label) for one in offered]  # type: ignore[attr-defined]


class ConditionsField(forms.CharField):
    """Conditions, one a line, each with its day in front; a list of (text, day)."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("label", _("Conditions"))
        kwargs.setdefault("help_text", CONDITION_HELP)
        super().__init__(max_length=8000, required=False, widget=forms.Textarea(attrs={"rows": 3}), **kwargs)

    def clean(self, value: Any) -> Any:
        lines = [line.strip() for line in str(super().clean(value) or "").splitlines() if line.strip()]
        return [_condition(line) for line in lines]


def _condition(line: str) -> tuple[str, date]:
    day, _space, text = line.partition(" ")
    try:
        found = date.fromisoformat(day)
    except ValueError as error:
        raise ValidationError(_("Begin each line with a day such as 2026-09-30: “%(line)s”."),
                              params={"line": line[:60]}) from error  # fmt: skip
    if not text.strip():
        raise ValidationError(_("Say what is asked by %(day)s."), params={"day": day})
    return text.strip(), found


class OutcomeForm(ActForm):
    """What the votes decided, in words."""

    reason = area(_("Reasons of the committee"), 3, 4000)
    until = date_field(_("Holds until"), required=False, help_text=_("Needed for an approval."))
    conditions = ConditionsField()


class MinutesForm(ActForm):
    minutes = area(_("Minutes"), 14, 20000)
