"""The kinds of audits in the API."""

from typing import Any, ClassVar

from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from aims import clock
from aims.api.base import RecordRefField, StrictSerializer
from aims.errors import invalid
from aims.models import Record
from aims.services import require
from audits import acts, policies, populations, services
from audits.acts import Act
from audits.api.base import AuditsViewSet, acting
from audits.api.bodies import body_of
from audits.forms.audits import AuditForm, FindingForm, ProgrammeForm, SampleForm
from audits.forms.engagements import CertificationForm, EngagementForm
from audits.forms.nonconformities import CorrectiveActionForm, ImprovementForm, NonconformityForm
from audits.models import (
    Audit,
    AuditProgramme,
    Certification,
    CorrectiveAction,
    Engagement,
    Finding,
    Improvement,
    Nonconformity,
    Sample,
)
from audits.tables import (
    AUDITS,
    CERTIFICATIONS,
    CORRECTIVE_ACTIONS,
    ENGAGEMENTS,
    FINDINGS,
    IMPROVEMENTS,
    NONCONFORMITIES,
    PROGRAMMES,
)
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
    """An audit programme; `gaps` is what it left out when it was approved."""

    class Meta:
        model = AuditProgramme
        fields = (*ALWAYS, "starts_on", "ends_on", "objectives", "risks", "methods", "responsibilities", "resources",
                  "reporting", "gaps", "gap_reason", "approved_at")  # fmt: skip


class AuditSerializer(_Read):
    """An audit. Criteria, scope and team are named; working papers stay on the page."""

    programme = Ref()
    criteria = serializers.SerializerMethodField()
    team = serializers.SerializerMethodField()

    class Meta:
        model = Audit
        fields = (*ALWAYS, "sort", "programme", "objectives", "method", "agenda", "criteria", "team", "period_from",
                  "period_to", "starts_on", "ends_on", "look_back", "conclusions", "left_out", "reported_at")  # fmt: skip

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
                  "issued_at", "response", "responded_at", "outcome")  # fmt: skip


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


def _others(found: tuple[Act, ...], *names: str) -> tuple[Act, ...]:
    return tuple(act for act in found if act.id not in names)


@acting(acts.PROGRAMME_ACTS)
class ProgrammeViewSet(AuditsViewSet):
    """Audit programmes."""

    model, table, serializer_class, form = AuditProgramme, PROGRAMMES, ProgrammeSerializer, ProgrammeForm

    @extend_schema(request=body_of(ProgrammeForm))
    def create(self, request: Request) -> Response:
        """Draft a programme."""
        return self.once(request, lambda: self.answer(self._make(request), status=201))

    def _make(self, request: Request) -> Any:
        by: Any = request.user
        require(policies.may(by, "programme.draft"))
        return services.draft_programme(by=by, data=self.read(request, self.form))

    @extend_schema(request=body_of(ProgrammeForm))
    def partial_update(self, request: Request, ref: str) -> Response:
        """Change a draft."""
        record, version = self.get_object(), self.match(request)
        by: Any = request.user
        require(policies.may(by, "programme.change", record))
        return self.answer(services.change_programme(record, by=by, data=self.reread(request, record), version=version))


@acting(acts.AUDIT_ACTS)
class AuditViewSet(AuditsViewSet):
    """Audits."""

    model, table, serializer_class, form = Audit, AUDITS, AuditSerializer, AuditForm

    def get_queryset(self) -> Any:
        return super().get_queryset().prefetch_related("criteria__clause", "criteria__control", "team__person")

    @extend_schema(request=body_of(AuditForm))
    def create(self, request: Request) -> Response:
        """Plan an audit."""
        return self.once(request, lambda: self.answer(self._make(request), status=201))

    def _make(self, request: Request) -> Any:
        by: Any = request.user
        require(policies.may(by, "audit.plan"))
        return services.plan_audit(by=by, **self.read(request, self.form))

    @extend_schema(request=body_of(AuditForm))
    def partial_update(self, request: Request, ref: str) -> Response:
        """Change what is planned."""
        record, version = self.get_object(), self.match(request)
        by: Any = request.user
        require(policies.may(by, "audit.change", record))
        return self.answer(services.change_audit(record, by=by, version=version, **self.reread(request, record)))

    @extend_schema(methods=["get"], responses=SampleSerializer(many=True), filters=False)
    @extend_schema(methods=["post"], request=body_of(SampleForm), responses=SampleSerializer)
    @action(detail=True, methods=["get", "post"])
    def samples(self, request: Request, ref: str) -> Response:
        """Read the samples with what changed since, or draw one."""
        audit = self.get_object()
        if request.method == "GET":
            rows = audit.samples.prefetch_related("rows__record")
            return Response({"results": [self._sample(request, row) for row in rows]})
        by: Any = request.user
        require(policies.can_work(by, audit))
        made = services.draw_sample(audit, by=by, at=clock.now(), **self.read(request, SampleForm))
        return Response(self._sample(request, made), status=201)

    def _sample(self, request: Request, sample: Sample) -> Any:
        seen = set(
            Record.objects.visible_to(request.user)
            .filter(pk__in=sample.rows.values("record"))
            .values_list("pk", flat=True)
        )
        return SampleSerializer(sample, context={"request": request, "seen": seen}).data

    @extend_schema(request=body_of(FindingForm), responses=FindingSerializer)
    @action(detail=True, methods=["post"], url_path="findings")
    def raise_finding(self, request: Request, ref: str) -> Response:
        """Raise a finding as a draft of the team."""
        audit = self.get_object()
        by: Any = request.user
        require(policies.can_work(by, audit))
        made = services.raise_finding(audit, by=by, data=self.read(request, FindingForm, audit=audit), on=clock.today())
        return Response(FindingSerializer(made, context=self.get_serializer_context()).data, status=201)


@acting(acts.FINDING_ACTS)
class FindingViewSet(AuditsViewSet):
    """Findings; drafts show to the audit's team alone."""

    model, table, serializer_class, form = Finding, FINDINGS, FindingSerializer, FindingForm

    @extend_schema(request=body_of(FindingForm))
    def partial_update(self, request: Request, ref: str) -> Response:
        """Change a draft."""
        record, version = self.get_object(), self.match(request)
        by: Any = request.user
        require(policies.can_judge_finding(by, record))
        return self.answer(services.change_finding(record, by=by, data=self.reread(request, record), version=version))


@acting(_others(acts.NONCONFORMITY_ACTS, "plan"))
class NonconformityViewSet(AuditsViewSet):
    """Nonconformities. A verb answers 409 with everything that is unmet."""

    model, table, serializer_class, form = Nonconformity, NONCONFORMITIES, NonconformitySerializer, NonconformityForm

    @extend_schema(request=body_of(NonconformityForm))
    def create(self, request: Request) -> Response:
        """Raise a nonconformity."""
        return self.once(request, lambda: self.answer(self._make(request), status=201))

    def _make(self, request: Request) -> Any:
        by: Any = request.user
        require(policies.may(by, "nonconformity.raise"))
        return services.raise_nonconformity(by=by, data=self.read(request, self.form), on=clock.today())

    @extend_schema(request=body_of(NonconformityForm))
    def partial_update(self, request: Request, ref: str) -> Response:
        """Change what is said of an open one."""
        record, version = self.get_object(), self.match(request)
        by: Any = request.user
        require(policies.may(by, "nonconformity.change", record))
        return self.answer(
            services.change_nonconformity(record, by=by, data=self.reread(request, record), version=version)
        )

    @extend_schema(request=PlanBody, responses=NonconformitySerializer)
    @action(detail=True, methods=["post"])
    def plan(self, request: Request, ref: str) -> Response:
        """Plan actions, how it will be known that they worked, from when, and who judges it."""
        record, version = self.get_object(), self.match(request)
        by: Any = request.user
        require(policies.can_correct(by, record))
        body = PlanBody(data=request.data)
        unknown = {name: ["Unknown field."] for name in request.data if name not in body.fields}
        if unknown:
            raise serializers.ValidationError(unknown)
        body.is_valid(raise_exception=True)
        services.plan_correction(record, by=by, on=clock.today(), version=version, **body.validated_data)
        return self.answer(record)


@acting(acts.ACTION_ACTS)
class CorrectiveActionViewSet(AuditsViewSet):
    """Corrective actions. They are added to a nonconformity."""

    model, table, serializer_class = CorrectiveAction, CORRECTIVE_ACTIONS, CorrectiveActionSerializer
    form: ClassVar[Any] = CorrectiveActionForm

    @extend_schema(request=body_of(CorrectiveActionForm))
    def partial_update(self, request: Request, ref: str) -> Response:
        """Change an open action."""
        record, version = self.get_object(), self.match(request)
        by: Any = request.user
        require(policies.may(by, "corrective_action.change", record))
        data = self.reread(request, record)
        return self.answer(services.change_corrective_action(record, by=by, data=data, version=version))


@acting(acts.IMPROVEMENT_ACTS)
class ImprovementViewSet(AuditsViewSet):
    """The improvement log."""

    model, table, serializer_class, form = Improvement, IMPROVEMENTS, ImprovementSerializer, ImprovementForm

    @extend_schema(request=body_of(ImprovementForm))
    def create(self, request: Request) -> Response:
        """Enter an idea."""
        return self.once(request, lambda: self.answer(self._make(request), status=201))

    def _make(self, request: Request) -> Any:
        by: Any = request.user
        require(policies.may(by, "improvement.register"))
        return services.register_improvement(by=by, data=self.read(request, self.form), on=clock.today())

    @extend_schema(request=body_of(ImprovementForm))
    def partial_update(self, request: Request, ref: str) -> Response:
        """Change an open one."""
        record, version = self.get_object(), self.match(request)
        by: Any = request.user
        require(policies.can_change_improvement(by, record))
        return self.answer(
            services.change_improvement(record, by=by, data=self.reread(request, record), version=version)
        )


@acting(acts.ENGAGEMENT_ACTS)
class EngagementViewSet(AuditsViewSet):
    """Engagements, as our side keeps them. The auditor's room is on the pages alone."""

    model, table, serializer_class, form = Engagement, ENGAGEMENTS, EngagementSerializer, EngagementForm

    @extend_schema(request=body_of(EngagementForm))
    def create(self, request: Request) -> Response:
        """Open an engagement for an audit."""
        return self.once(request, lambda: self.answer(self._make(request), status=201))

    def _make(self, request: Request) -> Any:
        by: Any = request.user
        require(policies.may(by, "engagement.open"))
        given = self.read(request, self.form)
        audit = given["data"].pop("audit")
        if audit is None:
            raise invalid(audit=_("Name the audit."))
        return services.open_engagement(audit, by=by, on=clock.today(), **given)


@acting(acts.CERTIFICATION_ACTS)
class CertificationViewSet(AuditsViewSet):
    """Certifications."""

    model, table, serializer_class, form = Certification, CERTIFICATIONS, CertificationSerializer, CertificationForm

    @extend_schema(request=body_of(CertificationForm))
    def create(self, request: Request) -> Response:
        """Record a certification."""
        return self.once(request, lambda: self.answer(self._make(request), status=201))

    def _make(self, request: Request) -> Any:
        by: Any = request.user
        require(policies.may(by, "certification.record"))
        return services.record_certification(by=by, data=self.read(request, self.form))

    @extend_schema(request=body_of(CertificationForm))
    def partial_update(self, request: Request, ref: str) -> Response:
        """Change the record."""
        record, version = self.get_object(), self.match(request)
        by: Any = request.user
        require(policies.may(by, "certification.change", record))
        return self.answer(
            services.change_certification(record, by=by, data=self.reread(request, record), version=version)
        )


ROUTES = (
    ("programmes", ProgrammeViewSet), ("audits", AuditViewSet), ("findings", FindingViewSet),
    ("nonconformities", NonconformityViewSet), ("corrective-actions", CorrectiveActionViewSet),
    ("improvements", ImprovementViewSet), ("engagements", EngagementViewSet), ("certifications", CertificationViewSet),
)  # fmt: skip
