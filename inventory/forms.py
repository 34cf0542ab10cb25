"""Forms of the inventory: every link is chosen among what the person may see."""

import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any, ClassVar

from django import forms
from django.db.models import BLANK_CHOICE_DASH, Model
from django.utils.translation import gettext_lazy as _

from aims.forms import PickerField, RecordForm
from inventory.countries import COUNTRIES, LANGUAGES, countries, country_name, language_name
from inventory.fields import (
    NOT_STATED,
    CodesField,
    LinesField,
    UnitField,
    Unsure,
    components,
    entities_for,
    explained,
    people,
    suppliers,
    units_for,
)
from inventory.models import AISystem, Component, LawRole, Supplier, SystemRole, SystemVersion
from inventory.services.grants import ON_SYSTEMS
from inventory.states import (
    KIND_FIELDS,
    LIFE_CYCLE,
    Autonomy,
    ComponentKind,
    Criticality,
    Learning,
    SystemStage,
)
from organization.models import Unit


class InventoryForm(RecordForm):
    """Gives pickers their person, keeps what is linked now choosable, hides links the person may not see."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, field in list(self.fields.items()):
            if isinstance(field, PickerField):
                self._link(name, field)
            choices: list[Any] = list(getattr(field, "choices", ()))
            if choices[:1] == BLANK_CHOICE_DASH:
                field.choices = [NOT_STATED, *choices[1:]]  # type: ignore[attr-defined]
            if isinstance(field, CodesField):
                field.widget.attrs["data-chosen"] = json.dumps(field.chosen(self.initial.get(name)))

    def _link(self, name: str, field: PickerField) -> None:
        field.user = self.user
        stored = getattr(self.instance, name) if getattr(self.instance, f"{name}_id", None) else None
        if stored is not None and name in _ALWAYS_SHOWN:
            field.rows = _with(field.rows, stored)
        elif stored is not None and not field.rows(self.user).filter(pk=stored.pk).exists():
            del self.fields[name]
            return
        chosen = stored or self.initial.get(name)
        if isinstance(chosen, Model) and not self.is_bound:
            shown = [{"value": field.prepare_value(chosen), "label": str(getattr(chosen, "title", chosen))}]
            field.widget.attrs["data-chosen"] = json.dumps(shown)


# What every reader of a record sees of it, whether or not they see the thing by itself.
_ALWAYS_SHOWN = frozenset({"unit", "owner", "legal_entity"})


def _with(rows: Any, current: Any) -> Callable[[Any], Any]:
    """The rows one may choose, and the one chosen now."""
    return lambda user: type(current)._default_manager.filter(pk=current.pk) | rows(user)


class RegisterSystemForm(InventoryForm):
    """Four fields put a system on the register; what is in use already says since when."""

    owner = PickerField("people", people, ["email", "name"], label=_("Owner"), help_text=_("Who answers for it."))
    unit = UnitField(units_for("system.register"), "system-units", label=_("Unit"))
    stage = forms.ChoiceField(
        label=_("Stage now"),
        choices=[(stage.value, stage.label) for stage in SystemStage if stage != SystemStage.RETIREMENT],
        required=False,
        initial=SystemStage.INCEPTION,
    )
    another = forms.BooleanField(label=_("It is another system; register it"), required=False)
    groups = (
        (_("The system"), ("title", "purpose", "owner", "unit")),
        (_("If it exists already"), ("stage", "live_since", "another")),
    )
    asks: Mapping[str, Any] = {"purpose": _("What is it for, and for whom? One sentence a customer would understand.")}

    class Meta:
        model = AISystem
        fields = ("title", "purpose", "owner", "unit", "live_since")
        widgets: ClassVar = {"purpose": forms.Textarea(attrs={"rows": 3}), "live_since": forms.DateInput}
        help_texts: ClassVar = {"title": _("The name people use for it every day.")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["purpose"].required = True
        self.alike: list[AISystem] = []

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        self.alike = AISystem.objects.visible_to(self.user).in_life().alike(data.get("title", ""))[:5]
        if self.alike and not data.get("another"):
            self.add_error("another", _("There are systems with a similar name. Is yours one of them?"))
        return data

    def fieldsets(self) -> list[tuple[Any, list[forms.BoundField]]]:
        """The question whether it is another system is asked only where there is one alike."""
        return [
            (title, [field for field in fields if field.name != "another" or self.alike])
            for title, fields in super().fieldsets()
        ]

    def data_for_service(self) -> dict[str, Any]:
        return {name: value for name, value in super().data_for_service().items() if name not in ("stage", "another")}


class SystemForm(InventoryForm):
    """Everything about a system but its parts, in steps."""

    asks_own = True
    owner = PickerField("people", people, ["email", "name"], label=_("Owner"))
    unit = UnitField(units_for("system.register"), "system-units", label=_("Unit"))
    supplier = PickerField("supplier", suppliers, ["ref", "title"], label=_("Supplier"), required=False)
    affected_groups = LinesField(label=_("Affected groups"), required=False, help_text=_("One group a line."))
    regions = CodesField(
        "countries", COUNTRIES, country_name, label=_("Regions"), required=False, help_text=_("Countries of use.")
    )
    languages = CodesField("languages", LANGUAGES, language_name, label=_("Languages"), required=False)
    third_party = forms.NullBooleanField(
        label=_("Who makes it"), required=False, widget=Unsure(_("We ourselves"), _("A third party"))
    )
    autonomy = forms.ChoiceField(
        label=_("Autonomy"), choices=explained(Autonomy), required=False, widget=forms.RadioSelect
    )
    learning = forms.ChoiceField(
        label=_("Learning"), choices=explained(Learning), required=False, widget=forms.RadioSelect
    )
    criticality = forms.ChoiceField(
        label=_("Criticality"), choices=explained(Criticality), required=False, widget=forms.RadioSelect
    )
    groups = (
        (_("Identity"), ("title", "purpose", "owner", "unit", "live_since", "confidentiality")),
        (_("Use"), ("intended_use", "foreseeable_misuse", "decisions", "learning")),
        (_("Oversight"), ("autonomy", "autonomy_note", "human_oversight")),
        (
            _("People affected"),
            ("affected_groups", "regions", "languages", "user_information", "criticality", "criticality_reason"),
        ),
        (_("Supply"), ("third_party", "vendor_product", "vendor_version", "supplier", "embedded_in")),
        (_("Retirement"), ("retirement_plan",)),
    )
    asks: Mapping[str, Any] = {
        "purpose": _("What is it for, and how do you know that it serves that?"),
        "intended_use": _("In which situations, on which inputs, by whom? And where not?"),
        "foreseeable_misuse": _("What could people do with it that you did not mean, and what stops them?"),
        "decisions": _("What happens to a person because of its output, without anybody deciding again?"),
        "human_oversight": _("Who watches, how often, with which power to stop it, and when was that last used?"),
        "affected_groups": _("Who feels the effects, also without using it? Think of children and of workers."),
        "user_information": _("Where do people learn that AI is at work, and what it does with them?"),
        "criticality_reason": _("What is the worst that an error does, and to whom?"),
        "retirement_plan": _("What happens to data, model, users and records when it ends?"),
    }

    class Meta:
        model = AISystem
        fields = (
            "title", "purpose", "owner", "unit", "live_since", "confidentiality", "intended_use", "foreseeable_misuse",
            "decisions", "learning", "autonomy", "autonomy_note", "human_oversight", "affected_groups", "regions",
            "languages", "user_information", "criticality", "criticality_reason", "third_party", "vendor_product",
            "vendor_version", "supplier", "embedded_in", "retirement_plan",
        )  # fmt: skip
        widgets: ClassVar = {
            **{name: forms.Textarea(attrs={"rows": 5}) for name in (
                "purpose", "intended_use", "foreseeable_misuse", "decisions", "human_oversight", "user_information",
                "retirement_plan",
            )},
            **{name: forms.Textarea(attrs={"rows": 3}) for name in ("autonomy_note", "criticality_reason")},
            "live_since": forms.DateInput,
        }  # fmt: skip
        help_texts: ClassVar = {"embedded_in": _("The product this AI is a part of, if it is one.")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["purpose"].required = True


class StageForm(forms.Form):
    """Which stage comes next, and why."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    stage = forms.ChoiceField(label=_("Next stage"), widget=forms.RadioSelect)
    reason = forms.CharField(
        label=_("Reason"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("What was decided, by whom, on what grounds."),
    )

    def __init__(self, *args: Any, user: Any = None, instance: Any = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user, self.instance = user, instance
        targets = [SystemStage(edge.target) for edge in LIFE_CYCLE.verbs_from(instance.state)]
        order = list(SystemStage)
        field = self.fields["stage"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(stage.value, stage.label) for stage in sorted(targets, key=order.index)]
        self.initial.setdefault("version", instance.version)

    refuse = RecordForm.refuse


class PartForm(InventoryForm):
    """Form of a part of a system; `version` is the system's."""

    def __init__(self, *args: Any, system: AISystem, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.system = system
        self.initial["version"] = system.version


class LegalEntityForm(PartForm):
    """What both kinds of role ask."""

    legal_entity = UnitField(lambda user: Unit.objects.none(), "legal-entities", label=_("Legal entity"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["legal_entity"]
        assert isinstance(field, UnitField)
        field.rows = entities_for(self.system)
        self._link("legal_entity", field)
        self.fields["rationale"].required = True


class RoleForm(LegalEntityForm):
    asks: Mapping[str, Any] = {"rationale": _("What does this legal entity do with the system that makes it so?")}

    class Meta:
        model = SystemRole
        fields = ("role", "sub_role", "legal_entity", "rationale")
        widgets: ClassVar = {"rationale": forms.Textarea(attrs={"rows": 3})}


class LawRoleForm(LegalEntityForm):
    asks: Mapping[str, Any] = {"rationale": _("Which fact makes this entity so before the law?")}

    class Meta:
        model = LawRole
        fields = ("role", "legal_entity", "rationale")
        widgets: ClassVar = {"rationale": forms.Textarea(attrs={"rows": 3})}


class VersionForm(PartForm):
    asks: Mapping[str, Any] = {"digest": _("How do you prove that the model in use is the one you tested?")}

    class Meta:
        model = SystemVersion
        fields = ("number", "digest", "notes")
        widgets: ClassVar = {"notes": forms.Textarea(attrs={"rows": 4})}
        help_texts: ClassVar = {
            "number": _("As people call it, such as 2.4 or 4.0-rc1."),
            "digest": _("Output of sha256sum of the model file. Leave it empty where the vendor keeps the model."),
        }

    def clean_digest(self) -> str | None:
        return (self.cleaned_data["digest"] or "").lower() or None


class SystemGrantForm(forms.Form):
    """Who gets which role on one system, from when until when, and why."""

    person = PickerField("people", people, ["email", "name"], label=_("Person"))
    role = forms.ChoiceField(label=_("Role"), choices=[(role.value, role.label) for role in ON_SYSTEMS])
    valid_from = forms.DateField(label=_("From"), widget=forms.DateInput(attrs={"type": "date"}))
    valid_until = forms.DateField(
        label=_("Until"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}),
        help_text=_("The last day. Empty: until somebody ends it."),
    )
    reason = forms.CharField(label=_("Reason"), max_length=500, widget=forms.Textarea(attrs={"rows": 3}))

    def __init__(self, *args: Any, user: Any = None, instance: Any = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user, self.instance = user, instance
        field = self.fields["person"]
        assert isinstance(field, PickerField)
        field.user = user

    def data_for_service(self) -> dict[str, Any]:
        return dict(self.cleaned_data)

    refuse = RecordForm.refuse


class DatedForm(forms.Form):
    """A day and perhaps a reason."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    day = forms.DateField(label=_("On"), widget=forms.DateInput(attrs={"type": "date"}))
    reason = forms.CharField(label=_("Reason"), max_length=2000, widget=forms.Textarea(attrs={"rows": 3}))

    def __init__(self, *args: Any, user: Any = None, instance: Any = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user, self.instance = user, instance

    refuse = RecordForm.refuse


_COMMON = ("title", "description", "owner", "supplier", "release", "licence", "confidentiality")
_KIND_TITLES: dict[str, Any] = {
    ComponentKind.DATA_SET.value: _("The data"),
    ComponentKind.MODEL.value: _("The model"),
    ComponentKind.TOOL.value: _("The tool"),
    ComponentKind.COMPUTING.value: _("The computing resource"),
    ComponentKind.PEOPLE.value: _("The people"),
}
_ORIGIN = ("provenance", "acquisition", "rights", "labelling", "preparation", "last_updated")
_PERSONAL = ("personal_data", "personal_data_note", "minimisation", "anonymisation", "encryption", "retention")
_QUALITY = ("quality_state", "quality_note", "known_bias")


def _component_groups(kind: str) -> Sequence[tuple[Any, Sequence[str]]]:
    """Fieldsets of a kind; a data set has many fields, so it has several."""
    if kind == ComponentKind.DATA_SET:
        return (
            (_("Identity"), (*_COMMON, "unit")),
            (_("Use"), ("category", "intended_use")),
            (_("Origin and preparation"), _ORIGIN),
            (_("Personal data and retention"), _PERSONAL),
            (_("Quality and bias"), _QUALITY),
        )
    return ((_("Identity"), (*_COMMON, "unit")), (_KIND_TITLES[kind], KIND_FIELDS[kind]))


class ComponentForm(InventoryForm):
    """A component of one kind: the common fields and those of its kind."""

    asks_own = True
    owner = PickerField("people", people, ["email", "name"], label=_("Owner"))
    supplier = PickerField("supplier", suppliers, ["ref", "title"], label=_("Supplier"), required=False)
    unit = UnitField(units_for("component.register"), "component-units", label=_("Unit"))
    personal_data = forms.NullBooleanField(label=_("Personal data"), required=False, widget=Unsure(_("No"), _("Yes")))
    stages = forms.MultipleChoiceField(
        label=_("Stages they work in"), choices=SystemStage.choices, required=False, widget=forms.CheckboxSelectMultiple
    )
    asks: Mapping[str, Any] = {
        "rights": _("By which contract, licence or consent may you use these data for this?"),
        "provenance": _("Where do they come from, and how would you show it?"),
        "labelling": _("Who labelled, by which guideline, and how far do two labellers agree?"),
        "known_bias": _("Who is under-represented, and what did you do about it?"),
        "minimisation": _("Which fields could you leave out, and why did you not?"),
        "retention": _("When are they deleted, by what, and who checks?"),
        "limits": _("Where does it fail, and who was told?"),
        "footprint": _("How much energy does it use, measured or estimated how?"),
        "competence": _("Who may do this alone, and how do you know that they can?"),
    }

    class Meta:
        model = Component
        fields = (*_COMMON, "unit", *(name for names in KIND_FIELDS.values() for name in names))
        widgets: ClassVar = {
            **{
                name: forms.Textarea(attrs={"rows": 3})
                for names in (("description",), *KIND_FIELDS.values())
                for name in names
            },
            "category": forms.Select,
            "quality_state": forms.Select,
            "base_model": forms.TextInput,
            "location": forms.TextInput,
            "last_updated": forms.DateInput,
        }

    def __init__(self, *args: Any, kind: str = "", home: AISystem | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.component_kind = kind or self.instance.component_kind
        self.instance.component_kind = self.component_kind
        for names in (names for other, names in KIND_FIELDS.items() if other != self.component_kind):
            for name in names:
                del self.fields[name]
        if home is not None or self.instance.system_id is not None:
            del self.fields["unit"]
        self.groups = _component_groups(self.component_kind)


class UseForm(forms.Form):
    """A component that exists already."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    component = PickerField("component", components, ["ref", "title"], label=_("Component"))

    def __init__(self, *args: Any, user: Any = None, instance: Any = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user, self.instance = user, instance
        field = self.fields["component"]
        assert isinstance(field, PickerField)
        field.user = user

    refuse = RecordForm.refuse


class SupplierForm(InventoryForm):
    asks_own = True
    owner = PickerField("people", people, ["email", "name"], label=_("Owner"))
    unit = UnitField(units_for("supplier.register"), "supplier-units", label=_("Unit"))
    country = forms.ChoiceField(
        label=_("Country"),
        choices=lambda: [NOT_STATED, *countries()],
        required=False,
    )
    asks: Mapping[str, Any] = {"contract": _("What does the contract say about changes, data, incidents and leaving?")}

    class Meta:
        model = Supplier
        fields = (
            "title", "supplier_kind", "country", "unit", "owner", "supplies", "contract", "criticality",
            "confidentiality",
        )  # fmt: skip
        widgets: ClassVar = {
            "supplies": forms.Textarea(attrs={"rows": 3}),
            "contract": forms.Textarea(attrs={"rows": 4}),
        }
