"""Background work, kept numbers, and what belongs to one person: saved views, answers kept for repeated requests."""

from typing import Any, ClassVar

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models

from aims.db import Now
from aims.querysets import JobQuerySet
from aims.states import JobState


class Job(models.Model):
    """Background work. The row is the truth: written in the business transaction, Celery is only poked on commit."""

    id = models.BigAutoField(primary_key=True)
    key = models.CharField(max_length=200, unique=True)
    task = models.CharField(max_length=100)
    arguments = models.JSONField(default=dict)
    state = models.CharField(max_length=10, choices=JobState.choices, default=JobState.QUEUED)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    attempts = models.PositiveSmallIntegerField(default=0)
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    note = models.CharField(max_length=200, blank=True)
    error = models.TextField(blank=True)
    lease_until = models.DateTimeField(null=True)
    cancel = models.BooleanField(default=False)
    result_digest = models.CharField(max_length=64, blank=True)
    created_at = models.DateTimeField(db_default=Now())
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)

    objects: ClassVar[Any] = JobQuerySet.as_manager()

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["lease_until"], condition=models.Q(state__in=["queued", "running"]), name="job_open")
        ]
        constraints: ClassVar = [
            models.CheckConstraint(
                name="job_finished_has_time",
                condition=models.Q(state__in=["queued", "running"], finished_at=None)
                | models.Q(state__in=["done", "failed", "cancelled"], finished_at__isnull=False),
            ),
            models.CheckConstraint(
                name="job_failed_has_reason", condition=~models.Q(state="failed") | ~models.Q(error="")
            ),
        ]

    def __str__(self) -> str:
        return self.key

    @property
    def finished(self) -> bool:
        return self.state in JobState.finished()

    @property
    def percent(self) -> int:
        return 100 if self.state == JobState.DONE else (100 * self.done // self.total if self.total else 0)


class SavedView(models.Model):
    """A named URL of a register, one person's own."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="saved_views")
    kind = models.CharField(max_length=32)
    name = models.CharField(max_length=60)
    query = models.CharField(max_length=2000, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["person", "kind", "name"], name="saved_view_name"),
        ]


class IdempotencyKey(models.Model):
    """Answer of a creating POST, given again when the same key comes again."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    key = models.CharField(max_length=80)
    route = models.CharField(max_length=200)
    digest = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField(null=True)
    body = models.JSONField(null=True)
    headers = models.JSONField(default=dict)
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["person", "key"], name="idempotency_key"),
        ]


class Count(models.Model):
    """So many more (or fewer) rows of a counter's cell in a unit; without a unit, in all of them (`aims.counters`)."""

    id = models.BigAutoField(primary_key=True)
    counter = models.CharField(max_length=40)
    cell = ArrayField(models.TextField(), default=list)
    unit_id = models.BigIntegerField(null=True)
    confidentiality = models.CharField(max_length=12)
    n = models.BigIntegerField()
    fresh = models.BooleanField()  # not folded yet

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["counter", "confidentiality", "unit_id"], include=["cell", "n"], name="count_of_unit"),
            models.Index(fields=["id"], condition=models.Q(fresh=True), name="count_fresh"),
        ]
