"""Chainable reads of evidence and packs."""

from datetime import date
from typing import Any, Self

from django.apps import apps
from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet

from aims.access import access_of
from aims.querysets import GovernedQuerySet
from evidence.freshness import COUNTS_FOR, DUE_DAYS, good_until, standing_of
from evidence.states import (
    AUDIENCE_ROLES,
    Audience,
    DocumentState,
    EvidenceState,
    Freshness,
    RequestState,
    VersionState,
)


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


class DocumentQuerySet(GovernedQuerySet):
    """Reads of controlled documents."""

    def in_force(self) -> Self:
        return self.filter(state=DocumentState.EFFECTIVE)

    def asked_of(self, person: Any) -> Self:
        """Documents in force that the person is asked to read: by the unit they stand in, or by a role they hold there.

        A role reaches every unit it is held on; so one held above, in or below the document's unit counts. Who holds
        no role of the house (a program, somebody from outside) is asked nothing.
        """
        access = access_of(person)
        unit = apps.get_model("organization", "Unit")
        home: Any = unit.objects.above([person.unit_id]) if getattr(person, "unit_id", None) else []
        roles = [(role, sorted(ids)) for role, ids in access.units.items() if role in AUDIENCE_ROLES]
        if not roles or getattr(person, "is_program", False):
            return self.none()
        rule = Q(audience=Audience.EVERYBODY, unit__in=home)
        for role, ids in roles:
            rule |= Q(audience=Audience.ROLES, roles__contains=[role], unit__in=unit.objects.above(ids))
        return self.in_force().filter(rule)

    def with_current(self) -> Self:
        """Each row with `current`: a list of the version in force, if any, without its words."""
        versions: Any = apps.get_model("evidence", "DocumentVersion").objects
        rows = versions.effective().defer("text")
        return self.prefetch_related(Prefetch("versions", rows.select_related("approved_by"), to_attr="current"))

    def with_read(self, person: Any) -> Self:
        """Each row with `read`: whether the person acknowledged what is to be read of it."""
        done = apps.get_model("evidence", "Acknowledgement").objects.filter(
            person=person.pk, document_version__document=OuterRef("pk"),
            document_version__number__gte=OuterRef("read_from"),
        )  # fmt: skip
        return self.annotate(read=Exists(done))


class VersionQuerySet(QuerySet[Any]):
    """Reads of versions of documents."""

    def effective(self) -> Self:
        return self.filter(state=VersionState.EFFECTIVE)

    def open(self) -> Self:
        """On their way into force."""
        return self.filter(state__in=VersionState.open())


class AcknowledgementQuerySet(QuerySet[Any]):
    """Reads of who read what."""

    def counting_for(self, document: Any) -> Self:
        """Those of a version from which on nobody need read the document again."""
        return self.filter(document_version__document=document, document_version__number__gte=document.read_from)


__all__ = [
    "DUE_DAYS",
    "AcknowledgementQuerySet",
    "DocumentQuerySet",
    "EvidenceQuerySet",
    "LinkQuerySet",
    "RequestQuerySet",
    "VersionQuerySet",
]
