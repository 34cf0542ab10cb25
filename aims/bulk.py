"""Many records at once: what will change is shown first, each row is done by its kind's own service and told singly.

The fields are those that files bring (`aims.importing`): a kind that can be imported can be changed in bulk. Attesting
completes the review that is due for a record.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import DatabaseError, transaction
from django.utils.translation import gettext as _

from aims import reviews
from aims.errors import NotPermitted, Refusal, WrongState, invalid
from aims.importing.fields import Context, Importable, ImportField, Unclear
from aims.importing.services import fields_of
from aims.models import Governed, Task
from aims.registry import registry
from aims.services import checked_by_database, locked
from aims.states import TaskSort
from aims.trail import recording

MOST = 1_000  # rows at once: as many as a person waits for
ATTEST = "attest"
SET, ADD, TAKE = "set", "add", "take"


@dataclass(frozen=True)
class Ask:
    """What shall be done: `name` a field of the kind, with `text` as a file would say it, or ATTEST.

    `how`: SET the text; ADD it to what is there, or TAKE it away, in a field of several words.
    """

    kind: str
    name: str
    text: str
    reason: str
    how: str = SET


@dataclass(frozen=True)
class Done:
    """What became of one row, or would: its field before and after, or why it was refused."""

    ref: str
    record: Any = None
    version: int | None = None
    before: str = ""
    after: str = ""
    refused: str = ""

    @property
    def changed(self) -> bool:
        return not self.refused and self.before != self.after

    @property
    def outcome(self) -> str:
        return "refused" if self.refused else "changed" if self.changed else "same"


def takes_bulk(kind: str) -> bool:
    """Whether records of a kind can be changed together at all."""
    known, target = registry.kinds.get(kind), registry.importables.get(kind)
    return known is not None and target is not None and target.in_bulk and issubclass(known.model, Governed)


def can_bulk(user: Any, kind: str) -> str:
    """Who may put records of the kind on the register may try; each row asks its own service again.

    Through a token only as far as its scopes reach, as everywhere.
    """
    return registry.importables[kind].may(user) if takes_bulk(kind) else ""


def fields_in_bulk(kind: str) -> list[ImportField]:
    """What can be set for many at once: everything but what tells one record from another."""
    target: Importable = registry.importables[kind]
    return [one for one in fields_of(target) if one.name not in target.alone]


def can_attest(kind: str) -> bool:
    """Whether reviews of the kind are closed by confirming them."""
    source = registry.due_sources.get(kind)
    return source is not None and source.rhythmic


def preview(ask: Ask, chosen: Mapping[str, int | None], *, by: Any, on: date, at: datetime) -> list[Done]:
    """What `carry_out` would do, tried by the same services and taken back. Errors as there."""
    with transaction.atomic():
        found = _each(ask, chosen, by, on, at)
        transaction.set_rollback(True)
    return found


def carry_out(ask: Ask, chosen: Mapping[str, int | None], *, by: Any, on: date, at: datetime) -> list[Done]:
    """Do it for each record of `chosen` (reference → the version that was looked at), a transaction each.

    A row that is refused leaves the others alone. Errors: NotPermitted, ValidationError (field, value, reason, number
    of rows).
    """
    return _each(ask, chosen, by, on, at)


def _each(ask: Ask, chosen: Mapping[str, int | None], by: Any, on: date, at: datetime) -> list[Done]:
    if not can_bulk(by, ask.kind):
        raise NotPermitted(_("Your roles here do not include this."))
    if not 1 <= len(chosen) <= MOST:
        told = _("Choose between 1 and %(most)s records; filters make a long list shorter.")
        raise invalid(chosen=told % {"most": MOST})
    if not ask.reason.strip():
        raise invalid(reason=_("Say what you looked at.") if ask.name == ATTEST else _("Say why."))
    target: Importable = registry.importables[ask.kind]
    work = _attestation(ask, by, on, at) if ask.name == ATTEST else _setting(target, ask, Context(by, on, at))
    rows = {row.ref: row for row in target.rows(by).filter(ref__in=list(chosen))}
    return [_row(ref, rows.get(ref), version, work, ask, by) for ref, version in chosen.items()]


Work = Callable[[Any], tuple[str, str]]  # record → its field before and after


def _row(ref: str, row: Any, version: int | None, work: Work, ask: Ask, by: Any) -> Done:
    if row is None:
        return Done(ref, refused=_("There is no %(text)s.") % {"text": ref})
    capacity = can_bulk(by, ask.kind)
    done = Done(ref, row, row.version)
    try:
        with transaction.atomic(), recording(by, "change_many", capacity=capacity, reason=ask.reason.strip()):
            before, after = checked_by_database(lambda: work(locked(row, version)))
    except ValidationError as error:
        return replace(done, refused=" ".join(error.messages))
    except Refusal as refusal:
        return replace(done, refused=str(refusal.detail) or str(refusal.title))
    except DatabaseError:
        return replace(done, refused=_("The database refused this line."))
    return replace(done, before=before, after=after)


def _setting(target: Importable, ask: Ask, context: Context) -> Work:
    """Set one field by the kind's own service. Raises ValidationError for an unknown field or an unclear text."""
    field = next((one for one in fields_in_bulk(ask.kind) if one.name == ask.name), None)
    if field is None:
        raise invalid(field=_("There is no field “%(name)s”.") % {"name": ask.name})
    try:
        value = field.value(ask.text.strip(), context)
    except Unclear as error:
        raise invalid(value=str(error)) from error
    if ask.how != SET and not isinstance(value, list):
        raise invalid(how=_("Only a field of several words takes more, or gives some away."))
    if field.required and value in (None, "", []):
        raise invalid(value=_("%(name)s is missing.") % {"name": field.label})

    def work(record: Any) -> tuple[str, str]:
        before = field.write(record)
        said = value if ask.how == SET else _together(field.value(before, context) or [], value, ask.how)
        changed = target.change(record, {field.name: said}, context)
        return before, field.write(changed)

    return work


def _together(there: list[Any], more: list[Any], how: str) -> list[Any] | None:
    """The words that are there with those more, or without them."""
    if how == ADD:
        return [*there, *(one for one in more if one not in there)]
    return [one for one in there if one not in more] or None


def _attestation(ask: Ask, by: Any, on: date, at: datetime) -> Work:
    """Complete the review that is due for a record, with what was looked at."""
    if not can_attest(ask.kind):
        raise invalid(field=_("Records of this kind are not confirmed this way."))

    def work(record: Any) -> tuple[str, str]:
        task = Task.objects.open().filter(record_id=record.pk, sort=TaskSort.REVIEW).order_by("due_on").first()
        if task is None:
            raise WrongState(_("Nothing is due for it now."))
        done = reviews.complete_review(task, by=by, looked_at=ask.reason, on=on, at=at)
        return _("due %(day)s") % {"day": task.due_on}, _("confirmed, next %(day)s") % {"day": done.next_on or "–"}

    return work
