"""API: requests for evidence."""

from typing import Any

from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from aims import clock
from aims.api.base import ChangingViewSet, RecordRefField, StrictSerializer
from evidence import services
from evidence.api import ReasonSerializer
from evidence.models import EvidenceItem, EvidenceRequest, RequestAnswer
from evidence.tables import REQUEST_TABLE
from organization.api.fields import PersonField, SpineField


class GivenSerializer(serializers.Serializer[Any]):
    """Evidence that was given, for which date, by whom, when."""

    evidence = serializers.CharField(source="item.ref")
    due_on = serializers.DateField()
    given_by = serializers.EmailField(source="given_by.email")
    given_at = serializers.DateTimeField()


class RequestSerializer(StrictSerializer):
    """Evidence that is wanted about `record` of `owner` by `due_on`; with `number` and `period` again and again."""

    record = SpineField(source="seen_record")
    owner = PersonField()
    unit = serializers.CharField(source="unit.name", read_only=True)
    asked_by = serializers.SlugRelatedField(slug_field="email", read_only=True)  # type: ignore[var-annotated]
    due_on = serializers.DateField()
    given = serializers.SerializerMethodField()

    class Meta:
        model = EvidenceRequest
        fields = (
            "ref", "state", "title", "record", "wanted", "population", "owner", "unit", "asked_by", "due_on", "number",
            "period", "given", "version", "created_at", "updated_at",
        )  # fmt: skip
        read_only_fields = ("ref", "state", "version", "created_at", "updated_at")

    @extend_schema_field(GivenSerializer(many=True))
    def get_given(self, request: EvidenceRequest) -> Any:
        return GivenSerializer(self.context.get("seen_answers", {}).get(request.pk, ()), many=True).data


class RequestChangeSerializer(RequestSerializer):
    class Meta(RequestSerializer.Meta):
        read_only_fields = (*RequestSerializer.Meta.read_only_fields, "record")  # type: ignore[assignment]

    def get_fields(self) -> Any:
        fields = super().get_fields()
        fields["record"].read_only = True
        return fields


class GiveSerializer(serializers.Serializer[Any]):
    """Current evidence by its reference."""

    evidence = RecordRefField(EvidenceItem)


class RequestViewSet(ChangingViewSet):
    """Requests for evidence: ask, change, give, take back. New evidence answers one by `request` when it is added."""

    model = EvidenceRequest
    table = REQUEST_TABLE
    serializer_class = RequestSerializer
    http_method_names = ["get", "post", "put", "patch", "head", "options"]

    def get_queryset(self) -> Any:
        rows = super().get_queryset()
        return rows if getattr(self, "swagger_fake_view", False) else rows.with_record(self.request.user)

    def get_serializer_class(self) -> Any:
        return RequestChangeSerializer if self.action in ("update", "partial_update") else RequestSerializer

    def get_serializer(self, *args: Any, **kwargs: Any) -> Any:
        """Answers that the caller sees are read once for all rows."""
        serializer = super().get_serializer(*args, **kwargs)
        rows = (args[0] if kwargs.get("many") else [args[0]]) if args else []
        keys = [row.pk for row in rows if isinstance(row, EvidenceRequest)]
        found: dict[int, list[RequestAnswer]] = {}
        if keys:
            seen = EvidenceItem.objects.visible_to(self.request.user)
            answers = RequestAnswer.objects.filter(request__in=keys, item__in=seen)
            for answer in answers.select_related("item", "given_by").order_by("-pk"):
                found.setdefault(answer.request_id, []).append(answer)
        serializer._context = {**serializer.context, "seen_answers": found}
        return serializer

    def create(self, request: Request) -> Response:
        """Ask for evidence."""
        return self.once(request, lambda: self._create(request))

    def _create(self, request: Request) -> Response:
        data = self.cleaned(request)
        record = data.pop("seen_record")
        return self.answer(services.request_evidence(by=request.user, record=record, data=data), 201)

    def changed(self, record: Any, data: dict[str, Any], version: int) -> Any:
        return services.change_request(record, by=self.request.user, data=data, version=version)

    @extend_schema(request=GiveSerializer)
    @action(detail=True, methods=["post"])
    def give(self, request: Request, ref: str) -> Response:
        """Give evidence that is there already."""
        found, version = self.get_object(), self.match(request)
        serializer = GiveSerializer(data=request.data, context=self.get_serializer_context())
        serializer.is_valid(raise_exception=True)
        item = serializer.validated_data["evidence"]
        done = services.answer_request(found, by=request.user, item=item, on=clock.today(), version=version)
        return self.answer(done)

    @extend_schema(request=ReasonSerializer)
    @action(detail=True, methods=["post"])
    def drop(self, request: Request, ref: str) -> Response:
        """Say that it is no longer wanted, with the reason."""
        found, version = self.get_object(), self.match(request)
        serializer = ReasonSerializer(data=request.data)
        serializer.is_valid(raise_exception=True)
        reason = serializer.validated_data["reason"]
        return self.answer(services.drop_request(found, by=request.user, reason=reason, version=version))
