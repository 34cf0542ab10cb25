"""Asking people to read what is in force, and taking their word that they did. Clauses 5.2, 7.3 and 7.5.3."""

from datetime import date, datetime, timedelta
from typing import Any

from django.db import connection
from django.utils.translation import gettext as _

from aims.errors import WrongState
from aims.facts import TaskNews
from aims.models import Task
from aims.registry import registry
from aims.services import create, locked, require
from aims.states import Outcome, TaskSort, TaskState
from aims.trail import recording
from aims.working_days import next_working_day
from evidence import policies
from evidence.models import Acknowledgement, Document
from evidence.readers import ASKED, known

# So many days people have to read what came into force.
READ_WITHIN = 14

_DROP = (
    ASKED
    + """
    UPDATE aims_task t SET state = 'dropped', done_at = %(at)s
    FROM aims_record r WHERE r.id = t.record_id AND r.kind = 'document' AND t.sort = 'read'
    AND t.state NOT IN ('done', 'dropped')
    AND NOT EXISTS (SELECT FROM asked a WHERE a.document_id = t.record_id AND a.person_id = t.assignee_id)
"""
)
_OPEN = (
    ASKED
    + """
    INSERT INTO aims_task (record_id, sort, due_on, day, asked, assignee_id, state, why, level, outcome, looked_at)
    SELECT a.document_id, 'read', %(due)s, %(day)s, %(words)s, a.person_id, 'open', '', 0, '', ''
    FROM asked a
    WHERE NOT EXISTS (
        SELECT FROM evidence_acknowledgement k JOIN evidence_documentversion v ON v.id = k.document_version_id
        WHERE v.document_id = a.document_id AND v.number >= a.read_from AND k.person_id = a.person_id
    )
    ON CONFLICT (record_id, assignee_id) WHERE sort = 'read' AND NOT state IN ('done', 'dropped') DO NOTHING
    RETURNING id
"""
)


def ask_readers(*, on: date, at: datetime, document: Document | None = None) -> int:
    """Open a reading for everybody who should know a document in force and has not said so; of one document, or of all.

    One statement, however many they are; asked again it opens nothing twice. Answers how many.
    """
    due = on + timedelta(days=READ_WITHIN)
    words = _("Read it, and say that you understood it.")
    more: dict[str, Any] = {"due": due, "day": next_working_day(due), "words": words}
    with recording(None, "ask_readers"), connection.cursor() as cursor:
        cursor.execute(_OPEN, {**known(on, document.pk if document else None), **more})
        opened = [row[0] for row in cursor.fetchall()]
        if opened:
            registry.announce(TaskNews("task.opened", opened, at))
    return len(opened)


def keep_readers(*, on: date, at: datetime) -> int:
    """The daily duty: ask who joined or came into another role, and no longer ask who left. Answers how many are asked."""
    with recording(None, "keep_readers"):
        with connection.cursor() as cursor:
            cursor.execute(_DROP, {**known(on), "at": at})
        return ask_readers(on=on, at=at)


def end_readings(document: Document, *, at: datetime) -> None:
    """What was asked for an older version, or for what is withdrawn, is over."""
    open_ones = Task.objects.open().filter(record=document.pk, sort=TaskSort.READ)
    open_ones.update(state=TaskState.DROPPED, done_at=at)


def acknowledge(document: Document, *, by: Any, at: datetime, number: int | None = None) -> Acknowledgement:
    """Say that one read and understood the version in force; the reading is done. Said once, never taken back.

    `number` is the version that was on the page. Errors: NotPermitted for who is not asked, WrongState when another
    version came into force meanwhile, or it was said already.
    """
    require(policies.can_acknowledge(by, document), _("You are not asked to read this document."))
    with recording(by, "acknowledge", capacity="assignee"):
        current = document.versions.effective().get()
        if number is not None and number != current.number:
            raise WrongState(_("Another version came into force. Read that one."))
        if Acknowledgement.objects.counting_for(document).filter(person=by.pk).exists():
            raise WrongState(_("You have said so already."))
        made = create(Acknowledgement(document_version=current, person=by, at=at))
        for task in Task.objects.open().filter(record=document.pk, sort=TaskSort.READ, assignee=by.pk):
            _done(locked(task), by, current.number, at)
        return made


def _done(task: Task, by: Any, number: int, at: datetime) -> None:
    task.state, task.done_by, task.done_at, task.until = TaskState.DONE, by, at, None
    task.outcome, task.looked_at = Outcome.CONFIRMED, _("Version %(number)d") % {"number": number}
    task.save()
    registry.announce(TaskNews("task.completed", [task.pk], at))
