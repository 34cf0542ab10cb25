"""API over the consistency rules: the rules, what contradicts them, and answers to questions."""

from typing import Any

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers, viewsets
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from aims import asof, clock, consistency
from aims.access import access_of
from aims.errors import WrongState, invalid
from aims.registry import registry
from aims.states import FindingState


class RuleSerializer(serializers.Serializer[Any]):
    """A rule: what must hold, the clause, whether a reason may settle a breach of it."""

    id = serializers.CharField()
    sentence = serializers.CharField()
    clause = serializers.CharField()
    question = serializers.BooleanField()


class FindingSerializer(serializers.Serializer[Any]):
    """A contradiction. `digest` names it and its facts: with other facts it is another one."""

    rule = serializers.CharField(source="rule.id")
    sentence = serializers.CharField(source="rule.sentence")
    clause = serializers.CharField(source="rule.clause")
    record = serializers.CharField(source="record.ref")
    told = serializers.CharField()
    facts = serializers.DictField(source="breach.facts")
    entered_afterwards = serializers.BooleanField(source="breach.backlog")
    state = serializers.ChoiceField(choices=FindingState.choices)
    owner = serializers.EmailField(source="record.owner.email", default=None)
    roles = serializers.ListField(child=serializers.CharField())
    digest = serializers.CharField()
    reason = serializers.CharField(source="answer.reason", default=None)
    url = serializers.CharField(source="get_absolute_url")


class AnswerSerializer(serializers.Serializer[Any]):
    """Which contradiction, and why its facts are right (or why an answer does not hold)."""

    rule = serializers.CharField(max_length=60)
    record = serializers.CharField(max_length=24)
    digest = serializers.RegexField(r"^[0-9a-f]{64}$")
    reason = serializers.CharField(max_length=2000)

    def to_internal_value(self, data: Any) -> Any:
        unknown = set(data) - set(self.fields) if isinstance(data, dict) else ()
        if unknown:
            raise serializers.ValidationError({name: ["Unknown field."] for name in sorted(unknown)})
        return super().to_internal_value(data)


class ConsistencyViewSet(viewsets.GenericViewSet[Any]):
    """/api/v1/consistency/: contradictions that the caller sees, gravest first; filter by `state`, `rule`,
    `record` and words (`q`)."""

    serializer_class = FindingSerializer
    pagination_class = None
    queryset = registry.rules  # type: ignore[assignment]

    def get_queryset(self) -> Any:
        return None

    @extend_schema(
        parameters=[
            *[OpenApiParameter(name, OpenApiTypes.STR) for name in ("state", "rule", "record", "q", "as_of")],
        ],
        responses=FindingSerializer(many=True),
    )
    def list(self, request: Request) -> Response:
        """Every contradiction, as of today or of `as_of`."""
        self._known(request)
        text = request.query_params.get("as_of", "")
        if not text:
            return Response(self._found(request))
        access_of(request.user)
        with asof.reading(asof.parse(text), text):
            return Response(self._found(request))

    def _known(self, request: Request) -> None:
        unknown = set(request.query_params) - {"state", "rule", "record", "q", "as_of"}
        if unknown:
            raise invalid(**dict.fromkeys(sorted(unknown), "Unknown parameter."))

    def _found(self, request: Request) -> Any:
        given = request.query_params
        found = consistency.chosen(
            consistency.findings(request.user, on=asof.day()),
            states=given.getlist("state"),
            rules=given.getlist("rule"),
            text=given.get("q", ""),
        )
        refs = given.getlist("record")
        found = [one for one in found if not refs or one.record.ref in refs]
        return FindingSerializer(found, many=True).data

    @extend_schema(responses=RuleSerializer(many=True), filters=False)
    @action(detail=False)
    def rules(self, request: Request) -> Response:
        """Every rule that is asked."""
        return Response(RuleSerializer(registry.rules.values(), many=True).data)

    @extend_schema(request=AnswerSerializer, responses=FindingSerializer)
    @action(detail=False, methods=["post"])
    def answer(self, request: Request) -> Response:
        """Answer a question: it rests until its facts change."""
        return self._settle(request, consistency.answer_question)

    @extend_schema(request=AnswerSerializer, responses=FindingSerializer)
    @action(detail=False, methods=["post"])
    def reopen(self, request: Request) -> Response:
        """Say that an answer does not hold: the question stands again."""
        return self._settle(request, consistency.reopen_question)

    def _settle(self, request: Request, settle: Any) -> Response:
        serializer = AnswerSerializer(data=request.data)
        serializer.is_valid(raise_exception=True)
        given, on = serializer.validated_data, clock.today()
        if request.query_params.get("as_of"):
            raise WrongState("The past cannot be changed; leave out as_of.")
        where = (request.user, given["rule"], given["record"].upper(), given["digest"])
        settle(consistency.finding(*where, on=on), by=request.user, reason=given["reason"], on=on)
        return Response(FindingSerializer(consistency.finding(*where, on=on)).data)
