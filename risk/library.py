"""The starter library of AI risks in our own words, read once. It fills text, never a rating."""

from functools import cache
from pathlib import Path
from typing import Any

import yaml
from django.conf import settings


@cache
def _file() -> dict[str, Any]:
    path = Path(settings.BASE_DIR) / "risk" / "data" / "library.yaml"
    found: dict[str, Any] = yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
    return found


def profiles() -> list[tuple[str, str]]:
    """Kinds of systems: (id, name)."""
    return [(row["id"], row["name"]) for row in _file()["profiles"]]


def rows(profile: str = "") -> list[dict[str, Any]]:
    """The library's risks; with a profile those of that kind of system and those of any."""
    return [row for row in _file()["library"] if not profile or {profile, "any"} & set(row["systems"])]


def texts(key: str) -> dict[str, Any]:
    """What a new risk takes from a row: texts, sources, objectives. Nothing for an unknown key."""
    row = next((row for row in _file()["library"] if row["id"] == key), None)
    if row is None:
        return {}
    same = {name: row[name] for name in ("title", "cause", "event", "sources", "objectives")}
    return {**same, "consequences": row["consequence"]}
