"""The demo organization, replayed through the services in order of time with the clock of each step."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import yaml
from django.conf import settings

from aims import clock
from aims.registry import registry

ZONE = ZoneInfo("Europe/Berlin")
USUAL = "10:00"


@dataclass(frozen=True)
class DemoStep:
    """One act of the demo's people: `day` days from today (negative: past), at a local time, doing `run(world)`."""

    day: int
    at: str
    run: Callable[["World"], None]


@dataclass
class World:
    """What the demo made so far, by the keys of its files."""

    today: date
    made: dict[str, Any] = field(default_factory=dict)

    def get(self, key: str | None) -> Any:
        """The row made under `key`, fresh from the database; None for no key."""
        if key is None:
            return None
        row = self.made[key]
        return type(row)._default_manager.get(pk=row.pk)

    def put(self, key: str, row: Any) -> Any:
        """Keep the row under its key. Two rows of one key are a mistake in the files: the apps share one world."""
        known = self.made.setdefault(key, row)
        if (type(known), known.pk) != (type(row), row.pk):
            raise ValueError(f"the key {key} names {known!r} already")
        self.made[key] = row
        return row

    def day(self, offset: int | None) -> date | None:
        """The date `offset` days from today; None for an open end."""
        return None if offset is None else self.today + timedelta(days=offset)

    def moment(self, day: int, at: str = USUAL) -> datetime:
        return datetime.combine(self.today + timedelta(days=day), time.fromisoformat(at), tzinfo=ZONE)


def read(app: str, name: str) -> Any:
    """An app's demo file: `<app>/data/demo/<name>.yaml`."""
    path = Path(settings.BASE_DIR) / app / "data" / "demo" / f"{name}.yaml"
    return yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)


def load(today: date) -> World:
    """Replay every app's steps in order of time. Refused in a real installation by the clock."""
    world = World(today)
    steps: list[tuple[int, str, int, DemoStep]] = []
    for gather in registry.demo_steps:
        found: Iterable[DemoStep] = gather(world)
        steps += [(step.day, step.at or USUAL, len(steps) + number, step) for number, step in enumerate(found)]
    for day, at, _order, step in sorted(steps, key=lambda one: one[:3]):
        with clock.at(world.moment(day, at)):
            step.run(world)
    return world
