"""Measured results: the shape that programs push, and whether a value meets its threshold. Clause 9.1."""

import math
from collections.abc import Mapping
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from aims.errors import invalid
from evidence.states import Comparator

TEXTS = {"metric": 120, "unit": 40, "model_version": 200, "data_set": 200}
NEEDED = ("metric", "value", "comparator", "threshold")
KNOWN = {*TEXTS, "value", "comparator", "threshold", "measured_on", "groups"}
GROUPS = 500


def checked(result: Any) -> dict[str, Any]:
    """The result with every field of the right type. Raises a ValidationError on `result` that names the field."""
    if not isinstance(result, Mapping):
        raise invalid(result=_("A result is an object with metric, value, comparator and threshold."))
    _fields(result)
    made: dict[str, Any] = {name: _text(result, name, most) for name, most in TEXTS.items()}
    made |= {name: _number(result[name], name) for name in ("value", "threshold")}
    if result["comparator"] not in Comparator.values:
        raise invalid(result=_("“comparator” is “>=” or “<=”."))
    made["comparator"] = result["comparator"]
    made["measured_on"] = _day(result.get("measured_on"))
    made["groups"] = _groups(result.get("groups"))
    return made


def meets(result: Mapping[str, Any]) -> bool:
    """Whether the value meets the threshold."""
    value, threshold = result["value"], result["threshold"]
    return bool(value >= threshold if result["comparator"] == Comparator.AT_LEAST else value <= threshold)


def measured_on(result: Mapping[str, Any] | None) -> date | None:
    """The day on which a result was measured, as claimed."""
    text = (result or {}).get("measured_on")
    return date.fromisoformat(text) if text else None


def _fields(result: Mapping[str, Any]) -> None:
    unknown, missing = sorted(set(result) - KNOWN), [name for name in NEEDED if result.get(name) in (None, "")]
    if unknown:
        raise invalid(result=_("Unknown field “%(name)s”.") % {"name": str(unknown[0])[:60]})
    if missing:
        raise invalid(result=_("“%(name)s” is missing.") % {"name": missing[0]})


def _text(holder: Mapping[str, Any], name: str, most: int) -> str:
    value = holder.get(name) or ""
    if not isinstance(value, str) or len(value) > most or "\x00" in value:
        raise invalid(result=_("“%(name)s” is a text of at most %(most)s characters.") % {"name": name, "most": most})
    return value.strip()


def _number(value: Any, name: str) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise invalid(result=_("“%(name)s” is a number.") % {"name": name})
    return value


def _day(value: Any) -> str | None:
    if value in (None, ""):
        return None
    try:
        return date.fromisoformat(value).isoformat()
    except (TypeError, ValueError) as error:
        raise invalid(result=_("“measured_on” is a day such as 2026-03-31.")) from error


def _groups(groups: Any) -> list[dict[str, Any]]:
    if groups in (None, ""):
        return []
    if not isinstance(groups, list) or len(groups) > GROUPS or not all(_is_group(one) for one in groups):
        raise invalid(result=_("“groups” is a list of objects with group and value."))
    return [{"group": _text(one, "group", 120), "value": _number(one["value"], "value")} for one in groups]


def _is_group(one: Any) -> bool:
    return isinstance(one, Mapping) and set(one) == {"group", "value"} and bool(one["group"])
