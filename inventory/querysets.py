"""Reads of systems and components."""

import re
import unicodedata
from datetime import date
from functools import reduce
from operator import or_
from typing import Any, Self

from django.db.models import Count, DateField, Exists, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Cast, Coalesce

from aims import asof
from aims.access import access_of
from aims.querysets import GovernedQuerySet
from aims.states import Confidentiality
from inventory.gaps import named_gaps
from inventory.proposal_states import ProposalState
from inventory.states import SystemStage

# Words that two names may share without meaning the same system.
_COMMON = frozenset({"and", "for", "the", "system", "model", "tool", "with", "und", "für", "der", "die", "das"})
_ALIKE = 0.5
_CANDIDATES = 200


class OfSystemsQuerySet(GovernedQuerySet):
    """Reads of kinds that speak of one AI system, or once for a family of systems that their part `family` lists."""

    def of_system(self, system: Any) -> Self:
        """Rows of one AI system: its own, and those stated once for a family to which it belongs."""
        return self.of_systems([system.pk])

    def of_systems(self, keys: Any) -> Self:
        """Rows of these systems and of their families: a union, as an OR over two tables would read every row."""
        family = self.model._meta.get_field("family")
        own = self.model._default_manager.filter(system__in=keys).order_by().values("pk")
        listed = family.related_model._default_manager.filter(system__in=keys).order_by()
        return self.filter(pk__in=own.union(listed.values(family.field.attname), all=True))


class SystemQuerySet(GovernedQuerySet):
    """Reads of AI systems."""

    def with_gaps(self) -> Self:
        """Each row with `gaps`: ids of what is asked and not stated (`inventory.gaps.ASKED`)."""
        return self.annotate(gaps=named_gaps(self.model))

    def complete(self) -> Self:
        return self.with_gaps().filter(gaps__len=0)

    def incomplete(self) -> Self:
        return self.with_gaps().filter(gaps__len__gt=0)

    def in_life(self) -> Self:
        """Everything that is not retired."""
        return self.exclude(state=SystemStage.RETIREMENT)

    def within(self, unit_id: int) -> Self:
        """Systems of a unit and of all units below it."""
        return self.filter(unit__path__contains=[unit_id])

    def holding(self, roles: list[str]) -> Self:
        """Systems towards which somebody has one of these ISO roles."""
        held = self.model._meta.get_field("roles").related_model._default_manager
        return self.filter(Exists(held.filter(system=OuterRef("pk"), role__in=roles)))

    def alike(self, title: str) -> list[Any]:
        """Systems whose names share most of their words with this one, likeliest first."""
        words = tokens(title)
        if not words:
            return []
        match = reduce(or_, (Q(title__icontains=word) for word in words | _written(title)))
        found = [(likeness(words, tokens(row.title)), row) for row in self.filter(match)[:_CANDIDATES]]
        return [row for degree, row in sorted(found, key=lambda one: -one[0]) if degree >= _ALIKE]


def tokens(title: str) -> frozenset[str]:
    """The telling words of a name: lower case, without accents, order, common words and numbers of versions."""
    plain = unicodedata.normalize("NFKD", title)
    letters = "".join(sign for sign in plain if not unicodedata.combining(sign)).lower()
    return frozenset(word for word in re.findall(r"[^\W\d_]+", letters) if len(word) > 2 and word not in _COMMON)


def _written(title: str) -> frozenset[str]:
    """The words as they are written, accents and all, to find rows by."""
    return frozenset(word for word in re.findall(r"[^\W\d_]+", title) if len(word) > 2 and word.lower() not in _COMMON)


def likeness(one: frozenset[str], other: frozenset[str]) -> float:
    """Share of words in common: 1 for the same words, 0 for none."""
    return len(one & other) / len(one | other) if one | other else 0.0


class ComponentQuerySet(GovernedQuerySet):
    """Reads of components."""

    def visible_to(self, user: Any) -> Self:
        """By unit, clearance and grants like every record; and normal ones used by a system the person sees.

        Who answers for a system must see all it is made of (A.4.2), also what another unit keeps.
        """
        own = super().visible_to(user)
        access = access_of(user)
        if access.all_units or not (access.units or access.records):
            return own
        systems = self.model._meta.get_field("system").related_model._default_manager.visible_to(user)
        shared = Q(confidentiality=Confidentiality.NORMAL, pk__in=self._used_by(systems))
        return self.filter(Q(pk__in=own.values("pk")) | shared)

    def _used_by(self, systems: Any) -> Any:
        uses = self.model._meta.get_field("uses").related_model
        return uses._default_manager.filter(system__in=systems.values("pk")).values("component_id")

    def used_in(self, system: Any) -> Self:
        return self.filter(uses__system=system)


class RuleQuerySet(QuerySet[Any, Any]):
    """Reads of editions of rules."""

    def in_force(self, sort: str, on: date) -> Any:
        """The edition of a sort in force on a day; none where the rules say nothing yet."""
        ended = Q(valid_until=None) | Q(valid_until__gte=on)
        return self.filter(ended, sort=sort, valid_from__lte=on).first()


class UseProposalQuerySet(GovernedQuerySet):
    """Reads of proposals."""

    def visible_to(self, user: Any) -> Self:
        """By unit like every record; and one's own, whatever roles one has: who proposes sees the answer."""
        seen = super().visible_to(user)
        if asof.moment() is not None or not getattr(user, "is_active", False):
            return seen
        return seen | self.filter(owner=user.pk)

    def open(self) -> Self:
        return self.filter(state=ProposalState.PROPOSED)


class AttestedListQuerySet(GovernedQuerySet):
    """Reads of the lists that heads of units attest."""

    def with_found(self, user: Any) -> Self:
        """Each row with `found_later`: how many systems were in use when the list was attested and registered after it.

        Of the unit and all below it, as far as the person sees them.
        """
        systems = self.model._meta.apps.get_model("inventory", "AISystem")._default_manager.visible_to(user)
        later = systems.filter(
            unit__path__contains=[OuterRef("unit_id")],
            created_at__gt=OuterRef("attested_at"),
            live_since__lte=Cast(OuterRef("attested_at"), DateField()),
        )
        number = later.order_by().values(one=Value(1)).annotate(n=Count("pk")).values("n")
        return self.annotate(found_later=Coalesce(Subquery(number), 0))


class LifecycleQuerySet(GovernedQuerySet):
    """Reads of life-cycle records."""

    def for_version(self, version: Any) -> Self:
        """What holds for a version: its own records, and those of the system as a whole."""
        own = Q(release=None) if version is None else Q(release=None) | Q(release=version)
        return self.filter(own)

    def newest(self, sort: str) -> Any:
        """The latest record of a sort that was not superseded; none when there is none."""
        return self.filter(sort=sort).exclude(state="superseded").order_by("-id").first()

    def approved(self) -> Self:
        return self.filter(state="approved")


class ChangeQuerySet(GovernedQuerySet):
    """Reads of changes."""

    def open(self) -> Self:
        return self.filter(state__in=["asked", "assessed", "approved"])

    def to_sample(self) -> Self:
        """Called not significant by who made them, and not looked at by anybody else yet."""
        return self.filter(significance="not_significant", sampled_on=None)


class AttemptQuerySet(GovernedQuerySet):
    """Reads of passages of the gate."""

    def permitted(self) -> Self:
        """Full permits that were not withdrawn: their versions may come back at any time."""
        return self.filter(state="allowed", way__in=["release", "again"]).exclude(permit="")

    def in_force(self, at: Any) -> Self:
        """Permits by which something may run now: full ones, and pilots and bypasses until they end."""
        limited = Q(way__in=["pilot", "break_glass"], state__in=["allowed", "bypassed"], valid_until__gte=at)
        return self.exclude(permit="").filter(limited | Q(state="allowed", way__in=["release", "again"]))

    def to_review(self) -> Self:
        """Bypasses that nobody has reviewed yet."""
        return self.filter(review_by__isnull=False, reviewed_at=None)


class StatementQuerySet(QuerySet[Any, Any]):
    """Reads of what people vouched for at the gate."""

    def in_force(self, on: date) -> Self:
        """Attestations, and exceptions that are countersigned, on a day."""
        lasting = Q(until=None) | Q(until__gte=on)
        signed = Q(said="attestation") | Q(countersigned_on__isnull=False)
        return self.filter(lasting, signed, ended_on=None)


class ModeQuerySet(QuerySet[Any, Any]):
    """Reads of decisions on the gate's mode."""

    def of(self, unit: Any, tier: str, on: date) -> str:
        """What the gate does in a unit for a tier on a day: the nearest unit decides, a tier before all, later before
        earlier; without a decision it enforces.
        """
        path = list(unit.path)
        rows: Any = self.filter(Q(tier="") | Q(tier=tier), unit__in=path, valid_from__lte=on)
        found = max(
            rows, key=lambda row: (path.index(row.unit_id), row.tier != "", row.valid_from, row.pk), default=None
        )
        return str(found.mode) if found else "enforce"
