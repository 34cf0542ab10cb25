"""The demo organization's documents: written, judged, put in force, read by most, and one on its way."""

from collections.abc import Iterable, Mapping
from typing import Any

from aims import clock
from aims.demo import DemoStep, World, read
from evidence import services
from evidence.models import DocumentVersion

# Nights after somebody left or came into a role.
NIGHTS = (-151, -91, -1)


def steps(world: World) -> Iterable[DemoStep]:
    """Each version's way into force on its days, and who read it; some nights later who left is asked no more."""
    for told in read("evidence", "documents")["documents"]:
        for number, row in enumerate(told["versions"], start=1):
            yield from _version(told, row, number)
    for day in NIGHTS:
        yield DemoStep(day, "05:10", lambda world: _night())


def _version(told: Mapping[str, Any], row: Mapping[str, Any], number: int) -> Iterable[DemoStep]:
    yield DemoStep(row["day"], "10:25", lambda world: _write(world, told, row, number))
    yield DemoStep(row["submitted"], "13:40", lambda world: _submit(world, told, row))
    if approved := row.get("approved"):
        yield DemoStep(approved["day"], "15:35", lambda world: _approve(world, told, approved))
    if effect := row.get("effect"):
        yield DemoStep(effect["day"], "07:45", lambda world: _put_in_force(world, told, effect))
    for one in row.get("read", ()):
        yield DemoStep(one["day"], one["at"], lambda world, one=one: _acknowledge(world, told, one, number))  # type: ignore[misc]


def _write(world: World, told: Mapping[str, Any], row: Mapping[str, Any], number: int) -> None:
    by = world.get(row["by"])
    words = {name: row[name] for name in ("text", "changes", "material")} | dict(row.get("said", {}))
    if number > 1:
        services.draft_version(world.get(told["key"]), by=by, words=words)
        return
    data = {name: told[name] for name in ("title", "sort", "audience", "roles", "source") if name in told}
    data |= {"unit": world.get(told["unit"]), "owner": world.get(told["owner"])}
    world.put(told["key"], services.draft_document(by=by, data=data, words=words))


def _coming(world: World, told: Mapping[str, Any]) -> DocumentVersion:
    found: DocumentVersion = world.get(told["key"]).versions.open().select_related("document").get()
    return found


def _submit(world: World, told: Mapping[str, Any], row: Mapping[str, Any]) -> None:
    services.submit_version(_coming(world, told), by=world.get(row["by"]))


def _approve(world: World, told: Mapping[str, Any], one: Mapping[str, Any]) -> None:
    services.approve_version(_coming(world, told), by=world.get(one["by"]), reason=one["reason"], at=clock.now())


def _put_in_force(world: World, told: Mapping[str, Any], one: Mapping[str, Any]) -> None:
    services.put_in_force(_coming(world, told), by=world.get(one["by"]), at=clock.now(), on=clock.today())


def _acknowledge(world: World, told: Mapping[str, Any], one: Mapping[str, Any], number: int) -> None:
    services.acknowledge(world.get(told["key"]), by=world.get(one["by"]), at=clock.now(), number=number)


def _night() -> None:
    services.keep_readers(on=clock.today(), at=clock.now())
