"""Reads of systems and components."""

import re
import unicodedata
from datetime import date
from functools import reduce
from operator import or_
from typing import Any, Self

from django.db.models import Exists, OuterRef, Q, QuerySet

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


class RuleQuerySet(QuerySet[Any]):
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
