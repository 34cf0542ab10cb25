"""Two dates compared: which records of a kind were added, changed (field by field, in words) and removed between them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import models
from django.utils.translation import gettext as _

from aims import asof
from aims.access import access_of
from aims.history import LONG, event_model, in_words, names_of, parts_of
from aims.trail import UNTOLD
from aims.ui import Change

_SILENT = {"id", "created_at", *UNTOLD}
Rows = dict[int, dict[str, Any]]
Names = Mapping[tuple[str, Any], str]


@dataclass(frozen=True)
class Difference:
    """One record that differs: `sort` is added, changed or removed; `also` tells of its parts, one sentence each."""

    sort: str
    key: int
    ref: str
    title: str
    changes: tuple[Change, ...] = ()
    also: tuple[str, ...] = ()

    @property
    def short(self) -> list[str]:
        """What changed, in sentences, but for long texts."""
        return [*(said(change) for change in self.changes if not change.long), *self.also]

    @property
    def long(self) -> list[Change]:
        """Long texts that changed, to be drawn as diffs."""
        return [change for change in self.changes if change.long]


def said(change: Change) -> str:
    """A changed field as a sentence."""
    words = {"field": change.label, "before": change.before, "after": change.after}
    if not change.before:
        return _("%(field)s is now “%(after)s”; it was empty.") % words
    if not change.after:
        return _("%(field)s is empty now; it was “%(before)s”.") % words
    return _("%(field)s changed from “%(before)s” to “%(after)s”.") % words


def between(model: Any, user: Any, first: datetime, second: datetime) -> list[Difference]:
    """Differences of all records of the kind that the person sees, by reference."""
    access_of(user)  # today's permissions: resolved before the past is read
    touched = _touched(model, first, second)
    (old, old_parts), (new, new_parts) = (_read(model, user, at, touched) for at in (first, second))
    parts = _of_parts(model, user, old_parts, new_parts)
    found = [_named("added", model, new[key], key) for key in new.keys() - old.keys()]
    found += [_named("removed", model, old[key], key) for key in old.keys() - new.keys()]
    names = _names(model, (old, new), user)
    for key in old.keys() & new.keys():
        changes, also = _changes(model, old[key], new[key], names), tuple(parts.get(key, ()))
        if changes or also:
            found.append(_named("changed", model, new[key], key, changes=changes, also=also))
    return sorted(found, key=lambda one: (one.ref, one.title))


def _named(sort: str, model: Any, row: Mapping[str, Any], key: int, **more: Any) -> Difference:
    title = next((row[name] for name in ("title", "name", "label") if row.get(name)), "")
    return Difference(sort, key, row.get("ref", ""), str(title), **more)


def _touched(model: Any, first: datetime, second: datetime) -> set[int]:
    """Records that have an event, their own or a part's, between the two moments: nothing else can differ."""
    when = {"pgh_created_at__gt": first, "pgh_created_at__lte": second}
    found = set(event_model(model).objects.filter(**when).values_list("pgh_obj_id", flat=True))
    for part in parts_of(model):
        found.update(event_model(part).objects.filter(**when).values_list(f"{part.root}_id", flat=True))
    return found


def _told(model: Any) -> list[Any]:
    """Fields that the trail keeps."""
    kept = {field.name for field in event_model(model)._meta.fields}
    return [field for field in model._meta.concrete_fields if field.name in kept]


def _read(model: Any, user: Any, at: datetime, keys: set[int]) -> tuple[Rows, dict[type, Rows]]:
    """The rows that the person sees as they stood, and those of their parts."""
    with asof.reading(at):
        rows = _values(model, model.objects.visible_to(user).filter(pk__in=keys))
        parts = {
            part: _values(part, part._default_manager.filter(**{f"{part.root}__in": list(rows)}))
            for part in parts_of(model)
        }
    return rows, parts


def _values(model: Any, rows: Any) -> Rows:
    return {row["pk"]: row for row in rows.values("pk", *(field.attname for field in _told(model)))}


def _changes(model: Any, old: Mapping[str, Any], new: Mapping[str, Any], names: Names) -> tuple[Change, ...]:
    found = []
    for field in _told(model):
        if field.name not in _SILENT and old[field.attname] != new[field.attname]:
            before, after = (in_words(model, field.name, row[field.attname], names) for row in (old, new))
            long = max(len(before), len(after)) > LONG
            found.append(Change(label=str(field.verbose_name), before=before, after=after, long=long))
    return tuple(found)


def _of_parts(model: Any, user: Any, old: dict[type, Rows], new: dict[type, Rows]) -> dict[int, list[str]]:
    """Record → sentences about its parts."""
    found: dict[int, list[str]] = {}
    for part in parts_of(model):
        names = _names(part, (old[part], new[part]), user)
        for key in sorted({*old[part], *new[part]}):
            before, after = old[part].get(key), new[part].get(key)
            root = (after or before or {})[f"{part.root}_id"]
            found.setdefault(root, []).extend(_about_part(part, before, after, names))
    return found


def _about_part(part: Any, before: Any, after: Any, names: Names) -> Iterable[str]:
    row = after or before
    told = getattr(part, "told_by", ("title", "name", "label"))
    fields = {field.name: field for field in _told(part)}
    called = next((in_words(part, n, row[fields[n].attname], names) for n in told if n in fields), "")
    noun = str(part._meta.verbose_name)
    words = {"subject": f"{noun} “{called}”" if called else noun}
    if before is None:
        yield _("Added the %(subject)s.") % words
    elif after is None:
        yield _("Removed the %(subject)s.") % words
    else:
        for change in _changes(part, before, after, names):
            yield _("Of the %(subject)s: %(change)s") % {**words, "change": said(change)}


def _names(model: type[models.Model], both: tuple[Rows, Rows], user: Any) -> dict[tuple[str, Any], str]:
    """Names of people, units and records that the rows point to, as they are called today; hidden ones unnamed."""
    names = {}
    for field in _told(model):
        if field.related_model is None:
            continue
        keys = {row[field.attname] for rows in both for row in rows.values()} - {None}
        label = field.related_model._meta.label_lower
        names.update({(label, key): name for key, name in names_of(field.related_model, keys, user).items()})
    return names
