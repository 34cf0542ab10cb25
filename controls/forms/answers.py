"""Form of the gap assessment."""

from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from aims.forms import PickerField, RecordForm
from controls.forms.statements import people
from controls.models import ClauseAnswer
from controls.states import AnswerState


class AnswerForm(RecordForm):
    """What was found of a clause, and who closes the gap by when."""

    state = forms.ChoiceField(label=_("What is there"), choices=AnswerState.choices, widget=forms.RadioSelect)
    owner = PickerField("people", people, ["email", "name"], label=_("Who closes the gap"), required=False)
    groups = (
        (_("What was found"), ("state", "found")),
        (_("Closing the gap"), ("owner", "due_on")),
    )
    asks = {"found": _("What did you look at, whom did you ask? Name the documents and records you saw.")}

    class Meta:
        model = ClauseAnswer
        fields = ("found", "due_on")
        widgets: ClassVar = {"found": forms.Textarea(attrs={"rows": 5}), "due_on": forms.DateInput}
        labels: ClassVar = {"due_on": _("By when")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["owner"].user = self.user  # type: ignore[attr-defined]
        if self.instance.pk:
            self.initial.update(state=self.instance.state, owner=self.instance.owner)

    def _get_validation_exclusions(self) -> set[str]:
        """Leaves what follows from an answer to the service."""
        return {*super()._get_validation_exclusions(), "due_on"}  # type: ignore[misc]
