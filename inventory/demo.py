"""The demo organization's suppliers, AI systems and components, replayed through the services."""

from collections.abc import Callable, Iterator, Mapping
from functools import partial
from typing import Any

from aims.demo import USUAL, DemoStep, World, read
from inventory import demo_gate, demo_lifecycle, services
from inventory.models import AISystem, Component, Supplier, SystemVersion

Row = Mapping[str, Any]
Change = Callable[..., Any]
# Fields of the files that name another row, and those that count days from today.
_LINKS = frozenset({"owner", "unit", "supplier", "legal_entity"})
_DAYS = frozenset({"live_since", "last_updated"})
_CALLED = {"name": "title"}


def steps(world: World) -> Iterator[DemoStep]:
    """Every act on the inventory, in the order of the file."""
    data = read("inventory", "systems")
    for row in data["suppliers"]:
        yield from _record(row, _register_supplier, services.change_supplier, {"kind": "supplier_kind"})
    for row in data["systems"]:
        yield from _system(row, world)
    for row in data["components"]:
        yield from _record(row, _register_component, services.change_component, {"version": "release"})
    yield from demo_lifecycle.steps(world)
    yield from demo_gate.steps(world)


def _step(row: Row, run: Callable[[World], None], *, at: str = USUAL) -> DemoStep:
    return DemoStep(day=row["day"], at=row.get("at") or at, run=run)


def _fields(world: World, given: Row, called: Row) -> dict[str, Any]:
    """Fields of a file as the services take them: our names, rows instead of keys, dates instead of offsets."""
    return {
        called.get(name, _CALLED.get(name, name)): _value(world, name, value)
        for name, value in given.items()
        if value is not None or name in _LINKS | _DAYS
    }


def _value(world: World, name: str, value: Any) -> Any:
    if name in _LINKS:
        return world.get(value)
    return world.day(value) if name in _DAYS else value


def _record(row: Row, register: Callable[[Row, World], None], change: Change, called: Row) -> Iterator[DemoStep]:
    yield _step(row, partial(register, row))
    for later in row.get("changes") or ():
        yield _step(later, partial(_change, row["key"], later, change, called))


def _change(key: str, row: Row, change: Change, called: Row, world: World) -> None:
    fields = _fields(world, row["set"], called)
    more = {} if change is services.change_supplier else {"on": world.day(row["day"])}
    change(world.get(key), by=world.get(row["by"]), data=fields, reason=row.get("reason") or "", **more)


def _register_supplier(row: Row, world: World) -> None:
    names = ("name", "country", "kind", "unit", "owner", "supplies", "contract", "criticality")
    fields = _fields(world, {name: row[name] for name in names}, {"kind": "supplier_kind"})
    made: Supplier = services.register_supplier(by=world.get(row["by"]), data=fields)
    world.put(row["key"], made)


def _register_component(row: Row, world: World) -> None:
    left_out = {"key", "systems", "day", "at", "by", "changes", "kind"}
    fields = _fields(world, {k: v for k, v in row.items() if k not in left_out}, {"version": "release"})
    home, *others = [world.get(key) for key in row["systems"]]
    by = world.get(row["by"])
    made: Component = services.register_component(by=by, data={**fields, "component_kind": row["kind"], "system": home})
    for system in others:
        services.use_component(system, made, by=by)
    world.put(row["key"], made)


def _system(row: Row, world: World) -> Iterator[DemoStep]:
    key = row["key"]
    yield _step(row["register"], partial(_register_system, key, row["register"]))
    for later in row["changes"]:
        yield _step(later, partial(_change, key, later, services.change_system, {}))
    for stage in row["stages"]:
        yield _step(stage, partial(_move, key, stage))
    for role in row["iso_roles"]:
        yield _step(role, partial(_add_role, key, role, services.add_role))
    for role in row["ai_act_roles"]:
        yield _step(role, partial(_add_role, key, role, services.add_law_role))
    yield from _versions(key, row["versions"])


def _register_system(key: str, row: Row, world: World) -> None:
    fields = _fields(world, {k: row[k] for k in ("name", "purpose", "owner", "unit", "live_since")}, {})
    on = world.day(row["day"])
    assert on is not None
    made: AISystem = services.register_system(by=world.get(row["by"]), data=fields, stage=row["stage"], on=on)
    world.put(key, made)


def _move(key: str, row: Row, world: World) -> None:
    on = world.day(row["day"])
    assert on is not None
    services.move_stage(world.get(key), stage=row["stage"], by=world.get(row["by"]), reason=row["reason"], on=on)


def _add_role(key: str, row: Row, add: Change, world: World) -> None:
    names = ("role", "sub_role", "legal_entity", "rationale")
    fields = _fields(world, {name: row[name] for name in names if name in row}, {})
    add(world.get(key), by=world.get(row["by"]), data=fields)


def _versions(key: str, rows: list[Row]) -> Iterator[DemoStep]:
    """Record each version; release it on its day (at once when it was in use before); end it where nothing follows."""
    followed = {row["live_from"] for row in rows}
    for row in rows:
        yield _step(row, partial(_add_version, key, row))
        start, end = row["live_from"], row["live_until"]
        if start is not None:
            day = max(start, row["day"])
            yield DemoStep(day, "10:10" if day == row["day"] else USUAL, partial(_release, key, row, day))
        if end is not None and end not in followed:
            yield DemoStep(max(end, row["day"]), "10:20", partial(_end, key, row))


def _add_version(key: str, row: Row, world: World) -> None:
    fields = {"number": row["number"], "digest": row["digest"], "notes": row["notes"] or ""}
    on = world.day(row["day"])
    assert on is not None
    made: SystemVersion = services.add_version(world.get(key), by=world.get(row["by"]), data=fields, on=on)
    world.put(row["key"], made)


def _release(key: str, row: Row, day: int, world: World) -> None:
    on, start = world.day(day), world.day(row["live_from"])
    assert on is not None
    owner = world.get(key).owner
    reason = "" if day == row["live_from"] else "In use since before the register"
    services.release_version(world.get(row["key"]), by=owner, on=on, live_from=start, reason=reason)


def _end(key: str, row: Row, world: World) -> None:
    end = world.day(row["live_until"])
    on = world.day(max(row["live_until"], row["day"]))
    assert end is not None and on is not None
    by = world.get(key).owner
    services.end_version(world.get(row["key"]), by=by, on=on, live_until=end, reason="Switched off")
