"""Reads of criteria, risks and their actions."""

from datetime import date
from typing import Any, Self

from django.db import models
from django.db.models import F

from aims.querysets import GovernedQuerySet
from inventory.querysets import OfSystemsQuerySet
from risk.states import WAITING, ActionState, CriteriaState, RiskState


class CriteriaQuerySet(GovernedQuerySet):
    """Reads of risk criteria."""

    def in_force(self) -> Any:
        """The edition in force (at the date being read), or None."""
        return self.filter(state=CriteriaState.APPROVED).first()


class RiskQuerySet(OfSystemsQuerySet):
    """Reads of risks."""

    def open(self) -> Self:
        return self.exclude(state=RiskState.CLOSED)

    def inherited_by(self, system: Any) -> Self:
        """Open risks stated about a component that the system uses, and not yet taken over by a risk of its own."""
        shared = self.open().filter(component__uses__system=system).exclude(system=system)
        return shared.exclude(heirs__system=system).distinct()

    def overdue(self, *, on: date) -> Self:
        return self.open().filter(due_on__lt=on)

    def outdated(self) -> Self:
        """Open risks whose level was found by criteria that are not in force any more (6.1.1)."""
        return self.open().filter(assessment__isnull=False).exclude(criteria__state=CriteriaState.APPROVED)

    def to_accept(self) -> Self:
        """Rated, not accepted, and possibly acceptable: what a sitting decides on."""
        waiting = self.filter(state__in=WAITING)
        return waiting.exclude(evaluation="unacceptable")

    def most_severe(self) -> Self:
        return self.order_by(F("score").desc(nulls_last=True), "-pk")


class ActionQuerySet(GovernedQuerySet):
    """Reads of treatment actions."""

    def open(self) -> Self:
        return self.filter(state=ActionState.OPEN)

    def overdue(self, *, on: date) -> Self:
        return self.open().filter(due_on__lt=on)


class RiskPartQuerySet(models.QuerySet[Any]):
    """Reads of what belongs to a risk."""

    def of(self, risk: Any) -> Self:
        return self.filter(risk=risk)


class ReassessmentQuerySet(RiskPartQuerySet):
    """Reads of reassessments that were asked for."""

    def waiting(self) -> Self:
        """Not done yet."""
        return self.filter(assessment=None)
