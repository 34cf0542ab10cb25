"""API of comments: what is said about a record, saying something, settling a thread."""

from typing import Any

from django.contrib.auth import get_user_model
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers, viewsets
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from aims import clock, comments
from aims.errors import Hidden, invalid
from aims.models import Comment


class CommentSerializer(serializers.ModelSerializer[Comment]):
    """A comment, or an answer to one. It never changes; a thread is settled once."""

    record = serializers.CharField(source="record.ref")
    author = serializers.CharField(source="author.email")
    resolved_by = serializers.CharField(source="resolved_by.email", default=None)
    mentions = serializers.SerializerMethodField()

    class Meta:
        model = Comment
        fields = (
            "id", "record", "answers_to", "author", "text", "mentions", "written_at", "resolved_by", "resolved_at",
        )  # fmt: skip
        read_only_fields = fields

    def get_mentions(self, row: Comment) -> list[str]:
        return [one.person.email for one in row.mentions.all()]


class SaySerializer(serializers.Serializer[Any]):
    """What is said about which record; `mentions` are e-mails of people who should see it."""

    record = serializers.CharField(max_length=24)
    text = serializers.CharField(max_length=4000)
    mentions = serializers.ListField(child=serializers.EmailField(), required=False)
    answers_to = serializers.IntegerField(required=False, allow_null=True)

    def to_internal_value(self, data: Any) -> Any:
        unknown = set(data) - set(self.fields) if isinstance(data, dict) else ()
        if unknown:
            raise serializers.ValidationError({name: ["Unknown field."] for name in sorted(unknown)})
        return super().to_internal_value(data)


class CommentViewSet(viewsets.GenericViewSet[Any]):
    """/api/v1/comments/?record=SYS-0001: what is said about a record that the caller sees."""

    serializer_class = CommentSerializer
    pagination_class = None
    queryset = Comment.objects.none()
    lookup_value_regex = "[0-9]{1,18}"

    def rows(self) -> Any:
        seen = Comment.objects.visible_to(self.request.user).select_related("record", "author", "resolved_by")
        return seen.prefetch_related("mentions__person")

    @extend_schema(parameters=[OpenApiParameter("record", OpenApiTypes.STR, required=True)])
    def list(self, request: Request) -> Response:
        """Every comment about a record, in the order they were written."""
        ref = request.query_params.get("record", "")
        if not ref:
            raise invalid(record="Name the record.")
        record = comments.seen_subject(ref, request.user)
        rows = self.rows().filter(record_id=record.pk).order_by("pk")
        return Response({"results": CommentSerializer(rows, many=True).data})

    @extend_schema(request=SaySerializer, responses={201: CommentSerializer})
    def create(self, request: Request) -> Response:
        """Say something about a record, or answer."""
        given = SaySerializer(data=request.data)
        given.is_valid(raise_exception=True)
        data = given.validated_data
        record = comments.seen_subject(data["record"], request.user)
        people = _people(data.get("mentions", []), request.user)
        thread = self._one(data["answers_to"]) if data.get("answers_to") else None
        made = comments.write_comment(
            record, by=request.user, text=data["text"], on=clock.today(), at=clock.now(), mentions=people,
            answers_to=thread,
        )  # fmt: skip
        return Response(CommentSerializer(self._one(made.pk)).data, status=201)

    @extend_schema(request=None, responses=CommentSerializer)
    @action(detail=True, methods=["post"])
    def resolve(self, request: Request, pk: str) -> Response:
        """Settle a thread: it stays, and nobody is asked about it any more."""
        done = comments.resolve_comment(self._one(int(pk)), by=request.user, at=clock.now())
        return Response(CommentSerializer(self._one(done.pk)).data)

    def _one(self, pk: int) -> Comment:
        found: Comment | None = self.rows().filter(pk=pk).first()
        if found is None:
            raise Hidden
        return found


def _people(emails: Any, user: Any) -> Any:
    """People by e-mail, as far as the caller sees them."""
    wanted = {one.lower() for one in emails}
    rows = list(get_user_model()._default_manager.visible_to(user).filter(email__in=wanted, is_active=True))
    unknown = wanted - {row.email.lower() for row in rows}
    if unknown:
        raise invalid(mentions=f"Nobody here is called {', '.join(sorted(unknown))}.")
    return rows
