"""Life-cycle records, changes and passages of the gate. Deciding wants a person; results come with a token."""

from typing import Any, ClassVar

from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from aims import clock
from aims.api.base import RecordRefField, RecordViewSet, StrictSerializer
from aims.errors import invalid
from evidence.models import EvidenceItem
from inventory import services
from inventory.api.fields import ReasonSerializer, body, person_of
from inventory.api.gate import digest_field, optional, words
from inventory.models import AISystem, ChangeRequest, CheckResult, GateAttempt, LifecycleRecord
from inventory.states import RecordSort, Verdict
from inventory.tables_gate import ATTEMPTS, CHANGES, RECORDS
from organization.deciding import confirm


class PartOfSystemSerializer(StrictSerializer):
    system = serializers.SlugRelatedField(slug_field="ref", read_only=True)  # type: ignore[var-annotated]
    owner = serializers.SlugRelatedField(slug_field="email", read_only=True)  # type: ignore[var-annotated]
    release = serializers.CharField(source="release.number", read_only=True, default=None)


class ResultSerializer(serializers.ModelSerializer[CheckResult]):
    class Meta:
        model = CheckResult
        fields = (
            "metric", "group", "value", "comparison", "threshold", "passed", "digest", "data_version", "measured_on",
            "note", "recorded_at",
        )  # fmt: skip


class RecordSerializer(PartOfSystemSerializer):
    """A life-cycle record. Which answers a sort asks for is data."""

    link = serializers.SlugRelatedField(slug_field="ref", read_only=True)  # type: ignore[var-annotated]
    results = ResultSerializer(many=True, read_only=True)

    class Meta:
        model = LifecycleRecord
        fields = (
            "ref", "title", "state", "system", "release", "sort", "answers", "criteria", "link", "until", "outcome",
            "owner", "approved_at", "stale_cause", "verdict", "verdict_reason", "results", "version", "created_at",
            "updated_at",
        )  # fmt: skip


class CriterionSerializer(serializers.Serializer[Any]):
    metric = words(120)
    group = optional(120)
    comparison = serializers.ChoiceField(choices=["at_least", "at_most"])
    threshold = serializers.DecimalField(max_digits=18, decimal_places=6)


class RecordBodySerializer(serializers.Serializer[Any]):
    """Answers by question, criteria of a plan, a controlled document instead of the form, an end."""

    answers = serializers.DictField(child=serializers.CharField(max_length=8000, allow_blank=True), required=False)
    criteria = CriterionSerializer(many=True, required=False)
    link = RecordRefField(EvidenceItem, required=False, allow_null=True)
    until = serializers.DateField(required=False, allow_null=True)


class NewRecordSerializer(RecordBodySerializer):
    system = RecordRefField(AISystem)
    sort = serializers.ChoiceField(choices=[one for one in RecordSort.choices if one[0] != RecordSort.LAW])
    release = optional(40)


class ResultBodySerializer(serializers.Serializer[Any]):
    """A measured value against a criterion of the plan."""

    metric = words(120)
    group = optional(120)
    value = serializers.DecimalField(max_digits=18, decimal_places=6)
    threshold = serializers.DecimalField(max_digits=18, decimal_places=6, required=False)
    digest = digest_field()
    data_version = optional(120)
    measured_on = serializers.DateField(required=False)
    note = optional(2000)


class ResultsSerializer(serializers.Serializer[Any]):
    results = ResultBodySerializer(many=True, allow_empty=False)


class VerdictSerializer(ReasonSerializer):
    verdict = serializers.ChoiceField(choices=Verdict.choices)


def _release(system: AISystem, number: str, field: str = "release") -> Any:
    if not number:
        return None
    found = system.versions.filter(number__iexact=number).first()
    if found is None:
        raise invalid(**{field: _("The register has no such version.")})
    return found


class ActingViewSet(RecordViewSet):
    """Reads the body of an acting POST; nothing is put or deleted."""

    http_method_names = ["get", "post", "patch", "head", "options"]

    def acting(self, request: Request, serializer: Any) -> tuple[Any, int, dict[str, Any]]:
        record, version = self.get_object(), self.match(request)
        return record, version, self.given(request, serializer)

    def given(self, request: Request, serializer: Any) -> dict[str, Any]:
        """The body, checked; unknown fields are refused."""
        unknown = set(request.data) - set(serializer().fields)
        if unknown:
            raise serializers.ValidationError({name: ["Unknown field."] for name in unknown})
        return body(serializer, request, self.get_serializer_context())


class LifecycleViewSet(ActingViewSet):
    """Life-cycle records of AI systems (A.6.2, A.7.4, A.10.2)."""

    model, table, serializer_class = LifecycleRecord, RECORDS, RecordSerializer
    without_match: ClassVar = ("results",)

    def get_queryset(self) -> Any:
        return super().get_queryset().prefetch_related("results")

    @extend_schema(request=NewRecordSerializer, responses={201: RecordSerializer})
    def create(self, request: Request) -> Response:
        """Draft a record."""
        given = self.given(request, NewRecordSerializer)
        system, sort = given.pop("system"), given.pop("sort")
        data = {**given, "release": _release(system, given.get("release", ""))}
        by = person_of(request)

        def make() -> Response:
            made = services.prepare_record(system, by=by, sort=sort, data=data, on=clock.today())
            return self.answer(made, 201)

        return self.once(request, make)

    @extend_schema(request=RecordBodySerializer, responses=RecordSerializer)
    def partial_update(self, request: Request, ref: str) -> Response:
        """Change a draft."""
        record, version, given = self.acting(request, RecordBodySerializer)
        return self.answer(services.change_record(record, by=person_of(request), data=given, version=version))

    @extend_schema(request=ReasonSerializer, responses=RecordSerializer)
    @action(detail=True, methods=["post"])
    def approve(self, request: Request, ref: str) -> Response:
        """Approve, or confirm a classification."""
        record, version, given = self.acting(request, ReasonSerializer)
        confirm(request)
        by = person_of(request)
        done = services.approve_record(
            record, by=by, reason=given["reason"], at=clock.now(), on=clock.today(), version=version
        )  # fmt: skip
        return self.answer(done)

    @extend_schema(request=ResultsSerializer, responses=RecordSerializer)
    @action(detail=True, methods=["post"])
    def results(self, request: Request, ref: str) -> Response:
        """Enter measured values."""
        record = self.get_object()
        rows = [{"measured_on": clock.today(), **row} for row in self.given(request, ResultsSerializer)["results"]]
        services.record_results(record, by=person_of(request), rows=rows, on=clock.today())
        return self.answer(record, 200)

    @extend_schema(request=VerdictSerializer, responses=RecordSerializer)
    @action(detail=True, methods=["post"])
    def verdict(self, request: Request, ref: str) -> Response:
        """Say whether the evaluation was passed."""
        record, version, given = self.acting(request, VerdictSerializer)
        confirm(request)
        return self.answer(services.give_verdict(record, by=person_of(request), version=version, **given))


class ChangeSerializer(PartOfSystemSerializer):
    """A change with the answers to the significance questions."""

    class Meta:
        model = ChangeRequest
        fields = (
            "ref", "title", "state", "system", "release", "description", "planned_on", "answers", "matters",
            "significance", "reason", "unplanned", "owner", "assessed_on", "decided_on", "done_on", "sampled_on",
            "sample_note", "version", "created_at", "updated_at",
        )  # fmt: skip


class NewChangeSerializer(serializers.Serializer[Any]):
    system = RecordRefField(AISystem)
    title = words(200)
    description = optional(4000)
    planned_on = serializers.DateField(required=False, allow_null=True)
    release = optional(40)


class AnswersSerializer(serializers.Serializer[Any]):
    """Question → yes or no; a reason when every answer is no."""

    answers = serializers.DictField(child=serializers.CharField(max_length=10))
    reason = optional(4000)


class DecideSerializer(ReasonSerializer):
    approved = serializers.BooleanField()


class NoteSerializer(serializers.Serializer[Any]):
    note = words(2000)


class EmptySerializer(serializers.Serializer[Any]):
    pass


class ChangeViewSet(ActingViewSet):
    """Changes of AI systems (6.3, 8.1, 8.4)."""

    model, table, serializer_class = ChangeRequest, CHANGES, ChangeSerializer
    http_method_names = ["get", "post", "head", "options"]

    @extend_schema(request=NewChangeSerializer, responses={201: ChangeSerializer})
    def create(self, request: Request) -> Response:
        """Ask for a change before it is made."""
        given = self.given(request, NewChangeSerializer)
        system = given.pop("system")
        data = {**given, "release": _release(system, given.get("release", ""))}
        by = person_of(request)

        def make() -> Response:
            return self.answer(services.request_change(system, by=by, data=data, on=clock.today()), 201)

        return self.once(request, make)

    @extend_schema(request=AnswersSerializer, responses=ChangeSerializer)
    @action(detail=True, methods=["post"])
    def assess(self, request: Request, ref: str) -> Response:
        """Answer the significance questions."""
        record, version, given = self.acting(request, AnswersSerializer)
        by = person_of(request)
        return self.answer(services.assess_change(record, by=by, on=clock.today(), version=version, **given))

    @extend_schema(request=DecideSerializer, responses=ChangeSerializer)
    @action(detail=True, methods=["post"])
    def decide(self, request: Request, ref: str) -> Response:
        """Approve or reject."""
        record, version, given = self.acting(request, DecideSerializer)
        confirm(request)
        by = person_of(request)
        return self.answer(services.decide_change(record, by=by, on=clock.today(), version=version, **given))

    @extend_schema(request=EmptySerializer, responses=ChangeSerializer)
    @action(detail=True, methods=["post"], url_path="carry-out")
    def carry_out(self, request: Request, ref: str) -> Response:
        """Say that it was made."""
        record, version, _given = self.acting(request, EmptySerializer)
        return self.answer(
            services.carry_out_change(record, by=person_of(request), on=clock.today(), version=version)
        )  # fmt: skip

    @extend_schema(request=NoteSerializer, responses=ChangeSerializer)
    @action(detail=True, methods=["post"])
    def sample(self, request: Request, ref: str) -> Response:
        """Look, as another person, whether "not significant" was right."""
        record, version, given = self.acting(request, NoteSerializer)
        by = person_of(request)
        return self.answer(services.sample_change(record, by=by, on=clock.today(), version=version, **given))


class AttemptSerializer(PartOfSystemSerializer):
    """A passage of the gate, with every answer."""

    class Meta:
        model = GateAttempt
        fields = (
            "ref", "title", "state", "system", "release", "number", "way", "stage", "environment", "digest", "commit",
            "mode", "items", "permit", "valid_until", "pilot", "by_authority", "reason", "asked_at", "review_by",
            "reviewed_at", "nonconformity", "review_reason", "owner", "version", "created_at", "updated_at",
        )  # fmt: skip


class ReviewSerializer(ReasonSerializer):
    nonconformity = serializers.BooleanField()


class AttemptViewSet(ActingViewSet):
    """Passages of the gate: allowed, refused, bypassed, stopped."""

    model, table, serializer_class = GateAttempt, ATTEMPTS, AttemptSerializer
    http_method_names = ["get", "post", "head", "options"]

    @extend_schema(request=ReasonSerializer, responses=AttemptSerializer)
    @action(detail=True, methods=["post"])
    def withdraw(self, request: Request, ref: str) -> Response:
        """Withdraw the permit."""
        record, version, given = self.acting(request, ReasonSerializer)
        confirm(request)
        return self.answer(services.withdraw_permit(record, by=person_of(request), version=version, **given))

    @extend_schema(request=ReviewSerializer, responses=AttemptSerializer)
    @action(detail=True, methods=["post"])
    def review(self, request: Request, ref: str) -> Response:
        """Decide whether a bypass was a nonconformity."""
        record, version, given = self.acting(request, ReviewSerializer)
        confirm(request)
        by = person_of(request)
        return self.answer(services.review_bypass(record, by=by, at=clock.now(), version=version, **given))
