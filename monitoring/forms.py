"""Forms of concerns: raising one in a few fields, and what handlers say."""

from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from aims import clock
from aims.forms import ActForm, PickerField, ReasonForm, RecordForm, Refusable
from aims.models import Record
from monitoring.models import Concern
from monitoring.policies import possible_handlers
from monitoring.states import Verdict
from organization.models import User


def area(label: Any, rows: int = 4, **more: Any) -> forms.CharField:
    more.setdefault("max_length", 4000)
    return forms.CharField(label=label, widget=forms.Textarea(attrs={"rows": rows}), **more)


class AnonymousForm(RecordForm):
    """What happened, in everybody's words; no name."""

    class Meta:
        model = Concern
        fields: tuple[str, ...] = ("told", "sort", "about", "named")
        widgets: ClassVar = {"told": forms.Textarea(attrs={"rows": 6}), "named": forms.Textarea(attrs={"rows": 2})}
        help_texts: ClassVar = {
            "told": _("What did you see or hear, when, and what worries you about it? Facts help more than proof."),
            "about": _("As far as you know; a name or a rough description is enough."),
            "named": _(
                "Whoever you name here by full name or e-mail, one a line, never gets to see this, whatever their role."
            ),
        }


class ConcernForm(AnonymousForm):
    """The same by name, which can be kept."""

    class Meta(AnonymousForm.Meta):
        fields = (*AnonymousForm.Meta.fields, "name_kept")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name_kept"].initial = True


class CodeForm(Refusable, forms.Form):
    """The code that was given when an anonymous concern was raised; perhaps more to say."""

    code = forms.CharField(
        label=_("Your code"),
        max_length=60,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )


class SayForm(ActForm):
    """A message, or a note."""

    text = area(_("Message"))


class NoteForm(ActForm):
    """What only the handlers read."""

    text = area(_("Note"))


class AcknowledgeForm(ActForm):
    """The first word to who raised it."""

    text = area(_("Message to who raised it"), help_text=_("Thank them; say who looks into it and what happens next."))


class LookForm(ActForm):
    """Nothing to say."""


class AnswerForm(ActForm):
    """What came of it."""

    verdict = forms.ChoiceField(label=_("Outcome"), choices=Verdict.choices, widget=forms.RadioSelect)
    reasons = area(_("Why"), help_text=_("Who raised it reads this: what you looked at, what you found."))
    outcome = area(_("What follows from it"), required=False, help_text=_("Who raised it reads this too."))


class CloseForm(ReasonForm):
    """Closed after the answer."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].required = False


class AssignForm(ActForm):
    """Another handler, and why."""

    to = forms.ChoiceField(
        label=_("Handled by"), help_text=_("People with a role that handles concerns here, who are not involved in it.")
    )
    reason = area(_("Reason"), 3, max_length=2000)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.people = {one.email: one for one in possible_handlers(self.instance, on=clock.today())}
        self.fields["to"].choices = [(email, one.name or email) for email, one in self.people.items()]  # type: ignore[attr-defined]

    def data_for_service(self) -> dict[str, Any]:
        data = super().data_for_service()
        return {**data, "to": self.people[data["to"]]}


class NameForm(ActForm):
    """Somebody who turns out to be involved."""

    person = PickerField("people", lambda user: User.objects.active(), ["email", "name"], label=_("Person"))
    reason = area(_("Reason"), 3, max_length=2000)


def records(user: Any) -> Any:
    return Record.objects.visible_to(user)


class LinkForm(ActForm):
    """A record it has to do with."""

    record = PickerField("records", records, ["ref", "title"], label=_("Record"))


class UnlinkForm(ActForm):
    """A link that was wrong."""

    record = forms.ModelChoiceField(Record.objects.none(), label=_("Record"), to_field_name="ref")
    reason = area(_("Reason"), 3, max_length=2000)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        linked = Record.objects.visible_to(self.user).filter(pk__in=self.instance.links.values("record"))
        self.fields["record"].queryset = linked  # type: ignore[attr-defined]
