"""Forms of evidence and packs."""

from typing import Any, ClassVar

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from aims.access import access_of
from aims.errors import Refusal
from aims.forms import Picker, PickerField, ReasonForm, RecordForm
from aims.models import Record
from aims.states import Confidentiality
from evidence import uploads
from evidence.models import EvidenceItem, EvidenceLink, EvidencePack, EvidenceRequest
from evidence.services.evidence import KEPT_FIELDS, LINK_FIELDS
from evidence.states import Comparator
from organization.models import Unit, User

CONFIDENTIALITY = [Confidentiality.NORMAL, Confidentiality.RESTRICTED]
WHAT = (_("What it is"), ("title", "proves", "unit"))
HOW = (_("How it was collected"), ("method", "population", "collector", "collected_on", "period_from", "period_to"))
KEPT = (_("How it is kept"), ("expires_on", "owner", "confidentiality"))


def people(user: Any) -> Any:
    return User.objects.active()


def units_for(user: Any, verb: str) -> Any:
    return Unit.objects.filter(pk__in=sorted(access_of(user).units_for(verb)))


class SeveralField(forms.Field):
    """Several records by reference, separated by commas or blanks; only ones the person sees. `kind` "" allows any."""

    def __init__(self, kind: str = "", **kwargs: Any) -> None:
        if kind:
            kwargs.setdefault("widget", Picker(kind, attrs={"data-multiple": ""}))
        super().__init__(**kwargs)
        self.kind = kind
        self.user: Any = None

    def to_python(self, value: Any) -> list[Record]:
        refs = {part.upper() for part in str(value or "").replace(",", " ").split()}
        rows = Record.objects.visible_to(self.user).filter(ref__in=refs)
        found = list((rows.filter(kind=self.kind) if self.kind else rows).order_by("ref"))
        unknown = refs - {record.ref for record in found}
        if unknown:
            raise ValidationError(_("There is no such record: %(refs)s."), params={"refs": ", ".join(sorted(unknown))})
        return found


class EvidenceForm(RecordForm):
    """What is said about evidence of any kind."""

    collector = PickerField("people", people, ["email", "name"], label=_("Collected by"))
    owner = PickerField("people", people, ["email", "name"], label=_("Owner"))
    asks = {
        "proves": _("What would I believe after seeing this, and not before?"),
        "population": _("Is this everything, or a sample? Who chose it?"),
    }
    groups = (WHAT, HOW, KEPT)
    verb = "evidence.change"

    class Meta:
        model = EvidenceItem
        fields = (
            "title", "proves", "unit", "method", "population", "collector", "collected_on", "period_from", "period_to",
            "expires_on", "owner", "confidentiality",
        )  # fmt: skip
        widgets: ClassVar = {
            "proves": forms.Textarea(attrs={"rows": 3}),
            "method": forms.Textarea(attrs={"rows": 3}),
            "population": forms.Textarea(attrs={"rows": 2}),
            **{name: forms.DateInput() for name in ("collected_on", "period_from", "period_to", "expires_on")},
        }
        help_texts: ClassVar = {
            "collected_on": _("The day the collector says. The time of receipt is set by AIMS."),
            "expires_on": _("After this day it has to be collected anew."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("collector", "owner", "links"):
            if name in self.fields:
                self.fields[name].user = self.user  # type: ignore[attr-defined]
        unit: Any = self.fields["unit"]
        unit.queryset = units_for(self.user, self.verb) | Unit.objects.filter(pk=self.instance.unit_id)
        unit.empty_label = None
        choice: Any = self.fields["confidentiality"]
        choice.choices = [(one.value, one.label) for one in CONFIDENTIALITY]

        if self.instance.is_accepted:
            for name in [name for name in EvidenceForm.Meta.fields if name not in KEPT_FIELDS]:
                self.fields[name].disabled = True

    def validate_constraints(self) -> None:
        """The service decides what goes with what: content and due date are not the form's."""


class NewEvidenceForm(EvidenceForm):
    """Base of the three forms that add evidence. Collector and owner are the person, unless another one is named."""

    links = SeveralField(
        label=_("Speaks for"),
        required=False,
        help_text=_("References of the records it is evidence for, such as SYS-0003. You can link more later."),
    )
    verb = "evidence.add"
    # The fields that this kind of evidence has beside those of EvidenceForm; they come first.
    content: tuple[str, ...] = ()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("collector", "owner"):
            self.fields[name].required = False
            self.initial.setdefault(name, self.user.email)
        self.fields["confidentiality"].required = False

    @property
    def groups(self) -> Any:  # type: ignore[override]
        what = (WHAT[0], (*self.content, *WHAT[1], "links"))
        return (what, HOW, KEPT)

    def data_for_service(self) -> dict[str, Any]:
        kept = {*EvidenceForm.Meta.fields}
        data = {name: value for name, value in super().data_for_service().items() if name in kept}
        return {name: value for name, value in data.items() if value not in (None, "")}

    def content_for_service(self) -> dict[str, Any]:
        """`file`, `url` or `result` for the service."""
        raise NotImplementedError

    def links_for_service(self) -> list[tuple[Record, str]]:
        return [(record, "") for record in self.cleaned_data["links"]]


class FileInput(forms.ClearableFileInput):
    """A file field onto which a file can be dropped."""

    template_name = "evidence/_file_input.html"

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        most = settings.UPLOAD_MOST
        context["widget"] |= {"most": most, "most_mb": most // 1_000_000}
        return context


def checked_file(form: Any) -> uploads.Upload | None:
    """`clean_file` of a form with a file: what was examined, a refusal beside the field."""
    try:
        return uploads.given(form.cleaned_data["file"])
    except Refusal as refusal:
        raise ValidationError(str(refusal.detail)) from refusal
    except ValidationError as error:
        raise ValidationError(error.messages) from error


class FileForm(NewEvidenceForm):
    """Evidence in a file."""

    file = forms.FileField(label=_("File"), widget=FileInput, max_length=400)
    content = ("file",)

    clean_file = checked_file

    def content_for_service(self) -> dict[str, Any]:
        return {"file": self.cleaned_data["file"]}


class LinkForm(NewEvidenceForm):
    """Evidence that is kept elsewhere."""

    url = forms.URLField(label=_("Address"), max_length=1000, assume_scheme="https")
    content = ("url",)

    def content_for_service(self) -> dict[str, Any]:
        return {"url": self.cleaned_data["url"]}


class ResultForm(NewEvidenceForm):
    """A measured result against a threshold."""

    metric = forms.CharField(
        label=pgettext_lazy("metric", "Measure"), max_length=120, help_text=_("Such as: share of false refusals")
    )
    value = forms.FloatField(label=_("Measured value"))
    unit_of_value = forms.CharField(
        label=_("Unit of the value"), max_length=40, required=False, help_text=_("Such as: %")
    )
    comparator = forms.ChoiceField(label=_("It should be"), choices=Comparator.choices)
    threshold = forms.FloatField(label=_("Threshold"))
    model_version = forms.CharField(label=_("Model version"), max_length=200, required=False)
    data_set = forms.CharField(label=_("Data set"), max_length=200, required=False)
    measured_on = forms.DateField(label=_("Measured on"), required=False, widget=forms.DateInput)
    content = (
        "metric",
        "value",
        "unit_of_value",
        "comparator",
        "threshold",
        "model_version",
        "data_set",
        "measured_on",
    )

    def content_for_service(self) -> dict[str, Any]:
        given = self.cleaned_data
        names = ("metric", "value", "comparator", "threshold", "model_version", "data_set")
        day = given["measured_on"].isoformat() if given["measured_on"] else None
        return {"result": {**{name: given[name] for name in names}, "unit": given["unit_of_value"], "measured_on": day}}


class LinkRecordForm(forms.Form):
    """Link evidence to a record, or a record to evidence, whichever page one is on."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    record = SeveralField(label=_("Record"), help_text=_("Its reference, such as SYS-0003."))
    proves = forms.CharField(
        label=_("What it proves here"), max_length=2000, required=False, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("What you leave empty here and below is as the evidence itself says."),
    )  # fmt: skip
    period_from = forms.DateField(label=_("Period from"), required=False, widget=forms.DateInput)
    period_to = forms.DateField(label=_("Period to"), required=False, widget=forms.DateInput)
    population = forms.CharField(
        label=_("Population or sample"), max_length=2000, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )
    method = forms.CharField(
        label=_("How it was collected"), max_length=2000, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )

    def __init__(self, *args: Any, user: Any = None, instance: Any = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user, self.instance = user, instance
        self.fields["record"].user = user  # type: ignore[attr-defined]
        for name in ("period_from", "period_to"):
            self.fields[name].widget.input_type = "date"

    def said(self) -> dict[str, Any]:
        """What is said otherwise than by the evidence."""
        return {name: self.cleaned_data[name] for name in LINK_FIELDS if self.cleaned_data[name]}

    refuse = RecordForm.refuse


class AttestForm(ReasonForm):
    """Does it suffice?"""

    sufficient = forms.ChoiceField(
        label=_("Does it suffice?"),
        choices=[("yes", _("Yes: I accept it, and it is locked")), ("no", _("No"))],
        widget=forms.RadioSelect,
    )
    record = forms.ModelChoiceField(
        label=_("For"), queryset=Record.objects.none(), required=False, empty_label=_("All that it says"),
    )  # fmt: skip
    field_order = ("sufficient", "record", "reason")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        linked = EvidenceLink.objects.filter(item=self.instance.pk).values("record")
        choice: Any = self.fields["record"]
        choice.queryset = Record.objects.visible_to(self.user).filter(pk__in=linked).order_by("ref")


class RedactForm(ReasonForm):
    """A copy from which something was taken out."""

    file = forms.FileField(label=_("Redacted file"), widget=FileInput, max_length=400)
    reason = forms.CharField(
        label=_("What was taken out, and why"), max_length=2000, widget=forms.Textarea(attrs={"rows": 3})
    )
    field_order = ("file", "reason")
    clean_file = FileForm.clean_file


class RequestForm(RecordForm):
    """What evidence is wanted, of whom, until when."""

    record = SeveralField(label=_("For the record"), help_text=_("Its reference, such as SYS-0003."))
    owner = PickerField("people", people, ["email", "name"], label=_("Asked of"))
    groups: Any = (
        (_("What is wanted"), ("record", "title", "wanted", "population")),
        (_("Of whom, until when"), ("owner", "due_on", "number", "period")),
    )

    class Meta:
        model = EvidenceRequest
        fields = ("title", "wanted", "population", "owner", "due_on", "number", "period")
        widgets: ClassVar = {
            "wanted": forms.Textarea(attrs={"rows": 3}),
            "population": forms.Textarea(attrs={"rows": 2}),
            "due_on": forms.DateInput(),
        }
        labels: ClassVar = {"due_on": _("Needed by"), "number": _("Again every"), "period": _("Days or months")}
        help_texts: ClassVar = {
            "number": _("Leave empty to ask once. Reminders begin 14 days ahead."),
            "due_on": _("With a cadence: the first of its dates."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("record", "owner"):
            self.fields[name].user = self.user  # type: ignore[attr-defined]
        self.fields["due_on"].required = True
        if self.instance.pk:
            del self.fields["record"]
            self.groups = ((self.groups[0][0], ("title", "wanted", "population")), self.groups[1])

    def clean_record(self) -> Record:
        found: list[Record] = self.cleaned_data["record"]
        if len(found) != 1:
            raise ValidationError(_("Name one record."))
        return found[0]

    def data_for_service(self) -> dict[str, Any]:
        return {name: value for name, value in super().data_for_service().items() if name != "record"}

    def validate_constraints(self) -> None:
        """The service fills what the form does not ask."""


class GiveForm(forms.Form):
    """Evidence that is there already, given to a request."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    evidence = PickerField(
        "evidence", lambda user: EvidenceItem.objects.visible_to(user).current(), ["ref", "title"], label=_("Evidence")
    )

    def __init__(self, *args: Any, user: Any = None, instance: Any = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["evidence"].user = user  # type: ignore[attr-defined]

    refuse = RecordForm.refuse


class AttachForm(forms.Form):
    """On another record's page: evidence that is there already."""

    evidence = PickerField(
        "evidence", lambda user: EvidenceItem.objects.visible_to(user).current(), ["ref", "title"], label=_("Evidence")
    )
    proves = forms.CharField(label=_("What it proves here"), max_length=2000, required=False)

    def __init__(self, *args: Any, user: Any = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["evidence"].user = user  # type: ignore[attr-defined]


class PackForm(forms.ModelForm):
    """Ask for a pack."""

    systems = SeveralField(
        "system", label=_("AI systems"), required=False, help_text=_("Leave empty for all AI systems of the unit.")
    )

    class Meta:
        model = EvidencePack
        fields = ("title", "unit")

    def __init__(self, *args: Any, user: Any = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user
        unit: Any = self.fields["unit"]
        unit.queryset = units_for(user, "pack.ask")
        unit.empty_label = None
        unit.help_text = _("The pack covers this unit and all below it.")
        self.fields["systems"].user = user  # type: ignore[attr-defined]

    def validate_constraints(self) -> None:
        """The service fills what the form does not ask."""

    refuse = RecordForm.refuse


__all__ = [
    "AttachForm",
    "AttestForm",
    "EvidenceForm",
    "FileForm",
    "GiveForm",
    "LinkForm",
    "LinkRecordForm",
    "PackForm",
    "ReasonForm",
    "RedactForm",
    "RequestForm",
    "ResultForm",
]
