"""What needs me, through the API: one's own tasks, and what one may do with them."""

from collections.abc import Callable
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers, viewsets
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from aims import clock, reviews
from aims.api.base import MOST, once
from aims.due import Work, in_order, tasks_of
from aims.errors import Hidden, invalid
from aims.models import Task
from aims.states import Outcome, TaskState


class TaskSerializer(serializers.Serializer[Any]):
    """A task. `day` is the working day on which it is due, `url` where a person does it."""

    id = serializers.IntegerField(source="task.pk")
    record = serializers.CharField(source="ref")
    kind = serializers.CharField(source="record.kind")
    title = serializers.CharField()
    asks = serializers.CharField()
    due_on = serializers.DateField(source="task.due_on")
    day = serializers.DateField(source="task.day")
    days_late = serializers.IntegerField()
    state = serializers.ChoiceField(choices=TaskState.choices, source="task.state")
    until = serializers.DateField(source="task.until", allow_null=True)
    why = serializers.CharField(source="task.why", allow_blank=True)
    level = serializers.IntegerField(source="task.level")
    assignee = serializers.CharField(source="task.assignee.email", default=None, allow_null=True)
    outcome = serializers.CharField(source="task.outcome", allow_blank=True)
    looked_at = serializers.CharField(source="task.looked_at", allow_blank=True)
    done_at = serializers.DateTimeField(source="task.done_at", allow_null=True)
    next_on = serializers.DateField(source="task.next_on", allow_null=True)
    url = serializers.CharField()


class TaskList(serializers.Serializer[Any]):
    results = TaskSerializer(many=True)
    count = serializers.IntegerField()


class Body(serializers.Serializer[Any]):
    """Base: refuses fields it does not know."""

    def to_internal_value(self, data: Any) -> Any:
        unknown = set(data) - set(self.fields) if isinstance(data, dict) else set()
        if unknown:
            raise serializers.ValidationError({name: [_("Unknown field.")] for name in sorted(unknown)})
        return super().to_internal_value(data)


class CompleteBody(Body):
    looked_at = serializers.CharField(max_length=4000)
    outcome = serializers.ChoiceField(choices=Outcome.choices, default=Outcome.CONFIRMED)


class SnoozeBody(Body):
    until = serializers.DateField()
    reason = serializers.CharField(max_length=500)


class BlockBody(Body):
    reason = serializers.CharField(max_length=500)


class NoBody(Body):
    """Nothing is said."""


class TaskViewSet(viewsets.GenericViewSet[Any]):
    """/api/v1/tasks/: what needs whoever asks, the most consequential first; every task of a record one sees by number.

    A token acts with the scope `task.work`. What was done already answers 409, so that doing it twice does no harm.
    """

    serializer_class = TaskSerializer
    pagination_class = None
    queryset = Task.objects.none()
    lookup_field = "number"
    lookup_value_regex = "[0-9]{1,18}"

    @extend_schema(parameters=[OpenApiParameter("limit", int), OpenApiParameter("q", str)], responses=TaskList)
    def list(self, request: Request) -> Response:
        params, today = request.query_params, clock.today()
        unknown = set(params) - {"limit", "q", "format"}
        if unknown:
            raise invalid(**{name: _("Unknown parameter.") for name in sorted(unknown)})
        rows = tasks_of(request.user, on=today)
        for word in params.get("q", "").split():
            rows = rows.filter(Q(record__ref__icontains=word) | Q(record__title__icontains=word))
        work = [Work(task, today) for task in in_order(rows)[: _limit(params)]]
        return Response({"results": self.get_serializer(work, many=True).data, "count": rows.count()})

    def retrieve(self, request: Request, number: str) -> Response:
        return self.answer(self.get_object())

    def get_object(self) -> Task:
        rows = Task.objects.visible_to(self.request.user).select_related("record", "assignee")
        found: Task | None = rows.filter(pk=int(self.kwargs["number"])).first()
        if found is None:
            raise Hidden
        return found

    def answer(self, task: Task) -> Response:
        return Response(self.get_serializer(Work(task, clock.today())).data)

    def act(self, request: Request, body: type[Body], perform: Callable[..., Task]) -> Response:
        """Check the body, call the service once per Idempotency-Key, answer the task as it is then."""
        task = self.get_object()
        given = body(data=request.data)
        given.is_valid(raise_exception=True)

        def make() -> Response:
            perform(task, by=request.user, **given.validated_data)
            return self.answer(self.get_object())

        return once(request, make)

    @extend_schema(request=CompleteBody)
    @action(detail=True, methods=["post"])
    def complete(self, request: Request, number: str) -> Response:
        """Say what was looked at and found. Sets the record's next date; the task is locked from then on."""

        def perform(task: Task, **said: Any) -> Task:
            return reviews.complete_review(task, on=clock.today(), at=clock.now(), **said)

        return self.act(request, CompleteBody, perform)

    @extend_schema(request=SnoozeBody)
    @action(detail=True, methods=["post"])
    def snooze(self, request: Request, number: str) -> Response:
        """Put it off, with a reason, until 30 days after its day at most."""

        def perform(task: Task, **said: Any) -> Task:
            return reviews.snooze(task, on=clock.today(), **said)

        return self.act(request, SnoozeBody, perform)

    @extend_schema(request=BlockBody)
    @action(detail=True, methods=["post"])
    def block(self, request: Request, number: str) -> Response:
        """Say what it waits for. It goes on growing old."""
        return self.act(request, BlockBody, reviews.block)

    @extend_schema(request=NoBody)
    @action(detail=True, methods=["post"])
    def resume(self, request: Request, number: str) -> Response:
        """Take up what was put off or blocked."""
        return self.act(request, NoBody, reviews.resume)


def _limit(params: Any) -> int:
    text = params.get("limit", str(MOST))
    if not text.isdigit() or not 1 <= int(text) <= MOST:
        raise invalid(limit=_("A number from 1 to %(most)s.") % {"most": MOST})
    return int(text)
