"""Verbs of a person who imports: hand in a file, say how to read it, let it run, take it back; own fields."""

import hashlib
from collections.abc import Mapping, Sequence
from typing import IO, Any

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.core.files import File
from django.core.files.storage import default_storage
from django.db import IntegrityError, transaction
from django.utils.text import slugify
from django.utils.translation import gettext as _

from aims import jobs
from aims.access import access_of
from aims.errors import NotPermitted, WrongState, invalid
from aims.importing.fields import Importable, ImportField, own_field
from aims.importing.reading import examine
from aims.importing.workflow import IMPORT
from aims.models import Import, ImportPlan, OwnField
from aims.registry import registry
from aims.services import change, create, locked, move, require
from aims.states import Confidentiality, ImportState, LineState, OwnType
from aims.trail import recording

KEY, REF = "key", "ref"
FOLDER = "imports"


def importable(kind: str) -> Importable:
    """The kind as files may bring it. Raises NotPermitted for one that cannot be imported."""
    found: Importable | None = registry.importables.get(kind)
    if found is None:
        raise NotPermitted(_("Records of this kind cannot be imported."))
    return found


def fields_of(target: Importable) -> list[ImportField]:
    """Its fields, those the organization added among them."""
    own = OwnField.objects.filter(kind=target.kind, ended=False) if target.takes_own else ()
    return [*target.fields, *(own_field(one) for one in own)]


def may_import(user: Any) -> list[Importable]:
    """The kinds that this person may import."""
    return [one for one in registry.importables.values() if one.may(user)]


def begin_import(*, by: Any, target: str, file: IO[bytes], name: str) -> Import:
    """Take a file in; a worker reads it. Errors: NotPermitted, ValidationError on `file`, also while it is on its way."""
    capacity = require(importable(target).may(by))
    examine(file, name)
    file.seek(0)
    digest = hashlib.file_digest(file, "sha256").hexdigest()  # type: ignore[arg-type]
    size = file.seek(0, 2)
    file.seek(0)
    if not default_storage.exists(f"{FOLDER}/{digest}"):
        default_storage.save(f"{FOLDER}/{digest}", File(file))
    run = Import(
        title=name[:200], file_name=name[-160:], target=target, unit=by.unit, owner=by, sha256=digest, size=size,
        confidentiality=Confidentiality.RESTRICTED, capacity=capacity,
    )  # fmt: skip
    with recording(by, "begin_import", capacity=capacity):
        try:
            with transaction.atomic():
                create(run)
        except (IntegrityError, ValidationError) as error:
            # Whoever comes second hears it from the check or, at the very same moment, from the database.
            if isinstance(error, ValidationError) and set(error.message_dict) != {NON_FIELD_ERRORS}:
                raise
            raise invalid(file=_("This file is being imported already.")) from error
        run.refresh_from_db()
        return _ask(run, "read", by)


def _ask(run: Import, work: str, by: Any) -> Import:
    """Give the next stretch to a worker."""
    run.refresh_from_db(fields=["version"])
    run.job = jobs.ask(f"import-{run.pk}-{work}-{run.version}", f"aims.import_{work}", by=by, run=run.pk)
    run.save(update_fields=["job"])
    run.refresh_from_db()
    return run


def own_import(run: Import, by: Any) -> str:
    """Only who handed the file in goes on with it, and only while they may."""
    if access_of(by).person_id != run.owner_id:
        return ""
    return importable(run.target).may(by)


def confirm_columns(
    run: Import,
    *,
    by: Any,
    columns: Mapping[str, str],
    header_row: int,
    meanings: Mapping[str, Mapping[str, str]],
    orders: Mapping[str, str],
    keep_as: str = "",
    version: int | None = None,
) -> Import:
    """Say what the columns are and what their texts mean; the check follows. Nothing is made yet.

    `columns`: column number → field name or "". Errors: NotPermitted, Stale, WrongState, ValidationError.
    """
    capacity = require(own_import(run, by))
    target = importable(run.target)
    chosen = {number: name for number, name in columns.items() if name}
    _check_columns(target, chosen)
    with recording(by, "confirm_columns", capacity=capacity):
        current = locked(run, version)
        headers = _headings(current, header_row)
        plan = {"columns": chosen, "header_row": header_row, "headers": headers, "meanings": _lower(meanings)}
        move(current, IMPORT, "check", **plan, orders=dict(orders))
        if keep_as.strip():
            _keep_plan(current, keep_as.strip()[:80], by)
        return _ask(current, "check", by)


def _check_columns(target: Importable, chosen: Mapping[str, str]) -> None:
    known = {one.name: one for one in fields_of(target)}
    names = list(chosen.values())
    unknown = [name for name in names if name not in known and name not in (KEY, REF)]
    if unknown:
        raise invalid(columns=_("There is no field “%(name)s”.") % {"name": unknown[0]})
    twice = next((name for name in names if names.count(name) > 1), None)
    if twice:
        label = known[twice].label if twice in known else twice
        raise invalid(columns=_("Two columns are read as “%(name)s”. Choose one of them.") % {"name": label})
    missing = [str(one.label) for one in known.values() if one.required and one.name not in names]
    if missing and REF not in names:
        raise invalid(columns=_("No column is read as: %(names)s.") % {"names": ", ".join(missing)})


def _headings(run: Import, row: int) -> list[str]:
    line = run.lines.filter(number=row).first()
    if line is None:
        raise invalid(header_row=_("There is nothing in this row."))
    return list(line.cells)


def _lower(meanings: Mapping[str, Mapping[str, str]]) -> dict[str, dict[str, str]]:
    return {name: {text.lower(): value for text, value in texts.items()} for name, texts in meanings.items() if texts}


def kept_plan(target: str, headers: Sequence[str]) -> ImportPlan | None:
    """The way of reading that was kept last and whose headings are all there."""
    kept = ImportPlan.objects.filter(target=target).order_by("-pk")
    return next((plan for plan in kept if plan.columns and set(plan.columns) <= set(headers)), None)


def _keep_plan(run: Import, name: str, by: Any) -> None:
    headings = {run.headers[int(n)]: field for n, field in run.columns.items() if int(n) < len(run.headers)}
    values = {"columns": headings, "meanings": run.meanings, "orders": run.orders, "kept_by": by}
    ImportPlan.objects.update_or_create(target=run.target, name=name, defaults=values)


def start_import(
    run: Import, *, by: Any, leave_wrong: bool = False, with_twice: bool = False, version: int | None = None
) -> Import:
    """Let a worker make and change the records; lines named like an earlier one only `with_twice`.

    Errors: NotPermitted, Stale, WrongState when wrong lines are not left out, or nothing is left.
    """
    capacity = require(own_import(run, by))
    with recording(by, "start_import", capacity=capacity):
        current = locked(run, version)
        wrong = current.counts.get(LineState.WRONG, 0)
        if wrong and not leave_wrong:
            raise WrongState(_("%(count)s lines are wrong. Mend them, or leave them out.") % {"count": wrong})
        ready = [LineState.NEW, LineState.UPDATE, *([LineState.TWICE] if with_twice else [])]
        if not any(current.counts.get(state, 0) for state in ready):
            raise WrongState(_("There is nothing to import."))
        if with_twice:
            current.lines.filter(state=LineState.TWICE).update(state=LineState.NEW)
        move(current, IMPORT, "start")
        return _ask(current, "run", by)


def take_back(run: Import, *, by: Any, reason: str, version: int | None = None) -> Import:
    """Undo what an import made, as far as nobody edited it since. Errors: NotPermitted, Stale, WrongState."""
    capacity = require(own_import(run, by))
    if not reason.strip():
        raise invalid(reason=_("Say why."))
    with recording(by, "take_back_import", capacity=capacity, reason=reason):
        current = locked(run, version)
        move(current, IMPORT, "take_back")
        return _ask(current, "take_back", by)


def drop_import(run: Import, *, by: Any, version: int | None = None) -> Import:
    """Do not go on with a file that nothing was made of yet. Errors: NotPermitted, Stale, WrongState."""
    capacity = require(own_import(run, by))
    with recording(by, "drop_import", capacity=capacity):
        current = locked(run, version)
        return move(current, IMPORT, "drop", failure=_("Dropped before anything was made."))


def job_ended(job: Any) -> None:
    """Let the import follow its job where that failed, in the same transaction."""
    run = Import.objects.select_for_update(of=("self",)).filter(job=job).first()
    if run is None or job.state not in ("failed", "cancelled") or run.state not in ImportState.working():
        return
    with recording(None, "import_failed"):
        move(run, IMPORT, "fail", failure=job.error or _("Cancelled."))


def define_own_field(
    *, by: Any, kind: str, label: str, sort: str = OwnType.TEXT, choices: Sequence[str] = ()
) -> OwnField:
    """Add a field to a kind. Errors: NotPermitted, ValidationError (name taken, choices missing)."""
    capacity = require(access_of(by).capacity("own_field.define"))
    target = importable(kind)
    key = slugify(label)[:40].replace("-", "_")
    if not target.takes_own or not key:
        raise invalid(label=_("Give the field a name."))
    if {key, label.strip().lower()} & {
        name for one in fields_of(target) for name in (one.name, str(one.label).lower())
    }:
        raise invalid(label=_("There is a field of this name already."))
    listed = sort in OwnType.listed()
    if listed and not [one for one in choices if one.strip()]:
        raise invalid(choices=_("Say what can be chosen."))
    given = [one.strip() for one in choices if one.strip()] if listed else []
    with recording(by, "define_own_field", capacity=capacity):
        return create(OwnField(kind=kind, key=key, label=label.strip(), sort=sort, choices=given, defined_by=by))


def end_own_field(own: OwnField, *, by: Any, version: int | None = None) -> OwnField:
    """Stop asking for a field; what was said in it stays. Errors: NotPermitted, Stale."""
    capacity = require(access_of(by).capacity("own_field.define"))
    with recording(by, "end_own_field", capacity=capacity):
        return change(locked(own, version), {"ended": True})
