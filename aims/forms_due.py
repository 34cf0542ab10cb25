"""Forms of tasks, absence and notifications."""

from typing import Any

from django import forms
from django.contrib.auth import get_user_model
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from aims.forms import PickerField, RecordForm, Refusable
from aims.models import Wishes
from aims.states import Outcome


def _people(user: Any) -> Any:
    return get_user_model()._default_manager.filter(is_active=True)


def _person(label: Any, **more: Any) -> PickerField:
    return PickerField("people", _people, ("email", "name"), label=label, **more)


def _day(label: Any) -> forms.DateField:
    widget = forms.DateInput()
    widget.input_type = "date"
    return forms.DateField(label=label, widget=widget)


class TaskForm(Refusable, forms.Form):
    """Base: knows who asks and puts a service's refusal beside its fields."""

    def __init__(self, *args: Any, user: Any = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user


class CompleteForm(TaskForm):
    outcome = forms.ChoiceField(label=_("What did you find?"), choices=Outcome.choices, initial=Outcome.CONFIRMED)
    looked_at = forms.CharField(
        label=_("What did you look at?"),
        help_text=_("An auditor will ask: which records, which evidence, whom did you speak to?"),
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 4}),
    )


class SnoozeForm(TaskForm):
    until = _day(_("Until"))
    reason = forms.CharField(label=_("Why can it wait?"), max_length=500)


class BlockForm(TaskForm):
    reason = forms.CharField(label=_("It waits for"), max_length=500)


class ReassignForm(TaskForm):
    to = _person(pgettext_lazy("person", "To"))
    reason = forms.CharField(label=_("Why?"), max_length=500)


class AskForm(TaskForm):
    asked = forms.CharField(label=_("What should be looked at?"), max_length=300)
    day = _day(_("By when"))
    assignee = _person(_("Who"), required=False, help_text=_("Empty: the record's owner."))


class LeaveForm(TaskForm):
    first = _day(_("First day"))
    last = _day(_("Last day"))
    deputy = _person(_("Who stands in?"))
    reason = forms.CharField(label=_("Reason"), max_length=200, required=False)


class WishesForm(RecordForm):
    """One's own settings. `upcoming` is stored as what one does not want."""

    upcoming = forms.BooleanField(
        label=_("Also tell me what is coming within a week"),
        help_text=_("What is due or overdue is always told: it is a duty."),
        required=False,
    )
    deputy = _person(_("Deputy"), required=False, help_text=_("Is told first when something of yours stays undone."))

    class Meta:
        model = Wishes
        fields = ("digest_hour", "quiet_from", "quiet_until", "rest_days", "deputy")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["upcoming"].initial = "upcoming" not in self.instance.muted

    def data_for_service(self) -> dict[str, Any]:
        data = super().data_for_service()
        data["muted"] = [] if data.pop("upcoming") else ["upcoming"]
        return data
