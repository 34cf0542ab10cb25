"""Two dates compared: which records of a kind were added, changed (field by field, in words) and removed between them."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from aims import asof
from aims.access import access_of
from aims.history import in_words, names_of
from aims.models import Governed
from aims.trail import UNTOLD
from aims.ui import Change

_SILENT = {"id", "created_at", *UNTOLD}


@dataclass(frozen=True)
class Difference:
    """One record that differs: `sort` is added, changed or removed."""

    sort: str
    ref: str
    title: str
    changes: tuple[Change, ...] = ()


def between(model: type[Governed], user: Any, first: datetime, second: datetime) -> list[Difference]:
    """Differences of all records of the kind that the person sees, by reference."""
    access_of(user)  # today's permissions: resolved before the past is read
    old, new = _rows(model, user, first), _rows(model, user, second)
    found = [Difference("added", new[key]["ref"], new[key]["title"]) for key in new.keys() - old.keys()]
    found += [Difference("removed", old[key]["ref"], old[key]["title"]) for key in old.keys() - new.keys()]
    names = _names(model, old, new, user)
    for key in old.keys() & new.keys():
        changes = _changes(model, old[key], new[key], names)
        if changes:
            found.append(Difference("changed", new[key]["ref"], new[key]["title"], changes))
    return sorted(found, key=lambda one: one.ref)


def _rows(model: type[Governed], user: Any, at: datetime) -> dict[int, dict[str, Any]]:
    columns = [f.attname for f in model._meta.concrete_fields]
    with asof.reading(at):
        return {row["id"]: row for row in model.objects.visible_to(user).values(*columns)}


def _changes(model: Any, old: dict[str, Any], new: dict[str, Any], names: Any) -> tuple[Change, ...]:
    return tuple(
        Change(
            label=str(field.verbose_name),
            before=in_words(model, field.name, old[field.attname], names),
            after=in_words(model, field.name, new[field.attname], names),
        )
        for field in model._meta.concrete_fields
        if field.name not in _SILENT and old[field.attname] != new[field.attname]
    )


def _names(model: Any, old: dict[int, Any], new: dict[int, Any], user: Any) -> dict[tuple[str, Any], str]:
    """Names of people, units and records that the rows point to, as they are called today; hidden ones unnamed."""
    names = {}
    for field in model._meta.concrete_fields:
        if field.related_model is None:
            continue
        keys = {row[field.attname] for rows in (old, new) for row in rows.values()} - {None}
        label = field.related_model._meta.label_lower
        names.update({(label, key): name for key, name in names_of(field.related_model, keys, user).items()})
    return names
