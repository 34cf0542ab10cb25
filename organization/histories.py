"""The histories of people and units, with the roles given and ended there, as sentences."""

from collections.abc import Sequence
from dataclasses import replace
from itertools import groupby
from typing import Any

from django.contrib.auth.models import Permission
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from aims.history import entries, event_model, history
from aims.ui import Entry
from organization.models import Unit, UnitGrant, User
from organization.states import Role

DAY = "SHORT_DATE_FORMAT"


def person_history(person: User) -> list[Entry]:
    """Newest first: changes of the person and of the roles they hold or held."""
    return _merged(history(person, limit=500), _grant_entries(user_id=person.pk))  # type: ignore[arg-type]


def unit_history(unit: Unit) -> list[Entry]:
    """Newest first: changes of the unit and of the roles held there."""
    return _merged(history(unit, limit=500), _grant_entries(content_object_id=unit.pk))  # type: ignore[arg-type]


def _merged(*lists: Sequence[Entry]) -> list[Entry]:
    return sorted((entry for one in lists for entry in one), key=lambda entry: entry.at, reverse=True)


def _grant_entries(**of: int) -> list[Entry]:
    events = list(event_model(UnitGrant).objects.filter(**of).order_by("pgh_obj_id", "pgh_id"))
    pairs: list[tuple[Any, Any]] = []
    for _key, group in groupby(events, key=lambda event: event.pgh_obj_id):
        rows = list(group)
        pairs += list(zip(rows, [None, *rows], strict=False))
    words = _words(events)
    return [_told(entry, event, words) for entry, (event, _before) in zip(entries(pairs), pairs, strict=True)]


def _told(entry: Entry, event: Any, words: dict[str, dict[int, str]]) -> Entry:
    """The general sentence of an event, replaced by one that says whose role where."""
    about = {
        "role": words["roles"].get(event.permission_id, ""),
        "person": words["people"].get(event.user_id, ""),
        "unit": words["units"].get(event.content_object_id, ""),
    }
    changed = {change.label for change in entry.changes}
    if event.pgh_label == "insert":
        sentence = _("gave %(person)s the role %(role)s in %(unit)s, %(period)s") % {**about, "period": _period(event)}
    elif event.ended_at and changed:
        sentence = _("ended the role %(role)s of %(person)s in %(unit)s") % about
    else:
        sentence = f"{entry.sentence}: {about['role']}, {about['person']}, {about['unit']}"
    reason = event.end_reason if event.ended_at else event.reason
    return replace(entry, sentence=sentence, reason=reason, changes=())


def _period(event: Any) -> str:
    words = {"start": date_format(event.valid_from, DAY)}
    if event.valid_until is None:
        return _("from %(start)s") % words
    return _("from %(start)s to %(end)s") % {**words, "end": date_format(event.valid_until, DAY)}


def _words(events: Sequence[Any]) -> dict[str, dict[int, str]]:
    """Names of the people, units and roles that the events point to."""
    people = User.objects.in_bulk({event.user_id for event in events})
    units = Unit.objects.in_bulk({event.content_object_id for event in events})
    roles = Permission.objects.in_bulk({event.permission_id for event in events})
    return {
        "people": {key: str(person) for key, person in people.items()},
        "units": {key: str(unit) for key, unit in units.items()},
        "roles": {key: str(Role(role.codename).label) for key, role in roles.items()},
    }
