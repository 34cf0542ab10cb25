"""What every writing verb shares: lock, check the version, validate, save, and say whether a check is unmet."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, nullcontext
from contextvars import ContextVar
from typing import Any, TypeVar

from django.core.exceptions import ValidationError
from django.db import DatabaseError, IntegrityError, models, transaction
from django.utils.translation import gettext as _

from aims.errors import NotPermitted, Stale, WrongState
from aims.registry import registry
from aims.trail import without_savepoints

T = TypeVar("T")
M = TypeVar("M", bound=models.Model)


def require(capacity: str, sentence: Any = "") -> str:
    """The role that allows the verb, or NotPermitted."""
    if not capacity:
        raise NotPermitted(sentence or _("Your roles here do not include this."))
    return capacity


def locked(record: M, version: int | None = None) -> M:
    """The row as it stands now, locked until the verb ends. Stale when `version` is not its version any more."""
    current = type(record)._default_manager.select_for_update(of=("self",)).get(pk=record.pk)
    if version is not None and getattr(current, "version", version) != version:
        raise Stale(
            _("Somebody saved this record after you opened it. Nothing of yours is lost: compare and save again."),
            current=current,
        )
    return current


_trusting: ContextVar[bool] = ContextVar("trusting", default=False)


@contextmanager
def database_checks() -> Iterator[None]:
    """Within, no row has a savepoint of its own: many at once take less time. What the database refuses is then a
    DatabaseError without a sentence; whoever asks for this has a savepoint around each row, and does what is refused
    once more without this, to learn why.
    """
    said = _trusting.set(True)
    try:
        with without_savepoints():
            yield
    finally:
        _trusting.reset(said)


def checked_by_database(work: Callable[[], T]) -> T:
    """What `work` answers, done with `database_checks` in a savepoint. What the database refuses is done once more with
    every rule asked, so that the refusal has a sentence. Errors: as `work`; DatabaseError for what no rule foresees.
    """
    try:
        with database_checks(), transaction.atomic():
            return work()
    except DatabaseError:
        with transaction.atomic():
            return work()


def _save(record: models.Model, **how: Any) -> None:
    """Validate and write. Rules that the database holds are asked by writing, at the cost of a savepoint; only what is
    refused is asked rule by rule, so that every sentence comes beside its field.
    """
    given = _database_fields(record)
    written = nullcontext() if _trusting.get() else transaction.atomic()
    try:
        record.full_clean(given | _linked_rows(record), validate_unique=False, validate_constraints=False)
        with written:
            record.save(**how)
    except (ValidationError, IntegrityError):
        if not _trusting.get():
            record.full_clean(given)
        raise


def _linked_rows(record: models.Model) -> set[str]:
    """Links whose row is at hand: that it is there the database asks anyway."""
    links: list[Any] = [f for f in record._meta.concrete_fields if f.is_relation]
    at_hand = [f for f in links if f.is_cached(record) and not f.get_limit_choices_to()]
    return {f.name for f in at_hand if getattr(record, f.name) is not None}


def create(record: M) -> M:
    """Validate and insert."""
    _save(record, force_insert=True)
    return record


def change(record: M, data: Mapping[str, Any]) -> M:
    """Set the fields given, validate, save what differs. Answers the row with its new version."""
    changed = [name for name, value in data.items() if _differs(record, name, value)]
    for name in changed:
        setattr(record, name, data[name])
    if changed:
        _save(record, update_fields=changed)
        record.refresh_from_db(fields=[f for f in ("version", "updated_at") if _has_field(record, f)])
    return record


def move(record: M, transitions: Any, verb: str, **also: Any) -> M:
    """Take the workflow's edge `verb`: right state, every registered check met, new state saved."""
    edge = transitions.edge(verb)
    if record.state not in edge.sources:  # type: ignore[attr-defined]
        raise WrongState(_("This is not possible while it is “%s”.") % transitions.label(record.state))  # type: ignore[attr-defined]
    unmet = unmet_checks(record, transitions.name, verb)
    if unmet:
        raise WrongState(_("Something is still missing."), unmet=unmet)
    return change(record, {"state": edge.target, **also})


def unmet_checks(record: Any, workflow: str, verb: str) -> Sequence[Mapping[str, Any]]:
    """Every registered check of a transition that is not met, with its sentence and link."""
    found = []
    for check in registry.checks_of(workflow, verb):
        missing = check.ask(record)
        if missing:
            found.append({"id": check.id, "sentence": str(check.sentence), **missing})
    return found


def _differs(record: models.Model, name: str, value: Any) -> bool:
    field = record._meta.get_field(name)
    if isinstance(value, models.Model):
        return bool(getattr(record, field.attname) != value.pk)  # type: ignore[union-attr]
    return bool(getattr(record, name) != value)


def _database_fields(record: models.Model) -> set[str]:
    """Fields the database fills: nothing to validate before."""
    return {f.name for f in record._meta.concrete_fields if f.has_db_default() or f.primary_key}


def _has_field(record: models.Model, name: str) -> bool:
    return any(f.name == name for f in record._meta.concrete_fields)
