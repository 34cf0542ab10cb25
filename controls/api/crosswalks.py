"""API: other frameworks with their counterparts, to read."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers, viewsets
from rest_framework.request import Request
from rest_framework.response import Response

from aims.errors import Hidden
from controls.models import Framework
from controls.reuse import frameworks, lines_of


class FrameworkSerializer(serializers.ModelSerializer[Framework]):
    """Another framework: how many rows it asks (`asked`), how many of them have a counterpart (`matched`)."""

    asked = serializers.IntegerField()
    matched = serializers.IntegerField()

    class Meta:
        model = Framework
        fields = ("key", "title", "edition", "data_version", "words", "source", "asked", "matched")


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
    counterparts = StandingSerializer(many=True)


class FrameworkLinesSerializer(FrameworkSerializer):
    rows = LineSerializer(many=True, source="lines")

    class Meta(FrameworkSerializer.Meta):
        fields = (*FrameworkSerializer.Meta.fields, "rows")  # type: ignore[assignment]


class FrameworkViewSet(viewsets.GenericViewSet[Any]):
    """Other frameworks, to read; what stands behind a row is what the caller sees."""

    lookup_field = "key"
    lookup_value_regex = "[A-Za-z0-9._-]+"
    serializer_class = FrameworkLinesSerializer

    @extend_schema(responses=FrameworksSerializer)
    def list(self, request: Request) -> Response:
        """Every other framework."""
        return Response(FrameworksSerializer({"results": frameworks()}).data)

    def retrieve(self, request: Request, key: str) -> Response:
        """One framework, row by row."""
        found = frameworks().filter(key=key).first()
        if found is None:
            raise Hidden
        found.lines = lines_of(found, request.user)
        return Response(FrameworkLinesSerializer(found).data)
