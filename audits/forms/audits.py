"""Forms of programmes, audits, findings and samples."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from aims.forms import PickerField
from aims.registry import registry
from audits.forms.fields import (
    ActForm,
    RowsField,
    UnitsField,
    anybody,
    area,
    clauses,
    controls,
    person_field,
    programmes,
    record_field,
    records,
    system_field,
    systems,
    unit_field,
)
from audits.forms.nonconformities import WhereForm
from audits.models import Audit, AuditProgramme, ExternalRecord, Finding
from audits.populations import facets, tables
from audits.services import Scope
from audits.states import FindingGrade, PaperResult, RowVerdict, TeamRole
from controls.models.catalogue import OURS
from inventory.fields import LinesField, people


class ProgrammeForm(WhereForm):
    unit = unit_field("programme.draft", required=True)
    owner = person_field(_("Owner"))
    groups = (
        (_("The programme"), ("title", "unit", "starts_on", "ends_on", "objectives")),
        (_("How"), ("risks", "methods", "responsibilities", "resources", "reporting")),
        (_("Responsibility"), ("owner", "confidentiality")),
    )

    class Meta:
        model = AuditProgramme
        fields = (
            "title", "unit", "starts_on", "ends_on", "objectives", "risks", "methods", "responsibilities", "resources",
            "reporting", "owner", "confidentiality",
        )  # fmt: skip


class ApproveProgrammeForm(ActForm):
    reason = area(_("Reason for approving"), 2)
    gap_reasons = LinesField(
        label=_("Reasons for some of what is left out"), required=False, each=400,
        help_text=_("One a line: what it is for, a colon, the reason, such as “Logistics: bought in May, audited from 2027”. It "
                    "may be for a unit with its systems, a tier, a system by reference, a clause or control with all below "
                    "it, several with commas between. The first line that fits counts."),
    )  # fmt: skip
    gap_reason = area(_("Why the rest is left out"), 2, required=False,
                      help_text=_("One reason for everything in no audit that has none of its own."))  # fmt: skip


class KeysField(RowsField):
    """Clauses by number; where several frameworks share one, by number and framework as the picker gives them."""

    def clean(self, value: Any) -> Any:
        wanted = [part.strip() for part in str(forms.CharField.clean(self, value) or "").split(",") if part.strip()]
        found, unknown = [], []
        for text in wanted:
            rows = self.rows(self.user)
            number, _space, framework = text.partition("@")
            hits = list(rows.filter(number__iexact=number, **({"framework__key": framework} if framework else {}))
                        .order_by("pk")[:1])  # fmt: skip
            found += hits
            unknown += [] if hits else [text]
        if unknown:
            raise forms.ValidationError(_("There is no %(names)s."), params={"names": ", ".join(unknown)})
        return found


class AuditForm(WhereForm):
    """What is audited, against what, by which method, when."""

    unit = unit_field("audit.plan", required=True)
    owner = person_field(_("Owner"))
    programme = PickerField("programme", programmes, ["ref"], label=_("Programme"), required=False)
    clauses = KeysField("audit-clauses", clauses, "number", label=_("Clauses"), required=False)
    controls = KeysField("audit-controls", controls, "number", label=_("Controls"), required=False)
    procedures = LinesField(label=_("Own procedures"), required=False, each=300, help_text=_("One a line."))
    units = UnitsField(label=_("Units in scope"), required=False)
    systems = RowsField("system", systems, "ref", label=_("AI systems in scope"), required=False)
    groups = (
        (_("The audit"), ("title", "sort", "unit", "programme", "starts_on", "ends_on", "owner", "confidentiality")),
        (_("Aim and method"), ("objectives", "method", "agenda")),
        (_("Criteria"), ("clauses", "controls", "procedures")),
        (pgettext_lazy("extent", "Scope"), ("units", "systems", "period_from", "period_to", "look_back")),
    )

    class Meta:
        model = Audit
        fields = (
            "title", "sort", "unit", "programme", "starts_on", "ends_on", "owner", "confidentiality", "objectives",
            "method", "agenda", "period_from", "period_to", "look_back",
        )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["look_back"].required = False
        audit = self.instance
        if audit.pk:
            criteria = list(audit.criteria.select_related("clause__framework", "control__framework"))
            self.initial.update(
                {
                    "clauses": ", ".join(key_of(row.clause) for row in criteria if row.clause),
                    "controls": ", ".join(key_of(row.control) for row in criteria if row.control),
                    "procedures": [row.procedure for row in criteria if row.procedure],
                    "units": [row.scope_unit for row in audit.units.select_related("scope_unit")],
                    "systems": list(systems(self.user).filter(pk__in=audit.systems.values("system"))),
                }
            )

    def data_for_service(self) -> dict[str, Any]:
        found = super().data_for_service()
        scope = Scope(**{name: found.pop(name) for name in ("clauses", "controls", "procedures", "units", "systems")})
        if found.get("look_back") is None:
            found.pop("look_back", None)
        return {"data": found, "scope": scope}


def key_of(row: Any) -> str:
    """A clause or control as the form writes it: its number, with the framework where it is not the usual one."""
    return row.number if row.framework.key == OURS else f"{row.number}@{row.framework.key}"


class AssignForm(ActForm):
    """Who audits; and, only where somebody partial is let in, why and how that is made safe."""

    person = PickerField("people", anybody, ["email"], label=_("Person"), help_text=_("By e-mail."))
    role = forms.ChoiceField(label=_("Role"), choices=TeamRole.choices)
    declaration = area(_("Declaration of independence"), 2, required=False)
    override_reason = area(_("Why all the same"), 2, required=False, max_length=2000)
    safeguards = area(_("Safeguards"), 2, required=False, max_length=2000)
    groups = (
        (_("Who"), ("person", "role", "declaration")),
        (_("Only for somebody who is not independent"), ("override_reason", "safeguards")),
    )


class StartForm(ActForm):
    opening = area(_("Opening meeting"), 3, required=False)


class ReportForm(ActForm):
    conclusions = area(_("Conclusions"), 8, max_length=20_000)
    left_out = area(_("Why the rest was not looked at"), 3, required=False,
                    help_text=_("Needed while the checklist has items that nobody looked at; printed in the report."))  # fmt: skip
    closing = area(_("Closing meeting"), 3, required=False)


class DistributeForm(ActForm):
    people = RowsField("people", people, "email", label=_("Recipients"))


class SignForm(ActForm):
    statement = area(_("Statement"), 2, max_length=2000)


class ExternalRecordForm(WhereForm):
    class Meta:
        model = ExternalRecord
        fields = ("title", "held_by", "address", "edition", "digest", "dated")

    def data_for_service(self) -> dict[str, Any]:
        return {"data": super().data_for_service()}


class PaperForm(ActForm):
    """One working paper; `edition` is what was opened."""

    result = forms.ChoiceField(label=_("Result"), choices=PaperResult.choices)
    notes = area(_("Notes"), 3, required=False, max_length=20_000)
    evidence_seen = area(_("Evidence seen"), 2, required=False, max_length=8000)
    records = RowsField("records", records, "ref", label=_("Records seen"), required=False)
    edition = forms.IntegerField(widget=forms.HiddenInput, required=False)


class QuestionForm(ActForm):
    criterion = forms.ChoiceField(label=_("Criterion"))
    question = area(_("Question"), 2, max_length=1000)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["criterion"].choices = criteria_of(self.instance)  # type: ignore[attr-defined]

    def data_for_service(self) -> dict[str, Any]:
        found = super().data_for_service()
        audit: Any = self.instance
        return {**found, "criterion": audit.criteria.get(pk=found["criterion"])}


def criteria_of(audit: Any) -> list[tuple[str, str]]:
    rows = audit.criteria.select_related("clause", "control") if audit is not None and audit.pk else []
    return [(str(row.pk), str(row)) for row in rows]


class FindingForm(WhereForm):
    """What was found, against which criterion, shown by what, how grave and why."""

    criterion = forms.ChoiceField(label=_("Criterion"))
    system = system_field()
    subject = record_field(_("About the record"), required=False)
    owner = person_field(_("Auditee"), required=False)
    groups = (
        (_("Finding"), ("title", "criterion", "statement", "objective_evidence")),
        (_("Grade"), ("grade", "rationale")),
        (_("Where"), ("system", "subject", "owner")),
    )

    class Meta:
        model = Finding
        fields = ("title", "statement", "objective_evidence", "grade", "rationale", "system", "owner", "subject")

    def __init__(self, *args: Any, audit: Any = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.audit: Any = audit if audit is not None else getattr(self.instance, "audit", None)
        self.fields["criterion"].choices = criteria_of(self.audit)  # type: ignore[attr-defined]
        self.fields["grade"].choices = FindingGrade.choices  # type: ignore[attr-defined]
        for name in ("rationale", "objective_evidence"):
            self.fields[name].required = True
        if self.instance.pk:
            self.initial["criterion"] = str(self.instance.criterion_id)

    def clean(self) -> dict[str, Any]:
        return self.cleaned_data  # without a system it stands where the audit does

    def data_for_service(self) -> dict[str, Any]:
        found = super().data_for_service()
        return {**found, "criterion": self.audit.criteria.get(pk=found["criterion"])}


class IssueForm(ActForm):
    owner = person_field(
        _("Auditee"), required=False, help_text=_("Who answers; unless named, who owns the system or the audit.")
    )


class AnswerForm(ActForm):
    response = area(_("Response"), 4)


class OutcomeForm(ActForm):
    outcome = area(_("Outcome"), 3)


class SampleForm(ActForm):
    """What is drawn from, how many, by which strata; the seed may be given."""

    title = forms.CharField(label=_("What is sampled"), max_length=200)
    record_kind = forms.ChoiceField(label=_("Kind of record"))
    query = forms.CharField(
        label=_("Query"), max_length=2000, required=False,
        help_text=_("Empty: all. Else filter the register, and copy what stands in its address after the question mark, "
                    "such as state=operation_monitoring&q=price."),
    )  # fmt: skip
    stratum_by = forms.ChoiceField(
        label=_("Strata by"), required=False,
        help_text=_("Each stratum gives its share of the sample. The register must have this filter."),
    )  # fmt: skip
    size = forms.IntegerField(label=_("How many"), min_value=1)
    seed = forms.CharField(
        label=_("Seed"), max_length=200, required=False, help_text=_("Your own, or none: then one is made by chance.")
    )
    item = forms.ChoiceField(label=_("For the working paper"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        names = [(kind, str(registry.kinds[kind].plural)) for kind in tables()]
        self.fields["record_kind"].choices = sorted(names, key=lambda one: one[1])  # type: ignore[attr-defined]
        self.fields["stratum_by"].choices = [("", _("One stratum")), *facets()]  # type: ignore[attr-defined]
        papers = [(str(one.pk), f"{one.criterion}: {one.question}") for one in self._papers()]
        self.fields["item"].choices = [("", _("None")), *papers]  # type: ignore[attr-defined]
        if not papers:
            self.fields["item"].widget = forms.HiddenInput()

    def _papers(self) -> Any:
        """The working papers of the audit that the sample is drawn for; a certification body keeps its own."""
        return self.instance.items.select_related("criterion__clause", "criterion__control") if self.instance else ()

    def data_for_service(self) -> dict[str, Any]:
        found = super().data_for_service()
        key = found.pop("item")
        return {**found, "item": self.instance.items.get(pk=key) if key else None}


class VerdictForm(ActForm):
    verdict = forms.ChoiceField(label=_("Verdict"), choices=RowVerdict.choices)
    note = area(_("Note"), 2, required=False)
