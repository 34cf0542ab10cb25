"""Reads of audits, findings, nonconformities and engagements."""

from datetime import date
from typing import Any, Self

from django.db import models
from django.db.models import Q

from aims.querysets import GovernedQuerySet
from audits.states import ActionState, AuditState, EngagementState, FindingState, NcState


class AuditQuerySet(GovernedQuerySet):
    """Reads of audits."""

    def done(self) -> Self:
        """Audits that looked at something: begun, reported, closed, or done before they came here."""
        looked = [AuditState.RUNNING, AuditState.REPORTED, AuditState.CLOSED, AuditState.TAKEN_OVER]
        return self.filter(state__in=looked)

    def counted(self) -> Self:
        """Audits that cover what they name: all but the cancelled."""
        return self.exclude(state=AuditState.CANCELLED)

    def of_system(self, system: Any) -> Self:
        """Audits in whose scope an AI system is: by name or, where none is named, with its unit or one above."""
        whole = Q(systems=None, units__scope_unit__in=system.unit.path)
        return self.filter(Q(systems__system=system) | whole).distinct()


class FindingQuerySet(GovernedQuerySet):
    """Reads of findings. Drafts are case records: only the audit's team sees them."""

    def issued(self) -> Self:
        return self.exclude(state__in=[FindingState.DRAFT, FindingState.WITHDRAWN])


class NonconformityQuerySet(GovernedQuerySet):
    """Reads of nonconformities."""

    def open(self) -> Self:
        return self.exclude(state=NcState.CLOSED)

    def like(self, row: Any) -> Self:
        """Others that broke the same requirement, or happened to the same system or by its source."""
        match = Q(pk__in=[])
        for name in ("clause_id", "control_id", "system_id"):
            if getattr(row, name) is not None:
                match |= Q(**{name: getattr(row, name)})
        return self.filter(match).exclude(pk=row.pk)


class ActionQuerySet(GovernedQuerySet):
    """Reads of corrective actions."""

    def open(self) -> Self:
        return self.filter(state=ActionState.OPEN)


class ImprovementQuerySet(GovernedQuerySet):
    """Reads of the improvement log."""

    def open(self) -> Self:
        return self.filter(state="open")


class EngagementQuerySet(GovernedQuerySet):
    """Reads of engagements."""

    def running(self, on: date) -> Self:
        return self.filter(state=EngagementState.OPEN, starts_on__lte=on, ends_on__gte=on)

    def over(self, on: date) -> Self:
        return self.filter(~Q(state=EngagementState.OPEN) | Q(ends_on__lt=on))


class PartQuerySet(models.QuerySet[Any]):
    """Reads of what belongs to an audit, a nonconformity or an engagement."""
