"""Quick migrations: operations of one kind that follow each other are applied as one batch.

Django draws every related model anew after each new model, field, index, constraint and trigger. Here a batch of new
tables and columns draws the models it touches, once; what only stands beside columns draws none; and whatever else a
migration does finds all of them drawn. That takes a fraction of the time, at the first start and for every test
database; the schema is the same.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from itertools import groupby
from typing import Any

from django.apps import apps
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations import (
    AddConstraint,
    AddField,
    AddIndex,
    AlterField,
    AlterModelManagers,
    AlterModelOptions,
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
    CreateModel: "columns",
    AddField: "columns",
    AddConstraint: "beside",
    AddIndex: "beside",
    AddTrigger: "beside",
    AlterModelOptions: "beside",
    AlterModelManagers: "beside",
    AlterField: "altered",
    RemoveConstraint: "gone",
    RemoveIndex: "gone",
    RemoveTrigger: "gone",
}
# Kinds whose statements ask a drawn model only for its columns: it may be drawn later.
UNDRAWN = frozenset({"beside", "gone"})
# Kinds whose statements compare a model as it was with what it became.
OLD_AND_NEW = frozenset({"altered", "gone"})
# The models of a state that are not drawn as they are by now.
_OLD = "aims_not_drawn"
_one_by_one = Migration.apply


@contextmanager
def in_batches() -> Iterator[None]:
    """Within, migrations are applied in batches."""
    # Django asks this of each link of each model it draws, and forgets the answer with every model of any state.
    known = cache(apps.get_swappable_settings_name)
    setattr(apps, "get_swappable_settings_name", known)  # noqa: B010 - mypy forbids to assign a method
    setattr(Migration, "apply", _apply)  # noqa: B010
    try:
        yield
    finally:
        setattr(Migration, "apply", _one_by_one)  # noqa: B010
        del apps.__dict__["get_swappable_settings_name"]


def _apply(
    migration: Migration, state: ProjectState, editor: BaseDatabaseSchemaEditor, collect_sql: bool = False
) -> ProjectState:
    """Stands in for Django's `Migration.apply`; printing SQL and migrations without a transaction stay with it."""
    if collect_sql or not editor.atomic_migration:
        return _one_by_one(migration, state, editor, collect_sql)
    for kind, operations in groupby(migration.operations, _kind):
        if kind:
            _batch(kind, migration.app_label, list(operations), state, editor)
        else:
            for operation in operations:
                _draw(state)
                before = state.clone()
                operation.state_forwards(migration.app_label, state)
                operation.database_forwards(migration.app_label, editor, before, state)
    return state


def _kind(operation: Operation) -> str:
    """The batch it may be a part of; none for a change of keys that other tables point to."""
    kind = BATCHES.get(type(operation), "")
    pointed_to = isinstance(operation, AlterField) and (operation.field.primary_key or operation.field.unique)
    return "" if pointed_to else kind


def _batch(
    kind: str, app: str, operations: Sequence[Any], state: ProjectState, editor: BaseDatabaseSchemaEditor
) -> None:
    """Note all of them while no models are drawn, draw what they touch where they need it, then write to the database."""
    touched = {(app, _model(operation)) for operation in operations}
    if kind == "altered":
        _sketch(state, touched)
    before = state.clone() if kind in OLD_AND_NEW else state
    drawn = state.__dict__.pop("apps", None)
    for operation in operations:
        operation.state_forwards(app, state)
    if drawn is not None:
        state.__dict__["apps"] = drawn
        state.__dict__.setdefault(_OLD, set()).update(touched)
    if kind not in UNDRAWN:
        _sketch(state, touched)
    for operation in _written(operations):
        operation.database_forwards(app, editor, before, state)


def _written(operations: Sequence[Any]) -> Iterator[Any]:
    """What must be written: a new table comes with all of its columns, a column altered twice with the last."""
    new = {_model(one) for one in operations if isinstance(one, CreateModel)}
    last = {(_model(one), one.name): one for one in operations if isinstance(one, AlterField)}
    for operation in operations:
        if isinstance(operation, AddField) and _model(operation) in new:
            continue
        if isinstance(operation, AlterField) and last[_model(operation), operation.name] is not operation:
            continue
        yield operation


def _sketch(state: ProjectState, models: set[tuple[str, str]]) -> None:
    """Draw these alone: what others know of them stays old."""
    if "apps" in state.__dict__:
        state._reload(models)  # type: ignore[attr-defined]


def _draw(state: ProjectState) -> None:
    """Draw all models, when some are old."""
    if state.__dict__.pop(_OLD, None):
        known = {(app, name) for app, models in state.apps.all_models.items() for name in models}
        state._reload(known | set(state.models))  # type: ignore[attr-defined]


def _model(operation: Any) -> str:
    if isinstance(operation, CreateModel | AlterModelOptions | AlterModelManagers):
        return str(operation.name_lower)
    return str(operation.model_name_lower)
