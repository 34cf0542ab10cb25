"""The trail: who did what, in which capacity, why. Event tables are written by database triggers (pghistory).

`recording` opens the one transaction of a verb and tells the triggers the context of every change made in it.
Changes made without it are recorded too and read as "outside the application". ISO/IEC 42001 clause 7.5.
"""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, TypeVar

import pghistory
import pgtrigger
from django.db import DEFAULT_DB_ALIAS, connections, models, transaction
from pghistory.models import Event

from aims import clock, triggers
from aims.logs import request_id
from aims.telling import Teller

triggers.index()

M = TypeVar("M", bound=type[models.Model])

_verb: "ContextVar[Verb | None]" = ContextVar("aims_trail_verb", default=None)

_savepoints: ContextVar[bool] = ContextVar("aims_trail_savepoints", default=True)

# Written by triggers at every change; no event tells anything by them.
UNTOLD = ["version", "updated_at"]


class TransactionId(models.Func):
    """The transaction that wrote an event: sealing goes up to the snapshot's horizon, never by id."""

    template = "pg_current_xact_id()"
    output_field = models.TextField()


class TransactionIdField(models.Field):
    """PostgreSQL's xid8, read as text: it may pass 2^63."""

    def get_prep_value(self, value: Any) -> Any:
        return None if value is None else str(value)

    def db_type(self, connection: Any) -> str:
        return "xid8"


class TrailEvent(Event):
    """What every event carries beside the row itself: `recorded_at` is the database's clock, always.

    `pgh_salt` keeps commitments of redactable fields from being guessed; `pgh_redacted` holds the commitments of
    fields whose values were erased.
    """

    pgh_id = models.BigAutoField(primary_key=True)
    recorded_at = models.DateTimeField(db_default=models.Func(function="clock_timestamp"), editable=False)
    xid = TransactionIdField(db_default=TransactionId(), editable=False)
    pgh_salt = models.UUIDField(db_default=models.Func(function="gen_random_uuid"), editable=False, null=True)
    pgh_redacted = models.JSONField(null=True, editable=False)

    class Meta:
        abstract = True


def tracked(*, exclude: list[str] | None = None, bulk: bool = False) -> Callable[[M], M]:
    """Class decorator: keep every insert, update and delete of this model for ever, append-only.

    `exclude` names columns that must never be kept (password hashes). Changes of version alone are not events. `bulk`:
    rows come and change by the hundred thousand, so one trigger works for a whole statement.
    """
    level = pgtrigger.Statement if bulk else pgtrigger.Row

    def decorate(model: M) -> M:
        told = {f.name for f in model._meta.concrete_fields if not f.generated} - {*(exclude or []), *UNTOLD}
        event = pghistory.create_event_model(
            model,
            pghistory.InsertEvent(level=level),
            pghistory.UpdateEvent(condition=pghistory.AnyChange(*sorted(told)), level=level),
            pghistory.DeleteEvent(level=level),
            exclude=exclude,
            base_model=TrailEvent,
            obj_field=pghistory.ObjForeignKey(db_index=False, db_constraint=False, related_name="events"),
            context_field=pghistory.ContextJSONField(),
            context_id_field=None,  # type: ignore[arg-type]
            append_only=False,
            model_name=f"{model._meta.object_name}Event",
            abstract=False,
            meta={"indexes": _indexes(model), "triggers": append_only()},
        )
        _let_columns_grow(event)
        return model

    return decorate


def _indexes(model: type[models.Model]) -> list[models.Index]:
    """For the history of a row, the sealing of a transaction, and a register as of a date in its default order."""
    name = model._meta.db_table[:20]
    found = [
        models.Index(fields=["pgh_obj_id", "pgh_created_at"], name=f"{name}_trail"),
        models.Index(fields=["xid"], name=f"{name}_xid"),
    ]
    if "updated_at" in {f.name for f in model._meta.fields}:
        # With the time of the event, so that later ones are passed over without a look at their rows.
        order = ["-updated_at", "-pgh_obj_id", "pgh_created_at"]
        found.append(models.Index(fields=order, name=f"{name}_past"))
        found.append(models.Index(fields=["pgh_obj_id"], condition=models.Q(pgh_label="delete"), name=f"{name}_gone"))
    return found


def _let_columns_grow(event: type[models.Model]) -> None:
    """Make event columns nullable and without default, so that a column added later is null in earlier events.

    Nulls are left out of what is sealed: old seals keep holding.
    """
    for field in event._meta.local_fields:
        if not field.name.startswith("pgh_") and field.name not in ("recorded_at", "xid"):
            field.null, field.default, field.db_default = True, models.NOT_PROVIDED, models.NOT_PROVIDED


def append_only() -> list[pgtrigger.Trigger]:
    """Triggers that refuse UPDATE, DELETE and TRUNCATE, whoever is signed in."""
    refuse = "RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';"
    changes = pgtrigger.Update | pgtrigger.Delete
    return [
        pgtrigger.Trigger(name="append_only", when=pgtrigger.Before, operation=changes, func=refuse),
        pgtrigger.Trigger(
            name="no_truncate",
            when=pgtrigger.Before,
            operation=pgtrigger.Truncate,
            level=pgtrigger.Statement,
            func=refuse,
        ),
    ]


def recording(by: Any, service: str, *, capacity: str = "", reason: str = "", **more: Any) -> "Verb":
    """One verb: one transaction whose changes carry actor, capacity, reason, service and request.

    `by` is a person (`pk`) or None for the system itself; `capacity` the role that allowed it. A verb called by another
    verb is recorded under the outer one's name with its own as `via`, and by the outer one's person when it has none.
    `more` says what the verb belongs to (an import's reference); verbs within say it too.
    """
    outer = _verb.get()
    said = outer.context if outer else {}
    context = {
        **said,
        "actor": by.pk if by is not None else said.get("actor"),
        "token": getattr(by, "token_prefix", None),
        "capacity": capacity or said.get("capacity", ""),
        "service": said.get("service", service),
        "via": service if outer else None,
        "reason": reason or said.get("reason", ""),
        "request": request_id.get(),
        **more,
    }
    return Verb({key: value for key, value in context.items() if value not in (None, "")}, outer)


@contextmanager
def without_savepoints() -> Iterator[None]:
    """Let verbs inside a verb fail together with what is around them; for many rows, each in a savepoint already."""
    said = _savepoints.set(False)
    try:
        yield
    finally:
        _savepoints.reset(said)


class Verb:
    """What `recording` gives: enter it once. The outermost verb's first statement tells the database its context."""

    def __init__(self, context: dict[str, Any], outer: "Verb | None") -> None:
        self.context, self.outer = context, outer
        self._wanted = (json.dumps(context), _moment())
        self._database: Any = connections[DEFAULT_DB_ALIAS]  # itself: what stands for it takes its time at each use
        self._whole = not self._database.in_atomic_block
        self._atomic = transaction.atomic(savepoint=outer is None or _savepoints.get())
        self.teller: Teller = outer.teller if outer else Teller()

    def __enter__(self) -> None:
        self._atomic.__enter__()
        self._before = self.teller.wanted
        self.teller.wanted = self._wanted
        if self.outer is None:  # inside the savepoint, which takes back what is told in it
            self._database.execute_wrappers.append(self.teller)
        self._said = _verb.set(self)

    def __exit__(self, kind: Any, error: Any, trace: Any) -> None:
        _verb.reset(self._said)
        self.teller.wanted = self._before
        try:
            if self.outer is None:
                self._database.execute_wrappers.remove(self.teller)
                if error is None and not self._whole:  # else what was told ends with the transaction
                    self.teller.leave(_moment())
        except BaseException as failed:
            self._atomic.__exit__(type(failed), failed, failed.__traceback__)
            raise
        self._atomic.__exit__(kind, error, trace)


def _moment() -> str:
    moment = clock.override()
    return moment.isoformat() if moment else ""


__all__ = ["TrailEvent", "append_only", "recording", "request_id", "tracked", "without_savepoints"]
