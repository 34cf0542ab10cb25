"""Forms of controlled documents: what one is, what a version says, and the verbs on it."""

from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from aims.forms import PickerField, ReasonForm, RecordForm
from evidence.forms import CONFIDENTIALITY, FileInput, checked_file, people, units_for
from evidence.models import Document, DocumentVersion
from evidence.states import AUDIENCE_ROLES, PolicyElement
from organization.models import Unit

MOST = 200_000


def _file_field() -> forms.FileField:
    return forms.FileField(
        label=_("Or a file instead"), widget=FileInput, max_length=400, required=False,
        help_text=_("Where the words stand in a file. Then leave the text empty."),
    )  # fmt: skip


def _text_field(**more: Any) -> forms.CharField:
    return forms.CharField(
        label=_("Text"), max_length=MOST, required=False, strip=False,
        widget=forms.Textarea(attrs={"rows": 20, "class": "long"}),
        help_text=_("In Markdown: # a heading, - a list, **bold**, [a link](https://…)."), **more,
    )  # fmt: skip


class DocumentForm(RecordForm):
    """What is said about a document."""

    owner = PickerField("people", people, ["email", "name"], label=_("Owner"))
    roles = forms.MultipleChoiceField(
        label=_("Roles that read it"), required=False, widget=forms.CheckboxSelectMultiple,
        choices=[(role.value, role.label) for role in AUDIENCE_ROLES],
        help_text=_("Only for certain roles."),
    )  # fmt: skip
    groups: Any = (
        (_("The document"), ("title", "sort", "unit", "owner", "source")),
        (_("Who reads it"), ("audience", "roles")),
        (_("How it is kept"), ("confidentiality", "kept_years")),
    )
    asks = {"audience": _("How does everybody concerned come to know it, newcomers too?")}

    class Meta:
        model = Document
        fields = ("title", "sort", "unit", "owner", "source", "audience", "roles", "confidentiality", "kept_years")
        widgets: ClassVar = {"audience": forms.RadioSelect}
        help_texts: ClassVar = {
            "source": _("For documents from outside, such as a standard or a law."),
            "kept_years": _("Counted from the day on which a version goes out of force."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["owner"].user = self.user  # type: ignore[attr-defined]
        unit: Any = self.fields["unit"]
        unit.queryset = units_for(self.user, "document.write") | Unit.objects.filter(pk=self.instance.unit_id)
        unit.empty_label = None
        choice: Any = self.fields["confidentiality"]
        choice.choices = [(one.value, one.label) for one in CONFIDENTIALITY]
        if self.instance.pk:
            del self.fields["sort"]

    def validate_constraints(self) -> None:
        """The service asks the database's rules once, of the whole row."""


class NewDocumentForm(DocumentForm):
    """A document with the draft of its first version."""

    text = _text_field()
    file = _file_field()
    groups = (
        DocumentForm.groups[0],
        (_("Version 1"), ("text", "file")),
        *DocumentForm.groups[1:],
    )
    clean_file = checked_file

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["owner"].required = False
        for name in ("confidentiality", "kept_years", "audience"):
            self.fields[name].required = False
            self.initial.setdefault(name, getattr(self.instance, name))

    def data_for_service(self) -> dict[str, Any]:
        data = super().data_for_service()
        return {name: value for name, value in data.items() if name not in ("text", "file") and value not in (None, "")}


class VersionForm(RecordForm):
    """What a version says, and for an AI policy where it says what clause 5.2 asks for."""

    text = _text_field()
    file = _file_field()
    clean_file = checked_file
    asks = {
        "changes": _("Why this version, and what is different from the one in force?"),
        "material": _("Does anybody have to act differently than before?"),
    }

    class Meta:
        model = DocumentVersion
        fields = ("text", "changes", "material", *PolicyElement.values)
        widgets: ClassVar = {"changes": forms.Textarea(attrs={"rows": 3})}
        help_texts: ClassVar = {
            "material": _("Otherwise who read the version before need not read this one."),
        }

    def __init__(self, *args: Any, document: Document, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.document = document
        self.initial["version"] = document.version
        for name in PolicyElement.values:
            self.fields[name].help_text = _("The words of the text that say so; of a file, the page or section.")
            if not document.is_policy:
                del self.fields[name]

    @property
    def groups(self) -> Any:  # type: ignore[override]
        said = ((_("What clause 5.2 asks for"), tuple(PolicyElement.values)),) if self.document.is_policy else ()
        return ((_("Content"), ("text", "file")), *said, (_("What changed"), ("changes", "material")))

    def validate_constraints(self) -> None:
        """The service decides what goes with what."""

    def words_for_service(self) -> dict[str, Any]:
        return {name: value for name, value in self.data_for_service().items() if name != "file"}


class ConfirmForm(ReasonForm):
    """A verb that needs no reason: that it is meant, and which version of the record was read."""

    reason = None  # type: ignore[assignment]
