"""Forms around the grid of statements: the same change for several rows, and copying from another scope."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from aims.forms import PickerField, ReasonForm
from controls.forms.statements import RowForm, people
from controls.models import AimsScope
from controls.states import Applicability, Status

AS_IT_IS = ("", _("As it is"))


class TickedForm(forms.Form):
    """What every ticked row gets. Justifications are written one by one: the same for all would fit none."""

    applicability = forms.ChoiceField(label=_("Decision"), choices=[AS_IT_IS, *Applicability.choices], required=False)
    status = forms.ChoiceField(label=_("Status"), choices=[AS_IT_IS, *Status.choices], required=False)
    owner = PickerField("people", people, ["email", "name"], label=_("Owner"), required=False)
    due_on = forms.DateField(label=_("Due"), required=False, widget=forms.DateInput(attrs={"type": "date"}))

    def __init__(self, data: Any, rows: Sequence[RowForm]) -> None:
        super().__init__(data, prefix="ticked")
        self.open = frozenset(name for row in rows for name, one in row.fields.items() if not one.disabled)
        for name in set(self.fields) - self.open:
            del self.fields[name]

    def changes(self, row: RowForm) -> dict[str, Any]:
        """What the row gets: nothing unless it was ticked; only what was filled in."""
        if self.data.get(tick_of(row)) != "on":
            return {}
        return {name: value for name, value in self.cleaned_data.items() if value and not row.fields[name].disabled}


def tick_of(row: RowForm) -> str:
    """The name of a row's box."""
    return f"tick-{row.statement.ref}"


class CopyForm(ReasonForm):
    """From which scope, and why its words hold here."""

    source = forms.ModelChoiceField(label=_("From"), queryset=AimsScope.objects.none())
    field_order = ("source", "reason")

    def __init__(self, *args: Any, others: Sequence[AimsScope], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        source: Any = self.fields["source"]
        source.queryset = AimsScope.objects.filter(pk__in=[one.pk for one in others]).order_by("title")
