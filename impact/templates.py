"""Assessments to begin from: texts, parties, ratings and measures for usual kinds of systems, read once."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from django.conf import settings

_SAME = ("dimension", "direction", "scenario", "description", "severity", "scale", "likelihood", "reversibility",
         "duration", "vulnerable", "confidence", "rationale")  # fmt: skip
_USUAL = {"direction": "harm", "scenario": "intended", "reversibility": "", "confidence": "medium"}


@cache
def _file() -> dict[str, Mapping[str, Any]]:
    path = Path(settings.BASE_DIR) / "impact" / "data" / "templates.yaml"
    rows = yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)["templates"]
    return {row["id"]: row for row in rows}


def names() -> list[tuple[str, str]]:
    """Templates to choose from: (id, name)."""
    return [(key, row["name"]) for key, row in _file().items()]


def template(key: str) -> Mapping[str, Any] | None:
    """One template as its file gives it; None for an unknown name."""
    return _file().get(key)


def rated(row: Mapping[str, Any]) -> dict[str, Any]:
    """The columns of a benefit or harm that a template's row gives."""
    given = {**_USUAL, **{name: row[name] for name in _SAME if name in row}}
    if "residual" in row:
        given["residual_severity"], given["residual_likelihood"] = row["residual"]
    return given
