"""Forms of proposing and of triage."""

from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from aims.forms import PickerField, ReasonForm, RecordForm
from inventory.fields import people
from inventory.models import AISystem, Proposal
from inventory.proposal_states import ANSWERS, ProposalState


class ProposalForm(RecordForm):
    """Four fields, in everybody's words."""

    class Meta:
        model = Proposal
        fields = ("title", "purpose", "tool")
        widgets: ClassVar = {"purpose": forms.Textarea(attrs={"rows": 3})}
        help_texts: ClassVar = {
            "title": _("What would people call it?"),
            "tool": _("Which product, model or supplier, as far as you know."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["purpose"].required = True


class TriageForm(ReasonForm):
    """What is it, and why?"""

    answer = forms.ChoiceField(
        label=pgettext_lazy("noun", "Answer"),
        widget=forms.RadioSelect,
        choices=[(one.value, one.label) for one in ANSWERS],
    )
    system = PickerField(
        "system", lambda user: AISystem.objects.visible_to(user).in_life(), ["ref", "title"],
        label=_("Part of"), required=False,
    )  # fmt: skip
    owner = PickerField("people", people, ["email", "name"], label=_("Owner of the new system"), required=False)
    field_order = ("answer", "system", "owner", "reason")

    def __init__(self, *args: Any, user: Any = None, instance: Any = None, **kwargs: Any) -> None:
        super().__init__(*args, user=user, instance=instance, **kwargs)
        for name in ("system", "owner"):
            self.fields[name].user = user  # type: ignore[attr-defined]
        self.initial.setdefault("version", instance.version)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("answer") == ProposalState.PART and not data.get("system") and "system" not in self.errors:
            self.add_error("system", _("Say which system it is part of."))
        return data
