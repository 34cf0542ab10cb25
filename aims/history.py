"""Events as sentences a person can read: who did what, in which capacity, when and why."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from django.apps import apps
from django.contrib.auth import get_user_model
from django.db import models
from django.db.models import OuterRef, Subquery
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from pghistory.models import Event

from aims import asof
from aims.models import Governed, Identified, Job, Part
from aims.registry import registry
from aims.trail import UNTOLD
from aims.ui import Change, Entry

_SILENT = {"id", "ref", "created_at", *UNTOLD}
LONG = 80
CLOSE = timedelta(minutes=1)  # the two times of an event count as one


def event_model(model: type[models.Model]) -> Any:
    """The event table of a tracked model."""
    return model.events.rel.related_model  # type: ignore[attr-defined]


def parts_of(model: type[models.Model]) -> list[type[Part]]:
    """Models whose rows belong to records of `model`."""
    return [
        found
        for found in apps.get_models()
        if issubclass(found, Part) and found.root and found._meta.get_field(found.root).related_model is model
    ]


def event_models_by_table() -> dict[str, Any]:
    """Event table → event model."""
    return {m._meta.db_table: m for m in apps.get_models() if issubclass(m, Event) and m._meta.managed}


def activity(rows: Sequence[Any], viewer: Any = None) -> list[Entry]:
    """Rows of the activity view as entries, each with its record's address. One query a table, not a row."""
    models_by_table = event_models_by_table()
    keys: dict[str, set[int]] = {}
    for row in rows:
        keys.setdefault(row.source, set()).add(row.event_id)
    events = {
        (table, event.pgh_id): event
        for table, ids in keys.items()
        for event in models_by_table[table].objects.filter(pgh_id__in=ids)
    }
    pairs = [(events[row.source, row.event_id], None) for row in rows]
    before = _befores(pairs)
    told = entries([(event, before.get((type(event), event.pgh_id))) for event, _none in pairs], viewer)
    return [_at_record(entry, row) for entry, row in zip(told, rows, strict=True) if entry.sentence]


def _at_record(entry: Entry, row: Any) -> Entry:
    if row.root is None:
        return entry
    return replace(entry, url=row.root.get_absolute_url(), subject=f"{row.root.ref} {row.root.title}")


def _befores(pairs: Sequence[tuple[Any, Any]]) -> dict[tuple[Any, int], Any]:
    """For each update the event before it of the same row: one query a table."""
    by_model: dict[Any, list[Any]] = {}
    for event, _before in pairs:
        if event.pgh_label == "update":
            by_model.setdefault(type(event), []).append(event)
    found = {}
    for model, events in by_model.items():
        earlier = model.objects.filter(pgh_obj_id=OuterRef("pgh_obj_id"), pgh_id__lt=OuterRef("pgh_id"))
        rows = model.objects.filter(pgh_id__in=[e.pgh_id for e in events]).annotate(
            before_id=Subquery(earlier.order_by("-pgh_id").values("pgh_id")[:1])
        )
        ids = dict(rows.values_list("pgh_id", "before_id"))
        befores = model.objects.in_bulk([pk for pk in ids.values() if pk])
        found.update({(model, pk): befores[before] for pk, before in ids.items() if before})
    return found


@dataclass(frozen=True)
class Wanted:
    """Which events of a record are asked for. Empty: all of them, up to the date being read."""

    actor: int | None = None
    capacity: str = ""
    since: datetime | None = None
    until: datetime | None = None
    outside: bool = False

    def has(self, event: Any) -> bool:
        context, past = event.pgh_context or {}, asof.moment()
        return (
            (past is None or event.pgh_created_at <= past)
            and (self.actor is None or context.get("actor") == self.actor)
            and (not self.capacity or context.get("capacity") == self.capacity)
            and (self.since is None or event.pgh_created_at >= self.since)
            and (self.until is None or event.pgh_created_at <= self.until)
            and not (self.outside and context)
        )


def history(
    record: Governed, *, limit: int = 50, offset: int = 0, viewer: Any = None, wanted: Wanted | None = None
) -> list[Entry]:
    """Newest first: the record's own events and those of its parts, as sentences.

    Linked records that `viewer` may not see are not named; without a viewer (a report of the system itself) all are.
    """
    asked = wanted or Wanted()
    told = [pair for pair in told_of(record) if asked.has(pair[0])]
    return [entry for entry in entries(told[offset : offset + limit], viewer) if entry.sentence]


def told_of(record: Governed) -> list[tuple[Any, Any]]:
    """Every event of the record and its parts with the one before it of the same row, newest first."""
    own = list(event_model(type(record)).objects.filter(pgh_obj_id=record.pk).order_by("pgh_id"))
    told = _with_before(own)
    for model in parts_of(type(record)):
        rows = event_model(model).objects.filter(**{f"{model.root}_id": record.pk}).order_by("pgh_obj_id", "pgh_id")
        told += _with_before(list(rows))
    told.sort(key=lambda pair: (pair[0].pgh_created_at, pair[0].recorded_at, pair[0].pgh_id), reverse=True)
    return told


def _with_before(events: Sequence[Any]) -> list[tuple[Any, Any]]:
    """Each event with the one before it of the same row."""
    before: dict[int, Any] = {}
    pairs = []
    for event in events:
        pairs.append((event, before.get(event.pgh_obj_id)))
        before[event.pgh_obj_id] = event
    return pairs


def entries(pairs: Sequence[tuple[Any, Any]], viewer: Any = None) -> Iterable[Entry]:
    """(event, event before) pairs as entries; names of people and linked rows are read in one query a table.

    An entry without a sentence tells nothing that a person would want to know.
    """
    names = _names(pairs, viewer)
    for event, before in pairs:
        yield _entry(event, before, names)


def _entry(event: Any, before: Any, names: Mapping[tuple[str, Any], str]) -> Entry:
    context = event.pgh_context or {}
    model = event.pgh_tracked_model
    changes = _changes(event, before, names) if event.pgh_label == "update" else ()
    actor = names.get(("organization.user", context.get("actor")), "")
    return Entry(
        at=event.pgh_created_at,
        recorded_at=event.recorded_at if abs(event.recorded_at - event.pgh_created_at) > CLOSE else None,
        actor=actor or (_("AIMS itself") if context else _("Outside the application")),
        capacity=_role_name(context.get("capacity", "")),
        sentence=_sentence(model, event, changes, names),
        reason=context.get("reason", ""),
        changes=changes,
        outside=not context,
    )


def _role_name(role: str) -> str:
    return str(registry.roles[role].name) if role in registry.roles else role


def _name_of(model: Any, event: Any, names: Mapping[tuple[str, Any], str]) -> str:
    """What a row is called: the first of `told_by` (else of title, name, label) that says something."""
    for name in getattr(model, "told_by", ("title", "name", "label")):
        value = getattr(event, model._meta.get_field(name).attname) if hasattr(event, name) else None
        if value:
            return in_words(model, name, value, names)
    return ""


def _sentence(model: Any, event: Any, changes: Sequence[Change], names: Mapping[tuple[str, Any], str]) -> str:
    noun = str(model._meta.verbose_name)
    name = _name_of(model, event, names)
    subject = f"{noun} “{name}”" if name else noun
    if event.pgh_label == "insert":
        return _("added the %(subject)s") % {"subject": subject}
    if event.pgh_label == "delete":
        return _("removed the %(subject)s") % {"subject": subject}
    if not changes:
        return ""  # what the system itself keeps, such as the job behind a pack
    if len(changes) == 1 and not changes[0].long:
        one = changes[0]
        words = {"field": one.label, "before": one.before or "—", "after": one.after or "—", "subject": subject}
        if issubclass(model, Governed):
            return _("changed %(field)s from “%(before)s” to “%(after)s”") % words
        return _("changed %(field)s of the %(subject)s from “%(before)s” to “%(after)s”") % words
    fields = ", ".join(change.label for change in changes)
    if issubclass(model, Governed):
        return _("changed %(fields)s") % {"fields": fields}
    return _("changed %(fields)s of the %(subject)s") % {"fields": fields, "subject": subject}


def _changes(event: Any, before: Any, names: Mapping[tuple[str, Any], str]) -> tuple[Change, ...]:
    found = []
    for field in _told_fields(event):
        new = getattr(event, field.attname)
        old = getattr(before, field.attname) if before is not None else None
        if new != old:
            was, now = (
                in_words(event.pgh_tracked_model, field.name, old, names),
                in_words(event.pgh_tracked_model, field.name, new, names),
            )
            found.append(Change(label=_label(event, field), before=was, after=now, long=max(len(was), len(now)) > LONG))
    return tuple(found)


def _told_fields(event: Any) -> list[Any]:
    """Columns that a change is told by; `untold` of a model names those that not everybody may read."""
    untold = (*_SILENT, "recorded_at", "xid", *getattr(event.pgh_tracked_model, "untold", ()))
    return [
        f
        for f in event._meta.fields
        if not f.name.startswith("pgh_") and f.name not in untold and f.related_model is not Job
    ]


def _label(event: Any, field: Any) -> str:
    return str(event.pgh_tracked_model._meta.get_field(field.name).verbose_name)


def in_words(model: Any, name: str, value: Any, names: Mapping[tuple[str, Any], str]) -> str:
    """A stored value as the page would say it."""
    field = model._meta.get_field(name)
    if value is None or value in ("", []):
        return ""
    if field.related_model is not None:
        return names.get((field.related_model._meta.label_lower, value), str(value))
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, list):
        return ", ".join(str(_choice(getattr(field, "base_field", field), item)) for item in value)
    if isinstance(field, models.DateTimeField):
        return date_format(timezone.localtime(value), "DATETIME_FORMAT")
    if isinstance(field, models.DateField):
        return date_format(value, "DATE_FORMAT")
    return str(_choice(field, value))


def _choice(field: Any, value: Any) -> Any:
    return dict(field.flatchoices).get(value, value) if field.choices else value


def _names(pairs: Sequence[tuple[Any, Any]], viewer: Any) -> dict[tuple[str, Any], str]:
    """Names of every person and row that the events point to."""
    wanted: dict[type[models.Model], set[Any]] = {get_user_model(): set()}
    for event, before in pairs:
        wanted[get_user_model()].add((event.pgh_context or {}).get("actor"))
        for field in _told_fields(event):
            target = event.pgh_tracked_model._meta.get_field(field.name).related_model
            if target is not None:
                values = {getattr(one, field.attname) for one in (event, before) if one is not None}
                wanted.setdefault(target, set()).update(values)
    return {
        (model._meta.label_lower, key): name
        for model, keys in wanted.items()
        for key, name in names_of(model, keys, viewer).items()
    }


def names_of(model: Any, keys: Iterable[Any], viewer: Any) -> dict[Any, str]:
    """Key → name of linked rows. A record that the viewer may not see is not named; without a viewer every one is."""
    known = {key for key in keys if key is not None}
    if not known:
        return {}
    names = {key: str(row) for key, row in model._default_manager.in_bulk(known).items()}
    if viewer is None or not issubclass(model, Identified):
        return names
    seen = set(model._default_manager.visible_to(viewer).filter(pk__in=known).values_list("pk", flat=True))
    hidden = _("a record you may not see")
    return {key: name if key in seen else hidden for key, name in names.items()}
