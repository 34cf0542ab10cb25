"""Reads of people and units, and how grants become an `Access`."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, datetime
from functools import cache
from typing import Any, Self

from django.apps import apps
from django.contrib.auth.base_user import BaseUserManager
from django.db import connection, models
from django.db.models import Q
from django.db.models.expressions import RawSQL

from aims import asof, clock
from aims.access import NOBODY, Access, Window, access_of
from aims.querysets import GovernedQuerySet
from aims.registry import registry
from organization.states import CLEARED

# What a person can hold.
UNIT, ANCHOR, CASE = "unit", "anchor", "case"


class UnitQuerySet(models.QuerySet[Any]):
    """Reads of the unit tree."""

    def below(self, unit_ids: Iterable[int]) -> Self:
        """The units named and everything below them."""
        return self.filter(path__overlap=list(unit_ids))

    def above(self, unit_ids: Iterable[int]) -> RawSQL:
        """Keys of the units named and of everything above them, as a subquery. Always today's tree, for it decides
        who sees what, also where the rest is read as of a day."""
        return RawSQL("SELECT unnest(path) FROM public.organization_unit WHERE id = ANY(%s)", [list(unit_ids)])

    def visible_to(self, user: Any) -> Self:
        """Units in which the person holds a role."""
        access = access_of(user)
        return self if access.all_units else self.filter(pk__in=sorted(access.seen_units | access.opened_units))


class PersonQuerySet(models.QuerySet[Any]):
    """Reads of people."""

    def active(self) -> Self:
        return self.filter(is_active=True)

    def matching(self, text: str) -> Self:
        """People whose name or e-mail has every word of the text."""
        rows = self
        for word in text.split()[:6]:
            rows = rows.filter(Q(name__icontains=word) | Q(email__icontains=word))
        return rows

    def with_roles(self, user: Any) -> Self:
        """Each person's roles in force that `user` may know of, as `held`."""
        grants = _model("UnitGrant").objects.visible_to(user).in_force(asof.day())
        grants = grants.select_related("permission", "content_object").order_by("valid_from", "pk")
        return self.prefetch_related(models.Prefetch("unit_grants", queryset=grants, to_attr="held"))

    def visible_to(self, user: Any) -> Self:
        """Who exists for this person: themselves; active people of the units they see, and those who hold a role that
        reaches these units, for they appear in its records; where the person reviews people, also those who left."""
        access = access_of(user)
        if access.person_id is None:
            return self.none()
        reviewed = access.units_for("person.review")
        return self.filter(Q(pk=access.person_id) | self._colleagues(access) | Q(unit_id__in=sorted(reviewed)))

    def _colleagues(self, access: Access) -> Q:
        if access.all_units:
            return Q(is_active=True)
        unit, grant = _model("Unit"), _model("UnitGrant")
        shown = access.seen_units | access.opened_units
        above = unit.objects.above(shown)
        answering = grant.objects.in_force(asof.day()).filter(content_object__in=above).values("user_id")
        return Q(is_active=True) & (Q(unit_id__in=sorted(shown)) | Q(pk__in=answering))


class PersonManager(BaseUserManager.from_queryset(PersonQuerySet)):  # type: ignore[misc]
    """Lookups by e-mail ignore case."""

    def get_by_natural_key(self, username: str | None) -> Any:
        return self.get(email__iexact=username)


class GrantQuerySet(models.QuerySet[Any]):
    """Reads of grants of any kind."""

    def in_force(self, on: date) -> Self:
        return self.filter(in_force(on))

    def of_role(self, role: str) -> Self:
        return self.filter(permission__codename=role)

    def visible_to(self, user: Any) -> Self:
        """Grants that reach a unit the person sees (given on it or above it), and their own."""
        access = access_of(user)
        if access.all_units:
            return self
        above = _model("Unit").objects.above(access.seen_units)
        return self.filter(Q(content_object__in=above) | Q(user=access.person_id))


class OverrideQuerySet(GovernedQuerySet):
    """Reads of overrides of separated duties."""

    def visible_to(self, user: Any) -> Self:
        """Overrides on records that the person sees."""
        return super().visible_to(user).filter(record__in=apps.get_model("aims", "Record").objects.visible_to(user))

    def of_systems(self, keys: Any) -> Self:
        """Overrides about these systems: on their own record, or on one of theirs."""
        return self.filter(Q(record__in=keys) | Q(anchor_key__in=keys))


class DutyTableQuerySet(models.QuerySet[Any]):
    """Reads of the editions of the table of separated duties."""

    def in_force(self) -> Any:
        """The latest edition; None while every rule is required."""
        return self.order_by("-edition").first()

    def visible_to(self, user: Any) -> Self:
        """Everybody with a role in the organization reads it."""
        return self if access_of(user).holds_any else self.none()


class TokenQuerySet(models.QuerySet[Any]):
    """Reads of API tokens."""

    def live(self, *, at: datetime) -> Self:
        """Neither revoked nor expired, and the owner is active."""
        return self.filter(revoked_at=None, expires_at__gt=at, owner__is_active=True)

    def visible_to(self, user: Any) -> Self:
        """One's own; where the person manages tokens, also those of programs."""
        access = access_of(user)
        programs = Q(owner__is_program=True, owner__unit__in=sorted(access.units_for("token.issue")))
        return self.filter(Q(owner=access.person_id) | programs) if access.person_id else self.none()


def _model(name: str) -> Any:
    return apps.get_model("organization", name)


def in_force(on: date, prefix: str = "") -> Q:
    """Grants valid on a day and not ended before their time."""
    started, open_end = Q(**{f"{prefix}valid_from__lte": on}), Q(**{f"{prefix}valid_until": None})
    unended = Q(**{f"{prefix}ended_at": None})
    return started & (open_end | Q(**{f"{prefix}valid_until__gte": on})) & unended


def resolve_access(person: Any) -> Access:
    """Turn a person's grants, direct and by group, into unit and record ids. A deactivated person has none."""
    if not person.is_active or person.pk is None:
        return NOBODY
    today = clock.today()
    held = _held(person, today)
    units, everything, above = _spread([(role, pk) for sort, role, pk in held if sort == UNIT])
    records: dict[str, set[int]] = defaultdict(set)
    for sort, role, pk in held:
        if sort == ANCHOR:
            records[role].add(pk)
    cleared: frozenset[int] = frozenset().union(*(ids for role, ids in units.items() if role in CLEARED))
    return Access(
        person_id=person.pk,
        units=units,
        records={role: frozenset(ids) for role, ids in records.items()},
        clearance=cleared,
        cases=frozenset(pk for sort, _role, pk in held if sort == CASE),
        all_units=everything,
        above=above,
        windows=_windows(person, today, {*units, *records}),
    )


def _windows(person: Any, today: date, held: set[str]) -> tuple[Window, ...]:
    """What is opened to somebody from outside; who holds a role of ours sees what that shows, and nothing is asked."""
    if not all(registry.is_guest(role) for role in held):
        return ()
    return tuple(window for opened in registry.windows for window in opened(person, today))


def _held(person: Any, today: date) -> list[tuple[str, str, int]]:
    """(sort, role, key) of every unit, anchor and case record that a person holds."""
    with connection.cursor() as cursor:
        cursor.execute(_held_sql(tuple(registry.grant_models)), {"person": person.pk, "today": today})
        return list(cursor.fetchall())


@cache
def _held_sql(anchors: tuple[Any, ...]) -> str:
    """One statement, written once: every request asks this, and the ORM would take longer to say it than to ask it."""
    mine = "g.user_id = %(person)s"
    ours = f"g.group_id IN (SELECT group_id FROM {_table('Membership')} WHERE user_id = %(person)s)"
    grants = [(UNIT, _table("UnitGrant"), mine), (UNIT, _table("UnitGroupGrant"), ours)]
    grants += [(ANCHOR, _quoted(model), mine) for model in anchors]
    asked = [
        f"SELECT '{sort}', p.codename, g.content_object_id FROM {table} g "
        f"JOIN auth_permission p ON p.id = g.permission_id WHERE {whose} AND g.valid_from <= %(today)s "
        "AND (g.valid_until IS NULL OR g.valid_until >= %(today)s) AND g.ended_at IS NULL"
        for sort, table, whose in grants
    ]
    asked.append(f"SELECT '{CASE}', '', record_id FROM {_table('CaseListing')} WHERE person_id = %(person)s")
    return " UNION ALL ".join(asked)


def _table(name: str) -> str:
    return _quoted(_model(name))


def _quoted(model: Any) -> str:
    return connection.ops.quote_name(model._meta.db_table)


def _below(named: set[int]) -> list[tuple[int, list[int]]]:
    """Key and path of the units named and of everything below them."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT id, path FROM {_table('Unit')} WHERE path && %s::bigint[]", [list(named)])
        return list(cursor.fetchall())


def _spread(granted: list[tuple[str, int]]) -> tuple[dict[str, frozenset[int]], bool, frozenset[int]]:
    """Roles on units spread over everything below; whether one of them reaches the root; the units above them."""
    if not granted:
        return {}, False, frozenset()
    reached: dict[int, set[int]] = defaultdict(set)
    named = {unit_id for _role, unit_id in granted}
    shown = {unit_id for role, unit_id in granted if not registry.is_blind(role)}
    root, above = False, set()
    for pk, path in _below(named):
        root |= len(path) == 1 and pk in shown
        if pk in shown:
            above.update(path)
        for ancestor in named.intersection(path):
            reached[ancestor].add(pk)
    units: dict[str, set[int]] = defaultdict(set)
    for role, unit_id in granted:
        units[role] |= reached[unit_id]
    return {role: frozenset(ids) for role, ids in units.items()}, root, frozenset(above)
