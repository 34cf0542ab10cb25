"""What binds the organization, and what it wants to reach with AI (clauses 4.1, 4.2 and 6.2)."""

from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from aims.models import Governed, Part, Record, governed, part
from organization.states import (
    OBJECTIVE_TONES,
    OBLIGATION_TONES,
    ObjectiveState,
    ObligationSort,
    ObligationState,
)

SAID = r"\S"


def _known(name: str, field: str, choices: Any) -> models.CheckConstraint:
    return models.CheckConstraint(name=name, condition=Q(**{f"{field}__in": list(choices.values)}))


def _prose(label: Any, most: int = 4000, **more: Any) -> "models.TextField[str, str]":
    return models.TextField(label, max_length=most, **more)


@governed("OBL", "obligation")
class Obligation(Governed):
    """A law, contract, standard or promise that asks something of us. It holds in its unit and all below."""

    state_tones = OBLIGATION_TONES
    for_all_below = True

    state = models.CharField(
        _("State"), max_length=32, choices=ObligationState.choices, default=ObligationState.IN_FORCE, editable=False
    )
    sort = models.CharField(_("Sort"), max_length=12, choices=ObligationSort.choices)
    source = models.CharField(_("Source"), max_length=300)
    url = models.URLField(_("Where it is written"), max_length=500, blank=True)
    asks = _prose(_("What it asks of us"))
    holds_from = models.DateField(_("Holds from"), null=True, blank=True)
    ended_on = models.DateField(_("Ended"), null=True, editable=False)

    class Meta:
        verbose_name = _("obligation")
        verbose_name_plural = _("obligations")
        indexes: ClassVar = [
            models.Index(fields=["unit", "-updated_at", "-id"], name="obligation_unit"),
            models.Index(fields=["-updated_at", "-id"], name="obligation_recent"),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(
                name="obligation_told",
                condition=Q(source__regex=SAID, asks__regex=SAID),
                violation_error_message=_("Say where it comes from and what it asks."),
            ),
            models.CheckConstraint(name="obligation_has_owner", condition=Q(owner__isnull=False)),
            models.CheckConstraint(
                name="obligation_looked_at_again",
                condition=Q(state=ObligationState.IN_FORCE, due_on__isnull=False, ended_on=None)
                | Q(state=ObligationState.ENDED, due_on=None, ended_on__isnull=False),
                violation_error_message=_("What is in force is looked at again on a day."),
            ),
            _known("obligation_state_known", "state", ObligationState),
            _known("obligation_sort_known", "sort", ObligationSort),
        ]

    @property
    def in_force(self) -> bool:
        return self.state == ObligationState.IN_FORCE


@part("obligation")
class BoundSystem(Part):
    """An AI system that the obligation is about. Without any it is about everything in its unit."""

    obligation = models.ForeignKey(Obligation, on_delete=models.CASCADE, related_name="reach")
    record = models.ForeignKey(
        Record, on_delete=models.PROTECT, related_name="obligations", verbose_name=_("AI system")
    )

    class Meta:
        verbose_name = _("reach")
        verbose_name_plural = _("reach")
        constraints: ClassVar = [models.UniqueConstraint(fields=["obligation", "record"], name="obligation_reach_once")]

    def __str__(self) -> str:
        return str(self.record)


_PLANNED = {f"{name}__regex": SAID for name in ("work", "resources", "evaluation", "measure")}


@governed("OBJ", "objective")
class Objective(Governed):
    """An aim with its plan: what is done, with which means, by whom, by when, how the result is judged (6.2)."""

    state_tones = OBJECTIVE_TONES
    for_all_below = True

    state = models.CharField(
        _("State"), max_length=32, choices=ObjectiveState.choices, default=ObjectiveState.DRAFT, editable=False
    )
    theme = models.CharField(_("Theme"), max_length=120, blank=True)
    measurable = models.BooleanField(_("Measurable"), default=True)
    measure = _prose(_("Measure and target, or why it cannot be measured"), 1000, blank=True, default="")
    work = _prose(_("What is done"), blank=True, default="")
    resources = _prose(_("Resources"), 2000, blank=True, default="")
    evaluation = _prose(_("How the result is evaluated"), 2000, blank=True, default="")
    drafted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", editable=False,
        verbose_name=_("Drafted by"),
    )  # fmt: skip
    ended_on = models.DateField(_("Ended"), null=True, editable=False)
    result = _prose(_("What came of it"), 4000, blank=True, default="", editable=False)

    class Meta:
        verbose_name = _("objective")
        verbose_name_plural = _("objectives")
        indexes: ClassVar = [
            models.Index(fields=["unit", "-updated_at", "-id"], name="objective_unit"),
            models.Index(fields=["-updated_at", "-id"], name="objective_recent"),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(name="objective_has_owner", condition=Q(owner__isnull=False)),
            models.CheckConstraint(
                name="objective_planned",
                condition=Q(state__in=[ObjectiveState.DRAFT, ObjectiveState.DROPPED])
                | Q(**_PLANNED)
                & (Q(due_on__isnull=False) | Q(state__in=[ObjectiveState.REACHED, ObjectiveState.MISSED])),
                violation_error_message=_("An objective is pursued with a whole plan."),
            ),
            models.CheckConstraint(
                name="objective_ended_whole",
                condition=Q(state__in=[ObjectiveState.DRAFT, ObjectiveState.ACTIVE], ended_on=None, result="")
                | Q(state__in=[ObjectiveState.REACHED, ObjectiveState.MISSED, ObjectiveState.DROPPED], due_on=None)
                & Q(ended_on__isnull=False, result__regex=SAID),
            ),
            _known("objective_state_known", "state", ObjectiveState),
        ]

    @property
    def open(self) -> bool:
        return self.state in (ObjectiveState.DRAFT, ObjectiveState.ACTIVE)

    @property
    def draft(self) -> bool:
        return self.state == ObjectiveState.DRAFT


@part("objective")
class AimedSystem(Part):
    """A record that the objective is about, such as an AI system or a clause of the policy."""

    objective = models.ForeignKey(Objective, on_delete=models.CASCADE, related_name="reach")
    record = models.ForeignKey(Record, on_delete=models.PROTECT, related_name="objectives", verbose_name=_("AI system"))

    class Meta:
        verbose_name = _("reach")
        verbose_name_plural = _("reach")
        constraints: ClassVar = [models.UniqueConstraint(fields=["objective", "record"], name="objective_reach_once")]

    def __str__(self) -> str:
        return str(self.record)
