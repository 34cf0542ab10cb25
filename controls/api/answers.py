"""API: the gap assessment, and the readiness that is computed from facts."""

from contextlib import ExitStack
from typing import Any, ClassVar

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from aims import asof, clock
from aims.api.base import ActingViewSet, RecordRefField, RecordViewSet, StrictSerializer
from aims.errors import Hidden
from controls import readiness, services
from controls.models import AimsScope, Clause, ClauseAnswer
from controls.states import AnswerState
from controls.tables import ANSWERS
from organization.api.fields import PersonField


class AnswerSerializer(StrictSerializer):
    """An answer to one clause of a scope. What is not met has an owner and a date."""

    scope = RecordRefField(AimsScope)
    clause = serializers.SlugRelatedField(slug_field="number", queryset=Clause.objects.all())
    state = serializers.ChoiceField(choices=AnswerState.choices)
    owner = PersonField(required=False, allow_null=True)

    class Meta:
        model = ClauseAnswer
        fields = (
            "ref", "title", "scope", "clause", "state", "found", "owner", "due_on", "version", "created_at",
            "updated_at",
        )  # fmt: skip
        read_only_fields: ClassVar[tuple[str, ...]] = ("ref", "title", "version", "created_at", "updated_at")
        validators: ClassVar[list[Any]] = []


class AnswerViewSet(RecordViewSet):
    """The gap assessment: each clause is answered once in a scope."""

    model = ClauseAnswer
    table = ANSWERS
    serializer_class = AnswerSerializer
    http_method_names = ["get", "post", "patch", "head", "options"]

    def create(self, request: Request) -> Response:
        """Answer a clause."""
        return self.once(request, lambda: self.answer(self._answered(request), status=201))

    def _answered(self, request: Request) -> ClauseAnswer:
        data = self.cleaned(request)
        return services.answer_clause(data.pop("scope"), data.pop("clause"), by=request.user, data=data)  # type: ignore[arg-type]

    def partial_update(self, request: Request, ref: str) -> Response:
        """Bring an answer up to date; scope and clause stay."""
        record, version = self.get_object(), self.match(request)
        data = self.cleaned(request, record, partial=True)
        for name in ("scope", "clause"):
            if data.pop(name, getattr(record, name)) != getattr(record, name):
                raise serializers.ValidationError({name: ["It stays; answer the other one apart."]})
        return self.answer(services.change_answer(record, by=request.user, data=data, version=version))  # type: ignore[arg-type]


class FactSerializer(serializers.Serializer[Any]):
    """One fact that a clause asks for; `why` says what is missing, or what was found."""

    id = serializers.CharField()
    clause = serializers.CharField()
    stage = serializers.IntegerField()
    sentence = serializers.CharField()
    met = serializers.BooleanField()
    why = serializers.CharField(source="reading.why")
    url = serializers.CharField(source="reading.url")


class StageSerializer(serializers.Serializer[Any]):
    stage = serializers.IntegerField(source="number")
    ready = serializers.BooleanField()
    done = serializers.IntegerField()
    total = serializers.IntegerField()


class ReadinessSerializer(serializers.Serializer[Any]):
    """Whether each stage is ready, and every fact it rests on."""

    scope = serializers.SlugRelatedField(slug_field="ref", read_only=True, allow_null=True)  # type: ignore[var-annotated]
    stages = StageSerializer(many=True)
    facts = FactSerializer(many=True)


class ReadinessViewSet(ActingViewSet):
    """How far the management system is; computed, nothing to write."""

    serializer_class = ReadinessSerializer

    @extend_schema(
        responses=ReadinessSerializer,
        parameters=[OpenApiParameter("scope", str), OpenApiParameter("as_of", str)],
    )
    def list(self, request: Request) -> Response:
        """Every fact as the caller sees it, now or as of a date."""
        with ExitStack() as stack:
            if text := request.query_params.get("as_of", ""):
                stack.enter_context(asof.reading(asof.parse(text), text))
            named = request.query_params.get("scope", "")
            scope = readiness.scope_named(request.user, named)
            if named and scope is None:
                raise Hidden
            return Response(ReadinessSerializer(readiness.read(request.user, scope, clock.today())).data)
