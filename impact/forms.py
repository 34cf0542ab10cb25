"""Forms of impact: screening, the steps of an assessment, what is rated, opinions and decisions."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from aims.forms import ActForm, PickerField
from controls.models import Control
from impact import questions, templates
from impact.models import ImpactAssessment
from impact.states import (
    ANALYSED,
    Confidence,
    Dimension,
    Direction,
    Discipline,
    Duration,
    Level,
    Likelihood,
    MeasureKind,
    PartyRole,
    Publication,
    Reversibility,
    Scale,
    Scenario,
    Severity,
    Tier,
    Trigger,
    Use,
    Verdict,
)
from inventory.countries import COUNTRIES, country_name
from inventory.fields import CodesField, people
from inventory.models import AISystem
from organization.committee_forms import ConditionsField
from organization.committees import Committee
from organization.duties import Override
from organization.services.duties import overrides_allowed

DATE = {"type": "date"}
NONE = ("", _("Not said"))


def date_field(label: Any, **more: Any) -> forms.DateField:
    return forms.DateField(label=label, widget=forms.DateInput(attrs=DATE), **more)


def area(label: Any, rows: int = 3, most: int = 2000, **more: Any) -> forms.CharField:
    return forms.CharField(label=label, max_length=most, widget=forms.Textarea(attrs={"rows": rows}), **more)


def steps(label: Any, choices: Any, *, required: bool = True, **more: Any) -> forms.TypedChoiceField:
    """A rated step in words; nothing is chosen beforehand."""
    rows = choices.choices if required else [NONE, *choices.choices]
    return forms.TypedChoiceField(
        label=label, choices=rows, coerce=int, empty_value=None, required=required, widget=forms.RadioSelect, **more
    )


def systems(user: Any) -> Any:
    return AISystem.objects.visible_to(user).in_life()


def controls(user: Any) -> Any:
    return Control.objects.all()


class QuestionsForm(ActForm):
    """The questions of a screening, each yes, no or unsure with a note; nothing is answered beforehand."""

    answered = ((questions.YES, _("Yes")), (questions.NO, _("No")), (questions.UNSURE, _("Unsure")))
    field_order = ("version",)

    def __init__(self, *args: Any, edition: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.ids: list[str] = []
        for one in questions.screening_questions(edition):
            self._add(one)
        self.fields["jurisdictions"] = CodesField("countries", COUNTRIES, country_name, label=_("Jurisdictions"),
                                                  required=False, help_text=_("Where those affected live."))  # fmt: skip
        self.fields["tier"] = forms.ChoiceField(
            label=_("Tier"), required=False, choices=[("", _("As the answers ask")), *Tier.choices],
            help_text=_("You may raise it, with a note that says why."),
        )  # fmt: skip
        self.fields["note"] = area(_("Note"), 2, required=False)

    def _add(self, one: Mapping[str, str]) -> None:
        name = one["id"]
        self.ids.append(name)
        self.fields[f"q_{name}"] = forms.ChoiceField(
            label=one["title"], choices=self.answered, widget=forms.RadioSelect, help_text=one["help"],
            error_messages={"required": _("Answer this question.")},
        )  # fmt: skip
        self.fields[f"n_{name}"] = forms.CharField(
            label=_("Note"), max_length=500, required=False, widget=forms.TextInput(attrs={"placeholder": _("Note")})
        )

    def asked(self) -> list[tuple[forms.BoundField, forms.BoundField]]:
        """Each question beside its note."""
        return [(self[f"q_{name}"], self[f"n_{name}"]) for name in self.ids]

    def data_for_service(self) -> dict[str, Any]:
        data = self.cleaned_data
        answers = {name: [data[f"q_{name}"], data.get(f"n_{name}") or ""] for name in self.ids}
        return {"answers": answers, **{name: data[name] for name in ("jurisdictions", "tier", "note")}}

    def refuse(self, error: ValidationError) -> None:
        """Questions are fields with a prefix."""
        if hasattr(error, "error_dict"):
            found = {f"q_{name}" if name in self.ids else name: said for name, said in error.error_dict.items()}
            error = ValidationError(found)
        super().refuse(error)


class ReasonForm(ActForm):
    reason = area(_("Reason"), 3)


class DecidingForm(ActForm):
    """A decision: the reason, and where the organization allows it the override of a rule of separated duties."""

    reason = area(_("Reason"), 3)
    override_reason = area(
        _("Why you decide although the duties should be separated"), 2, required=False,
        help_text=_("Only where a rule stands against it and your organization allows the override."),
    )  # fmt: skip
    override_safeguard = area(_("What keeps it safe"), 2, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not overrides_allowed():
            del self.fields["override_reason"], self.fields["override_safeguard"]

    def override(self) -> Override | None:
        reason, safeguard = (self.cleaned_data.get(f"override_{name}") or "" for name in ("reason", "safeguard"))
        return Override(reason, safeguard) if reason.strip() or safeguard.strip() else None


class ApproveForm(DecidingForm):
    valid_until = date_field(_("Valid until"))
    conditions = ConditionsField()
    field_order = ("version", "reason", "conditions", "valid_until")


class AllowForm(ReasonForm):
    conditions = ConditionsField()
    valid_until = date_field(_("Allowed until"), help_text=_("A year at most."))


class ReferForm(ActForm):
    committee = forms.ModelChoiceField(label=_("Committee"), queryset=Committee.objects.none())

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows = Committee.objects.visible_to(self.user).active().order_by("title")
        field: Any = self.fields["committee"]
        field.queryset = rows
        if rows.count() == 1:
            field.initial = rows.first()


class OpenForm(ActForm):
    """Which system, and why now."""

    system = PickerField("system", systems, ["ref"], label=_("AI system"))
    trigger = forms.ChoiceField(label=_("Why now"), choices=Trigger.choices)
    trigger_note = area(_("What brought it about"), 2, 1000, required=False)
    owner = PickerField("people", people, ["email", "name"], label=_("Owner"))
    due_on = date_field(_("To be done by"), required=False)
    template = forms.ChoiceField(
        label=_("Begin from"), required=False, choices=[("", _("Empty")), *templates.names()],
        help_text=_("Texts and ratings of a usual kind of system, to be made true of yours. The first assessment only."),
    )  # fmt: skip


class PartyForm(ActForm):
    name = forms.CharField(
        label=_("Who"), max_length=120, help_text=_("A group in a few words: sellers on the marketplace.")
    )
    level = forms.ChoiceField(label=pgettext_lazy("group", "Level"), choices=Level.choices, widget=forms.RadioSelect)
    role = forms.ChoiceField(label=_("Concerned how"), choices=PartyRole.choices, initial=PartyRole.AFFECTED)
    vulnerable = forms.BooleanField(label=_("Includes vulnerable people"), required=False)
    note = area(_("How they meet the system"), 2, 1000, required=False)


class ImpactForm(ActForm):
    """One benefit or harm, rated by words; nothing is rated beforehand."""

    party: Any = forms.ModelChoiceField(label=_("Party"), queryset=None)
    dimension = forms.ChoiceField(label=_("Dimension"), choices=Dimension.choices)
    direction = forms.ChoiceField(label=_("Benefit or harm"), choices=Direction.choices, widget=forms.RadioSelect)
    scenario = forms.ChoiceField(label=_("When"), choices=Scenario.choices, widget=forms.RadioSelect)
    description = area(_("What happens to them"), 3, 1000)
    severity = steps(_("Severity"), Severity, help_text=_("For a benefit: how much it helps."))
    scale = steps(_("How many in a year"), Scale)
    likelihood = steps(_("Likelihood"), Likelihood)
    reversibility = forms.ChoiceField(
        label=_("Can it be undone"), choices=[NONE, *Reversibility.choices], required=False
    )
    duration = forms.ChoiceField(label=_("How long"), choices=[NONE, *Duration.choices], required=False)
    vulnerable = forms.BooleanField(label=_("Hits vulnerable people"), required=False)
    confidence = forms.ChoiceField(label=_("How sure are you"), choices=Confidence.choices, initial=Confidence.MEDIUM)
    rationale = area(_("Why rated so"), 2, 1000, required=False)
    measures: Any = forms.ModelMultipleChoiceField(
        label=_("Measures that answer it"), queryset=None, required=False, widget=forms.CheckboxSelectMultiple
    )
    residual_severity = steps(_("Severity with the measures"), Severity, required=False)
    residual_likelihood = steps(_("Likelihood with the measures"), Likelihood, required=False)
    groups = (
        (_("What, for whom"), ("party", "dimension", "direction", "scenario", "description")),
        (_("How bad, or how good"), ("severity", "scale", "likelihood", "reversibility", "duration", "vulnerable")),
        (_("How sure"), ("confidence", "rationale")),
        (_("With the measures"), ("measures", "residual_severity", "residual_likelihood")),
    )
    asks = {
        "description": _("Could the person it happens to recognize themselves in this sentence?"),
        "rationale": _("What do you know, and what do you assume?"),
        "residual_severity": _("Leave it empty while no measure works yet."),
    }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        parties, measures = self.fields["party"], self.fields["measures"]
        parties.queryset = self.instance.parties.all()  # type: ignore[attr-defined]
        measures.queryset = self.instance.measures.all()  # type: ignore[attr-defined]
        if not self.instance.measures.exists():
            del self.fields["measures"]

    def data_for_service(self) -> dict[str, Any]:
        data = super().data_for_service()
        data["measures"] = [row.pk for row in data.get("measures") or ()]
        return data


class MeasureForm(ActForm):
    """What is done, by whom, by when, against which harms."""

    title = forms.CharField(label=_("Measure"), max_length=300)
    measure_kind = forms.ChoiceField(label=_("Kind"), choices=MeasureKind.choices, widget=forms.RadioSelect)
    owner = PickerField("people", people, ["email", "name"], label=_("Who"), required=False)
    due_on = date_field(_("By when"), required=False)
    control = PickerField("impact-controls", controls, ["number"], label=_("Control"), required=False)
    impacts: Any = forms.ModelMultipleChoiceField(
        label=_("Harms that it answers"), queryset=None, required=False, widget=forms.CheckboxSelectMultiple
    )
    done_on = date_field(_("In place since"), required=False, help_text=_("Empty while it is only planned."))
    result = area(_("How one sees it works"), 2, 1000, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows = self.instance.impacts.harms().select_related("party")
        field: Any = self.fields["impacts"]
        field.queryset = rows
        field.label_from_instance = lambda row: f"{row.party}, {row.get_dimension_display()}: {row.description}"
        if not rows.exists():
            del self.fields["impacts"]

    def data_for_service(self) -> dict[str, Any]:
        data = super().data_for_service()
        data["impacts"] = [row.pk for row in data.get("impacts") or ()]
        return data


class DoneForm(ActForm):
    result = area(_("How one sees it works"), 3, 1000)


class MetForm(ActForm):
    note = area(_("What was seen"), 3)


class AskForm(ActForm):
    """Whom to ask, about which sections."""

    discipline = forms.ChoiceField(label=_("Discipline"), choices=Discipline.choices)
    asked = PickerField("people", people, ["email", "name"], label=_("Person"))
    sections = forms.MultipleChoiceField(
        label=_("Sections"), required=False, widget=forms.CheckboxSelectMultiple,
        help_text=_("None ticked: the whole assessment."),
    )  # fmt: skip
    question = area(_("What is asked"), 2, 1000, required=False)
    due_on = date_field(_("Answer by"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows = questions.sections_of(self.instance.edition, self.instance.tier)
        self.fields["sections"].choices = [(one.id, f"{one.number} {one.title}") for one in rows]  # type: ignore[attr-defined]

    def data_for_service(self) -> dict[str, Any]:
        data = super().data_for_service()
        return {**data, "sections": data["sections"] or [""]}


class OpinionForm(ActForm):
    verdict = forms.ChoiceField(label=_("Opinion"), choices=Verdict.choices, widget=forms.RadioSelect)
    text = area(_("In words"), 4, 4000, required=False, help_text=_("A concern or a condition is said in words."))


class SectionForm(ActForm):
    """One step: its questions, each to answer or reason away, and the fields that belong to it. Gaps are allowed."""

    def __init__(self, *args: Any, section: questions.Section, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.section = section
        held = {row.question: row for row in self.instance.answers.all()}
        for one in section.questions:
            self._question(one, held.get(one.id))
        self.extra = _EXTRA.get(section.kind or section.id, dict)()
        for name, field in self.extra.items():
            self.fields[name] = field
            self.prepare(field)
        self._fill()

    def _question(self, one: questions.Question, row: Any) -> None:
        self.fields[one.id] = area(one.label, 5, 8000, required=False, help_text=one.ask)
        self.fields[f"{one.id}_na"] = forms.BooleanField(label=_("Does not apply"), required=False)
        self.fields[f"{one.id}_reason"] = area(_("Why it does not apply"), 2, required=False)
        if row is not None:
            self.initial.update({one.id: row.text, f"{one.id}_na": row.not_applicable, f"{one.id}_reason": row.reason})

    def _fill(self) -> None:
        """What stands beside the answers now."""
        for name in set(self.extra) & _FIELDS:
            self.initial[name] = getattr(self.instance, name)
        if "system_version" in self.fields:
            field: Any = self.fields["system_version"]
            field.queryset = self.instance.system.versions.all()
            self.initial["system_version"] = self.instance.system_version_id
        if "family" in self.fields:
            rows = self.instance.family.select_related("system")
            self.initial["family"] = "\n".join(f"{row.system.ref} {row.differences}" for row in rows)
        for row in self.instance.none_rows.all():
            self.initial[f"none_{row.level}"] = row.reason

    def clean_family(self) -> dict[AISystem, str]:
        """Lines of a reference and what differs, of systems that the person sees."""
        lines = [line.strip().partition(" ") for line in self.cleaned_data["family"].splitlines() if line.strip()]
        told = {ref.upper(): rest.strip() for ref, _space, rest in lines}
        found = {row.ref: row for row in systems(self.user).filter(ref__in=told)}
        unknown = sorted(set(told) - set(found))
        if unknown:
            raise ValidationError(_("There is no %(names)s."), params={"names": ", ".join(unknown)})
        return {found[ref]: text for ref, text in told.items()}

    def asked(self) -> list[tuple[Any, forms.BoundField, forms.BoundField, forms.BoundField]]:
        """Question, answer, "does not apply", reason."""
        return [(one, self[one.id], self[f"{one.id}_na"], self[f"{one.id}_reason"]) for one in self.section.questions]

    def beside(self) -> list[forms.BoundField]:
        """The fields that belong to the step."""
        return [self[name] for name in self.extra]

    def data_for_service(self) -> dict[str, Any]:
        data = self.cleaned_data
        answers = {
            one.id: {"text": data[one.id], "not_applicable": data[f"{one.id}_na"], "reason": data[f"{one.id}_reason"]}
            for one in self.section.questions
        }
        none = {level.value: data[f"none_{level}"] for level in ANALYSED if f"none_{level}" in self.fields}
        fields = {name: data[name] for name in self.extra if name in _FIELDS | {"system_version"}}
        found: dict[str, Any] = {"answers": answers, "data": fields, "none": none}
        if "family" in self.fields:
            found["family"] = data["family"]
        return found


_FIELDS = {
    "trigger", "trigger_note", "owner", "use", "use_reason", "dpia", "fria", "publication", "publication_note",
}  # fmt: skip


def _scope() -> dict[str, forms.Field]:
    return {
        "system_version": forms.ModelChoiceField(
            label=_("Version of the system"), queryset=None, required=False, empty_label=_("None yet")
        ),
        "trigger": forms.ChoiceField(label=_("Why now"), choices=Trigger.choices),
        "trigger_note": area(_("What brought it about"), 2, 1000, required=False),
        "owner": PickerField("people", people, ["email", "name"], label=_("Owner")),
        "family": forms.CharField(
            label=_("Further systems of the family"), required=False, max_length=8000,
            widget=forms.Textarea(attrs={"rows": 2}),
            help_text=_("One a line, its reference first, then in what it differs: SYS-0004 Another country."),
        ),
    }  # fmt: skip


def _none() -> dict[str, forms.Field]:
    return {
        f"none_{level}": area(
            _("No impact on: %(level)s") % {"level": level.label}, 2, required=False,
            help_text=_("Only when nobody at this level gains or loses anything: say why."),
        )
        for level in ANALYSED
    }  # fmt: skip


def _use() -> dict[str, forms.Field]:
    return {
        "use": forms.ChoiceField(label=_("Use"), choices=Use.choices, widget=forms.RadioSelect),
        "use_reason": area(_("Why this use"), 3, required=False),
    }


def _reporting() -> dict[str, forms.Field]:
    return {
        "dpia": forms.CharField(label=_("Data-protection impact assessment"), max_length=300, required=False),
        "fria": forms.CharField(label=_("Fundamental-rights impact assessment"), max_length=300, required=False),
        "publication": forms.ChoiceField(label=_("Publication"), choices=[NONE, *Publication.choices], required=False),
        "publication_note": area(_("Why, and for whom"), 2, 1000, required=False),
    }


_EXTRA: Mapping[str, Any] = {"scope": _scope, "impacts": _none, "use": _use, "reporting": _reporting}


class BulkScreeningForm(QuestionsForm):
    """The same answers for several like systems, each recorded by itself: those ticked, or all that match."""

    systems = forms.MultipleChoiceField(label=_("Systems"), required=False)
    whole = forms.BooleanField(required=False)

    def __init__(self, *args: Any, rows: Sequence[AISystem], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.rows = rows
        self.gone: list[AISystem] = self._gone()
        self.fields["systems"].choices = [(row.ref, row.title) for row in [*rows, *self.gone]]  # type: ignore[attr-defined]

    def _gone(self) -> list[AISystem]:
        """Systems sent that do not wait any more: somebody screened them since the page was opened."""
        data: Any = self.data
        sent = set(data.getlist("systems")) - {row.ref for row in self.rows} if self.is_bound else set()
        return list(systems(self.user).filter(ref__in=sent).order_by("title", "pk")) if sent else []

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        if not data.get("whole") and not data.get("systems") and "systems" not in self.errors:
            self.add_error("systems", _("Tick at least one system."))
        return data

    def chosen(self) -> list[AISystem]:
        """The systems that were meant."""
        if self.cleaned_data["whole"]:
            return list(self.rows)
        meant = set(self.cleaned_data["systems"])
        return [row for row in self.rows if row.ref in meant]


class BulkDecisionForm(ReasonForm):
    """Several proposed screenings, each decided by itself; a value carries the version that was shown."""

    screenings = forms.MultipleChoiceField(
        label=_("Screenings"), error_messages={"required": _("Tick at least one screening.")}
    )

    def __init__(self, *args: Any, rows: Sequence[Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        held = [(f"{row.ref}:{row.version}", row.title) for row in rows]
        data: Any = self.data
        given = data.getlist("screenings") if self.is_bound else []  # an outdated version is told by the service
        known = {row.ref for row in rows}
        more = [(one, one) for one in given if one.partition(":")[0] in known]
        self.fields["screenings"].choices = [*held, *more]  # type: ignore[attr-defined]


def edition_of(assessment: ImpactAssessment) -> tuple[questions.Section, ...]:
    """The steps of this assessment."""
    return questions.sections_of(assessment.edition, assessment.tier)
