"""Forms of obligations and objectives."""

from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from aims.access import access_of
from aims.forms import PickerField, ReasonForm, RecordForm, RowsField
from aims.models import Record
from organization.commitments import Objective, Obligation
from organization.forms import PersonField
from organization.models import Unit

SYSTEM = "system"  # the kind that obligations and objectives may be limited to


def systems(user: Any) -> Any:
    return Record.objects.visible_to(user).filter(kind=SYSTEM)


def units_for(verb: str) -> Any:
    """Units in which the person may do the verb."""
    return lambda user: Unit.objects.filter(pk__in=sorted(access_of(user).units_for(verb)))


class PlaceField(PickerField):
    """A unit in which the person may do the verb, by name or number."""

    def __init__(self, verb: str, **kwargs: Any) -> None:
        super().__init__("units", units_for(verb), ["name", "pk"], **kwargs)


class ReachForm(RecordForm):
    """Base of forms whose record may be limited to some AI systems."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            if hasattr(field, "user"):
                field.user = self.user
        if self.instance.pk:
            rows = self.instance.reach.filter(record__in=systems(self.user)).select_related("record")
            self.initial["reach"] = [one.record for one in rows]


class ObligationForm(ReachForm):
    """What an obligation says."""

    unit = PlaceField("obligation.register", label=_("Unit"), help_text=_("It holds there and in every unit below."))
    owner = PersonField(label=_("Owner"))
    reach = RowsField(SYSTEM, systems, "ref", label=_("AI systems"), required=False,
                      help_text=_("Only where it is about some of them."))  # fmt: skip
    url = forms.URLField(label=_("Where it is written"), max_length=500, required=False, assume_scheme="https")
    groups = (
        (_("The obligation"), ("title", "sort", "source", "url", "asks", "holds_from")),
        (_("Where it holds"), ("unit", "reach")),
        (_("Responsibility"), ("owner", "due_on", "confidentiality")),
    )
    asks = {
        "source": _("Which law, contract or standard, and where in it?"),
        "asks": _("What do you do differently because of it?"),
    }

    class Meta:
        model = Obligation
        fields = (
            "title", "sort", "source", "url", "asks", "holds_from", "unit", "owner", "due_on", "confidentiality",
        )  # fmt: skip
        widgets: ClassVar = {
            "sort": forms.RadioSelect, "holds_from": forms.DateInput, "due_on": forms.DateInput,
            "asks": forms.Textarea(attrs={"rows": 4}),
        }  # fmt: skip
        labels: ClassVar = {"due_on": _("Next review")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["due_on"].required = True
        self.fields["sort"].choices = Obligation._meta.get_field("sort").choices  # type: ignore[attr-defined]


class ObjectiveForm(ReachForm):
    """An objective with its plan; empty parts are asked for when it is adopted."""

    unit = PlaceField("objective.draft", label=_("Unit"), help_text=_("It holds there and in every unit below."))
    owner = PersonField(label=_("Responsible"))
    reach = RowsField(SYSTEM, systems, "ref", label=_("AI systems"), required=False)
    theme = forms.CharField(
        label=_("Theme"), max_length=120, required=False, help_text=_("Such as C.2.5 Fairness, or your own."),
    )  # fmt: skip
    groups = (
        (_("The objective"), ("title", "theme", "measurable", "measure")),
        (_("The plan"), ("work", "resources", "owner", "due_on", "evaluation")),
        (_("Where it holds"), ("unit", "reach", "confidentiality")),
    )
    asks = {
        "measure": _("By which number will you know, and where does it come from?"),
        "evaluation": _("Who looks at the result, how and when?"),
    }

    class Meta:
        model = Objective
        fields = (
            "title", "theme", "measurable", "measure", "work", "resources", "owner", "due_on", "evaluation", "unit",
            "confidentiality",
        )  # fmt: skip
        widgets: ClassVar = {
            "due_on": forms.DateInput,
            **{name: forms.Textarea(attrs={"rows": 3}) for name in ("measure", "work", "resources", "evaluation")},
        }
        labels: ClassVar = {"due_on": _("By when")}


class CloseObjectiveForm(ReasonForm):
    """Whether an objective was reached, and what came of it."""

    reason = None  # type: ignore[assignment]
    verb = forms.ChoiceField(
        label=_("What became of it"), widget=forms.RadioSelect,
        choices=[("reach", _("Reached")), ("miss", _("Not reached")), ("drop", _("Given up"))],
    )  # fmt: skip
    result = forms.CharField(label=_("What came of it"), max_length=4000, widget=forms.Textarea(attrs={"rows": 4}))

    def fieldsets(self) -> list[tuple[Any, list[forms.BoundField]]]:
        return [("", list(self.visible_fields()))]
