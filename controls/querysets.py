"""Reads of control statements."""

from typing import Any, Self

from django.db import models
from django.db.models import Count, Exists, IntegerField, OuterRef, Prefetch, Q, Subquery
from django.db.models.functions import Coalesce

from aims.querysets import GovernedQuerySet
from controls.states import Applicability, Status
from evidence.models import EvidenceItem, EvidenceLink
from inventory.models import AISystem


class ControlQuerySet(models.QuerySet[Any]):
    """Reads of the catalogue's controls."""

    def in_order(self) -> Self:
        return self.order_by("position")

    def matching(self, text: str) -> Any:
        """Controls whose number begins with the text, or whose title has every word of it."""
        return _matching(self, text)


class ClauseQuerySet(models.QuerySet[Any]):
    """Reads of the catalogue's clauses."""

    def in_order(self) -> Self:
        return self.order_by("position")

    def with_requirements(self) -> Self:
        """Clauses that ask for something; the others are headings."""
        return self.filter(heading=False)

    def below(self, number: str) -> Self:
        """The clauses inside a clause: 6.1.1 to 6.1.4 in 6.1."""
        return self.filter(number__startswith=f"{number}.")

    def matching(self, text: str) -> Any:
        """Clauses whose number begins with the text, or whose title has every word of it."""
        return _matching(self, text)


def _matching(rows: Any, text: str) -> Any:
    words = Q()
    for word in text.split()[:6]:
        words &= Q(title__icontains=word)
    return rows.filter(Q(number__istartswith=text.strip()) | words).order_by("position")


class StatementQuerySet(GovernedQuerySet):
    """Reads of control statements."""

    def in_order(self) -> Self:
        """As the catalogue orders its controls."""
        return self.order_by("control__position", "pk")

    def decided(self) -> Self:
        return self.exclude(applicability=Applicability.UNDECIDED)

    def included(self) -> Self:
        return self.filter(applicability=Applicability.INCLUDED)

    def justified(self) -> Self:
        """Decided with a reason in words and a basis."""
        return self.decided().exclude(basis=[])

    def implemented(self) -> Self:
        return self.filter(status=Status.IMPLEMENTED)

    def with_links(self, user: Any) -> Self:
        """Each with what the person sees behind it: `evidence_count`, `reach_seen`; `limited` when it names systems."""
        parts = self.model._meta.get_field("reach").related_model
        seen = parts.objects.filter(system__in=AISystem.objects.visible_to(user).values("pk")).select_related("system")
        return self.annotate(
            evidence_count=_evidence_count(user),
            limited=Exists(parts.objects.filter(statement=OuterRef("pk"))),
        ).prefetch_related(Prefetch("reach", seen.order_by("system__title"), to_attr="reach_seen"))


def _evidence_count(user: Any) -> Any:
    """Current evidence linked to the row, as far as the person sees it."""
    items = EvidenceItem.objects.visible_to(user).current().values("pk")
    links = EvidenceLink.objects.filter(record_id=OuterRef("pk"), item__in=items).order_by().values("record_id")
    return Coalesce(Subquery(links.annotate(n=Count("pk")).values("n"), output_field=IntegerField()), 0)
