"""Chainable reads that every governed kind has."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from functools import reduce
from operator import or_
from typing import Any, Self, cast

from django.apps import apps
from django.db import models
from django.db.models import Count, Exists, OuterRef, Q, TextField, Value
from django.db.models.functions import Cast, Coalesce
from django.db.models.sql.datastructures import BaseTable

from aims import asof, counters
from aims.access import Access, Window, access_of
from aims.registry import registry
from aims.states import Confidentiality, JobState, TaskSort, TaskState

FEW = 2_000  # keys that are handed over one by one


class TodayQuerySet(models.QuerySet[Any]):
    """Reads of where records stand today, from the past."""

    def of(self, kind: str) -> Self:
        """Those of one kind, from its own view: the one of all kinds takes longer to plan than to read."""
        rows = self._chain()  # type: ignore[attr-defined]
        alias = rows.query.get_initial_alias()
        rows.query.alias_map[alias] = BaseTable(self.model.table(kind), alias)
        rows.query.table_map = {self.model.table(kind): [alias]}
        return cast(Self, rows.filter(kind=kind))

    def standing(self, moment: datetime) -> Self:
        """Those that were there at the moment: made before, and not yet gone."""
        return self.filter(Q(gone_at=None) | Q(gone_at__gt=moment), created_at__lte=moment)


class GovernedQuerySet(models.QuerySet[Any]):
    """Reads of governed records. `visible_to` is the one place that decides who sees what."""

    # Whose rows these are, all of them and no fewer: what the counters can answer.
    _whole: "tuple[Access, Any] | None" = None

    def visible_to(self, user: Any) -> Self:
        """Records the person sees: by unit, clearance, case list or a grant on the single record."""
        access = access_of(user)
        if asof.moment() is not None:
            return self._visible_then(access)
        rule = visibility(access, self._anchor_column(), self._shared(), self._kind())
        if rule is None:
            return self.none()
        found = self.filter(rule)
        if not self.query.where and not self.query.is_sliced and not access.windows:
            found._whole = (access, found.query.where)
        return found

    def _visible_then(self, access: Access) -> Self:
        """Reading the past asks for permission by where a record stands today.

        Few keys are resolved first: ORDER BY and LIMIT over a semi-join would walk the whole index of events.
        """
        today = self._today(access)
        if today is None:
            return self.none()
        few = self._few(access, today)
        found = self.filter(pk__in=today if few is None else few)
        if not self.query.where and not self.query.is_sliced:
            found._whole = (access, found.query.where)
        return found

    def _today(self, access: Access) -> Any:
        """Where the rows that the person may see stand today, read from the past; None when there can be none."""
        rule = visibility(access, "anchor_id", shared_kinds())
        return None if rule is None else self._places_today().filter(rule)

    def _few(self, access: Access, today: Any) -> list[int] | None:
        """The keys of `today` when they are few; None when they are many, or of all kinds."""
        if not self._kind():
            return None
        keys = asof.once(access, self._kind(), lambda: list(today.values_list("pk", flat=True)[: FEW + 1]))
        return keys if len(keys) <= FEW else None

    def called(self, ref: str) -> Self:
        """The one row with this reference. Events have no index of it: in the past it names the key, for it never changes."""
        if asof.moment() is None:
            return self.filter(ref=ref)
        found = self._places_today().filter(ref=ref)
        return self.filter(pk__in=list(found.values_list("pk", flat=True)))

    def _places_today(self) -> Any:
        rows = apps.get_model("aims", "Today").objects
        return rows.of(self._kind()) if self._kind() else rows.all()

    def places(self, user: Any) -> Any:
        """Rows with `unit_id` and `owner_id` of what the person sees, for the choices of filters.

        Where many are read from the past these are the places of today.
        """
        access = access_of(user)
        today = None if asof.moment() is None else self._today(access)
        return today if today is not None and self._few(access, today) is None else self.visible_to(user)

    def _clone(self) -> Self:
        found: Self = super()._clone()  # type: ignore[misc]
        found._whole = self._whole
        return found

    def total(self) -> int:
        """Exactly how many rows: from the counters when these are all that a person sees, else counted."""
        access = self._reckoned()
        if access is not None:
            return sum(self._summed(self.model.kind, access).values())
        access, moment = self._untouched(), asof.moment()
        if access is not None and moment is not None and self._kind():
            return int(self._today(access).standing(moment).count())
        return int((self if self.query.is_sliced else self.order_by()).count())

    def cells(self, counter: str) -> dict[tuple[str, ...], int]:
        """How many rows in each cell of a counter that was declared with `aims.counters.counted`."""
        access = self._reckoned()
        if access is not None:
            return {cell: n for cell, n in self._summed(counter, access).items() if n}
        return _grouped(self, counters.COUNTERS[counter])

    def _reckoned(self) -> Access | None:
        """Whose whole rows these still are, if anybody's, and not of the past."""
        return self._untouched() if asof.moment() is None else None

    def _untouched(self) -> Access | None:
        """Whose whole rows these still are: not one filter more, no slice."""
        if self._whole is None or self.query.is_sliced or self.query.combinator:
            return None
        access, where = self._whole
        return access if self.query.where == where and not self.query.distinct else None

    def _summed(self, counter: str, access: Access) -> dict[tuple[str, ...], int]:
        reach = reach_of(access, self._anchor_column(), shared=self._shared() is not None)
        found = Counter(counters.summed(counter, reach.normal, reach.restricted))
        if reach.beside is not None:
            rows = self.model._default_manager.filter(reach.beside)
            found.update(_grouped(rows, counters.COUNTERS[counter]))
        return dict(found)

    def _anchor_column(self) -> str:
        return str(getattr(self.model, "anchor", "") or "")

    def _kind(self) -> str:
        return str(self.model.kind)

    def _shared(self) -> Q | None:
        """Which of these rows show to everybody below their unit: all or none of a kind."""
        return Q() if getattr(self.model, "for_all_below", False) else None

    def overdue(self, *, on: date) -> Self:
        return self.filter(due_on__lt=on)

    def owned_by(self, user: Any) -> Self:
        return self.filter(owner=user)


def called(rows: Any, ref: str) -> Any:
    """The row with this reference; of rows that are no governed records, too."""
    return rows.called(ref) if isinstance(rows, GovernedQuerySet) else rows.filter(ref=ref)


def _grouped(rows: Any, counter: counters.Counter) -> dict[tuple[str, ...], int]:
    """The cells of a counter, counted over any rows."""
    if not counter.cell:
        return {(): int(rows.order_by().filter(counter.rows()).count())}
    cells = {
        f"cell_{n}": Coalesce(Cast(column, TextField()), Value(""), output_field=TextField())
        for n, column in enumerate(counter.cell)
    }
    found = rows.order_by().filter(counter.rows()).annotate(**cells).values_list(*cells).annotate(rows=Count("pk"))
    return {tuple(cell): number for *cell, number in found}


def _by_kind_and_state(rows: Any) -> dict[tuple[str, ...], int]:
    """Kind and state → rows, counted."""
    counted = rows.order_by().values_list("kind", "state").annotate(rows=Count("pk"))
    return {(kind, state): n for kind, state, n in counted}


class RecordQuerySet(GovernedQuerySet):
    """Reads of the spine."""

    def _reckoned(self) -> Access | None:
        return None  # counters are kept for each kind

    def kept_by_kind_and_state(self) -> dict[tuple[str, ...], int] | None:
        """How many rows of each kind and state, from the counters; None where they are better counted.

        Who sees all units gets them without a scan; others see fewer rows, and most of theirs by an index.
        """
        access = super()._reckoned()
        if access is None or not access.all_units:
            return None
        found: Counter[tuple[str, ...]] = Counter()
        shared = {name for name in registry.kinds if registry.for_all_below(name)}
        for kinds, above in ((shared, True), (set(registry.kinds) - shared, False)):
            reach = reach_of(access, "anchor_id", shared=above)
            found.update(counters.summed_of(sorted(kinds), reach.normal, reach.restricted))
            if reach.beside is not None:
                found.update(_by_kind_and_state(self.model.objects.filter(reach.beside, kind__in=kinds)))
        return {cell: n for cell, n in found.items() if n}

    def _anchor_column(self) -> str:
        return "anchor_id"

    def _kind(self) -> str:
        return ""

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


def visibility(access: Access, anchor: str, shared: Q | None = None, kind: str = "") -> Q | None:
    """The rule as a filter, or None when the person sees nothing at all. The twin of `Access.sees`.

    `shared` picks the rows that show to everybody below their unit; `kind` is theirs, empty where they are of many.
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
        rules.append(_owned(access))
    rules += _listed(access)
    rules += [opened(window, anchor, shared, kind) for window in access.windows]
    return reduce(or_, rules) if rules else None


def opened(window: Window, anchor: str, shared: Q | None, kind: str = "") -> Q:
    """What shows through a window, as a filter: the twin of `Window.shows`."""
    handed = Q(pk__in=sorted(window.records)) & ~Q(confidentiality=Confidentiality.CASE)
    if kind and kind not in window.kinds:
        return handed
    there = Q(unit_id__in=sorted(window.units))
    if anchor and window.anchors:
        there |= Q(**{f"{anchor}__in": sorted(window.anchors)})
    if shared is not None and window.above:
        there |= shared & Q(unit_id__in=sorted(window.above))
    rule = there & _alive(window, kind) & Q(confidentiality=Confidentiality.NORMAL)
    return handed | (rule if kind else rule & Q(kind__in=sorted(window.kinds)))


def _alive(window: Window, kind: str) -> Q:
    """Made before the period ended, and not over before it began."""
    if kind:
        over = Q(state__in=registry.over(kind))
    else:
        ends = [Q(kind=one, state__in=states) for one in sorted(window.kinds) if (states := registry.over(one))]
        over = reduce(or_, ends) if ends else Q(pk__in=[])
    return Q(created_at__lt=window.until) & ~(over & Q(updated_at__lt=window.since))


@dataclass(frozen=True)
class Reach:
    """The rule of `visibility` taken apart: units whose counters add up (None: all units), and what comes `beside`."""

    normal: Iterable[int] | None
    restricted: Iterable[int] | None
    beside: Q | None


def reach_of(access: Access, anchor: str, *, shared: bool) -> Reach:
    """What the counters can add up for a person, and which few rows must be counted beside them."""
    if access.all_units:
        everything = access.clearance >= access.seen_units
        return Reach(None, None if everything else access.clearance, _beside_all(access, everything))
    normal = access.seen_units | (access.above if shared else frozenset())
    restricted = access.seen_units & access.clearance
    return Reach(normal, restricted, _beside(access, anchor, normal, restricted))


def _beside_all(access: Access, everything: bool) -> Q | None:
    rules = [] if everything else [_owned(access) & ~Q(unit_id__in=sorted(access.clearance))]
    rules += _listed(access)
    return reduce(or_, rules) if rules else None


def _owned(access: Access) -> Q:
    return Q(confidentiality=Confidentiality.RESTRICTED, owner_id=access.person_id)


def _listed(access: Access) -> list[Q]:
    return [Q(confidentiality=Confidentiality.CASE, pk__in=sorted(access.cases))] if access.cases else []


def _beside(access: Access, anchor: str, normal: frozenset[int], restricted: frozenset[int]) -> Q | None:
    """Rows seen through a single anchor, as owner or by a case list, which no unit's counter holds."""
    rules = []
    if anchor and access.seen_anchors:
        anchored = Q(**{f"{anchor}__in": sorted(access.seen_anchors)})
        rules.append(anchored & ~Q(unit_id__in=sorted(normal)) & Q(confidentiality=Confidentiality.NORMAL))
        cleared = Q(unit_id__in=sorted(access.clearance - restricted), confidentiality=Confidentiality.RESTRICTED)
        rules.append(anchored & cleared)
    if access.holds_any:
        rules.append(_owned(access) & ~Q(unit_id__in=sorted(restricted)))
    rules += _listed(access)
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


class WebhookQuerySet(models.QuerySet[Any]):
    """Reads of webhooks."""

    def visible_to(self, user: Any) -> Self:
        """One's own; all of them to whoever manages them everywhere."""
        access = access_of(user)
        if not access.capacity("webhook.manage"):
            return self.none()
        everywhere = access.all_units and access.units_for("webhook.manage") >= access.seen_units
        return self if everywhere else self.filter(person=user.pk)

    def listening(self, event: str) -> Self:
        """Those that are told of it."""
        return self.filter(off_at=None, topics__contains=[event]).order_by("pk")


class DecisionQuerySet(models.QuerySet[Any]):
    """Reads of the register of decisions."""

    def visible_to(self, user: Any) -> Self:
        """Decisions about records that the person sees."""
        return self.filter(record__in=apps.get_model("aims", "Record").objects.visible_to(user))


class ErasureQuerySet(models.QuerySet[Any]):
    """Reads of erasures."""

    def of(self, row: Any) -> Self:
        return self.filter(source=row._meta.db_table, object_id=row.pk)


class TaskQuerySet(models.QuerySet[Any]):
    """Reads of tasks."""

    def visible_to(self, user: Any) -> Self:
        """Tasks about records that the person sees, and what they or their people have to read themselves."""
        person = access_of(user).person_id
        if person is None:
            return self.none()
        # Asked row by row: beside an alternative, a list of all that somebody sees would be made first.
        seen = apps.get_model("aims", "Record").objects.visible_to(user).filter(pk=OuterRef("record"))
        own = Q(sort=TaskSort.READ) & (Q(assignee=person) | Q(escalated_to=person))
        return self.filter(Exists(seen) | own)

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
