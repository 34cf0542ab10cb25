"""What people do with tasks: complete, put off, block, hand over, attest many at once. Each is one recorded verb."""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from hashlib import sha256
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from aims.access import access_of
from aims.due import source_of, subject, windows
from aims.errors import Refusal, WrongState, invalid
from aims.facts import TaskNews
from aims.models import Cadence, Leave, Record, Task, Wishes
from aims.plans import following, plan_imported, plan_of, repace, unplanned
from aims.registry import DueSource, registry
from aims.rhythm import Every
from aims.services import require
from aims.states import Outcome, TaskSort, TaskState
from aims.trail import recording
from aims.working_days import next_working_day

WORK = "task.work"
SNOOZE_MOST = 30  # days after the task's day; whoever needs longer says why it is blocked


def can_work(user: Any, task: Task) -> str:
    """Whom the task falls to: assigned, brought up to, or answering for the record.

    Through a token only what names this scope: no wider one lets a program say that a person looked.
    """
    access = access_of(user)
    if access.person_id is None or (access.scopes is not None and WORK not in access.scopes):
        return ""
    if task.sort == TaskSort.READ:  # in person
        return "assignee" if access.person_id == task.assignee_id else ""
    record = task.record
    if not Record.objects.visible_to(user).filter(pk=record.pk).exists():
        return ""
    if access.person_id in (task.assignee_id, task.stands_in_for_id, task.escalated_to_id, record.owner_id):
        return "assignee"
    return access.capacity("task.manage", unit_id=record.unit_id)


def can_hand_over(user: Any, task: Task) -> str:
    """Who it falls to may give it to another; the unit's managers too. Never a program, and never what is to be read."""
    return "" if access_of(user).scopes is not None or task.sort == TaskSort.READ else can_work(user, task)


def can_ask(user: Any, record: Any) -> str:
    """Who answers for a record, or manages its unit, may ask for a look between two dates."""
    access = access_of(user)
    if access.scopes is not None or not Record.objects.visible_to(user).filter(pk=record.pk).exists():
        return ""
    if access.person_id is not None and record.owner_id == access.person_id:
        return "owner"
    return access.capacity("task.manage", unit_id=record.unit_id)


def can_change_cadence(user: Any) -> str:
    return access_of(user).capacity("cadence.change")


def complete_review(
    task: Task, *, by: Any, looked_at: str, on: date, at: datetime, outcome: str = Outcome.CONFIRMED
) -> Task:
    """Close a task with what was looked at and what was found, and set the record's next date from its rhythm.

    The next date is never in the past. Answers the task, locked from now on. Raises NotPermitted, WrongState (done
    already, or closed by its record's own form), ValidationError. Clause 9.1.
    """
    capacity = require(can_work(by, task))
    _text(looked_at=looked_at, _sentence=_("Say what you looked at."))
    if outcome not in Outcome.values:
        raise invalid(outcome=_("Choose what you found."))
    with recording(by, "complete_review", capacity=capacity):
        current = _locked(task)
        source = source_of(current)
        own_form = source is not None and not source.rhythmic and current.sort == TaskSort.REVIEW
        if own_form or current.sort == TaskSort.READ:
            raise WrongState(_("This is done on the record's own page; the task then closes by itself."))
        current.outcome, current.looked_at = outcome, looked_at.strip()
        current.state, current.done_by, current.done_at = TaskState.DONE, by, at
        current.until, current.next_on = None, _move_on(current, source, on)
        current.save()
        if source is not None and source.reviewed is not None:
            source.reviewed(subject(current), current)
        registry.announce(TaskNews("task.completed", [current.pk], at))
        return current


def _move_on(task: Task, source: DueSource | None, on: date) -> date | None:
    """Set the record's next date. An extra look leaves the rhythm alone, as does a date that has moved meanwhile."""
    if source is None or task.sort != TaskSort.REVIEW:
        return None
    model = registry.kinds[task.record.kind].model
    record = model._default_manager.select_for_update(of=("self",)).get(pk=task.record_id)
    if record.due_on != task.due_on:
        return None
    record.due_on = following(plan_of(record, source, on=on), on=on, due=task.due_on)
    # Other fields may break rules made after they were written: a review is no reason to refuse them.
    record.save(update_fields=["due_on"])
    due: date = record.due_on
    return due


def _locked(task: Task) -> Task:
    """The task as it stands, locked; refused when it is closed."""
    current = Task.objects.select_for_update(of=("self",)).select_related("record", "done_by").get(pk=task.pk)
    if current.state == TaskState.DONE:
        raise WrongState(_("%(person)s has done this already.") % {"person": current.done_by})
    if current.state == TaskState.DROPPED:
        raise WrongState(_("This is no longer due: the record's date or state changed."))
    return current


def _text(_sentence: str, **fields: str) -> None:
    for name, text in fields.items():
        if not text.strip():
            raise invalid(**{name: _sentence})


def snooze(task: Task, *, by: Any, until: date, reason: str, on: date) -> Task:
    """Put a task off, with a reason, until 30 days after its day at most. It stays overdue where it is.

    Whoever puts it off again and again comes to that end too: then it is done, blocked with a reason, or brought up.
    """
    capacity = require(can_work(by, task))
    _text(reason=reason, _sentence=_("Say why it can wait."))
    last = task.day + timedelta(days=SNOOZE_MOST)
    if last <= on:
        raise invalid(until=_("It has waited %(days)d days already: say what blocks it.") % {"days": SNOOZE_MOST})
    if not on < until <= last:
        raise invalid(until=_("Choose a day after today, up to %(last)s.") % {"last": last})
    with recording(by, "snooze_task", capacity=capacity, reason=reason):
        return _set(_locked(task), state=TaskState.SNOOZED, until=until, why=reason.strip()[:500])


def block(task: Task, *, by: Any, reason: str) -> Task:
    """Say what a task waits for. It goes on growing old, and is brought up like any other."""
    capacity = require(can_work(by, task))
    _text(reason=reason, _sentence=_("Say what it waits for."))
    with recording(by, "block_task", capacity=capacity, reason=reason):
        return _set(_locked(task), state=TaskState.BLOCKED, until=None, why=reason.strip()[:500])


def resume(task: Task, *, by: Any) -> Task:
    """Take up a task that was put off or blocked."""
    capacity = require(can_work(by, task))
    with recording(by, "resume_task", capacity=capacity):
        return _set(_locked(task), state=TaskState.OPEN, until=None, why="")


def reassign(task: Task, *, by: Any, to: Any, reason: str) -> Task:
    """Give a task to another person, who must be able to see its record. Raises NotPermitted, ValidationError."""
    capacity = require(can_hand_over(by, task))
    _text(reason=reason, _sentence=_("Say why."))
    if not Record.objects.visible_to(to).filter(pk=task.record_id).exists():
        raise invalid(to=_("%(person)s does not see this record.") % {"person": to})
    with recording(by, "reassign_task", capacity=capacity, reason=reason):
        return _set(_locked(task), assignee=to, stands_in_for=None)


def _set(task: Task, **values: Any) -> Task:
    for name, value in values.items():
        setattr(task, name, value)
    task.save(update_fields=list(values))
    return task


def ask_review(record: Any, *, by: Any, asked: str, day: date, on: date, at: datetime, assignee: Any = None) -> Task:
    """Ask for a look between two dates: a new task that leaves the rhythm alone. Without assignee the owner's."""
    capacity = require(can_ask(by, record))
    _text(asked=asked, _sentence=_("Say what should be looked at."))
    if day < on:
        raise invalid(day=_("This day is over."))
    who = assignee or record.owner
    if who is not None and not Record.objects.visible_to(who).filter(pk=record.pk).exists():
        raise invalid(assignee=_("%(person)s does not see this record.") % {"person": who})
    with recording(by, "ask_review", capacity=capacity, reason=asked):
        task: Task = Task.objects.create(
            record_id=record.pk,
            sort=TaskSort.EXTRA,
            due_on=day,
            day=next_working_day(day),
            asked=asked.strip()[:300],
            assignee=who,
        )
        registry.announce(TaskNews("task.opened", [task.pk], at))
        return task


@dataclass(frozen=True)
class Attestation:
    """One row of a page on which many records are attested: what was found, and a note where it is an exception."""

    task: Task
    outcome: str = Outcome.CONFIRMED
    note: str = ""


def attest_many(
    rows: Sequence[Attestation], *, by: Any, looked_at: str, on: date, at: datetime
) -> list[tuple[Task, str]]:
    """Complete many reviews, each recorded singly. Answers those that were refused, each with its sentence.

    What needs correcting or more work is singled out: such a row needs a note of its own.
    """
    _text(looked_at=looked_at, _sentence=_("Say what you looked at."))
    refused = []
    for row in rows:
        try:
            _attest(row, by=by, looked_at=looked_at, on=on, at=at)
        except ValidationError as error:
            refused.append((row.task, " ".join(error.messages)))
        except Refusal as refusal:
            refused.append((row.task, str(refusal.detail)))
    return refused


def _attest(row: Attestation, *, by: Any, looked_at: str, on: date, at: datetime) -> None:
    if row.outcome != Outcome.CONFIRMED and not row.note.strip():
        raise invalid(note=_("Say what is not right."))
    text = "\n".join(part for part in (row.note.strip(), looked_at.strip()) if part)
    complete_review(row.task, by=by, looked_at=text, outcome=row.outcome, on=on, at=at)


def spread_first_dates(kind: str, *, by: Any, on: date) -> int:
    """Give records of a kind without a date their first ones, spread over working days of one cadence.

    Reaches units where the person changes cadences. Answers how many. Raises NotPermitted.
    """
    capacity = require(can_change_cadence(by))
    source = registry.due_sources[kind]
    with recording(by, "spread_first_dates", capacity=capacity):
        rows = unplanned(source).filter(unit_id__in=access_of(by).units_for("cadence.change"))
        return plan_imported(kind, rows.values_list("pk", flat=True), on=on)


def change_cadence(kind: str, *, by: Any, every: Every, on: date, reason: str, tier: str = "", **days: int) -> Cadence:
    """Set how often records of a kind and risk tier are reviewed. Touches only what is not done and not yet open.

    In: `days` are those of `Cadence.WINDOWS`, of the whole kind alone (`tier` empty); what is not given stays.
    Raises NotPermitted, ValidationError.
    """
    capacity = require(can_change_cadence(by))
    _text(reason=reason, _sentence=_("Say why."))
    source = registry.due_sources[kind]
    with recording(by, "change_cadence", capacity=capacity, reason=reason):
        found = _own_cadence(source, tier)
        found.number, found.period = every.number, every.period
        for name, value in days.items():
            setattr(found, name, value)
        found.full_clean()
        found.save()
        repace(source, on=on)
        return found


def _own_cadence(source: DueSource, tier: str) -> Cadence:
    found: Cadence | None = Cadence.objects.select_for_update().filter(kind=source.kind, tier=tier).first()
    if found is None:
        found = Cadence(kind=source.kind, tier=tier, **({} if tier else windows(source, None)))
    return found


def drop_cadence(cadence: Cadence, *, by: Any, on: date, reason: str) -> None:
    """Go back to what comes with the product. As `change_cadence`."""
    capacity = require(can_change_cadence(by))
    _text(reason=reason, _sentence=_("Say why."))
    source = registry.due_sources[cadence.kind]
    with recording(by, "drop_cadence", capacity=capacity, reason=reason):
        Cadence.objects.filter(pk=cadence.pk).delete()
        repace(source, on=on)


def go_on_leave(*, by: Any, deputy: Any, first: date, last: date, on: date, reason: str = "") -> Leave:
    """Let another person do what falls to this one from `first` to `last`. The next run hands it over, and back."""
    if last < on:
        raise invalid(last=_("This day is over."))
    if not deputy.is_active:
        raise invalid(deputy=_("%(person)s has no account any more.") % {"person": deputy})
    with recording(by, "go_on_leave", capacity="assignee"):
        made = Leave(person=by, deputy=deputy, first=first, last=last, reason=reason.strip()[:200])
        made.full_clean()
        made.save()
        return made


def end_leave(leave: Leave, *, by: Any, on: date) -> None:
    """Come back early: what is left of the absence does not happen. One's own alone."""
    require("assignee" if leave.person_id == by.pk else "")
    with recording(by, "end_leave", capacity="assignee"):
        if leave.first >= on:
            leave.delete()
        else:
            leave.last = on - timedelta(days=1)
            leave.save(update_fields=["last"])


def wishes_of(person: Any) -> Wishes:
    """How a person wants to be told; what comes with the product when they never said."""
    return Wishes.objects.filter(person_id=person.pk).first() or Wishes(person_id=person.pk)


def set_wishes(*, by: Any, data: Mapping[str, Any]) -> Wishes:
    """Change one's own settings. Raises ValidationError."""
    with recording(by, "set_wishes", capacity="assignee"):
        wishes = wishes_of(by)
        for name, value in data.items():
            setattr(wishes, name, value)
        wishes.full_clean()
        wishes.save()
        return wishes


def new_feed(*, by: Any) -> str:
    """A new secret for the person's calendar; the old address ends. Answered once, only its digest is kept."""
    secret = secrets.token_urlsafe(24)
    with recording(by, "new_feed", capacity="assignee"):
        wishes = wishes_of(by)
        wishes.feed = feed_digest(secret)
        wishes.save()
    return secret


def feed_digest(secret: str) -> str:
    return sha256(secret.encode()).hexdigest()
