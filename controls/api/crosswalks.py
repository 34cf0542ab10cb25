"""API: other frameworks with their counterparts, and saying that rows of them were reviewed."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from aims import clock
from aims.api.base import ActingViewSet
from aims.errors import Hidden
from aims.services import require
from controls import policies, services
from controls.models import Framework
from controls.reuse import frameworks, lines_of


class FrameworkSerializer(serializers.ModelSerializer[Framework]):
    """Another framework: how many rows it asks (`asked`), how many of them have a counterpart (`matched`).

    `ours`: what is in the product's own words or by its own judgement, unreviewed until a row says otherwise.
    """

    asked = serializers.IntegerField()
    matched = serializers.IntegerField()
    reviewed = serializers.IntegerField()

    class Meta:
        model = Framework
        fields = (
            "key", "title", "edition", "data_version", "words", "source", "ours", "asked", "matched", "reviewed",
        )  # fmt: skip


class FrameworksSerializer(serializers.Serializer[Any]):
    results = FrameworkSerializer(many=True)


class StandingSerializer(serializers.Serializer[Any]):
    """A clause or control that corresponds, and what stands there: the statement's state, or how many records."""

    to = serializers.CharField(source="counterpart.number")
    relationship = serializers.CharField(source="counterpart.relationship")
    rationale = serializers.CharField(source="counterpart.rationale")
    state = serializers.CharField(source="statement.state", default=None, allow_null=True)
    records = serializers.IntegerField()


class LineSerializer(serializers.Serializer[Any]):
    """A row. `answered`: something stands here that answers it; never that it is enough."""

    number = serializers.CharField(source="row.number")
    title = serializers.CharField(source="row.title")
    parent = serializers.CharField(source="row.parent")  # type: ignore[assignment]  # a field of the answer
    heading = serializers.BooleanField(source="row.heading")
    answered = serializers.BooleanField()
    reviewed_by = serializers.EmailField(source="row.reviewed_by.email", default=None, allow_null=True)
    reviewed_at = serializers.DateTimeField(source="row.reviewed_at", allow_null=True)
    review_note = serializers.CharField(source="row.review_note")
    counterparts = StandingSerializer(many=True)


class FrameworkLinesSerializer(FrameworkSerializer):
    rows = LineSerializer(many=True, source="lines")

    class Meta(FrameworkSerializer.Meta):
        fields = (*FrameworkSerializer.Meta.fields, "rows")  # type: ignore[assignment]


class ReviewSerializer(serializers.Serializer[Any]):
    """Numbers of the rows that were looked at, and what they were compared with."""

    rows = serializers.ListField(child=serializers.CharField(), min_length=1)
    note = serializers.CharField()
    stands = serializers.BooleanField(default=True, help_text="False: the review holds no more.")


class FrameworkViewSet(ActingViewSet):
    """Other frameworks; what stands behind a row is what the caller sees."""

    lookup_field = "key"
    lookup_value_regex = "[A-Za-z0-9._-]+"
    serializer_class = FrameworkLinesSerializer

    @extend_schema(responses=FrameworksSerializer)
    def list(self, request: Request) -> Response:
        """Every other framework."""
        return Response(FrameworksSerializer({"results": frameworks()}).data)

    def retrieve(self, request: Request, key: str) -> Response:
        """One framework, row by row."""
        return self._told(request, self._named(key))

    @extend_schema(request=ReviewSerializer, responses=FrameworkLinesSerializer)
    @action(detail=True, methods=["post"])
    def review(self, request: Request, key: str) -> Response:
        """Say that rows and their counterparts were looked at. It makes nothing conform."""
        found = self._named(key)
        require(policies.can_review_framework(request.user))
        given = self.given(request, ReviewSerializer)
        numbers = given.pop("rows")
        services.review_rows(found, numbers, by=request.user, at=clock.now(), **given)  # type: ignore[arg-type]
        return self._told(request, self._named(key))

    def _named(self, key: str) -> Any:
        found = frameworks().filter(key=key).first()
        if found is None:
            raise Hidden
        return found

    def _told(self, request: Request, found: Any) -> Response:
        found.lines = lines_of(found, request.user)
        return Response(FrameworkLinesSerializer(found).data)
