"""Reads of screenings and assessments."""

from datetime import date
from typing import Any, Self

from django.db import models
from django.db.models import Exists, OuterRef

from aims.querysets import GovernedQuerySet
from impact.states import OPEN_STATES, SEVERE, Direction, ImpactState, ScreeningState
from inventory.querysets import OfSystemsQuerySet


class ScreeningQuerySet(GovernedQuerySet):
    """Reads of screenings."""

    def in_force(self) -> Self:
        return self.filter(state=ScreeningState.IN_FORCE)

    def waiting(self) -> Self:
        return self.filter(state=ScreeningState.PROPOSED)

    def open(self) -> Self:
        """Begun, proposed or returned: one of a system at most."""
        return self.filter(state__in=[ScreeningState.DRAFT, ScreeningState.PROPOSED, ScreeningState.RETURNED])


class AssessmentQuerySet(OfSystemsQuerySet):
    """Reads of impact assessments."""

    def open(self) -> Self:
        return self.filter(state__in=OPEN_STATES)

    def approved(self) -> Self:
        return self.filter(state=ImpactState.APPROVED)

    def current(self, *, on: date) -> Self:
        """Approved and still valid on the day."""
        return self.approved().filter(valid_until__gte=on)

    def overdue(self, *, on: date) -> Self:
        return self.filter(due_on__lt=on).exclude(state__in=[ImpactState.SUPERSEDED, ImpactState.REJECTED])


class PartQuerySet(models.QuerySet[Any]):
    """Reads of what belongs to an assessment."""

    def of(self, assessment: Any) -> Self:
        return self.filter(assessment=assessment)


class ImpactQuerySet(PartQuerySet):
    """Reads of benefits and harms."""

    def harms(self) -> Self:
        return self.filter(direction=Direction.HARM)

    def severe(self) -> Self:
        return self.harms().filter(severity__gte=SEVERE)

    def without_measure(self) -> Self:
        """Harms that no measure answers."""
        covered = self.model._meta.get_field("coverings").related_model
        return self.harms().exclude(Exists(covered._default_manager.filter(impact=OuterRef("pk"))))


class ConditionQuerySet(PartQuerySet):
    """Reads of the conditions of an approval."""

    def open(self) -> Self:
        return self.filter(met_on=None)


class OpinionQuerySet(PartQuerySet):
    """Reads of opinions."""

    def missing(self) -> Self:
        return self.filter(verdict="", withdrawn_on=None)

    def dissenting(self) -> Self:
        return self.filter(withdrawn_on=None).exclude(verdict__in=["", "agree"])
