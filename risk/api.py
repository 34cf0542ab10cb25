"""API: risks with assessments, treatments and acceptances; treatment actions; criteria. Deciding wants a person."""

from typing import Any, ClassVar

from django.db.models import Prefetch
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from aims import clock
from aims.api.base import RecordRefField, RecordViewSet, StrictSerializer
from aims.models import Record
from controls.models import Control
from inventory.models import AISystem, Component
from organization.api.fields import OverridingSerializer, PersonField, UnitField
from organization.commitments import Objective, Obligation
from organization.deciding import confirm
from risk import services
from risk.models import Acceptance, Risk, RiskAssessment, RiskCriteria, Treatment, TreatmentAction
from risk.scales import DIMENSIONS
from risk.states import Effect, Option, Trigger, Verdict
from risk.tables import ACTIONS, CRITERIA, RISKS
from risk.views.base import with_links, with_risk, with_systems

RATINGS = ("likelihood", *DIMENSIONS)
LINKS = {"hinders": Effect.HINDERS, "helps": Effect.HELPS}


class RiskSerializer(StrictSerializer):
    """A risk. Level and score follow from its assessments. `family`: further systems it is stated for."""

    system = RecordRefField(AISystem, allow_null=True, required=False)
    family = serializers.SerializerMethodField()
    unit = UnitField(required=False)
    owner = PersonField()
    component = RecordRefField(Component, allow_null=True, required=False)
    inherits_from = RecordRefField(Risk, allow_null=True, required=False)
    hinders = RecordRefField(Objective, many=True, required=False, write_only=True)
    helps = RecordRefField(Objective, many=True, required=False, write_only=True)
    obligations = RecordRefField(Obligation, many=True, required=False, write_only=True)
    criteria = serializers.SlugRelatedField(slug_field="ref", read_only=True)  # type: ignore[var-annotated]
    level_name = serializers.CharField(read_only=True)
    accepted_until = serializers.DateField(source="acceptance.until", read_only=True, default=None)
    treatment_option = serializers.CharField(source="treatment.option", read_only=True, default=None)

    class Meta:
        model = Risk
        fields = (
            "ref", "title", "state", "nature", "system", "family", "unit", "owner", "cause", "event", "consequences",
            "sources", "objectives", "stage", "existing_controls", "component", "inherits_from", "hinders", "helps",
            "obligations", "likelihood", "consequence", "score",
            "level", "level_name", "evaluation", "inherent_likelihood", "inherent_consequence", "criteria",
            "treatment_option", "accepted_until", "due_on", "confidentiality", "version", "created_at", "updated_at",
        )  # fmt: skip
        read_only_fields: ClassVar[tuple[str, ...]] = (
            "ref", "state", "likelihood", "consequence", "score", "level", "evaluation", "inherent_likelihood",
            "inherent_consequence", "due_on", "version", "created_at", "updated_at",
        )  # fmt: skip

    def get_family(self, risk: Risk) -> list[str]:
        return [part.system.ref for part in risk.family.all()]

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """`hinders` and `helps` together replace the objectives it touches."""
        named = [(name, effect) for name, effect in LINKS.items() if name in attrs]
        if named:
            attrs["objective_rows"] = [(row, effect) for name, effect in named for row in attrs.pop(name)]
        return attrs

    def to_representation(self, instance: Risk) -> Any:
        told = super().to_representation(instance)
        rows = instance.objective_rows.all()
        for name, effect in LINKS.items():
            told[name] = [row.objective.ref for row in rows if row.effect == effect]
        return {**told, "obligations": [row.obligation.ref for row in instance.obligation_rows.all()]}


class FamilySerializer(serializers.Serializer[Any]):
    """Further systems, by reference."""

    family = RecordRefField(AISystem, many=True, required=False)


class RatingsSerializer(serializers.Serializer[Any]):
    """Ratings by the scales in force; null where a consequence does not apply."""

    likelihood = serializers.IntegerField(min_value=1, max_value=7)
    organization = serializers.IntegerField(min_value=1, max_value=7, allow_null=True, default=None)
    individual = serializers.IntegerField(min_value=1, max_value=7, allow_null=True, default=None)
    group = serializers.IntegerField(min_value=1, max_value=7, allow_null=True, default=None)
    society = serializers.IntegerField(min_value=1, max_value=7, allow_null=True, default=None)


def _text(**more: Any) -> serializers.CharField:
    return serializers.CharField(max_length=4000, **more)


class AssessSerializer(RatingsSerializer):
    """An assessment to record. A consequence is rated, or its `<dimension>_reason` says why it does not apply."""

    likelihood_reason = _text()
    organization_reason = _text(required=False, allow_blank=True)
    individual_reason = _text(required=False, allow_blank=True)
    group_reason = _text(required=False, allow_blank=True)
    society_reason = _text(required=False, allow_blank=True)
    trigger = serializers.ChoiceField(choices=Trigger.choices, default=Trigger.PLANNED)
    trigger_record = serializers.SlugRelatedField(
        slug_field="ref", queryset=Record.objects.all(), required=False, allow_null=True
    )
    assessors = PersonField(many=True, required=False)
    next_review_on = serializers.DateField()

    def validate_trigger_record(self, record: Any) -> Any:
        seen = Record.objects.visible_to(self.context["request"].user)
        if record is not None and not seen.filter(pk=record.pk).exists():
            raise serializers.ValidationError("There is no such record.")
        return record


class AssessmentSerializer(serializers.ModelSerializer[RiskAssessment]):
    """One version of the assessment; it never changes."""

    criteria = serializers.SlugRelatedField(slug_field="ref", read_only=True)  # type: ignore[var-annotated]
    assessors = serializers.SerializerMethodField()

    class Meta:
        model = RiskAssessment
        fields = (
            "number", "assessed_at", "trigger", "criteria", *RATINGS, "likelihood_reason", "organization_reason",
            "individual_reason", "group_reason", "society_reason", "consequence", "score", "level", "assessors",
        )  # fmt: skip

    def get_assessors(self, row: RiskAssessment) -> list[str]:
        return [one.person.email for one in row.assessors.all()]


class ActionRowSerializer(serializers.Serializer[Any]):
    title = serializers.CharField(max_length=200)
    owner = PersonField()
    due_on = serializers.DateField()
    resources = serializers.CharField(max_length=2000, required=False, allow_blank=True)


class TreatSerializer(RatingsSerializer):
    """A plan to propose; its ratings are what it is expected to leave."""

    option = serializers.ChoiceField(choices=Option.choices)
    rationale = _text()
    controls = serializers.SlugRelatedField(
        slug_field="number", queryset=Control.objects.all(), many=True, required=False
    )
    own_controls = serializers.ListField(child=serializers.CharField(max_length=300), required=False)
    actions = ActionRowSerializer(many=True, required=False)


class TreatmentSerializer(serializers.ModelSerializer[Treatment]):
    """One version of the treatment plan."""

    controls = serializers.SlugRelatedField(slug_field="number", many=True, read_only=True)  # type: ignore[var-annotated]
    proposed_by = serializers.SlugRelatedField(slug_field="email", read_only=True)  # type: ignore[var-annotated]

    class Meta:
        model = Treatment
        fields = (
            "number", "state", "option", "rationale", "controls", "own_controls", *RATINGS, "consequence", "score",
            "level", "proposed_by", "proposed_at",
        )  # fmt: skip


class DecidingSerializer(serializers.Serializer[Any]):
    reason = _text()
    conditions = _text(required=False, allow_blank=True)
    override = OverridingSerializer(required=False)


class PlanDecisionSerializer(DecidingSerializer):
    approved = serializers.BooleanField()


class AcceptSerializer(DecidingSerializer):
    until = serializers.DateField()


class VerifySerializer(RatingsSerializer):
    verdict = serializers.ChoiceField(choices=Verdict.choices)
    method = _text()
    override = OverridingSerializer(required=False)


class ReasonSerializer(serializers.Serializer[Any]):
    reason = _text()


class AcceptanceSerializer(serializers.ModelSerializer[Acceptance]):
    """One acceptance of a residual; it never changes."""

    accepted_by = serializers.SlugRelatedField(slug_field="email", read_only=True)  # type: ignore[var-annotated]
    criteria = serializers.SlugRelatedField(slug_field="ref", read_only=True)  # type: ignore[var-annotated]
    in_force = serializers.SerializerMethodField()

    class Meta:
        model = Acceptance
        fields = (
            "accepted_at", "accepted_by", "capacity", "level", "score", "criteria", "reason", "conditions", "until",
            "in_force",
        )  # fmt: skip

    def get_in_force(self, row: Acceptance) -> bool:
        return bool(row.pk == row.risk.acceptance_id)


class RiskViewSet(RecordViewSet):
    """Risks. What rates or decides is a POST to a verb, with If-Match; a token decides nothing."""

    model = Risk
    table = RISKS
    serializer_class = RiskSerializer
    http_method_names = ["get", "post", "put", "patch", "head", "options"]

    def get_queryset(self) -> Any:
        rows = super().get_queryset()
        if getattr(self, "swagger_fake_view", False):
            return rows
        above = Prefetch("inherits_from", Risk.objects.visible_to(self.request.user))
        return with_links(with_systems(rows.prefetch_related(above), self.request.user), self.request.user)

    def create(self, request: Request) -> Response:
        """Register a risk, not yet rated."""
        return self.once(request, lambda: self.answer(self._register(request), status=201))

    def _register(self, request: Request) -> Risk:
        return services.register_risk(by=request.user, data=self.cleaned(request))  # type: ignore[arg-type]

    def update(self, request: Request, ref: str) -> Response:
        """Change what is said about the risk."""
        return self._change(request, partial=False)

    def partial_update(self, request: Request, ref: str) -> Response:
        """Change some of what is said about the risk."""
        return self._change(request, partial=True)

    def _change(self, request: Request, *, partial: bool) -> Response:
        record, version = self.get_object(), self.match(request)
        data = self.cleaned(request, record, partial=partial)
        return self.answer(services.change_risk(record, by=request.user, data=data, version=version))  # type: ignore[arg-type]

    @extend_schema(request=FamilySerializer, responses=RiskSerializer)
    @action(detail=True, methods=["post"], url_path="family")
    def set_family(self, request: Request, ref: str) -> Response:
        """Name the further systems for which the risk is stated once."""
        record, version = self.get_object(), self.match(request)
        family = self.given(request, FamilySerializer).get("family", [])
        done = services.change_risk(record, by=request.user, data={}, family=family, version=version)  # type: ignore[arg-type]
        return self.answer(done)

    @extend_schema(methods=["get"], responses=AssessmentSerializer(many=True), filters=False)
    @extend_schema(methods=["post"], request=AssessSerializer, responses=RiskSerializer)
    @action(detail=True, methods=["get", "post"])
    def assessments(self, request: Request, ref: str) -> Response:
        """Read every version of the assessment, or record the next."""
        record = self.get_object()
        if request.method == "GET":
            rows = record.assessments.select_related("criteria").prefetch_related("assessors__person")
            return Response({"results": AssessmentSerializer(rows, many=True).data})
        version, data = self.match(request), self.given(request, AssessSerializer)
        more = {"assessors": data.pop("assessors", []), "next_review_on": data.pop("next_review_on")}
        services.assess_risk(record, by=request.user, data=data, on=clock.today(), version=version, **more)  # type: ignore[arg-type]
        return self.answer(record, status=201)

    @extend_schema(methods=["get"], responses=TreatmentSerializer(many=True), filters=False)
    @extend_schema(methods=["post"], request=TreatSerializer, responses=RiskSerializer)
    @action(detail=True, methods=["get", "post"])
    def treatments(self, request: Request, ref: str) -> Response:
        """Read every version of the plan, or propose the next."""
        record = self.get_object()
        if request.method == "GET":
            rows = record.treatments.select_related("proposed_by").prefetch_related("controls")
            return Response({"results": TreatmentSerializer(rows, many=True).data})
        version, data = self.match(request), self.given(request, TreatSerializer)
        more = {"controls": data.pop("controls", []), "actions": data.pop("actions", [])}
        services.propose_treatment(record, by=request.user, data=data, version=version, **more)  # type: ignore[arg-type]
        return self.answer(record, status=201)

    @extend_schema(request=PlanDecisionSerializer, responses=RiskSerializer)
    @action(detail=True, methods=["post"], url_path="decide-plan")
    def decide_plan(self, request: Request, ref: str) -> Response:
        """Approve the proposed plan, or return it."""
        return self._decided(request, PlanDecisionSerializer, services.decide_plan)

    @extend_schema(methods=["get"], responses=AcceptanceSerializer(many=True), filters=False)
    @extend_schema(methods=["post"], request=AcceptSerializer, responses=RiskSerializer)
    @action(detail=True, methods=["get", "post"])
    def acceptances(self, request: Request, ref: str) -> Response:
        """Read who accepted the residual, or accept it."""
        if request.method == "POST":
            return self._decided(request, AcceptSerializer, services.accept_residual_risk)
        rows = self.get_object().acceptances.select_related("accepted_by", "criteria", "risk")
        return Response({"results": AcceptanceSerializer(rows, many=True).data})

    @extend_schema(request=VerifySerializer, responses=RiskSerializer)
    @action(detail=True, methods=["post"])
    def verify(self, request: Request, ref: str) -> Response:
        """Say whether the treatment worked and what it left."""
        record, version = self.get_object(), self.match(request)
        data = self.given(request, VerifySerializer)
        confirm(request)
        override = data.pop("override", None)
        by: Any = request.user
        services.verify_treatment(record, by=by, data=data, on=clock.today(), version=version, override=override)
        return self.answer(record)

    @extend_schema(request=ReasonSerializer, responses=RiskSerializer)
    @action(detail=True, methods=["post"])
    def close(self, request: Request, ref: str) -> Response:
        """Close a risk whose residual was accepted."""
        return self._decided(request, ReasonSerializer, services.close_risk)

    @extend_schema(request=ReasonSerializer, responses=RiskSerializer)
    @action(detail=True, methods=["post"])
    def reopen(self, request: Request, ref: str) -> Response:
        """Take a closed risk up again."""
        record, version = self.get_object(), self.match(request)
        data = self.given(request, ReasonSerializer)
        services.reopen_risk(record, by=request.user, on=clock.today(), version=version, **data)  # type: ignore[arg-type]
        return self.answer(record)

    def _decided(self, request: Request, serializer: type[Any], verb: Any) -> Response:
        """A verb that decides: version, body, then who it is."""
        record, version = self.get_object(), self.match(request)
        data = self.given(request, serializer)
        confirm(request)
        verb(record, by=request.user, on=clock.today(), version=version, **data)
        return self.answer(record)


class ActionSerializer(StrictSerializer):
    """A step of a treatment plan."""

    risk = serializers.SlugRelatedField(slug_field="ref", read_only=True)  # type: ignore[var-annotated]
    unit = UnitField(read_only=True)
    owner = PersonField()

    class Meta:
        model = TreatmentAction
        fields = (
            "ref", "title", "state", "risk", "unit", "owner", "due_on", "resources", "done_on", "result", "version",
            "created_at", "updated_at",
        )  # fmt: skip
        read_only_fields: ClassVar[tuple[str, ...]] = (
            "ref", "state", "done_on", "result", "version", "created_at", "updated_at",
        )  # fmt: skip


class ResultSerializer(serializers.Serializer[Any]):
    result = _text(required=False, allow_blank=True)


class ActionViewSet(RecordViewSet):
    """Treatment actions; they come with plans."""

    model = TreatmentAction
    table = ACTIONS
    serializer_class = ActionSerializer
    http_method_names = ["get", "post", "patch", "head", "options"]

    def get_queryset(self) -> Any:
        rows = super().get_queryset()
        return rows if getattr(self, "swagger_fake_view", False) else with_risk(rows, self.request.user)

    def partial_update(self, request: Request, ref: str) -> Response:
        """Change what an open action says."""
        record, version = self.get_object(), self.match(request)
        data = self.cleaned(request, record, partial=True)
        return self.answer(services.change_action(record, by=request.user, data=data, version=version))  # type: ignore[arg-type]

    @extend_schema(request=ResultSerializer, responses=ActionSerializer)
    @action(detail=True, methods=["post"])
    def complete(self, request: Request, ref: str) -> Response:
        """Say that it is done."""
        record, version = self.get_object(), self.match(request)
        data = self.given(request, ResultSerializer)
        done = services.complete_action(record, by=request.user, on=clock.today(), version=version, **data)  # type: ignore[arg-type]
        return self.answer(done)

    @extend_schema(request=ReasonSerializer, responses=ActionSerializer)
    @action(detail=True, methods=["post"])
    def drop(self, request: Request, ref: str) -> Response:
        """Take it out of the plan, with the reason."""
        record, version = self.get_object(), self.match(request)
        data = self.given(request, ReasonSerializer)
        return self.answer(services.drop_action(record, by=request.user, version=version, **data))  # type: ignore[arg-type]


class CriteriaSerializer(StrictSerializer):
    """An edition of the criteria: scales, levels and who may accept them."""

    owner = PersonField(required=False)
    drafted_by = serializers.SlugRelatedField(slug_field="email", read_only=True)  # type: ignore[var-annotated]
    approved_by = serializers.SlugRelatedField(slug_field="email", read_only=True)  # type: ignore[var-annotated]

    class Meta:
        model = RiskCriteria
        fields = (
            "ref", "title", "edition", "state", "appetite", "likelihood", "consequence", "levels", "authority", "owner",
            "due_on", "drafted_by", "approved_by", "approved_at", "version", "created_at", "updated_at",
        )  # fmt: skip
        read_only_fields: ClassVar[tuple[str, ...]] = (
            "ref", "title", "edition", "state", "approved_at", "version", "created_at", "updated_at",
        )  # fmt: skip


class CriteriaViewSet(RecordViewSet):
    """Risk criteria. A POST drafts the next edition as a copy of the one in force, with what is given over it."""

    model = RiskCriteria
    table = CRITERIA
    serializer_class = CriteriaSerializer
    http_method_names = ["get", "post", "patch", "head", "options"]

    def create(self, request: Request) -> Response:
        """Draft a new edition."""
        return self.once(request, lambda: self.answer(self._draft(request), status=201))

    def _draft(self, request: Request) -> RiskCriteria:
        serializer = self.get_serializer(data=request.data, partial=True)
        serializer.is_valid(raise_exception=True)
        return services.draft_criteria(by=request.user, data=dict(serializer.validated_data))  # type: ignore[arg-type]

    def partial_update(self, request: Request, ref: str) -> Response:
        """Change a draft."""
        record, version = self.get_object(), self.match(request)
        data = self.cleaned(request, record, partial=True)
        return self.answer(services.change_criteria(record, by=request.user, data=data, version=version))  # type: ignore[arg-type]

    @extend_schema(request=DecidingSerializer, responses=CriteriaSerializer)
    @action(detail=True, methods=["post"])
    def approve(self, request: Request, ref: str) -> Response:
        """Put the draft in force."""
        record, version = self.get_object(), self.match(request)
        data = self.given(request, DecidingSerializer)
        data.pop("conditions", None)
        confirm(request)
        by: Any = request.user
        done = services.approve_criteria(record, by=by, at=clock.now(), on=clock.today(), version=version, **data)
        return self.answer(done)
