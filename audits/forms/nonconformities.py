"""Forms of nonconformities, corrective actions and the improvement log."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from aims.forms import RecordForm
from audits.forms.fields import (
    ActForm,
    RowsField,
    area,
    clause_field,
    control_field,
    date_field,
    nonconformities,
    person_field,
    record_field,
    system_field,
    unit_field,
)
from audits.models import CorrectiveAction, Improvement, Nonconformity
from audits.states import Bone, CauseMethod
from inventory.fields import LinesField

YES_NO = (("yes", _("Yes")), ("no", _("No")))
NEW_ACTIONS = 3


class WhereForm(RecordForm):
    """A record of one system, or of a unit."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            if hasattr(field, "user"):
                field.user = self.user

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        if "system" in self.fields and not data.get("system") and not data.get("unit") and "unit" not in self.errors:
            self.add_error("unit", _("Name the AI system, or the unit that keeps it."))
        return data

    def _post_clean(self) -> None:
        """The service judges the row as a whole; the unit may come from the system only there."""

    def data_for_service(self) -> dict[str, Any]:
        found = super().data_for_service()
        if found.get("system") is not None:
            found["unit"] = found["system"].unit
        return found


class NonconformityForm(WhereForm):
    """What requirement is not met, where, how we know."""

    system = system_field()
    unit = unit_field("nonconformity.raise", help_text=_("Only when it is of no single system."))
    owner = person_field(_("Owner"))
    clause = clause_field()
    control = control_field()
    source_record = record_field(_("Source"), required=False, help_text=_("The incident, review or other record."))
    groups = (
        (_("What is not as it should be"), ("title", "requirement", "clause", "control", "description", "grade")),
        (_("Where and from what"), ("system", "unit", "source", "source_record", "detected_on")),
        (_("Responsibility"), ("owner", "due_on", "confidentiality")),
    )
    asks = {
        "requirement": _("Which requirement exactly, in your words?"),
        "description": _("What did you see, where and when, so that somebody else sees it too?"),
    }

    class Meta:
        model = Nonconformity
        fields = (
            "title", "requirement", "clause", "control", "description", "grade", "system", "unit", "source",
            "source_record", "detected_on", "owner", "due_on", "confidentiality",
        )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["due_on"].required = False


class ContainForm(ActForm):
    containment = area(_("What was done at once"))
    consequences = area(_("Consequences and how they are dealt with"))
    contained_on = date_field(_("On"), required=False)


class AnalyseForm(ActForm):
    """Cause, and where else the same may be."""

    cause_method = forms.ChoiceField(label=_("Method"), choices=CauseMethod.choices, widget=forms.RadioSelect)
    cause_steps = LinesField(
        label=_("Steps"), required=False, each=400,
        help_text=_("Five whys: one answer a line. Fishbone: “people: …”, “method: …”, “data: …” and so on, one a line."),
    )  # fmt: skip
    root_cause = area(_("Root cause"))
    similar_where = area(_("Where similar cases were looked for"), 2)
    similar_result = area(_("What was found"), 2)
    similar = RowsField("nonconformity", nonconformities, "ref", label=_("Similar nonconformities"), required=False)
    groups = (
        (_("Cause"), ("cause_method", "cause_steps", "root_cause")),
        (_("Similar cases"), ("similar_where", "similar_result", "similar")),
    )

    def clean_cause_steps(self) -> list[str]:
        steps: list[str] = self.cleaned_data["cause_steps"]
        if self.cleaned_data.get("cause_method") != CauseMethod.FISHBONE:
            return steps
        branches = {word.lower() for bone in Bone for word in (bone.value, str(bone.label))}
        if any(step.partition(":")[0].strip().lower() not in branches for step in steps):
            named = ", ".join(sorted(str(bone.label) for bone in Bone))
            raise forms.ValidationError(_("Begin each line with a branch: %(names)s."), params={"names": named})
        return steps


class PlanForm(ActForm):
    """Actions in proportion, how we shall know that they worked, from when, and who judges it."""

    action_needed = forms.TypedChoiceField(
        label=_("Is corrective action needed?"), choices=YES_NO, coerce=lambda value: value == "yes",
        widget=forms.RadioSelect,
    )  # fmt: skip
    no_action_reason = area(_("Why not"), 2, required=False)
    proportionality = area(_("Why this is proportionate"), 2, required=False)
    effect_criteria = area(
        _("How we shall know that it worked"), 2, help_text=_("Set before, so that nobody moves it afterwards.")
    )
    effect_from = date_field(
        _("Judged from"), required=False, help_text=_("At least 30 days after the last action, 90 for a major one.")
    )
    reviewer = person_field(_("Judged by"), help_text=_("Somebody who carries out none of the actions."))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.groups = [
            (_("Is action needed"), ("action_needed", "no_action_reason", "proportionality")),
            (_("Effect"), ("effect_criteria", "effect_from", "reviewer")),
            *(
                (_("Action %(number)d") % {"number": number}, self._action(number))
                for number in range(1, NEW_ACTIONS + 1)
            ),
        ]

    def _action(self, number: int) -> list[str]:
        what, who, when = (f"action_{number}_{part}" for part in ("what", "owner", "due"))
        self.fields[what] = forms.CharField(label=_("What"), max_length=200, required=False)
        self.fields[who] = person_field(_("Who"), required=False)
        self.fields[who].user = self.user  # type: ignore[attr-defined]
        self.fields[when] = date_field(_("By when"), required=False)
        return [what, who, when]

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        for number in range(1, NEW_ACTIONS + 1):
            given = [data.get(f"action_{number}_{part}") for part in ("what", "owner", "due")]
            if any(given) and not all(given):
                self.add_error(f"action_{number}_what", _("Each action says what, who and by when."))
        return data

    def data_for_service(self) -> dict[str, Any]:
        found = super().data_for_service()
        actions = []
        for number in range(1, NEW_ACTIONS + 1):
            title, owner, due_on = (found.pop(f"action_{number}_{part}") for part in ("what", "owner", "due"))
            if title:
                actions.append({"title": title, "owner": owner, "due_on": due_on})
        return {**found, "actions": actions}


class NewActionForm(ActForm):
    title = forms.CharField(label=_("What"), max_length=200)
    owner = person_field(_("Who"))
    due_on = date_field(_("By when"))

    def data_for_service(self) -> dict[str, Any]:
        return {"data": super().data_for_service()}


class HandOverForm(ActForm):
    aims_changes = area(
        _("Changes to the AIMS"), 2, help_text=_("Policies, procedures, controls; or that none is needed.")
    )
    risk_update = area(_("Changes to risks"), 2, help_text=_("Risks added or rated again; or that none is needed."))


class JudgeForm(ActForm):
    effective = forms.TypedChoiceField(
        label=_("Did it work, by the criteria set in advance?"), choices=YES_NO, coerce=lambda value: value == "yes",
        widget=forms.RadioSelect,
    )  # fmt: skip
    findings = area(_("What you saw"))


class ReasonForm(ActForm):
    reason = area(_("Reason"), 3)


class CorrectiveActionForm(WhereForm):
    owner = person_field(_("Who"))

    class Meta:
        model = CorrectiveAction
        fields = ("title", "owner", "due_on")


class ResultForm(ActForm):
    result = area(_("What came of it"), 3)


class ImprovementForm(WhereForm):
    """An idea with an owner and a date."""

    system = system_field()
    unit = unit_field("improvement.register")
    owner = person_field(_("Owner"))

    class Meta:
        model = Improvement
        fields = ("title", "idea", "system", "unit", "owner", "due_on", "confidentiality")


class EndImprovementForm(ActForm):
    carried_out = forms.TypedChoiceField(
        label=_("Was it carried out?"), choices=YES_NO, coerce=lambda value: value == "yes", widget=forms.RadioSelect
    )
    outcome = area(_("What came of it, or why not"), 3)
