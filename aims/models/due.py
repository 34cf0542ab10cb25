"""What is due: tasks, their rhythm, who stands in for whom, and what each person was told. Clauses 8.1, 9.1, 10.1."""

from typing import Any, ClassVar

import pgtrigger
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from aims.db import Now
from aims.models.base import Record
from aims.querysets import TaskQuerySet
from aims.rhythm import Every
from aims.states import Outcome, TaskSort, TaskState
from aims.trail import tracked

PEOPLE = settings.AUTH_USER_MODEL
PERIODS = [("days", _("Days")), ("months", _("Months"))]


def _person(label: Any, **more: Any) -> Any:
    return models.ForeignKey(PEOPLE, on_delete=models.PROTECT, related_name="+", verbose_name=label, **more)


@tracked(bulk=True)
class Task(models.Model):
    """Something a person is asked to do about a record by a day. Done or dropped it is locked for ever.

    `due_on` is the record's own date, by which the task is known; `day` the working day on which it is due.
    """

    id = models.BigAutoField(primary_key=True)
    record = models.ForeignKey(Record, on_delete=models.PROTECT, related_name="tasks")
    sort = models.CharField(_("Sort"), max_length=10, choices=TaskSort.choices, default=TaskSort.REVIEW)
    due_on = models.DateField(_("Due"))
    day = models.DateField(_("Due on"))
    asked = models.CharField(_("What is asked"), max_length=300, blank=True)
    assignee = _person(_("Assigned to"), null=True, blank=True)
    stands_in_for = _person(_("Stands in for"), null=True, blank=True)
    state = models.CharField(_("State"), max_length=8, choices=TaskState.choices, default=TaskState.OPEN)
    until = models.DateField(_("Put off until"), null=True, blank=True)
    why = models.CharField(_("Reason"), max_length=500, blank=True)
    late_at = models.DateTimeField(_("Marked overdue"), null=True, blank=True)
    lapsed_at = models.DateTimeField(_("Grace period over"), null=True, blank=True)
    level = models.PositiveSmallIntegerField(_("Escalated"), default=0)
    escalated_to = _person(_("Escalated to"), null=True, blank=True)
    opened_at = models.DateTimeField(_("Opened"), db_default=Now())
    outcome = models.CharField(_("Outcome"), max_length=10, choices=Outcome.choices, blank=True)
    looked_at = models.TextField(_("What was looked at"), max_length=4000, blank=True)
    done_by = _person(_("Done by"), null=True, blank=True)
    done_at = models.DateTimeField(_("Done"), null=True, blank=True)
    next_on = models.DateField(_("Next due"), null=True, blank=True)

    objects: ClassVar[Any] = TaskQuerySet.as_manager()

    class Meta:
        verbose_name = _("task")
        verbose_name_plural = _("tasks")
        indexes: ClassVar = [
            models.Index(fields=["assignee", "day"], condition=~Q(state__in=["done", "dropped"]), name="task_work"),
            models.Index(fields=["record", "-id"], name="task_record"),
            models.Index(fields=["day"], condition=~Q(state__in=["done", "dropped"]), name="task_open"),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["record", "due_on", "sort"], condition=Q(sort="review"), name="task_once_a_date"
            ),
            models.UniqueConstraint(
                fields=["record", "assignee"],
                condition=Q(sort="read") & ~Q(state__in=["done", "dropped"]),
                name="task_one_reading",
            ),
            models.CheckConstraint(
                name="task_read_in_person",
                condition=~Q(sort="read") | Q(assignee__isnull=False, stands_in_for=None),
            ),
            models.CheckConstraint(
                name="task_done_whole",
                condition=~Q(state="done") | (Q(done_at__isnull=False) & ~Q(looked_at="") & ~Q(outcome="")),
            ),
            models.CheckConstraint(
                name="task_put_off_with_reason",
                condition=Q(state="snoozed", until__isnull=False) & ~Q(why="")
                | Q(state="blocked") & ~Q(why="")
                | ~Q(state__in=["snoozed", "blocked"]),
            ),
            models.CheckConstraint(name="task_day_not_before", condition=Q(day__gte=F("due_on"))),
        ]
        triggers: ClassVar = [
            pgtrigger.Trigger(
                name="locked",
                when=pgtrigger.Before,
                operation=pgtrigger.Update | pgtrigger.Delete,
                condition=pgtrigger.Q(old__state__in=["done", "dropped"]),
                func=(
                    "RAISE EXCEPTION 'a task that is done is locked; a new look is a new task' "
                    "USING ERRCODE = 'check_violation', CONSTRAINT = 'task_locked';"
                ),
            )
        ]

    def __str__(self) -> str:
        return f"{self.record.ref} {self.record.title}"

    def get_absolute_url(self) -> str:
        return f"/tasks/{self.pk}/"


class Pace(models.Model):
    """Base: a cadence as columns."""

    number = models.PositiveSmallIntegerField(_("Every"))
    period = models.CharField(_("Period"), max_length=6, choices=PERIODS, default="days")

    class Meta:
        abstract = True
        constraints: ClassVar = [
            models.CheckConstraint(
                name="%(app_label)s_%(class)s_positive",
                condition=Q(number__gte=1, number__lte=3660),
                violation_error_message=_("Between 1 and 3660."),
            )
        ]

    @property
    def every(self) -> Every:
        return Every(self.number, self.period)  # type: ignore[arg-type]


def _days(label: Any) -> Any:
    return models.PositiveSmallIntegerField(label, null=True, blank=True, validators=[MaxValueValidator(3660)])


@tracked()
class Cadence(Pace):
    """How often records of a kind are reviewed where that differs from what comes with the product.

    The row of the kind itself (`tier` empty) also says how many days ahead a task is opened, how long a lapsed date
    only warns, and after how many days who hears of it.
    """

    kind = models.CharField(_("Kind"), max_length=32)
    tier = models.CharField(_("Risk tier"), max_length=32, blank=True)
    ahead = _days(_("Opened so many days ahead"))
    grace = _days(_("Grace period in days"))
    deputy_after = _days(_("The deputy hears after days"))
    manager_after = _days(_("The manager hears after days"))
    committee_after = _days(_("The committee hears after days"))

    WINDOWS = ("ahead", "grace", "deputy_after", "manager_after", "committee_after")

    class Meta(Pace.Meta):
        abstract = False
        verbose_name = _("cadence")
        verbose_name_plural = _("cadences")
        constraints: ClassVar = [
            *Pace.Meta.constraints,
            models.UniqueConstraint(fields=["kind", "tier"], name="cadence_once"),
            models.CheckConstraint(
                name="cadence_windows_of_kind",
                condition=Q(tier="", ahead__isnull=False, grace__isnull=False, deputy_after__gte=1)
                & Q(deputy_after__isnull=False, manager_after__isnull=False, committee_after__isnull=False)
                | ~Q(tier="") & Q(ahead=None, grace=None, deputy_after=None, manager_after=None, committee_after=None),
                violation_error_message=_("Say after how many days; days belong to the kind, not to one tier."),
            ),
            models.CheckConstraint(
                name="cadence_escalates_upward",
                condition=Q(manager_after=None)
                | Q(deputy_after__lte=F("manager_after"), manager_after__lte=F("committee_after")),
                violation_error_message=_("Deputy, manager and committee hear one after the other."),
            ),
        ]


@tracked(bulk=True)
class Plan(Pace):
    """The rhythm of one record: its own cadence, and the anchor from which its dates are counted."""

    record = models.OneToOneField(Record, on_delete=models.PROTECT, related_name="plan")
    anchor = models.DateField(_("Counted from"))
    tier = models.CharField(_("Risk tier"), max_length=32, blank=True)
    own = models.BooleanField(_("Own cadence"), default=False)

    class Meta(Pace.Meta):
        abstract = False
        verbose_name = _("rhythm")


@tracked()
class Leave(models.Model):
    """Days on which another person does what falls to this one."""

    person = models.ForeignKey(PEOPLE, on_delete=models.PROTECT, related_name="leaves", verbose_name=_("Person"))
    deputy = models.ForeignKey(PEOPLE, on_delete=models.PROTECT, related_name="+", verbose_name=_("Stand-in"))
    first = models.DateField(_("First day"))
    last = models.DateField(_("Last day"))
    reason = models.CharField(_("Reason"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("absence")
        indexes: ClassVar = [models.Index(fields=["person", "first", "last"], name="leave_person")]
        constraints: ClassVar = [
            models.CheckConstraint(
                name="leave_period",
                condition=Q(last__gte=F("first")),
                violation_error_message=_("The last day comes before the first."),
            ),
            models.CheckConstraint(
                name="leave_other_person",
                condition=~Q(person=F("deputy")),
                violation_error_message=_("Name another person."),
            ),
        ]


@tracked(exclude=["feed"])
class Wishes(models.Model):
    """How one person wants to be told, and who stands in when they stay silent. `feed` is a digest of the secret."""

    person = models.OneToOneField(PEOPLE, on_delete=models.CASCADE, related_name="wishes", primary_key=True)
    deputy = _person(_("Deputy"), null=True, blank=True)
    digest_hour = models.PositiveSmallIntegerField(_("Daily mail at"), default=8)
    quiet_from = models.PositiveSmallIntegerField(_("Quiet from"), default=20)
    quiet_until = models.PositiveSmallIntegerField(_("Quiet until"), default=7)
    rest_days = models.BooleanField(_("Also at weekends and on holidays"), default=False)
    muted = ArrayField(models.CharField(max_length=10), verbose_name=_("Not told about"), default=list, blank=True)
    feed = models.CharField(max_length=64, blank=True, editable=False)

    class Meta:
        verbose_name = _("notification settings")
        constraints: ClassVar = [
            models.CheckConstraint(
                name="wishes_hours",
                condition=Q(digest_hour__lte=23, quiet_from__lte=23, quiet_until__lte=23),
                violation_error_message=_("Hours go from 0 to 23."),
            ),
            models.CheckConstraint(
                name="wishes_other_deputy",
                condition=Q(deputy=None) | ~Q(deputy=F("person")),
                violation_error_message=_("Name another person."),
            ),
            models.UniqueConstraint(fields=["feed"], condition=~Q(feed=""), name="wishes_feed"),
        ]


class Letter(models.Model):
    """The daily mail of one person for one day: at most one, sent or with the reason why not."""

    person = models.ForeignKey(PEOPLE, on_delete=models.CASCADE, related_name="+")
    day = models.DateField()
    tasks = models.PositiveIntegerField(default=0)
    attempts = models.PositiveSmallIntegerField(default=0)
    error = models.CharField(max_length=500, blank=True)
    sent_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["person", "day"], name="letter_once_a_day")]
        indexes: ClassVar = [models.Index(fields=["-id"], condition=Q(sent_at=None), name="letter_waiting")]


class DueRun(models.Model):
    """One run of what looks for due dates: when, what it did, what it could not do."""

    at = models.DateTimeField()
    took = models.DurationField()
    counts = models.JSONField(default=dict)
    errors = models.JSONField(default=list)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["-at"], name="due_run_recent")]
