"""The one data set of the walk: two units, a person for every role, every kind of record in every condition.

Each record's texts carry the canary of its condition, so that a leak can be seen in any answer.
"""

from contextlib import suppress
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import count
from typing import Any

from django.db import DatabaseError, models, transaction
from django.utils import timezone

from aims.access import access_of
from aims.history import parts_of
from aims.models import Governed, Part, Record
from aims.registry import registry
from aims.trail import recording
from organization.models import ApiToken, CaseListing, Unit, UnitGrant, User
from organization.services.tokens import issue_token, possible_scopes
from organization.states import CLEARED, Role
from tests import factories
from tests.walk import recipes
from tests.walk.making import Unmakeable
from tests.walk.making import make as _make

OPEN, FOREIGN, RESTRICTED, CASE = "qzopen", "qzforeign", "qzrestricted", "qzcase"
_numbers = count(1)


@dataclass
class Persona:
    """Somebody who walks: `person` is None for who did not sign in; `token` is a bearer token."""

    name: str
    person: User | None = None
    token: str = ""
    scope: str = ""
    home: bool = True
    on_open_cases: bool = False

    @property
    def unseen(self) -> list[str]:
        """Canaries that may not show in any answer to this persona."""
        if self.person is None or not self.person.is_active or not access_of(self.person).seen_units:
            return [FOREIGN, RESTRICTED, CASE] if self.on_open_cases else [OPEN, FOREIGN, RESTRICTED, CASE]
        if not self.home:
            return [OPEN, RESTRICTED, CASE]
        cleared = any(role in CLEARED for role in access_of(self.person).units)
        return [FOREIGN, CASE] if cleared else [FOREIGN, RESTRICTED, CASE]


@dataclass
class World:
    home: Unit
    foreign: Unit
    keeper: User
    personas: dict[str, Persona] = field(default_factory=dict)
    # kind → condition → record
    records: dict[str, dict[str, Any]] = field(default_factory=dict)
    # kinds of which no row could be made, with the reason
    unmade: list[str] = field(default_factory=list)
    # rows of the organization: person, unit, grant, token → condition → row
    rows: dict[str, dict[str, Any]] = field(default_factory=dict)
    # every cell, found once: whatever a cell writes is undone before the next
    cells: list[Any] = field(default_factory=list)
    # persona and cell → what it looked like, where the other tests ask the same again
    looks: dict[tuple[str, str], str] = field(default_factory=dict)

    def record(self, kind: str, condition: str) -> Any:
        return self.records[kind][condition]

    def links(self, model: Any, mark: str) -> dict[str, Any]:
        """Rows for the required links of a model, in the same condition."""
        return _links(self, model, mark)


# Links that open what they point to: who sees a system sees the components it uses, wherever their home is.
OPENING = {"inventory.ComponentUse"}


def make(model: Any, mark: str, **given: Any) -> Any:
    return _make(model, mark, recipes.RECIPES, **given)


def build() -> World:
    """Make everything. Call inside a transaction that is rolled back afterwards."""
    home, foreign = factories.unit("Home"), factories.unit("Elsewhere")
    world = World(home, foreign, keeper=factories.person(where=home, name="Keeper of records"))
    for name, kind in _in_order_of_dependence():
        marks = (OPEN, FOREIGN, RESTRICTED) if name in recipes.NEVER_CASE else (OPEN, FOREIGN, RESTRICTED, CASE)
        try:
            world.records[name] = {OPEN: _record(world, kind.model, OPEN)}
        except Unmakeable as reason:
            world.unmade.append(str(reason))
            continue
        for mark in marks[1:]:
            with suppress(Unmakeable):  # a kind of which there can be only one such record
                world.records[name][mark] = _record(world, kind.model, mark)
    for rows in world.records.values():
        for mark, row in rows.items():
            _pieces(world, row, mark)
    _plant_foreign_links(world)
    _people(world)
    _rows(world)
    for rows in world.records.values():
        for row in rows.values():
            row.refresh_from_db()  # parts raised its version
    return world


def _rows(world: World) -> None:
    """People, units, grants and tokens inside and outside."""
    ours, theirs = world.keeper, factories.person("reader", world.foreign, name=FOREIGN)
    world.rows = {
        "person": {OPEN: ours, FOREIGN: theirs},
        "unit": {OPEN: world.home, FOREIGN: world.foreign},
        "grant": {
            OPEN: UnitGrant.objects.get(user=world.personas["reader"].person),
            FOREIGN: UnitGrant.objects.get(user=theirs),
        },
        "token": {OPEN: ApiToken.objects.order_by("pk").first()},
    }


def product_kinds() -> dict[str, Any]:
    return {
        name: kind for name, kind in registry.kinds.items() if name != "sample" and issubclass(kind.model, Governed)
    }


def _in_order_of_dependence() -> list[tuple[str, Any]]:
    """Kinds whose required links are made before themselves."""
    return sorted(product_kinds().items(), key=lambda item: recipes.ORDER.get(item[0], 99))


def _record(world: World, model: Any, mark: str) -> Any:
    level = {RESTRICTED: "restricted", CASE: "case"}.get(mark, "normal")
    if model.kind in recipes.ALWAYS_CASE:
        level = "case"
    unit = world.foreign if mark == FOREIGN else world.home
    given = {
        "unit": unit,
        "owner": world.keeper,
        "title": f"{mark} {model.kind} {next(_numbers)}",
        "confidentiality": level,
    }
    for name, value in _links(world, model, mark).items():
        given.setdefault(name, value)
    if model.kind in recipes.GIVEN:
        given |= recipes.GIVEN[model.kind](world, mark, given)
    return make(model, mark, **given)


def _pieces(world: World, row: Any, mark: str) -> None:
    """One part of every kind, in the same condition as its root."""
    for part in parts_of(type(row)):
        try:
            given = {part.root: row, **_links(world, part, mark)}
            more = recipes.GIVEN.get(part._meta.label, lambda world, mark, given: {})(world, mark, given)
            make(part, mark, **{**given, **more})
        except Unmakeable as reason:
            world.unmade.append(str(reason))


def _links(world: World, model: type[models.Model], mark: str) -> dict[str, Any]:
    """Rows for the required foreign keys of a model, in the same condition as the row itself."""
    found: dict[str, Any] = {}
    for one in model._meta.fields:
        if not one.is_relation or one.null or one.name == getattr(model, "root", ""):
            continue
        target = one.related_model
        if target is User:
            found[one.name] = world.keeper
        elif target is Unit:
            found[one.name] = world.foreign if mark == FOREIGN else world.home
        elif target is Record:
            found[one.name] = Record.objects.get(pk=world.record("system", mark).pk)
        elif getattr(target, "kind", "") in world.records:
            found[one.name] = world.record(target.kind, mark)
        elif isinstance(target, type) and issubclass(target, models.Model):
            found[one.name] = _of_same_condition(world, model, one, mark) or _unused(model, one, target)
    return {name: row for name, row in found.items() if row is not None}


def _of_same_condition(world: World, model: Any, one: Any, mark: str) -> Any:
    """A part of the record in the same condition that nothing of this kind points to yet, where the target is a part."""
    target = one.related_model
    if not issubclass(target, Part) or not target.root:
        return None
    whole = target._meta.get_field(target.root).related_model
    record = world.records.get(getattr(whole, "kind", ""), {}).get(mark)
    used = list(model._default_manager.values_list(f"{one.name}_id", flat=True))
    return record and target._default_manager.filter(**{target.root: record}).exclude(pk__in=used).first()


def _unused(model: Any, one: Any, target: Any) -> Any:
    """A row of a catalogue that no record of this kind points to yet."""
    used = model._default_manager.values_list(f"{one.name}_id", flat=True)
    return target._default_manager.exclude(pk__in=list(used)).order_by("pk").first()


def _plant_foreign_links(world: World) -> None:
    """By SQL, behind every rule: open records and their parts that point to foreign ones. Nothing foreign may show."""
    for name, kind in product_kinds().items():
        if name not in world.records:
            continue
        row = world.records[name][OPEN]
        gap = row
        with suppress(Unmakeable):
            gap = _record(world, kind.model, OPEN) if name != "pack" else row
        world.records[name]["gap"] = gap
        if gap is not row:
            _pieces(world, gap, OPEN)
        _point_to_foreign(world, gap)
        for part in parts_of(kind.model):
            if part._meta.label in OPENING:
                continue
            for piece in part._default_manager.filter(**{part.root: gap}):
                _point_to_foreign(world, piece)


def _point_to_foreign(world: World, row: Any) -> None:
    for one in row._meta.fields:
        if not one.is_relation or one.name in ("unit", "owner", getattr(row, "root", "")):
            continue
        if _bound_by_unit(row, one):
            continue
        target = one.related_model
        foreign = (
            world.records["system"][FOREIGN]
            if target is Record
            else world.records.get(getattr(target, "kind", ""), {}).get(FOREIGN)
        )
        if foreign is None:
            continue
        extra = (
            {"third_party": True, "vendor_product": OPEN}
            if one.name == "supplier" and row._meta.label == "inventory.AISystem"
            else {}
        )
        if target is type(row) and one.one_to_one:
            continue
        # What the database itself refuses (append-only rows, links that go together) cannot be planted.
        with suppress(DatabaseError), transaction.atomic(), recording(None, "test"):
            type(row)._default_manager.filter(pk=row.pk).update(**{f"{one.name}_id": foreign.pk, **extra})


def _bound_by_unit(row: Any, one: Any) -> bool:
    """A link that the database itself keeps within the unit."""
    return any(one.column in getattr(constraint, "columns", ()) for constraint in row._meta.constraints)


def _people(world: World) -> None:
    home = world.home
    walkers = {role.value: Persona(role.value, factories.person(role.value, home)) for role in Role}
    walkers["anonymous"] = Persona("anonymous")
    walkers["nobody"] = Persona("nobody", factories.person(where=home))
    walkers["elsewhere"] = Persona("elsewhere", factories.person("aims_manager", world.foreign), home=False)
    left = factories.person("aims_manager", home)
    User.objects.filter(pk=left.pk).update(is_active=False)
    left.refresh_from_db()
    walkers["deactivated"] = Persona("deactivated", left)
    manager = walkers["aims_manager"].person
    assert manager is not None
    now = timezone.now()
    for scope in ("read", "system.change"):
        if scope in possible_scopes():
            _row, secret = issue_token(
                manager, by=manager, name=scope, scopes=[scope], expires_at=now + timedelta(days=30), at=now
            )
            walkers[f"token {scope}"] = Persona(f"token {scope}", manager, token=secret, scope=scope)
    listed = factories.person("reader", home)
    with recording(None, "test"):
        for kinds in world.records.values():
            if CASE in kinds:
                CaseListing.objects.create(record_id=kinds[CASE].pk, person=listed, reason="test")
        _list_on_open_cases(world, walkers)
    world.personas = walkers


def _list_on_open_cases(world: World, walkers: dict[str, Persona]) -> None:
    """Kinds that are always cases are seen by nobody without being listed: who handles them at home is, on open ones."""
    for kind, roles in recipes.ALWAYS_CASE.items():
        for role in roles:
            for mark in (OPEN, "gap"):
                pair = {"record_id": world.records[kind][mark].pk, "person": walkers[role].person}
                CaseListing.objects.get_or_create(**pair, defaults={"reason": "test"})
            walkers[role].on_open_cases = True
            walkers[role].person.forget_access()  # type: ignore[union-attr]
