"""Reads of people and units, and how grants become an `Access`."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from typing import Any, Self

from django.apps import apps
from django.contrib.auth.base_user import BaseUserManager
from django.db import models
from django.db.models import Q

from aims import clock
from aims.access import NOBODY, Access, access_of
from aims.registry import registry
from organization.states import CLEARED


class UnitQuerySet(models.QuerySet[Any]):
    """Reads of the unit tree."""

    def below(self, unit_ids: Iterable[int]) -> Self:
        """The units named and everything below them."""
        return self.filter(path__overlap=list(unit_ids))

    def visible_to(self, user: Any) -> Self:
        access = access_of(user)
        return self if access.all_units else self.filter(pk__in=sorted(access.seen_units))


class PersonManager(BaseUserManager[Any]):
    """Lookups by e-mail ignore case."""

    def get_by_natural_key(self, username: str | None) -> Any:
        return self.get(email__iexact=username)

    def active(self) -> Any:
        return self.filter(is_active=True)


def in_force(on: date, prefix: str = "") -> Q:
    """Grants valid on a day."""
    return Q(**{f"{prefix}valid_from__lte": on}) & (
        Q(**{f"{prefix}valid_until": None}) | Q(**{f"{prefix}valid_until__gte": on})
    )


def resolve_access(person: Any) -> Access:
    """Turn a person's grants, direct and by group, into unit and record ids. A deactivated person has none."""
    if not person.is_active or person.pk is None:
        return NOBODY
    today = clock.today()
    granted = _unit_grants(person, today)
    units, everything = _spread(granted)
    cleared: frozenset[int] = frozenset().union(*(ids for role, ids in units.items() if role in CLEARED))
    return Access(
        person_id=person.pk,
        units=units,
        records=_record_grants(person, today),
        clearance=cleared,
        cases=frozenset(person.cases.values_list("record_id", flat=True)),
        all_units=everything,
    )


def _unit_grants(person: Any, today: date) -> list[tuple[str, int]]:
    direct = apps.get_model("organization", "UnitGrant")
    by_group = apps.get_model("organization", "UnitGroupGrant")
    columns = ("permission__codename", "content_object_id")
    mine = direct.objects.filter(in_force(today), user=person).values_list(*columns)
    ours = by_group.objects.filter(in_force(today), group__memberships__user=person).values_list(*columns)
    return list(mine.union(ours, all=True))


def _spread(granted: list[tuple[str, int]]) -> tuple[dict[str, frozenset[int]], bool]:
    """Roles on units spread over everything below; whether one of them reaches the root."""
    if not granted:
        return {}, False
    unit = apps.get_model("organization", "Unit")
    reached: dict[int, set[int]] = defaultdict(set)
    named = {unit_id for _role, unit_id in granted}
    root = False
    for pk, path in unit.objects.below(named).values_list("pk", "path"):
        root |= len(path) == 1
        for ancestor in named.intersection(path):
            reached[ancestor].add(pk)
    units: dict[str, set[int]] = defaultdict(set)
    for role, unit_id in granted:
        units[role] |= reached[unit_id]
    return {role: frozenset(ids) for role, ids in units.items()}, root


def _record_grants(person: Any, today: date) -> dict[str, frozenset[int]]:
    records: dict[str, set[int]] = defaultdict(set)
    for model in registry.grant_models:
        rows = model.objects.filter(in_force(today), user=person)
        for role, record_id in rows.values_list("permission__codename", "content_object_id"):
            records[role].add(record_id)
    return {role: frozenset(ids) for role, ids in records.items()}
