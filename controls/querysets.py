"""Reads of the catalogue, of scopes, control statements and versions of the Statement of Applicability."""

from collections.abc import Sequence
from typing import Any, Self

from django.apps import apps
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Count, Exists, F, IntegerField, OuterRef, Prefetch, Q, Subquery, Value
from django.db.models.functions import Coalesce

from aims.querysets import GovernedQuerySet
from controls.states import AnswerState, Applicability, ProposalState, ScopeState, SoaState, Status
from evidence.models import EvidenceItem, EvidenceLink
from inventory.models import AISystem


class ControlQuerySet(models.QuerySet[Any]):
    """Reads of the catalogue's controls."""

    def in_order(self) -> Self:
        return self.order_by("position")

    def own(self) -> Self:
        """What the organization added beyond Annex A."""
        return self.filter(source="own")

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


class OtherRowQuerySet(models.QuerySet[Any]):
    """Reads of the rows of other frameworks."""

    def asking(self) -> Self:
        """Rows that ask for something; the others are headings."""
        return self.filter(heading=False)

    def unreviewed(self) -> Self:
        """Rows that nobody looked at as they stand now."""
        return self.asking().filter(reviewed_by=None)


class Among(models.Func):
    """Whether a key is in an array: `key = ANY(path)`."""

    arg_joiner = " = ANY("
    template = "(%(expressions)s))"
    output_field = models.BooleanField()


class Length(models.Func):
    """How deep a path is."""

    function = "cardinality"
    output_field = IntegerField()


class ScopeQuerySet(GovernedQuerySet):
    """Reads of scopes."""

    def in_use(self) -> Self:
        return self.filter(state=ScopeState.IN_USE)

    def covering(self, path: Sequence[int], system: Any = None) -> Self:
        """Scopes in use over a unit (by its path) or its system, the closest first: the one that lists the system."""
        listed = self.model._meta.get_field("listed").related_model.objects.filter(scope=OuterRef("pk"), system=system)
        rows = self.in_use().annotate(lists=Exists(listed)).filter(Q(lists=True) | Q(unit__in=path))
        return rows.order_by("-lists", Length("unit__path").desc(), "pk")


class StatementQuerySet(GovernedQuerySet):
    """Reads of control statements."""

    def in_order(self) -> Self:
        """As the catalogue orders its controls, the scope's own before what differs."""
        return self.order_by("control__position", F("system").asc(nulls_first=True), "unit__path", "pk")

    def of_scope(self, scope: Any) -> Self:
        return self.filter(scope=scope)

    def with_basis(self) -> Self:
        """Each with the records that call for it."""
        return self.prefetch_related("basis_rows")

    def with_records(self, user: Any) -> Self:
        """Each with the records that call for it, as far as the person sees them: `records_seen`."""
        seen = apps.get_model("aims", "Record").objects.visible_to(user).values("pk")
        rows = self.model._meta.get_field("basis_rows").related_model.objects.filter(record__in=seen)
        return self.prefetch_related(
            Prefetch("basis_rows", rows.select_related("record").order_by("record__ref"), to_attr="basis_seen")
        )

    def base(self) -> Self:
        """The statements of the scopes themselves: those of units and systems that differ are left out."""
        return self.filter(unit=F("scope__unit"), system=None)

    def differing(self) -> Self:
        """What units and systems state for themselves."""
        return self.exclude(unit=F("scope__unit"), system=None)

    def holding(self, path: Any, system: Any = None, *, scope: Any = None) -> Self:
        """Statements that could hold for a unit (by its path) and one of its systems, the effective one first.

        `path` and `system` may be expressions of an outer query (`OuterRef("unit__path")`, `OuterRef("pk")`), so that
        `Subquery(….holding(…).filter(control=…).values("pk")[:1])` is the effective statement's key. The rule, also
        in `controls.effective.effective`: the scope that lists the system, else the closest scope; in it the system's
        own statement, else that of the closest unit. A statement limited to systems holds for no other system.
        """
        above = Value(list(path), ArrayField(models.BigIntegerField())) if isinstance(path, list | tuple) else path
        rows = self.filter(scope__state=ScopeState.IN_USE) if scope is None else self.filter(scope=scope)
        units = Q(Among(F("unit_id"), above))
        nearest = (Length("scope__unit__path").desc(), F("scope").asc())
        if system is None:
            return rows.filter(units, system=None).order_by(*nearest, Length("unit__path").desc(), "pk")
        rows = rows._with_system(system)
        rows = rows.filter(
            Q(system=system) | Q(units | Q(lists=True, unit=F("scope__unit")), system=None, reaches=True)
        )
        own = F("system").asc(nulls_last=True)
        return rows.order_by(F("lists").desc(), *nearest, own, Length("unit__path").desc(), "pk")

    def _with_system(self, system: Any) -> Self:
        """Whether the row's scope lists the system, and whether the row reaches it."""
        scopes, parts = self.model._meta.get_field("scope").related_model, self.model._meta.get_field("reach")
        one = OuterRef(system) if isinstance(system, OuterRef) else system
        listed = scopes._meta.get_field("listed").related_model.objects.filter(scope=OuterRef("scope"), system=one)
        limits = parts.related_model.objects.filter(statement=OuterRef("pk"))
        return self.annotate(lists=Exists(listed), reaches=Q(~Exists(limits) | Exists(limits.filter(system=one))))

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
        system = Prefetch("system", AISystem.objects.visible_to(user), to_attr="system_seen")
        return self.annotate(
            evidence_count=_evidence_count(user),
            limited=Exists(parts.objects.filter(statement=OuterRef("pk"))),
        ).prefetch_related(
            Prefetch("reach", seen.order_by("system__title"), to_attr="reach_seen"),
            system,
        )


def _evidence_count(user: Any) -> Any:
    """Current evidence linked to the row, as far as the person sees it."""
    items = EvidenceItem.objects.visible_to(user).current().values("pk")
    links = EvidenceLink.objects.filter(record_id=OuterRef("pk"), item__in=items).order_by().values("record_id")
    return Coalesce(Subquery(links.annotate(n=Count("pk")).values("n"), output_field=IntegerField()), 0)


class AnswerQuerySet(GovernedQuerySet):
    """Reads of what a gap assessment found."""

    def in_order(self) -> Self:
        return self.order_by("clause__position", "pk")

    def of_scope(self, scope: Any) -> Self:
        return self.filter(scope=scope)

    def open(self) -> Self:
        """What still has a gap."""
        return self.exclude(state=AnswerState.MET)


class VersionQuerySet(GovernedQuerySet):
    """Reads of versions of the Statement of Applicability."""

    def open(self) -> Self:
        """The draft, or what is in review: one a scope."""
        return self.filter(state__in=[SoaState.DRAFT, SoaState.IN_REVIEW])

    def in_force(self) -> Self:
        return self.filter(state=SoaState.APPROVED)

    def of_scope(self, scope: Any) -> Self:
        return self.filter(scope=scope)


class ProposalQuerySet(models.QuerySet[Any]):
    """Reads of proposed changes."""

    def open(self) -> Self:
        return self.filter(state=ProposalState.OPEN)
