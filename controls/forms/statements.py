"""Forms of control statements."""

from collections.abc import Sequence
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from aims.errors import Stale
from aims.forms import Picker, PickerField, RecordForm, chosen
from aims.models import Record
from controls import policies
from controls.models import ControlStatement
from controls.services import Outcome, basis_records, reach
from controls.states import Applicability, Basis, Status
from inventory.models import AISystem
from organization.models import User


def people(user: Any) -> Any:
    return User.objects.active()


class SystemsField(forms.Field):
    """Several AI systems, by reference, separated by commas; only ones the person sees."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("widget", Picker("system", attrs={"data-multiple": ""}))
        super().__init__(**kwargs)
        self.user: Any = None

    def prepare_value(self, value: Any) -> Any:
        if not isinstance(value, list):
            return value
        self.widget.attrs["data-chosen"] = chosen((system.ref, str(system)) for system in value)
        return ",".join(system.ref for system in value)

    def to_python(self, value: Any) -> list[AISystem]:
        if isinstance(value, list):
            return value
        refs = {part.strip().upper() for part in str(value or "").split(",") if part.strip()}
        found = list(AISystem.objects.visible_to(self.user).filter(ref__in=refs).order_by("title"))
        unknown = refs - {system.ref for system in found}
        if unknown:
            raise ValidationError(_("There is no AI system %(refs)s."), params={"refs": ", ".join(sorted(unknown))})
        return found


class RecordsField(forms.CharField):
    """Several records of any kind, by reference, separated by commas; only ones the person sees."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=2000, **kwargs)
        self.user: Any = None

    def prepare_value(self, value: Any) -> Any:
        return ", ".join(record.ref for record in value) if isinstance(value, list) else value

    def clean(self, value: Any) -> Any:
        if isinstance(value, list):
            return value
        refs = {part.strip().upper() for part in str(value or "").replace("\x00", "").split(",") if part.strip()}
        found = list(Record.objects.visible_to(self.user).filter(ref__in=refs).order_by("ref"))
        if unknown := refs - {record.ref for record in found}:
            raise ValidationError(_("There is no record %(refs)s."), params={"refs": ", ".join(sorted(unknown))})
        return found


class ReasonField(forms.CharField):
    """A text that is needed in the end; the service says when, naming the control."""

    def validate(self, value: Any) -> None:
        """Nothing here: an undecided control needs none yet."""


class StatementForm(RecordForm):
    """All fields of a statement; those the person may not change are shown and ignored when sent."""

    justification = ReasonField(
        label=_("Justification"), max_length=8000, widget=forms.Textarea(attrs={"rows": 5, "required": False})
    )
    basis = forms.MultipleChoiceField(
        label=_("Basis"), choices=Basis.choices, required=False, widget=forms.CheckboxSelectMultiple
    )
    owner = PickerField("people", people, ["email", "name"], label=_("Owner"), required=False)
    systems = SystemsField(
        label=_("Applies to"),
        required=False,
        help_text=_("Name AI systems only when the statement holds for these alone. Empty: the whole organization."),
    )
    records = RecordsField(
        label=_("Called for by"),
        required=False,
        help_text=_("References of risks, obligations, objectives and other records, separated by commas."),
    )
    groups = (
        (_("Decision"), ("applicability", "justification", "basis", "records", "systems")),
        (_("Implementation"), ("status", "implementation", "procedure", "evidence_days")),
        (_("Responsibility"), ("owner", "due_on", "last_reviewed_on", "confidentiality")),
    )
    asks = {
        "justification": _("Which risk, duty or goal made you decide so? A sentence that fits all controls fits none."),
        "implementation": _("Show me that it works this way: who does it, when, and what is left behind as proof?"),
    }

    class Meta:
        model = ControlStatement
        fields = (
            "applicability", "justification", "basis", "status", "implementation", "procedure", "owner", "due_on",
            "last_reviewed_on", "evidence_days", "confidentiality",
        )  # fmt: skip
        widgets: ClassVar = {
            "applicability": forms.RadioSelect,
            "implementation": forms.Textarea(attrs={"rows": 7}),
            "due_on": forms.DateInput,
            "last_reviewed_on": forms.DateInput,
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial["systems"] = reach(self.instance, self.user)
        self.initial["records"] = basis_records(self.instance, self.user)
        for name in ("owner", "systems", "records"):
            self.fields[name].user = self.user  # type: ignore[attr-defined]
        usual = _("Empty: %(days)d, as is usual for this control.") % {"days": self.instance.control.evidence_days}
        self.fields["evidence_days"].help_text = usual
        allowed = policies.open_fields(self.user, self.instance)
        for name, one in self.fields.items():
            one.disabled = name not in allowed and name != "version"

    def data_for_service(self) -> dict[str, Any]:
        """What the person may change."""
        return {name: value for name, value in super().data_for_service().items() if not self.fields[name].disabled}

    def _get_validation_exclusions(self) -> set[str]:
        """Leaves the rules of a decision to the service, which first works out what follows from it."""
        return {*super()._get_validation_exclusions(), "applicability", "justification", "status"}  # type: ignore[misc]


class RowForm(forms.Form):
    """One row of the grid: what is decided about a control, how far it is, who and by when."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    applicability = forms.ChoiceField(label=_("Applicability"), choices=Applicability.choices)
    justification = forms.CharField(
        label=_("Justification"), max_length=8000, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )
    status = forms.ChoiceField(label=_("Status"), choices=Status.choices)
    owner = forms.CharField(label=_("Owner"), required=False, widget=Picker("people"))
    due_on = forms.DateField(label=_("Due"), required=False, widget=forms.DateInput(attrs={"type": "date"}))

    def __init__(self, statement: ControlStatement, allowed: frozenset[str], data: Any = None) -> None:
        super().__init__(data, prefix=statement.ref, initial=row_values(statement))
        self.statement, self.stale = statement, False
        self.findings: Sequence[Any] = ()  # what is wrong with the row
        self.moved: Any = None  # what differs from the approved version
        for name, one in self.fields.items():
            one.disabled = name not in allowed and name != "version"
            one.show_hidden_initial = True  # so that another person's change is not taken for this one's
            one.widget.attrs["aria-label"] = f"{one.label}: {statement.control.number}"
        if statement.owner is not None:
            self.fields["owner"].widget.attrs["data-chosen"] = chosen([(statement.owner.email, statement.owner.name)])

    def clean_owner(self) -> User | None:
        text = self.cleaned_data["owner"].strip()
        found = people(None).filter(Q(email__iexact=text) | Q(name__iexact=text)).first() if text else None
        if text and found is None:
            raise ValidationError(_("Nobody here is called “%(text)s”. Choose from the list."), params={"text": text})
        return found if isinstance(found, User) else None

    def data_for_service(self) -> dict[str, Any]:
        """The fields that the person changed."""
        return {name: self.cleaned_data[name] for name in self.changed_data if name != "version"}

    def take(self, outcome: Outcome) -> None:
        """Show beside the row why it was refused; a stale row may be sent again, now that its reader is told."""
        self.statement = outcome.statement
        for name, sentences in outcome.errors.items():
            for sentence in sentences:
                self.add_error(name if name in self.fields else None, sentence)
        if outcome.status == Stale.status:
            self.stale = True
            self.data = {**self.data, self.add_prefix("version"): outcome.statement.version}


def row_values(statement: ControlStatement) -> dict[str, Any]:
    """What a row of the grid begins with."""
    return {
        "version": statement.version,
        "applicability": statement.applicability,
        "justification": statement.justification,
        "status": statement.status,
        "owner": statement.owner.email if statement.owner is not None else "",
        "due_on": statement.due_on,
    }
