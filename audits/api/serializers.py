"""What the API says of audits, and the bodies of verbs that no form describes."""

from typing import Any

from rest_framework import serializers

from aims.api.base import RecordRefField, StrictSerializer
from audits import populations
from audits.leftout import left_out_of
from audits.models import (
    Audit,
    AuditProgramme,
    Certification,
    CorrectiveAction,
    Engagement,
    Finding,
    Improvement,
    Nonconformity,
    Offer,
    Sample,
)
from audits.reading import changed_since
from organization.api.fields import PersonField, UnitField

ALWAYS = ("ref", "title", "state", "unit", "owner", "due_on", "confidentiality", "version", "created_at", "updated_at")


class Ref(RecordRefField):
    """A link read by reference; what the reader does not see is null."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(read_only=True, **kwargs)


class _Read(StrictSerializer):
    unit = UnitField(read_only=True)
    owner = serializers.SlugRelatedField(slug_field="email", read_only=True)  # type: ignore[var-annotated]


class ProgrammeSerializer(_Read):
    """An audit programme; `left_out` is what was in no audit of it when it was approved, reason by reason."""

    left_out = serializers.SerializerMethodField()

    class Meta:
        model = AuditProgramme
        fields = (*ALWAYS, "starts_on", "ends_on", "objectives", "risks", "methods", "responsibilities", "resources",
                  "reporting", "gaps", "gap_reason", "left_out", "approved_at")  # fmt: skip

    def get_left_out(self, programme: AuditProgramme) -> list[dict[str, Any]]:
        return [
            {"about": one.about, "reason": one.why, "clauses_and_controls": one.numbers,
             "units": [unit.name for unit in one.units], "systems": [system.ref for system in one.systems]}
            for one in left_out_of(programme, self.context["request"].user)
        ]  # fmt: skip


class AuditSerializer(_Read):
    """An audit. Criteria, scope and team are named; working papers stay on the page."""

    programme = Ref()
    criteria = serializers.SerializerMethodField()
    team = serializers.SerializerMethodField()

    class Meta:
        model = Audit
        fields = (*ALWAYS, "sort", "programme", "objectives", "method", "agenda", "criteria", "team", "period_from",
                  "period_to", "starts_on", "ends_on", "look_back", "conclusions", "left_out", "reported_at",
                  "audited_by", "report_at")  # fmt: skip

    def get_criteria(self, audit: Audit) -> list[str]:
        return [str(row) for row in audit.criteria.all()]

    def get_team(self, audit: Audit) -> list[dict[str, Any]]:
        return [
            {"person": row.person.email, "role": row.role, "independent": not row.conflicts} for row in audit.team.all()
        ]


class FindingSerializer(_Read):
    """A finding of an audit."""

    audit = Ref()
    system = Ref()
    criterion = serializers.CharField(read_only=True)

    class Meta:
        model = Finding
        fields = (*ALWAYS, "audit", "system", "criterion", "grade", "rationale", "statement", "objective_evidence",
                  "taken_over", "issued_at", "response", "responded_at", "outcome")  # fmt: skip


class NonconformitySerializer(_Read):
    """A nonconformity with cause, plan and effect."""

    system = Ref()
    clause = serializers.CharField(source="clause.number", read_only=True, default=None)
    control = serializers.CharField(source="control.number", read_only=True, default=None)
    reviewer = serializers.SlugRelatedField(slug_field="email", read_only=True)  # type: ignore[var-annotated]

    class Meta:
        model = Nonconformity
        fields = (*ALWAYS, "source", "system", "clause", "control", "requirement", "description", "grade", "detected_on",
                  "round", "containment", "contained_on", "consequences", "cause_method", "cause_steps", "root_cause",
                  "similar_where", "similar_result", "action_needed", "no_action_reason", "proportionality",
                  "effect_criteria", "effect_from", "reviewer", "aims_changes", "risk_update", "closed_on")  # fmt: skip


class CorrectiveActionSerializer(_Read):
    """A corrective action."""

    nonconformity = Ref()

    class Meta:
        model = CorrectiveAction
        fields = (*ALWAYS, "nonconformity", "round", "done_on", "result")


class ImprovementSerializer(_Read):
    """An entry of the improvement log."""

    finding = Ref()
    system = Ref()

    class Meta:
        model = Improvement
        fields = (*ALWAYS, "finding", "system", "idea", "outcome", "ended_on")


class EngagementSerializer(_Read):
    """What is open to people from outside."""

    audit = Ref()

    class Meta:
        model = Engagement
        fields = (*ALWAYS, "audit", "firm", "role", "starts_on", "ends_on", "period_from", "period_to", "clauses",
                  "end_reason", "ended_at")  # fmt: skip


class CertificationSerializer(_Read):
    """A certification."""

    class Meta:
        model = Certification
        fields = (*ALWAYS, "body", "accreditation", "standard", "number", "scope", "issued_on", "valid_until", "notes")


class SampleSerializer(serializers.ModelSerializer[Sample]):
    """A sample with everything that is needed to draw it again."""

    drawn = serializers.SerializerMethodField()
    changed_since = serializers.SerializerMethodField()

    class Meta:
        model = Sample
        fields = ("id", "title", "record_kind", "query", "stratum_by", "as_of", "population_count", "population_digest",
                  "seed", "size", "algorithm", "drawn_at", "drawn", "changed_since")  # fmt: skip

    def get_drawn(self, sample: Sample) -> list[dict[str, Any]]:
        seen = self.context["seen"]
        return [
            {
                "ref": row.record.ref,
                "stratum": row.stratum,
                "version": row.drawn_version,
                "verdict": row.verdict,
                "note": row.note,
            }
            for row in sample.rows.select_related("record")
            if row.record_id in seen
        ]

    def get_changed_since(self, sample: Sample) -> dict[str, list[str]]:
        found = populations.difference(sample, self.context["request"].user)
        return {"added": found.added, "removed": found.removed, "moved": found.moved}


class OfferSerializer(serializers.Serializer[Any]):
    """A record given in answer to a request, and whether it changed since."""

    ref = serializers.CharField(source="record.ref")
    version = serializers.IntegerField(source="offered_version")
    note = serializers.CharField()
    offered_at = serializers.DateTimeField()
    changed = serializers.SerializerMethodField()

    def get_changed(self, offer: Offer) -> bool:
        return changed_since(offer)


class RequestSerializer(serializers.Serializer[Any]):
    """Something the auditor asked for. `about` and what was offered are named as far as the reader sees them."""

    number = serializers.CharField()
    wanted = serializers.CharField()
    clause = serializers.CharField()
    about = serializers.CharField(source="about.ref", default=None)
    due_on = serializers.DateField()
    state = serializers.CharField()
    asked_by = serializers.EmailField(source="asked_by.email")
    asked_at = serializers.DateTimeField()
    offered = OfferSerializer(many=True)


class RequestListBody(serializers.Serializer[Any]):
    """A request list with the columns number, wanted, clause, about, due_on, asked_by."""

    file = serializers.FileField(max_length=400)


class ActionRowSerializer(serializers.Serializer[Any]):
    title = serializers.CharField(max_length=200)
    owner = PersonField()
    due_on = serializers.DateField()


class PlanBody(serializers.Serializer[Any]):
    """A plan of corrective action."""

    action_needed = serializers.BooleanField()
    no_action_reason = serializers.CharField(max_length=4000, required=False, allow_blank=True)
    proportionality = serializers.CharField(max_length=4000, required=False, allow_blank=True)
    effect_criteria = serializers.CharField(max_length=4000)
    effect_from = serializers.DateField(required=False, allow_null=True)
    reviewer = PersonField()
    actions = ActionRowSerializer(many=True, required=False)
