"""API of risks, with assessments, treatments and acceptances. Deciding wants a person."""

from typing import Any, ClassVar

from django.db.models import Prefetch
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from aims import clock
from aims.api.base import ChangingViewSet, RecordRefField, StrictSerializer
from aims.services import require
from inventory.models import AISystem, Component
from organization.api.fields import PersonField, UnitField
from organization.commitments import Objective, Obligation
from organization.deciding import confirm
from risk import policies, services
from risk.api.bodies import (
    AcceptanceSerializer,
    AcceptSerializer,
    AssessmentSerializer,
    AssessSerializer,
    FamilySerializer,
    OutcomeSerializer,
    PlanDecisionSerializer,
    ReasonSerializer,
    SittingSerializer,
    TreatmentSerializer,
    TreatSerializer,
    VerifySerializer,
)
from risk.models import Risk
from risk.sittings import waiting
from risk.states import Effect
from risk.tables import RISKS
from risk.views.base import with_links, with_systems

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


class RiskViewSet(ChangingViewSet):
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

    def changed(self, record: Any, data: dict[str, Any], version: int) -> Any:
        person: Any = self.request.user
        return services.change_risk(record, by=person, data=data, version=version)

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

    @extend_schema(methods=["get"], responses=RiskSerializer(many=True), filters=False)
    @extend_schema(methods=["post"], request=SittingSerializer, responses=OutcomeSerializer(many=True))
    @action(detail=False, methods=["get", "post"])
    def sitting(self, request: Request) -> Response:
        """Read which risks wait for an acceptance that you may give, or accept several, each recorded singly.

        A refused one does not hold the others back: its row says why.
        """
        by: Any = request.user
        require(policies.can_sit(by))
        if request.method == "GET":
            rows = waiting(self.get_queryset(), by, on=clock.today())
            return Response({"results": self.get_serializer(rows, many=True).data})
        data = self.given(request, SittingSerializer)
        confirm(request)
        pairs = [(row["risk"], row["version"]) for row in data.pop("risks")]
        outcomes = services.accept_many(pairs, by=by, on=clock.today(), **data)
        return Response({"results": OutcomeSerializer(outcomes, many=True).data})

    def _decided(self, request: Request, serializer: type[Any], verb: Any) -> Response:
        """A verb that decides: version, body, then who it is."""
        record, version = self.get_object(), self.match(request)
        data = self.given(request, serializer)
        confirm(request)
        verb(record, by=request.user, on=clock.today(), version=version, **data)
        return self.answer(record)
