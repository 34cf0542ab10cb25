"""Reads of concerns."""

from datetime import date
from typing import Any, Self

from django.db.models import Count, F, OuterRef, Q, Subquery

from aims.querysets import GovernedQuerySet
from monitoring.states import ANSWERED, ConcernState, EntrySort, Verdict


class ConcernQuerySet(GovernedQuerySet):
    """Reads of concerns. `visible_to` shows a case to who is on its case list, and to nobody else."""

    def raised_by(self, user: Any) -> Self:
        """One's own, whatever roles one has."""
        return self.filter(raised_by=user.pk).exclude(raised_by=None)

    def open(self) -> Self:
        return self.exclude(state__in=ANSWERED)

    def overdue(self, *, on: date) -> Self:
        return self.open().filter(due_on__lt=on)

    def waiting(self) -> Self:
        """The last word is the reporter's."""
        last = self.model.entries.rel.related_model._default_manager.exclude(sort=EntrySort.NOTE)
        last = last.filter(concern=OuterRef("pk")).order_by("-pk").values("sort")[:1]
        return self.annotate(last_word=Subquery(last)).filter(last_word=EntrySort.FROM_REPORTER)

    def figures(self, units: Any, *, on: date) -> dict[str, int]:
        """How many there are in these units, whoever may see them: numbers alone, no case."""
        return self.filter(unit__in=units).order_by().aggregate(
            received=Count("pk"),
            open=Count("pk", filter=~Q(state__in=ANSWERED)),
            overdue=Count("pk", filter=~Q(state__in=ANSWERED) & Q(due_on__lt=on)),
            anonymous=Count("pk", filter=Q(raised_by=None)),
            acknowledged=Count("pk", filter=~Q(state=ConcernState.RECEIVED)),
            acknowledged_in_time=Count("pk", filter=Q(acknowledged_at__date__lte=F("acknowledge_by"))),
            answered=Count("pk", filter=Q(state__in=ANSWERED)),
            answered_in_time=Count("pk", filter=Q(answered_at__date__lte=F("answer_by"))),
            **{verdict.value: Count("pk", filter=Q(verdict=verdict)) for verdict in Verdict},
        )  # fmt: skip
