"""Chainable reads of evidence and packs."""

from datetime import date, timedelta
from typing import Self

from django.db.models import Q

from aims.querysets import GovernedQuerySet
from evidence.states import EvidenceState

# Evidence that runs out within so many days is due for renewal.
DUE_DAYS = 60


class EvidenceQuerySet(GovernedQuerySet):
    """Reads of evidence."""

    def current(self) -> Self:
        return self.filter(state=EvidenceState.CURRENT)

    def fresh(self, *, on: date) -> Self:
        """Current and not running out within DUE_DAYS."""
        later = on + timedelta(days=DUE_DAYS)
        return self.current().filter(Q(expires_on=None) | Q(expires_on__gt=later))

    def due(self, *, on: date) -> Self:
        """Current and running out within DUE_DAYS; its last day still counts."""
        return self.current().filter(expires_on__gte=on, expires_on__lte=on + timedelta(days=DUE_DAYS))

    def expired(self, *, on: date) -> Self:
        """Current by state, but past its day: nobody renewed it."""
        return self.current().filter(expires_on__lt=on)

    def about(self, record_id: int) -> Self:
        """Evidence linked to a record of any kind."""
        return self.filter(links__record_id=record_id)

    def files(self) -> Self:
        return self.exclude(blob=None)
