"""What the demo's people raised, with a name and without, and what its handlers did."""

from collections.abc import Iterator
from functools import partial
from typing import Any

from aims import clock
from aims.demo import USUAL, DemoStep, World, read
from monitoring import services
from monitoring.acts import ACTS, Given
from monitoring.models import Concern

_FIELDS = ("sort", "told", "about", "named")


def steps(world: World) -> Iterator[DemoStep]:
    """Each concern on its day, each act on its own."""
    for row in read("monitoring", "concerns"):
        yield DemoStep(row["day"], row.get("at") or USUAL, partial(_raise, row))
        for act in row["acts"]:
            yield DemoStep(act["day"], act.get("at") or "14:10", partial(_act, row["key"], act))


def _raise(row: dict[str, Any], world: World) -> None:
    data, at, on = {name: row[name] for name in _FIELDS}, clock.now(), clock.today()
    by = world.get(row["by"])
    if by is None:
        made, _code = services.raise_anonymously(data=data, at=at, on=on)
    else:
        made = services.raise_concern(by=by, data={**data, "name_kept": row["name_kept"]}, at=at, on=on)
    world.put(row["key"], made)


def _act(key: str, said: dict[str, Any], world: World) -> None:
    concern: Concern = world.get(key)
    data = {name: value for name, value in said.items() if name not in ("do", "day", "at")}
    if said["do"] == "reply":
        services.write_by_code(concern, text=data["text"], at=clock.now())
        return
    act = next(act for act in ACTS if act.id == said["do"])
    act.do(concern, Given(concern.owner, clock.now(), clock.today(), None, data))
