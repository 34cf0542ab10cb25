"""Chainable reads of evidence and packs."""

from datetime import date
from typing import Any, Self

from django.apps import apps
from django.db.models import Prefetch, QuerySet

from aims.querysets import GovernedQuerySet
from evidence.freshness import COUNTS_FOR, DUE_DAYS, good_until, standing_of
from evidence.states import EvidenceState, Freshness, RequestState


class EvidenceQuerySet(GovernedQuerySet):
    """Reads of evidence."""

    def current(self) -> Self:
        return self.filter(state=EvidenceState.CURRENT)

    def standing(self, *values: str, on: date) -> Self:
        """Current evidence that is fresh, due, expired or unknown (any of `values`)."""
        rows = self.current().alias(until=good_until()).alias(standing=standing_of("until", on))
        return rows.filter(standing__in=values)

    def fresh(self, *, on: date) -> Self:
        """Current, dated, and not running out within DUE_DAYS."""
        return self.standing(Freshness.FRESH, on=on)

    def due(self, *, on: date) -> Self:
        """Current and running out within DUE_DAYS; its last day still counts."""
        return self.standing(Freshness.DUE, on=on)

    def expired(self, *, on: date) -> Self:
        """Current by state, but past its day: nobody renewed it."""
        return self.standing(Freshness.EXPIRED, on=on)

    def unknown(self, *, on: date) -> Self:
        """Current, and nobody says for which day it speaks."""
        return self.standing(Freshness.UNKNOWN, on=on)

    def about(self, record_id: int) -> Self:
        """Evidence linked to a record of any kind."""
        return self.filter(links__record_id=record_id)

    def files(self) -> Self:
        return self.exclude(blob=None)


class LinkQuerySet(QuerySet[Any]):
    """Reads of what evidence speaks for."""

    def current(self) -> Self:
        return self.filter(item__state=EvidenceState.CURRENT)

    def with_freshness(self, *, on: date, days: Any = COUNTS_FOR) -> Self:
        """Each link with `until` (the last day it counts; None: undated) and `freshness`."""
        rows = self.annotate(until=good_until(days, item="item__"))
        return rows.annotate(freshness=standing_of("until", on))


class RequestQuerySet(GovernedQuerySet):
    """Reads of requests for evidence."""

    def open(self) -> Self:
        return self.filter(state=RequestState.OPEN)

    def with_record(self, user: Any) -> Self:
        """Each row with `seen_record`: what it is about, where the person sees that, else None."""
        seen = apps.get_model("aims", "Record").objects.visible_to(user)
        return self.prefetch_related(Prefetch("record", seen, to_attr="seen_record"))


__all__ = ["DUE_DAYS", "EvidenceQuerySet", "LinkQuerySet", "RequestQuerySet"]
