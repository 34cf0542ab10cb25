"""Chainable reads that every governed kind has."""

from datetime import date, datetime
from functools import reduce
from operator import or_
from typing import Any, Self

from django.apps import apps
from django.db import models
from django.db.models import Q

from aims import asof
from aims.access import Access, access_of
from aims.registry import registry
from aims.states import Confidentiality, JobState, TaskState


class GovernedQuerySet(models.QuerySet[Any]):
    """Reads of governed records. `visible_to` is the one place that decides who sees what."""

    def visible_to(self, user: Any) -> Self:
        """Records the person sees: by unit, clearance, case list or a grant on the single record."""
        access, past = access_of(user), asof.moment() is not None
        rule = (
            visibility(access, "anchor_id", shared_kinds())
            if past
            else visibility(access, self._anchor_column(), self._shared())
        )
        if rule is None:
            return self.none()
        # Reading the past asks for permission by where a record stands today.
        return self.filter(pk__in=apps.get_model("aims", "Today").objects.filter(rule)) if past else self.filter(rule)

    def _anchor_column(self) -> str:
        return str(getattr(self.model, "anchor", "") or "")

    def _shared(self) -> Q | None:
        """Which of these rows show to everybody below their unit: all or none of a kind."""
        return Q() if getattr(self.model, "for_all_below", False) else None

    def overdue(self, *, on: date) -> Self:
        return self.filter(due_on__lt=on)

    def owned_by(self, user: Any) -> Self:
        return self.filter(owner=user)


class RecordQuerySet(GovernedQuerySet):
    """Reads of the spine."""

    def _anchor_column(self) -> str:
        return "anchor_id"

    def _shared(self) -> Q | None:
        return shared_kinds()

    def matching(self, text: str) -> Self:
        """Records whose reference or title has every word of the text."""
        rows = self
        for word in text.split()[:6]:
            rows = rows.filter(Q(ref__icontains=word) | Q(title__icontains=word))
        return rows


def shared_kinds() -> Q | None:
    """Rows of the spine whose kind shows to everybody below."""
    kinds = sorted(name for name in registry.kinds if registry.for_all_below(name))
    return Q(kind__in=kinds) if kinds else None


def visibility(access: Access, anchor: str, shared: Q | None = None) -> Q | None:
    """The rule as a filter, or None when the person sees nothing at all. The twin of `Access.sees`.

    `shared` picks the rows that show to everybody below their unit.
    """
    reached = _reached(access, anchor)
    rules = []
    if shared is not None and access.above and not access.all_units:
        above = Q(unit_id__in=sorted(access.above), confidentiality=Confidentiality.NORMAL)
        rules.append(shared & above)
    if reached is not None:
        rules.append(reached & Q(confidentiality=Confidentiality.NORMAL))
        if access.clearance:
            rules.append(reached & _cleared(access) & Q(confidentiality=Confidentiality.RESTRICTED))
    if access.holds_any:
        rules.append(Q(confidentiality=Confidentiality.RESTRICTED, owner_id=access.person_id))
    if access.cases:
        rules.append(Q(confidentiality=Confidentiality.CASE, pk__in=sorted(access.cases)))
    return reduce(or_, rules) if rules else None


def _reached(access: Access, anchor: str) -> Q | None:
    """Rows reached by unit or by a single anchor, whatever their confidentiality."""
    if access.all_units:
        return Q()
    rules = []
    if access.seen_units:
        rules.append(Q(unit_id__in=sorted(access.seen_units)))
    if anchor and access.seen_anchors:
        rules.append(Q(**{f"{anchor}__in": sorted(access.seen_anchors)}))
    return reduce(or_, rules) if rules else None


def _cleared(access: Access) -> Q:
    everywhere = access.all_units and access.clearance >= access.seen_units
    return Q() if everywhere else Q(unit_id__in=sorted(access.clearance))


class JobQuerySet(models.QuerySet[Any]):
    """Reads of background work."""

    def open(self) -> Self:
        return self.filter(state__in=[JobState.QUEUED, JobState.RUNNING])

    def abandoned(self, *, at: datetime) -> Self:
        """Queued and never taken up, or running with a lease that ran out: the reaper takes them up again."""
        return self.open().filter(Q(lease_until=None) | Q(lease_until__lt=at))


class DecisionQuerySet(models.QuerySet[Any]):
    """Reads of the register of decisions."""

    def visible_to(self, user: Any) -> Self:
        """Decisions about records that the person sees."""
        return self.filter(record__in=apps.get_model("aims", "Record").objects.visible_to(user))


class TaskQuerySet(models.QuerySet[Any]):
    """Reads of tasks."""

    def visible_to(self, user: Any) -> Self:
        """Tasks about records that the person sees."""
        return self.filter(record__in=apps.get_model("aims", "Record").objects.visible_to(user))

    def open(self) -> Self:
        """What is still to do, put off and blocked included."""
        return self.exclude(state__in=TaskState.closed())

    def of(self, user: Any) -> Self:
        """Open tasks that fall to the person: assigned, brought up because nobody acted, or nobody's in their units."""
        access = access_of(user)
        rule = Q(assignee=user.pk) | Q(escalated_to=user.pk)
        if managed := access.units_for("task.manage"):
            rule |= Q(assignee=None, record__unit__in=sorted(managed))
        if sat := access.units_for("task.committee"):
            rule |= Q(level=3, record__unit__in=sorted(sat))
        return self.visible_to(user).open().filter(rule)
