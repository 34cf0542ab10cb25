"""The kinds of audits in the API."""

from typing import Any, ClassVar, cast

from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from aims import clock
from aims.errors import invalid
from aims.models import Record
from aims.services import require
from audits import acts, policies, services
from audits.acts import Act
from audits.api.base import AuditsViewSet, acting
from audits.api.bodies import body_of
from audits.api.serializers import (
    AuditSerializer,
    CertificationSerializer,
    CorrectiveActionSerializer,
    EngagementSerializer,
    FindingSerializer,
    ImprovementSerializer,
    NonconformitySerializer,
    PlanBody,
    ProgrammeSerializer,
    RequestListBody,
    RequestSerializer,
    SampleSerializer,
)
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
from audits.reading import requests_of
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
        made = services.draw_sample(audit, by=by, at=clock.now(), **self.read(request, SampleForm, instance=audit))
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

    @extend_schema(methods=["get"], responses=RequestSerializer(many=True), filters=False)
    @extend_schema(methods=["post"], request=RequestListBody, responses={201: RequestSerializer(many=True)})
    @action(detail=True, methods=["get", "post"], parser_classes=[MultiPartParser])
    def requests(self, request: Request, ref: str) -> Response:
        """Read the request list, or take one over from a CSV or XLSX file (multipart: `file`): all rows or none."""
        engagement, user = self.get_object(), cast(Any, request.user)
        if request.method == "GET":
            require(policies.can_comment(user, engagement))
            return Response({"results": RequestSerializer(requests_of(engagement, user), many=True).data})
        require(policies.can_bring_list(user, engagement))
        file = self.given(request, RequestListBody)["file"]
        made = services.import_requests(engagement, by=user, file=file, name=file.name, on=clock.today())
        rows = requests_of(engagement, user)
        new = RequestSerializer([one for one in rows if one.pk in {row.pk for row in made}], many=True)
        return Response({"results": new.data}, status=201)


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
