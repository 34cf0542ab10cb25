"""Forms of engagements, of the auditor's room, and of certifications."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from aims.forms import PickerField
from audits.forms.fields import (
    ActForm,
    RowsField,
    UnitsField,
    anybody,
    area,
    audits,
    date_field,
    person_field,
    record_field,
    systems,
    unit_field,
)
from audits.forms.nonconformities import YES_NO, WhereForm
from audits.models import Certification, Engagement
from audits.states import AuditSort
from inventory.fields import LinesField


class EngagementForm(WhereForm):
    """Who comes in, for how long, and what opens to them: every condition must be met."""

    audit = PickerField("audit", audits, ["ref"], label=_("Audit"))
    owner = person_field(_("Our contact"))
    units = UnitsField(label=_("Units opened"), required=False)
    systems = RowsField("system", systems, "ref", label=_("AI systems opened"), required=False)
    clauses = LinesField(
        label=_("Clauses"), required=False, each=12, help_text=_("One a line, such as 8 or 6.1. None: all of them.")
    )
    groups = (
        (_("Who"), ("audit", "title", "firm", "role", "owner")),
        (_("For how long"), ("starts_on", "ends_on")),
        (_("What opens"), ("units", "systems", "clauses", "period_from", "period_to")),
    )

    class Meta:
        model = Engagement
        fields = (
            "audit", "title", "firm", "role", "owner", "starts_on", "ends_on", "clauses", "period_from", "period_to",
        )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.fields.pop("audit")
            self.initial["units"] = [row.scope_unit for row in self.instance.units.select_related("scope_unit")]
            self.initial["systems"] = list(systems(self.user).filter(pk__in=self.instance.systems.values("system")))

    def data_for_service(self) -> dict[str, Any]:
        found = super().data_for_service()
        return {"units": found.pop("units"), "systems": found.pop("systems"), "data": found}


class AdmitForm(ActForm):
    person = PickerField("people", anybody, ["email"], label=_("Person"), help_text=_("By e-mail; invite them first."))


class AskForm(ActForm):
    wanted = area(_("What is asked for"), 3, max_length=2000)
    number = forms.CharField(label=_("Number"), max_length=20, required=False, help_text=_("Empty: the next one."))
    clause = forms.CharField(label=_("Clause or control"), max_length=24, required=False)
    about = record_field(_("About the record"), required=False)
    due_on = date_field(_("Until"), required=False)

    def data_for_service(self) -> dict[str, Any]:
        return {"data": super().data_for_service()}


class ImportForm(ActForm):
    file = forms.FileField(
        label=_("Request list"), max_length=400, widget=forms.FileInput(attrs={"accept": ".csv,.tsv,.xlsx"}),
        help_text=_("CSV or XLSX. The first row names the columns number, wanted, clause, about, due_on and asked_by; only "
                    "wanted must be there. asked_by is the e-mail or name of an auditor let in here; else you ask. All rows "
                    "come in, or none."),
    )  # fmt: skip

    def data_for_service(self) -> dict[str, Any]:
        file = self.cleaned_data["file"]
        return {"file": file, "name": file.name}


class OfferForm(ActForm):
    record = record_field(_("Record"))
    note = area(_("What it shows"), 2, required=False, max_length=2000)


class CommentForm(ActForm):
    words = area(_("Comment"), 3)


class VerdictOnOfferForm(ActForm):
    accepted = forms.TypedChoiceField(
        label=_("Is this enough?"), choices=YES_NO, coerce=lambda value: value == "yes", widget=forms.RadioSelect
    )
    words = area(_("What is missing, or a remark"), 3, required=False)


class CertificationForm(WhereForm):
    unit = unit_field("certification.record", required=True)
    owner = person_field(_("Owner"))
    groups = (
        (_("The certificate"), ("title", "body", "accreditation", "standard", "number", "scope")),
        (_("Dates"), ("state", "issued_on", "valid_until")),
        (_("Responsibility"), ("unit", "owner", "notes")),
    )
    state = forms.ChoiceField(label=_("State"))

    class Meta:
        model = Certification
        fields = (
            "title", "body", "accreditation", "standard", "number", "scope", "issued_on", "valid_until", "unit", "owner",
            "notes",
        )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["state"].choices = Certification._meta.get_field("state").choices  # type: ignore[attr-defined]
        self.initial.setdefault("state", self.instance.state or "preparing")


class VisitForm(ActForm):
    sort = forms.ChoiceField(label=_("Kind"), choices=AuditSort.choices, initial=AuditSort.SURVEILLANCE)
    planned_on = date_field(_("Planned for"))
    audit = PickerField("audit", audits, ["ref"], label=_("Audit"), required=False)
