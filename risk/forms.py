"""Forms of risk: what is said, what is rated, what is decided."""

from collections.abc import Sequence
from typing import Any, ClassVar

from django import forms
from django.utils.text import format_lazy
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from aims.forms import PickerField, ReasonForm, RecordForm, RowsField
from controls.models import Control
from impact.models import Impact, ImpactAssessment
from inventory.fields import LinesField, UnitField, people, units_for
from inventory.models import AISystem, Component
from organization.commitments import Objective, Obligation
from organization.duties import Override
from organization.services.duties import overrides_allowed
from organization.states import Role
from risk.annex_c import OBJECTIVES, SOURCES
from risk.models import Risk, RiskCriteria, TreatmentAction
from risk.scales import DIMENSIONS
from risk.states import Dimension, Effect, Evaluation, Nature, Option, Trigger, Verdict

DATE = {"type": "date"}


def date_field(label: Any, **more: Any) -> forms.DateField:
    return forms.DateField(label=label, widget=forms.DateInput(attrs=DATE), **more)


def area(label: Any, rows: int = 3, **more: Any) -> forms.CharField:
    more.setdefault("max_length", 4000)
    return forms.CharField(label=label, widget=forms.Textarea(attrs={"rows": rows}), **more)


def systems(user: Any) -> Any:
    return AISystem.objects.visible_to(user).in_life()


def risks(user: Any) -> Any:
    return Risk.objects.visible_to(user)


def components(user: Any) -> Any:
    return Component.objects.visible_to(user)


def aims(user: Any) -> Any:
    return Objective.objects.visible_to(user)


def bonds(user: Any) -> Any:
    return Obligation.objects.visible_to(user)


class WordsField(forms.MultipleChoiceField):
    """Ids of Annex C to tick; own words beside, one a line."""

    def __init__(self, choices: Any, **kwargs: Any) -> None:
        super().__init__(
            choices=[(key, format_lazy("{} {}", key, name)) for key, name in choices.items()],
            widget=forms.CheckboxSelectMultiple,
            required=False,
            **kwargs,
        )


class RiskForm(RecordForm):
    """Everything said about a risk. It is rated by an assessment, never here."""

    system = PickerField("system", systems, ["ref", "title"], label=_("AI system"), required=False)
    family = RowsField(
        "system", systems, "ref", label=_("Further AI systems"), required=False,
        help_text=_("When the risk is stated once for a family of systems."),
    )  # fmt: skip
    unit = UnitField(
        units_for("risk.register"), "risk-units", label=_("Unit"), required=False,
        help_text=_("Only for a risk of no single system: a system's risk stands in the system's unit."),
    )  # fmt: skip
    owner = PickerField("people", people, ["email", "name"], label=_("Owner"))
    component = PickerField(
        "component", components, ["ref", "title"], label=_("Comes from the component"), required=False,
        help_text=_("A shared model, data set or tool: every AI system that uses it inherits the risk."),
    )  # fmt: skip
    inherits_from = PickerField("risk", risks, ["ref"], label=_("Inherits from"), required=False)
    hindered = RowsField("objective", aims, "ref", label=_("Objectives it hinders"), required=False)
    helped = RowsField("objective", aims, "ref", label=_("Objectives it helps"), required=False)
    obligations = RowsField("obligation", bonds, "ref", label=_("Obligations it would break"), required=False)
    sources = WordsField(SOURCES, label=_("Risk sources"))
    own_sources = LinesField(label=_("Own risk sources"), required=False, each=120, help_text=_("One a line."))
    objectives = WordsField(OBJECTIVES, label=_("Objectives concerned"))
    own_objectives = LinesField(label=_("Own objectives"), required=False, each=120, help_text=_("One a line."))
    groups = (
        (_("The risk"), ("title", "nature", "cause", "event", "consequences")),
        (_("Where"), ("system", "family", "unit", "component", "stage", "inherits_from")),
        (_("Where it comes from"), ("sources", "own_sources", "existing_controls")),
        (_("What it touches"), ("objectives", "own_objectives", "hindered", "helped", "obligations")),
        (_("Responsibility"), ("owner", "confidentiality")),
    )
    asks = {
        "cause": _("What brings it about? Name the mechanism, not the topic."),
        "consequences": _("Whom does it hit: us, single people, groups, society?"),
        "existing_controls": _("What already holds it back today, and where can I see that?"),
    }

    class Meta:
        model = Risk
        fields = (
            "title", "nature", "system", "unit", "component", "stage", "inherits_from", "cause", "event", "consequences", "sources",
            "objectives", "existing_controls", "owner", "confidentiality",
        )  # fmt: skip
        widgets: ClassVar = {
            "nature": forms.RadioSelect,
            **{n: forms.Textarea(attrs={"rows": 3}) for n in ("cause", "event", "consequences", "existing_controls")},
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            if hasattr(field, "user"):
                field.user = self.user
        self.fields["nature"].choices = Nature.choices  # type: ignore[attr-defined]
        for name, known in (("sources", SOURCES), ("objectives", OBJECTIVES)):
            values = self.initial.get(name) or []
            self.initial[name] = [value for value in values if value in known]
            self.initial[f"own_{name}"] = [value for value in values if value not in known]
        if self.instance.pk:
            self.initial["family"] = [part.system for part in self.instance.family.select_related("system")]
            self._link_initials()

    def _link_initials(self) -> None:
        """The objectives and obligations it is linked to, as far as the person sees them."""
        rows = list(self.instance.objective_rows.filter(objective__in=aims(self.user)).select_related("objective"))
        for name, effect in (("hindered", Effect.HINDERS), ("helped", Effect.HELPS)):
            self.initial[name] = [row.objective for row in rows if row.effect == effect]
        bound = self.instance.obligation_rows.filter(obligation__in=bonds(self.user)).select_related("obligation")
        self.initial["obligations"] = [row.obligation for row in bound]

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        if set(data.get("hindered") or ()) & set(data.get("helped") or ()):
            self.add_error("helped", _("It hinders an objective or helps it, not both."))
        if not data.get("system") and not data.get("unit") and "unit" not in self.errors:
            self.add_error("unit", _("Name the AI system, or the unit that keeps the risk."))
        return data

    def _post_clean(self) -> None:
        """The service judges the row as a whole; the unit may come from the system only there."""

    def data_for_service(self) -> dict[str, Any]:
        found = super().data_for_service()
        for name in ("sources", "objectives"):
            found[name] = [*found[name], *found.pop(f"own_{name}")]
        if found["system"] is not None:
            found["unit"] = found["system"].unit
        pairs = ((found.pop("hindered"), Effect.HINDERS), (found.pop("helped"), Effect.HELPS))
        found["objective_rows"] = [(row, effect) for rows, effect in pairs for row in rows]
        return found


class ActForm(forms.Form):
    """Base of forms that act on a risk: `version` is what was opened."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    groups: Sequence[tuple[Any, Sequence[str]]] = ()
    asks: ClassVar[dict[str, Any]] = {}

    def __init__(self, *args: Any, user: Any = None, instance: Any = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user, self.instance = user, instance
        self.initial.setdefault("version", getattr(instance, "version", None))
        for field in self.fields.values():
            if hasattr(field, "user"):
                field.user = user

    def fieldsets(self) -> list[tuple[Any, list[forms.BoundField]]]:
        if not self.groups:
            return [("", list(self.visible_fields()))]
        return [(title, [self[name] for name in names if name in self.fields]) for title, names in self.groups]

    def data_for_service(self) -> dict[str, Any]:
        return {name: value for name, value in self.cleaned_data.items() if name != "version"}

    refuse = RecordForm.refuse


def step_choices(criteria: RiskCriteria, name: str) -> list[tuple[str, str]]:
    """The scale's steps with its words beside the number."""
    return [(str(s["rating"]), f"{s['rating']} {s['label']}: {s['definition']}") for s in criteria.steps(name)]


# Chosen, never the default: what nobody looked at is not “does not apply”.
NOT_RATED = "none"


def rating_field(criteria: RiskCriteria, name: str, label: Any, *, optional: bool) -> forms.TypedChoiceField:
    last = [(NOT_RATED, _("Does not apply"))] if optional else []
    said = _("Rate this consequence, or say why it does not apply.") if optional else _("Rate the likelihood.")
    return forms.TypedChoiceField(
        label=label, choices=[*step_choices(criteria, name), *last], coerce=_step, empty_value=None,
        widget=forms.RadioSelect, error_messages={"required": said},
    )  # fmt: skip


def _step(value: str) -> int | None:
    return None if value == NOT_RATED else int(value)


class AssessForm(ActForm):
    """Likelihood and every dimension, with the words of the criteria in force; nothing is rated beforehand."""

    def __init__(self, *args: Any, criteria: RiskCriteria, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["likelihood"] = rating_field(criteria, "likelihood", _("Likelihood"), optional=False)
        self.fields["likelihood_reason"] = area(_("Why so likely"), 2)
        self.groups = [(_("Likelihood"), ("likelihood", "likelihood_reason"))]
        for name in DIMENSIONS:
            label = Dimension(name).label
            self.fields[name] = rating_field(criteria, name, _("Consequence"), optional=True)
            self.fields[f"{name}_reason"] = area(_("Reason"), 2, required=False)
            self.groups.append((label, (name, f"{name}_reason")))
        self.fields["trigger"] = forms.ChoiceField(label=_("Why now"), choices=Trigger.choices)
        self.fields["assessors"] = RowsField(
            "people", people, "email", label=_("Assessed together with"), required=False
        )  # fmt: skip
        self.fields["assessors"].user = self.user  # type: ignore[attr-defined]
        self.fields["next_review_on"] = date_field(_("Next review"))
        self.groups.append((_("This assessment"), ("trigger", "assessors", "next_review_on")))

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        for name in DIMENSIONS:
            if name not in self.errors and data.get(name) is None and not (data.get(f"{name}_reason") or "").strip():
                self.add_error(f"{name}_reason", _("Rate this consequence, or say why it does not apply."))
        return data


def controls(user: Any) -> Any:
    return Control.objects.all()


NEW_ACTIONS = 4


class TreatForm(ActForm):
    """A plan: what is done, which controls it needs, what it should leave, who does what by when."""

    option = forms.ChoiceField(label=_("Option"), choices=Option.choices, widget=forms.RadioSelect)
    rationale = area(_("Rationale"), 3)
    controls = RowsField("risk-controls", controls, "number", label=_("Controls of Annex A"), required=False)
    own_controls = LinesField(label=_("Own controls"), required=False, each=300, help_text=_("One a line."))

    def __init__(self, *args: Any, criteria: RiskCriteria, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rated = _add_ratings(self, criteria)
        self.groups = [
            (_("The plan"), ("option", "rationale", "controls", "own_controls")),
            (_("What it should leave"), rated),
        ]
        for number in range(1, NEW_ACTIONS + 1):
            self.groups.append((_("Action %(number)d") % {"number": number}, self._action(number)))

    def _action(self, number: int) -> list[str]:
        what, who, when = (f"action_{number}_{part}" for part in ("what", "owner", "due"))
        self.fields[what] = forms.CharField(label=_("What"), max_length=200, required=False)
        self.fields[who] = PickerField("people", people, ["email", "name"], label=_("Who"), required=False)
        self.fields[who].user = self.user  # type: ignore[attr-defined]
        self.fields[when] = date_field(_("By when"), required=False)
        return [what, who, when]

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        for number in range(1, NEW_ACTIONS + 1):
            given = [data.get(f"action_{number}_{part}") for part in ("what", "owner", "due")]
            if any(given) and not all(given):
                self.add_error(f"action_{number}_what", _("An action says what, who and by when."))
        return data

    def actions(self) -> list[dict[str, Any]]:
        data = self.cleaned_data
        rows = [
            {"title": data[f"action_{n}_what"], "owner": data[f"action_{n}_owner"], "due_on": data[f"action_{n}_due"]}
            for n in range(1, NEW_ACTIONS + 1)
        ]
        return [row for row in rows if row["title"]]


def _add_ratings(form: forms.Form, criteria: RiskCriteria) -> list[str]:
    """Short choices of every rating: 3 Possible."""
    names = ("likelihood", *DIMENSIONS)
    for name in names:
        label = _("Likelihood") if name == "likelihood" else Dimension(name).label
        steps = [(str(step["rating"]), f"{step['rating']} {step['label']}") for step in criteria.steps(name)]
        blank = _("Choose") if name == "likelihood" else _("Does not apply")
        form.fields[name] = forms.TypedChoiceField(
            label=label, choices=[("", blank), *steps], coerce=int, empty_value=None, required=name == "likelihood"
        )  # fmt: skip
    return list(names)


class DecidingForm(ActForm):
    """Base of decisions: a reason, conditions, and where the organization allows it the override of a rule."""

    reason = area(_("Reason"), 3)
    conditions = area(_("Conditions"), 2, required=False)
    override_reason = area(
        _("Why you decide although the duties should be separated"), 2, required=False, max_length=2000,
        help_text=_("Only where a rule stands against it and your organization allows the override."),
    )  # fmt: skip
    override_safeguard = area(_("What keeps it safe"), 2, required=False, max_length=2000)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not overrides_allowed():
            del self.fields["override_reason"], self.fields["override_safeguard"]

    def override(self) -> Override | None:
        reason, safeguard = (self.cleaned_data.get(f"override_{name}") or "" for name in ("reason", "safeguard"))
        return Override(reason, safeguard) if reason.strip() or safeguard.strip() else None


class PlanDecisionForm(DecidingForm):
    approved = forms.TypedChoiceField(
        label=_("Decision"), choices=[("yes", _("Approve the plan")), ("no", _("Return it to who proposed it"))],
        coerce=lambda value: value == "yes", widget=forms.RadioSelect,
    )  # fmt: skip
    field_order = ("version", "approved", "reason", "conditions")


class VerifyForm(DecidingForm):
    reason = None  # type: ignore[assignment]
    conditions = None  # type: ignore[assignment]
    verdict = forms.ChoiceField(label=_("Verdict"), choices=Verdict.choices, widget=forms.RadioSelect)
    method = area(_("How it was verified"), 3)

    def __init__(self, *args: Any, criteria: RiskCriteria, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rated = _add_ratings(self, criteria)
        self.groups = [
            (_("Verdict"), ("verdict", "method")),
            (_("What is left"), rated),
        ]
        if "override_reason" in self.fields:
            self.groups.append((_("Separation of duties"), ("override_reason", "override_safeguard")))


class AcceptForm(DecidingForm):
    until = date_field(_("Until"), help_text=_("A year at most; then it is looked at again."))
    field_order = ("version", "reason", "conditions", "until")


class CriteriaApprovalForm(DecidingForm):
    conditions = None  # type: ignore[assignment]


class SittingForm(forms.Form):
    """Accept several risks at once, with one reason and one end; each is recorded singly."""

    risks = forms.MultipleChoiceField(label=_("Risks"), widget=forms.CheckboxSelectMultiple)
    reason = area(_("Reason"), 3)
    conditions = area(_("Conditions"), 2, required=False)
    until = date_field(_("Until"))

    def __init__(self, *args: Any, rows: Sequence[Risk] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["risks"].choices = [(f"{r.ref}:{r.version}", str(r)) for r in rows]  # type: ignore[attr-defined]


class CloseForm(ReasonForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial.setdefault("version", getattr(self.instance, "version", None))


class HarmForm(ActForm):
    """Which harm of an impact assessment the risk stands for."""

    harm = forms.ModelChoiceField(label=_("Harm"), queryset=Impact.objects.none(), empty_label=_("Choose"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["harm"].queryset = harms_for(self.instance, self.user)  # type: ignore[attr-defined]


def harms_for(risk: Any, user: Any) -> Any:
    """Harms of the assessments of a risk's systems that the person sees and that it does not stand for yet."""
    systems = [risk.system_id, *risk.family.values_list("system_id", flat=True)]
    seen = ImpactAssessment.objects.visible_to(user).filter(system__in=[pk for pk in systems if pk])
    rows = Impact.objects.filter(assessment__in=seen, direction="harm").exclude(risk_links__risk=risk)
    return rows.order_by("-severity", "pk")


class ActionForm(RecordForm):
    """What an action says."""

    owner = PickerField("people", people, ["email", "name"], label=_("Who"))

    class Meta:
        model = TreatmentAction
        fields = ("title", "owner", "due_on", "resources")
        widgets: ClassVar = {"due_on": forms.DateInput, "resources": forms.Textarea(attrs={"rows": 2})}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["owner"].user = self.user  # type: ignore[attr-defined]


class AddActionForm(ActForm):
    title = forms.CharField(label=_("What"), max_length=200)
    owner = PickerField("people", people, ["email", "name"], label=_("Who"))
    due_on = date_field(_("By when"))
    resources = area(_("Resources"), 2, required=False, max_length=2000)


class DoneForm(ActForm):
    result = area(_("What came of it"), 3, required=False)


class CriteriaForm(RecordForm):
    """Every word of the criteria. Steps keep their number; levels and who may accept them are one row each."""

    owner = PickerField("people", people, ["email", "name"], label=_("Owner"))

    class Meta:
        model = RiskCriteria
        fields = ("appetite", "owner", "due_on")
        widgets: ClassVar = {"appetite": forms.Textarea(attrs={"rows": 3}), "due_on": forms.DateInput}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["owner"].user = self.user  # type: ignore[attr-defined]
        self.groups = [(_now("Appetite"), ("appetite", "owner", "due_on")), *self._levels(), *self._scales()]

    def _scales(self) -> list[tuple[str, list[str]]]:
        found = []
        for name in ("likelihood", *DIMENSIONS):
            title = _now("Likelihood") if name == "likelihood" else str(Dimension(name).label)
            names = []
            for step in self.instance.steps(name):
                key = f"{name}_{step['rating']}"
                self.fields[f"{key}_label"] = forms.CharField(
                    label=_now("Step %(number)d") % {"number": step["rating"]}, max_length=40, initial=step["label"]
                )
                self.fields[f"{key}_definition"] = forms.CharField(
                    label=_now("What step %(number)d means") % {"number": step["rating"]}, max_length=300,
                    initial=step["definition"],
                )  # fmt: skip
                names += [f"{key}_label", f"{key}_definition"]
            found.append((title, names))
        return found

    def _levels(self) -> list[tuple[str, list[str]]]:
        found = []
        for level in self.instance.levels:
            key = f"level_{level['id']}"
            self.fields[f"{key}_name"] = forms.CharField(label=_now("Name"), max_length=40, initial=level["name"])
            for end, label in (("from", _now("From score")), ("to", _now("To score"))):
                self.fields[f"{key}_{end}"] = forms.IntegerField(
                    label=label, min_value=1, max_value=49, initial=level[end]
                )
            self.fields[f"{key}_evaluation"] = forms.ChoiceField(
                label=_now("What it means"), choices=Evaluation.choices, initial=level["evaluation"]
            )
            self.fields[f"{key}_roles"] = forms.MultipleChoiceField(
                label=_now("Who may accept it"), choices=Role.choices, required=False,
                initial=self.instance.authority[level["id"]], widget=forms.CheckboxSelectMultiple,
            )  # fmt: skip
            names = [f"{key}_{part}" for part in ("name", "from", "to", "evaluation", "roles")]
            found.append((_now("Level “%(name)s”") % {"name": level["name"]}, names))
        return found

    def data_for_service(self) -> dict[str, Any]:
        data, row = self.cleaned_data, self.instance
        levels = [
            {
                "id": one["id"],
                **{part: data[f"level_{one['id']}_{part}"] for part in ("name", "from", "to", "evaluation")},
            }
            for one in row.levels
        ]
        return {
            **{name: data[name] for name in ("appetite", "owner", "due_on")},
            "likelihood": self._scale("likelihood"),
            "consequence": {name: self._scale(name) for name in DIMENSIONS},
            "levels": levels,
            "authority": {one["id"]: data[f"level_{one['id']}_roles"] for one in row.levels},
        }

    def _scale(self, name: str) -> list[dict[str, Any]]:
        return [
            {
                "rating": s["rating"],
                **{p: self.cleaned_data[f"{name}_{s['rating']}_{p}"] for p in ("label", "definition")},
            }
            for s in self.instance.steps(name)
        ]
