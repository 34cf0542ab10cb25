"""API of imports: hand in a file, say how to read it, start it, take it back; lines with what is wrong beside each cell."""

from typing import Any

from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.parsers import JSONParser, MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from aims.api.base import RecordViewSet, StrictSerializer
from aims.errors import invalid
from aims.importing import services
from aims.importing.tables import IMPORTS
from aims.models import Import, ImportLine
from aims.states import LineState

LINES = 200


class ImportSerializer(StrictSerializer):
    """An import: its file, how its columns are read, how many lines are in which state."""

    file = serializers.FileField(write_only=True)
    target = serializers.CharField(max_length=32)
    progress = serializers.SerializerMethodField()

    class Meta:
        model = Import
        fields = (
            "ref", "state", "target", "file", "file_name", "sha256", "size", "header_row", "headers", "columns",
            "meanings", "orders", "remarks", "counts", "failure", "progress", "version", "created_at", "updated_at",
        )  # fmt: skip
        read_only_fields = tuple(name for name in fields if name not in ("target", "file"))

    def get_progress(self, record: Import) -> dict[str, Any]:
        """Steps done and all steps."""
        job = record.job
        return {"done": job.done, "total": job.total} if job else {"done": 0, "total": 0}


class ColumnsSerializer(serializers.Serializer[Any]):
    """How to read the file: column number → field, field → text → meaning, field → order of dates."""

    columns = serializers.DictField(child=serializers.CharField(allow_blank=True))
    header_row = serializers.IntegerField(min_value=1, default=1)
    meanings = serializers.DictField(
        child=serializers.DictField(child=serializers.CharField(allow_blank=True)), default=dict
    )
    orders = serializers.DictField(child=serializers.ChoiceField(["dmy", "mdy"]), default=dict)
    keep_as = serializers.CharField(max_length=80, required=False, default="", allow_blank=True)

    def validate_columns(self, value: dict[str, str]) -> dict[str, str]:
        """Columns go by number, from 0."""
        if not all(number.isdigit() for number in value):
            raise serializers.ValidationError("Columns go by number, from 0.")
        return value


class StartSerializer(serializers.Serializer[Any]):
    leave_wrong = serializers.BooleanField(default=False)
    with_twice = serializers.BooleanField(default=False)


class WhySerializer(serializers.Serializer[Any]):
    reason = serializers.CharField(max_length=500)


class LineSerializer(serializers.ModelSerializer[ImportLine]):
    """One line: its cells, its state, what is wrong with which column (by number; "" for none), where it led."""

    record = serializers.CharField(source="record.ref", default=None, read_only=True)

    class Meta:
        model = ImportLine
        fields = ("number", "state", "cells", "errors", "hint", "record")


class ImportViewSet(RecordViewSet):
    """Files of records. A worker does each stretch; read the import again for its state and progress."""

    model = Import
    table = IMPORTS
    serializer_class = ImportSerializer
    parser_classes = [JSONParser, MultiPartParser]
    http_method_names = ["get", "post", "head", "options"]

    def get_queryset(self) -> Any:
        """One's own: a file may hold what others must not see."""
        return super().get_queryset().filter(owner=self.request.user.pk).select_related("job")

    @extend_schema(responses={202: OpenApiResponse(ImportSerializer, description="Taken in; it is being read")})
    def create(self, request: Request) -> Response:
        """Hand in a file (multipart: `file`, `target`)."""
        data = self.cleaned(request)
        file = data["file"]
        run = services.begin_import(by=request.user, target=data["target"], file=file, name=file.name)
        response = self.answer(run, 201)
        response.status_code = 202
        return response

    @extend_schema(request=ColumnsSerializer)
    @action(detail=True, methods=["post"])
    def columns(self, request: Request, ref: str) -> Response:
        """Say how to read the file; every cell is checked then."""
        run, version = self.get_object(), self.match(request)
        given = _read(ColumnsSerializer(data=request.data))
        return self.answer(services.confirm_columns(run, by=request.user, version=version, **given))

    @extend_schema(request=StartSerializer)
    @action(detail=True, methods=["post"])
    def start(self, request: Request, ref: str) -> Response:
        """Make and change the records."""
        run, version = self.get_object(), self.match(request)
        given = _read(StartSerializer(data=request.data))
        services.importable(run.target).confirm(request, list(run.columns.values()))
        return self.answer(services.start_import(run, by=request.user, version=version, **given))

    @extend_schema(request=WhySerializer)
    @action(detail=True, methods=["post"])
    def take_back(self, request: Request, ref: str) -> Response:
        """Undo what the file made, as far as nobody edited it since."""
        run, version = self.get_object(), self.match(request)
        given = _read(WhySerializer(data=request.data))
        return self.answer(services.take_back(run, by=request.user, version=version, **given))

    @extend_schema(request=None)
    @action(detail=True, methods=["post"])
    def drop(self, request: Request, ref: str) -> Response:
        """Do not go on."""
        run, version = self.get_object(), self.match(request)
        return self.answer(services.drop_import(run, by=request.user, version=version))

    @extend_schema(
        parameters=[OpenApiParameter("state", enum=LineState.values), OpenApiParameter("after", int)],
        responses=LineSerializer(many=True),
        filters=False,
    )
    @action(detail=True, methods=["get"])
    def lines(self, request: Request, ref: str) -> Response:
        """Up to 200 lines after row `after`, of one `state` when given."""
        after = request.query_params.get("after", "0")
        if not after.isdigit():
            raise invalid(after="The number of a row.")
        run = self.get_object()
        rows = run.lines.filter(number__gt=max(int(after), run.header_row)).select_related("record").order_by("number")
        if request.query_params.get("state"):
            rows = rows.filter(state=request.query_params["state"])
        return Response(LineSerializer(rows[:LINES], many=True).data)


def _read(serializer: Any) -> dict[str, Any]:
    serializer.is_valid(raise_exception=True)
    return dict(serializer.validated_data)
