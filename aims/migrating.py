"""Quick migrations: operations of one kind that follow each other are applied as one batch.

Django draws every related model anew after each new model, field, index, constraint and trigger. Drawing them once a
batch, and not at all for what only stands beside columns, takes a fraction of the time, at the first start and for
every test database; the schema is the same.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import groupby
from typing import Any

from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations import (
    AddConstraint,
    AddField,
    AddIndex,
    CreateModel,
    Migration,
    RemoveConstraint,
    RemoveIndex,
)
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState
from pgtrigger.migrations import AddTrigger, RemoveTrigger

# Kinds that may share a batch: what one of them adds to a model is not written by another of them.
BATCHES: dict[type[Operation], str] = {
    CreateModel: "tables",
    AddField: "columns",
    AddConstraint: "beside",
    AddIndex: "beside",
    AddTrigger: "beside",
    RemoveConstraint: "gone",
    RemoveIndex: "gone",
    RemoveTrigger: "gone",
}
# Kinds whose statements ask a drawn model only for its columns: it may be drawn later.
UNDRAWN = frozenset({"beside", "gone"})
# The models of a state that are not drawn as they are by now.
_OLD = "aims_not_drawn"
_one_by_one = Migration.apply


@contextmanager
def in_batches() -> Iterator[None]:
    """Within, migrations are applied in batches."""
    setattr(Migration, "apply", _apply)  # noqa: B010 - mypy forbids to assign a method
    try:
        yield
    finally:
        setattr(Migration, "apply", _one_by_one)  # noqa: B010


def _apply(
    migration: Migration, state: ProjectState, editor: BaseDatabaseSchemaEditor, collect_sql: bool = False
) -> ProjectState:
    """Stands in for Django's `Migration.apply`; printing SQL and migrations without a transaction stay with it."""
    if collect_sql or not editor.atomic_migration:
        return _one_by_one(migration, state, editor, collect_sql)
    for kind, operations in groupby(migration.operations, lambda operation: BATCHES.get(type(operation))):
        if kind:
            _batch(kind, migration.app_label, list(operations), state, editor)
        else:
            for operation in operations:
                _draw(state)
                before = state.clone()
                operation.state_forwards(migration.app_label, state)
                operation.database_forwards(migration.app_label, editor, before, state)
    return state


def _batch(
    kind: str, app: str, operations: Sequence[Any], state: ProjectState, editor: BaseDatabaseSchemaEditor
) -> None:
    """Note all of them while no models are drawn, draw once where they need it, then write to the database."""
    before = state.clone() if kind == "gone" else state
    drawn = state.__dict__.pop("apps", None)
    for operation in operations:
        operation.state_forwards(app, state)
    if drawn is not None:
        state.__dict__["apps"] = drawn
        state.__dict__.setdefault(_OLD, set()).update((app, _model(operation)) for operation in operations)
        if kind not in UNDRAWN:
            _draw(state)
    each: Operation
    for each in operations:
        each.database_forwards(app, editor, before, state)


def _draw(state: ProjectState) -> None:
    """Draw what is old, and what is related to it."""
    old = state.__dict__.pop(_OLD, None)
    if old:
        state.reload_models(sorted(old), delay=False)


def _model(operation: Any) -> str:
    return str(operation.name_lower if isinstance(operation, CreateModel) else operation.model_name_lower)
