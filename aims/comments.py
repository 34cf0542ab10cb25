"""Talking about a record: comments, answers, mentions that reach the inbox, settling a thread (clause 7.4)."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.contrib.auth import get_user_model
from django.utils.translation import gettext as _

from aims.access import access_of
from aims.errors import Hidden, WrongState, invalid
from aims.facts import TaskNews
from aims.models import Comment, Mention, Record, Task
from aims.registry import registry
from aims.services import create, locked, require
from aims.states import Outcome, TaskSort, TaskState
from aims.trail import recording
from aims.working_days import next_working_day

WRITE = "comment.write"
# "@" and an e-mail in the text names a person, as choosing them does.
_NAMED = re.compile(r"(?<![\w.])@([\w.+-]+@[\w-]+(?:\.[\w-]+)+)")


def can_comment(user: Any, record: Any) -> str:
    """Whoever sees the record and holds a role that talks."""
    return access_of(user).capacity(WRITE, record) if access_of(user).sees(record) else ""


def write_comment(
    record: Any, *, by: Any, text: str, on: date, at: datetime, mentions: Iterable[Any] = (),
    answers_to: Comment | None = None,
) -> Comment:  # fmt: skip
    """Say something about a record; who is named finds it in the inbox. An answer does what a mention asked for.

    Errors: NotPermitted, Hidden (an answer to another record's comment), WrongState (settled), ValidationError (nothing
    said; somebody who does not see the record).
    """
    capacity = require(can_comment(by, record))
    if not text.strip():
        raise invalid(text=_("Say something."))
    named = _named(text, mentions, record, by)
    with recording(by, "write_comment", capacity=capacity):
        thread = _thread(record, answers_to)
        made = create(Comment(record_id=record.pk, author=by, text=text.strip(), answers_to=thread, written_at=at))
        for person in named:
            _mention(made, person, by, on, at)
        if thread is not None:
            _done(_asked(thread).filter(assignee=by), by, at, _("Answered."))
        return made


def _thread(record: Any, answers_to: Comment | None) -> Comment | None:
    """The thread that is answered: its first comment."""
    if answers_to is None:
        return None
    first = locked(answers_to.answers_to or answers_to)
    if first.record_id != record.pk:
        raise Hidden
    if first.resolved_at is not None:
        raise WrongState(_("This is settled; begin a new comment."))
    return first


def _named(text: str, mentions: Iterable[Any], record: Any, by: Any) -> list[Any]:
    """People chosen and people written as @e-mail, each once; all of them see the record."""
    people = get_user_model()._default_manager
    written = people.filter(email__in=[one.lower() for one in _NAMED.findall(text)], is_active=True)
    found = {one.pk: one for one in [*mentions, *written] if one.pk != by.pk}
    blind = [str(one) for one in found.values() if not access_of(one).sees(record)]
    if blind:
        raise invalid(mentions=_("Does not see this record: %(names)s.") % {"names": ", ".join(sorted(blind))})
    return list(found.values())


def _mention(comment: Comment, person: Any, by: Any, on: date, at: datetime) -> None:
    asked = _("%(person)s names you: %(text)s") % {"person": by, "text": comment.text}
    task = Task.objects.create(
        record_id=comment.record_id, sort=TaskSort.EXTRA, due_on=on, day=next_working_day(on), asked=asked[:300],
        assignee=person,
    )  # fmt: skip
    create(Mention(comment=comment, person=person, task=task))
    registry.announce(TaskNews("task.opened", [task.pk], at))


def _asked(thread: Comment) -> Any:
    """Open tasks of mentions in a thread."""
    rows = Mention.objects.filter(comment__in=[thread.pk, *thread.answers.values_list("pk", flat=True)])
    return Task.objects.open().filter(pk__in=rows.values("task"))


def _done(tasks: Any, by: Any, at: datetime, words: str) -> None:
    for task in tasks.select_for_update(of=("self",)):
        task.state, task.done_by, task.done_at = TaskState.DONE, by, at
        task.outcome, task.looked_at, task.until = Outcome.CONFIRMED, words, None
        task.save()
        registry.announce(TaskNews("task.completed", [task.pk], at))


def resolve_comment(comment: Comment, *, by: Any, at: datetime) -> Comment:
    """Settle a thread: it stays, folded away, and nobody is asked about it any more. Once.

    Errors: NotPermitted, WrongState (settled already).
    """
    record = subject_of(comment.record)
    capacity = require(can_comment(by, record))
    with recording(by, "resolve_comment", capacity=capacity):
        thread = locked(comment.answers_to or comment)
        if thread.resolved_at is not None:
            raise WrongState(_("This is settled already."))
        thread.resolved_by, thread.resolved_at = by, at
        thread.save(update_fields=["resolved_by", "resolved_at"])
        _done(_asked(thread), by, at, _("The comment was settled."))
        return thread


def subject_of(record: Record) -> Any:
    """The governed record behind a row of the spine."""
    return registry.kinds[record.kind].model._default_manager.get(pk=record.pk)


def seen_subject(ref: str, user: Any) -> Any:
    """The governed record of this reference, or Hidden where the person does not see one."""
    row = Record.objects.visible_to(user).filter(ref=ref.upper()).first()
    if row is None or row.kind not in registry.kinds:
        raise Hidden
    return subject_of(row)


@dataclass(frozen=True)
class Thread:
    """A comment with its answers."""

    comment: Comment
    answers: Sequence[Comment]

    @property
    def open(self) -> bool:
        return self.comment.resolved_at is None


def threads_of(record: Any) -> list[Thread]:
    """Every thread about a record, the open ones first. Three queries."""
    rows = Comment.objects.filter(record_id=record.pk).select_related("author", "resolved_by")
    found = list(rows.prefetch_related("mentions__person").order_by("pk"))
    threads = [
        Thread(one, [row for row in found if row.answers_to_id == one.pk]) for one in found if not one.answers_to_id
    ]
    return sorted(threads, key=lambda one: (not one.open, -one.comment.pk))
