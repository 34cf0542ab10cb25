"""Forms of scopes and of the organization's own controls."""

from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from aims.forms import PickerField, ReasonForm, RecordForm
from controls import policies
from controls.forms.statements import SystemsField, people
from controls.models import AimsScope, Control
from inventory.fields import LinesField, UnitField
from inventory.models import AISystem
from organization.models import Unit


def units(user: Any) -> Any:
    """Units whose scope the person may keep."""
    return Unit.objects.filter(pk__in=[unit.pk for unit in Unit.objects.all() if policies.can_keep_scope(user, unit)])


def give_user(form: Any) -> None:
    """Tell pickers who searches."""
    for one in form.fields.values():
        if hasattr(one, "user"):
            one.user = form.user


class ScopeForm(RecordForm):
    """What a scope says and which systems it lists beside its unit's."""

    owner = PickerField("people", people, ["email", "name"], label=_("Owner"))
    systems = SystemsField(
        label=_("Further AI systems"),
        required=False,
        help_text=_("Systems of other units that the scope covers. Those of its own unit and below are in it anyway."),
    )
    asks = {
        "boundaries": _("Which sites, processes and AI systems are outside, and why is that not cherry-picking?"),
    }

    class Meta:
        model = AimsScope
        fields = ("title", "boundaries", "owner", "confidentiality")
        widgets: ClassVar = {"boundaries": forms.Textarea(attrs={"rows": 6})}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        give_user(self)
        if self.instance.pk:
            seen = AISystem.objects.visible_to(self.user).filter(scopes__scope=self.instance)
            self.initial["systems"] = list(seen.order_by("title"))


class OpenScopeForm(ScopeForm):
    """A new scope: also its unit."""

    unit = UnitField(units, label=_("Unit"), help_text=_("The scope covers this unit and all below it."))
    field_order = ("unit", "title", "boundaries", "systems", "owner", "confidentiality")


class ControlForm(RecordForm):
    """An own control: what it is called, where it comes from, what it asks."""

    evidence = LinesField(label=_("Typical evidence"), required=False, help_text=_("One a line."))
    questions = LinesField(label=_("Questions an auditor asks"), required=False, help_text=_("One a line."))

    class Meta:
        model = Control
        fields = ("title", "origin", "asks")
        widgets: ClassVar = {"asks": forms.Textarea(attrs={"rows": 4})}
        help_texts: ClassVar = {
            "origin": _("Another standard with its number, a contract, a decision of the board, your own practice.")
        }


class WhyForm(ReasonForm):
    """A reason for a verb on a versioned record."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial.setdefault("version", getattr(self.instance, "version", None))


def _units(user: Any) -> Any:
    return Unit.objects.all()


def _systems(user: Any) -> Any:
    return AISystem.objects.visible_to(user)


class DifferForm(WhyForm):
    """Who differs: a unit or an AI system, and why."""

    unit = UnitField(_units, label=_("Unit"), required=False)
    system = PickerField("system", _systems, ["ref", "title"], label=_("AI system"), required=False)
    field_order = ("unit", "system", "reason")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        give_user(self)

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        if not self.errors and bool(data.get("unit")) == bool(data.get("system")):
            raise forms.ValidationError(_("Name a unit or an AI system, one of them."))
        return data
