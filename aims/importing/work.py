"""What workers do with a file: read it, check every cell, make and change records in batches, take them back.

Each stretch may be killed and begun again: a batch of lines and what it made are one transaction.
"""

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.core.files.storage import default_storage
from django.db import DatabaseError, connection, transaction
from django.db.models import Count
from django.utils import translation
from django.utils.translation import gettext as _

from aims import clock, jobs
from aims.errors import Refusal
from aims.history import event_model
from aims.importing.fields import Context, ImportField, Unclear, guess, order_of
from aims.importing.reading import read
from aims.importing.services import FOLDER, KEY, REF, fields_of, importable, kept_plan
from aims.importing.workflow import IMPORT
from aims.models import Import, ImportKey, ImportLine
from aims.plans import plan_imported
from aims.services import database_checks, move
from aims.states import LineState
from aims.trail import recording

BATCH = 100
SAMPLE = 2_000  # lines by which the order of dates is guessed


def read_file(progress: jobs.Progress) -> str:
    """Read the file's rows and guess what its columns are."""
    run = _run_of(progress)
    with _in_their_language(run):
        with default_storage.open(f"{FOLDER}/{run.sha256}", "rb") as file:
            grid = read(file, run.file_name)
        lines = [ImportLine(run=run, number=n, cells=cells) for n, cells in enumerate(grid.rows, 1) if any(cells)]
        headers = grid.rows[grid.header_row - 1]
        with recording(run.owner, "import_read", capacity=run.capacity):
            run.lines.all().delete()
            ImportLine.objects.bulk_create(lines, batch_size=2_000)
            data = [line for line in lines if line.number > grid.header_row]
            proposal = propose(run, headers, data[:SAMPLE])
            also = {"headers": headers, "header_row": grid.header_row, "remarks": grid.remarks}
            move(run, IMPORT, "read", **also, **proposal, counts={"rows": len(data)})
    return ""


def propose(run: Import, headers: Sequence[str], sample: Sequence[ImportLine]) -> dict[str, Any]:
    """How to read the columns: as a kept plan says whose headings are all there, else by their names."""
    fields = fields_of(importable(run.target))
    plan = kept_plan(run.target, headers)
    if plan is not None:
        columns = {str(headers.index(heading)): name for heading, name in plan.columns.items()}
        return {"columns": columns, "meanings": plan.meanings, "orders": plan.orders}
    columns = guess(headers, [_key_field(), *fields])
    dated = {one.name for one in fields if one.dated}
    orders = {name: order_of(_texts(sample, int(n))) for n, name in columns.items() if name in dated}
    return {"columns": columns, "meanings": {}, "orders": {name: order for name, order in orders.items() if order}}


def _key_field() -> ImportField:
    words = ("id", "no", "nr", "number", "your key", "reference", "ref")
    return ImportField(KEY, _("Your own key"), lambda text, context: text, lambda record: "", words=words)


def _texts(lines: Iterable[ImportLine], column: int) -> list[str]:
    return [line.cells[column] for line in lines if column < len(line.cells) and line.cells[column]]


def check_file(progress: jobs.Progress) -> str:
    """Say of every line what it would do, or what is wrong with which cell. Nothing is made."""
    run = _run_of(progress)
    with _in_their_language(run):
        reader = Reader(run)
        lines = reader.lines()
        total = lines.count()
        for number, batch in enumerate(_batches(lines)):
            for line in batch:
                reader.judge(line)
            _keep(batch)
            progress.say(min(total, (number + 1) * BATCH), total, _("Checking"))
        with recording(run.owner, "import_checked", capacity=run.capacity):
            move(Import.objects.get(pk=run.pk), IMPORT, "checked", counts=counts_of(run))
    return ""


def _keep(batch: Sequence[ImportLine]) -> None:
    """Write what became of lines, in one statement."""
    table = connection.ops.quote_name(ImportLine._meta.db_table)
    said = [
        [line.pk, line.state, json.dumps(line.errors), line.hint, line.record_id, line.person_id, line.version,
         None if line.before is None else json.dumps(line.before)]
        for line in batch
    ]  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE {table} l SET state = d.state, errors = d.errors::jsonb, hint = d.hint, record_id = d.record, "
            "person_id = d.person, version = d.version, before = d.before::jsonb FROM unnest(%s::bigint[], %s::text[], "
            "%s::text[], %s::text[], %s::bigint[], %s::bigint[], %s::int[], %s::text[]) "
            "d(id, state, errors, hint, record, person, version, before) WHERE l.id = d.id",
            [list(column) for column in zip(*said, strict=True)],
        )


def counts_of(run: Import) -> dict[str, int]:
    """How many lines are in which state."""
    found = run.lines.filter(number__gt=run.header_row).order_by().values_list("state").annotate(n=Count("pk"))
    return dict(found)


class Reader:
    """Reads the lines of one run: cells → values, and which record a line speaks of."""

    def __init__(self, run: Import) -> None:
        self.run, self.target = run, importable(run.target)
        self.fields = {one.name: one for one in fields_of(self.target)}
        self.columns = {int(number): name for number, name in run.columns.items()}
        moment = clock.now()
        self.context = Context(run.owner, clock.today(), moment, run.meanings, run.orders)
        self.seen: dict[str, int] = {}
        self.titles: dict[str, int] = {}

    def lines(self) -> Any:
        return self.run.lines.filter(number__gt=self.run.header_row).order_by("number")

    def judge(self, line: ImportLine) -> None:
        """Set the line's state, errors and record."""
        line.hint, line.record, line.person = "", None, None
        data, line.errors = self.values(line)
        record = self.record(line) or self._same(line, data)
        if record is not None:
            _point(line, record)
        else:
            together = self.target.together(data, self.context)
            line.errors = {**self._missing(data), **self._beside(together), **line.errors}
        if line.errors:
            line.state = LineState.WRONG
        elif record is not None:
            line.state = LineState.UPDATE if self.differing(record, data) else LineState.SAME
        else:
            earlier = self._earlier(line, data)
            line.state = LineState.TWICE if earlier else LineState.NEW
            line.hint = earlier or self._hint(data)

    def values(self, line: ImportLine) -> tuple[dict[str, Any], dict[str, str]]:
        """The values of a line's cells, and a sentence for each that is not understood."""
        data, errors = {}, {}
        for number, name in self.columns.items():
            text = line.cells[number] if number < len(line.cells) else ""
            if name in (KEY, REF):
                continue
            try:
                data[name] = self.fields[name].value(text, self.context)
            except Unclear as error:
                errors[str(number)] = str(error)
        return data, errors

    def record(self, line: ImportLine) -> Any:
        """The record the line speaks of, by reference or key; None for a new one. Notes what is wrong with the key."""
        for name in dict.fromkeys((REF, KEY, self.target.key)):
            number = next((n for n, field in self.columns.items() if field == name), None)
            text = line.cells[number] if number is not None and number < len(line.cells) else ""
            if not text:
                continue
            if text in self.seen:
                line.errors[str(number)] = _("The same key stands in row %(row)s.") % {"row": self.seen[text]}
                return None
            self.seen[text] = line.number
            found = self.target.find(text, self.context) or self._by_key(text)
            if found is None and name == REF:
                line.errors[str(number)] = _("There is no %(text)s.") % {"text": text}
            return found
        return None

    def _same(self, line: ImportLine, data: Mapping[str, Any]) -> Any:
        """The record that the values speak of. A second line about it is wrong, as a second one with its key is."""
        found = None if line.errors else self.target.same(data, self.context)
        if found is not None:
            earlier = self.seen.setdefault(found.ref, line.number)
            if earlier != line.number:
                line.errors[""] = _("Row %(row)s speaks of %(ref)s, too.") % {"row": earlier, "ref": found.ref}
        return found

    def key(self, line: ImportLine) -> str:
        number = next((n for n, name in self.columns.items() if name == KEY), None)
        return line.cells[number][:120] if number is not None and number < len(line.cells) else ""

    def _by_key(self, text: str) -> Any:
        rows = ImportKey.objects.filter(kind=self.target.kind)
        known = self.context.once("keys", lambda: dict(rows.values_list("key", "record__ref")))
        return self.target.find(known[text[:120]], self.context) if text[:120] in known else None

    def _missing(self, data: Mapping[str, Any]) -> dict[str, str]:
        needed = [one for one in self.fields.values() if one.required and data.get(one.name) in (None, "", [])]
        return self._beside({one.name: _("%(name)s is missing.") % {"name": one.label} for one in needed})

    def _beside(self, errors: Mapping[str, str]) -> dict[str, str]:
        """Sentences beside the columns of their fields; what has no column under ""."""
        columns = {name: str(number) for number, name in self.columns.items()}
        return {columns.get(name, ""): told for name, told in errors.items()}

    def _earlier(self, line: ImportLine, data: Mapping[str, Any]) -> str:
        """Whether an earlier line makes a record of this name: most often the same one, noted twice."""
        title = " ".join(str(data.get("title") or "").lower().split())
        earlier = self.titles.setdefault(title, line.number) if title else line.number
        return "" if earlier == line.number else _("The same name stands in row %(row)s.") % {"row": earlier}

    def _hint(self, data: Mapping[str, Any]) -> str:
        alike = self.target.alike(data, self.context)
        return _("Like %(others)s") % {"others": ", ".join(map(str, alike[:3]))} if alike else ""

    def differing(self, record: Any, data: Mapping[str, Any]) -> dict[str, Any]:
        """The values that a record does not have yet. An empty cell changes nothing."""
        found = {}
        for name, value in data.items():
            if value not in (None, "", []) and self.fields[name].write(record) != _written(
                self.fields[name], value, record
            ):
                found[name] = value
        return found


def _written(field: ImportField, value: Any, record: Any) -> str:
    """How the field would write the value."""
    return field.write(_With(record, field.name, value))


class _With:
    """A record that has another value in one field."""

    def __init__(self, record: Any, name: str, value: Any) -> None:
        self._record, self._name, self._value = record, name, value
        own, _colon, key = name.partition(":")
        if key and own == "own":
            self.own = {**record.own, key: value}

    def __getattr__(self, name: str) -> Any:
        return self._value if name == self._name else getattr(self._record, name)


def _point(line: ImportLine, record: Any) -> None:
    if hasattr(record, "ref"):
        line.record_id = record.pk
    else:
        line.person_id = record.pk


def run_import(progress: jobs.Progress) -> str:
    """Make and change the records, a batch of lines a transaction; what a service refuses stays as a wrong line."""
    run = _run_of(progress)
    with _in_their_language(run):
        reader = Reader(run)
        todo = reader.lines().filter(state__in=[LineState.NEW, LineState.UPDATE])
        total = done = todo.count()
        while batch := list(todo[:BATCH]):
            with _recording(run, "import_records"):
                _carry_out(reader, batch)
                _keep(batch)
                _keep_keys(reader, batch)
                made = [line.record_id for line in batch if line.state == LineState.MADE and line.record_id]
                plan_imported(run.target, made, on=reader.context.on)
            done -= len(batch)
            progress.say(total - done, total, _("Importing"))
        with recording(run.owner, "import_finished", capacity=run.capacity):
            move(Import.objects.get(pk=run.pk), IMPORT, "finish", counts=counts_of(run))
    return ""


def _recording(run: Import, service: str) -> Any:
    reason = _("Imported from %(file)s, %(ref)s") % {"file": run.file_name, "ref": run.ref}
    return recording(run.owner, service, capacity=run.capacity, reason=reason, run=run.ref)


def _carry_out(reader: Reader, batch: Sequence[ImportLine]) -> None:
    """Carry out each line of a batch; which versions came of them is asked once for all."""
    done = {line.pk: made for line in batch if (made := _carried_out(reader, line)) is not None}
    versions: dict[int, int] = {}
    for model in {type(made) for made in done.values()}:
        keys = [made.pk for made in done.values() if isinstance(made, model)]
        versions |= dict(model._default_manager.filter(pk__in=keys).order_by().values_list("pk", "version"))
    for line in batch:
        if line.pk in done:
            line.version = versions[done[line.pk].pk]


def _carried_out(reader: Reader, line: ImportLine) -> Any:
    """The record that a line made or changed; None, and the line is wrong, where it is refused."""
    data, errors = reader.values(line)
    if errors:  # what a cell names is gone since the check
        line.state, line.errors = LineState.WRONG, errors
        return None
    new = line.state == LineState.NEW
    try:
        made = _written_down(reader, line, data, new)
    except (ValidationError, Refusal, DatabaseError) as error:
        reader.context.known.clear()  # people who were to be invited with this line are not there
        line.state, line.errors = LineState.WRONG, _told(error, reader.columns)
        return None
    line.state = LineState.MADE if new else LineState.CHANGED
    _point(line, made)
    return made


def _written_down(reader: Reader, line: ImportLine, data: Mapping[str, Any], new: bool) -> Any:
    """The record, made or changed. What the database refuses is done once more with every rule asked, to learn why."""
    try:
        with database_checks(), transaction.atomic():
            return _make_or_change(reader, line, data, new)
    except DatabaseError:
        reader.context.known.clear()
        with transaction.atomic():
            return _make_or_change(reader, line, data, new)


def _make_or_change(reader: Reader, line: ImportLine, data: Mapping[str, Any], new: bool) -> Any:
    if new:
        return reader.target.make(data, reader.context)
    made = _subject(line)
    changes = reader.differing(made, data)
    line.before = {name: reader.fields[name].write(made) for name in changes}
    return reader.target.change(made, changes, reader.context)


def _keep_keys(reader: Reader, batch: Sequence[ImportLine]) -> None:
    """Remember by which key the file calls what a batch made."""
    made = {reader.key(line): line.record_id for line in batch if line.state == LineState.MADE and line.record_id}
    keys = [ImportKey(kind=reader.target.kind, key=key, record_id=pk) for key, pk in made.items() if key]
    ImportKey.objects.bulk_create(keys, update_conflicts=True, unique_fields=["kind", "key"], update_fields=["record"])


def _told(error: Exception, columns: Mapping[int, str]) -> dict[str, str]:
    """A refusal beside the columns it names; what names none under ""."""
    if isinstance(error, ValidationError) and hasattr(error, "error_dict"):
        numbers = {name: str(number) for number, name in columns.items()}
        return {numbers.get(name, ""): "; ".join(found) for name, found in error.message_dict.items()}
    if isinstance(error, ValidationError):
        return {"": "; ".join(error.messages)}
    return {"": str(getattr(error, "detail", "") or _("The database refused this line."))}


def _subject(line: ImportLine) -> Any:
    """The record a line speaks of."""
    if line.person_id is not None:
        return line.person
    assert line.record is not None
    from_kind = importable(line.run.target)
    return from_kind.rows(line.run.owner).get(pk=line.record_id)


def take_back(progress: jobs.Progress) -> str:
    """Undo, last line first: what was made goes, what was changed gets its values back, what was edited since stays."""
    run = _run_of(progress)
    with _in_their_language(run):
        reader = Reader(run)
        todo = reader.lines().filter(state__in=[LineState.MADE, LineState.CHANGED]).order_by("-number")
        total = done = todo.count()
        while batch := list(todo[:BATCH]):
            with _recording(run, "take_back_import"):
                undone = _undo(reader, batch, run)
                for line in batch:
                    line.state = LineState.UNDONE if _key(line) in undone else LineState.KEPT
                _keep(batch)
            done -= len(batch)
            progress.say(total - done, total, _("Taking back"))
        with recording(run.owner, "import_taken_back", capacity=run.capacity):
            move(Import.objects.get(pk=run.pk), IMPORT, "taken_back", counts=counts_of(run))
    return ""


def _key(line: ImportLine) -> int | None:
    """The record or person of a line."""
    return line.record_id or line.person_id


def _undo(reader: Reader, batch: Sequence[ImportLine], run: Import) -> set[int | None]:
    """Undo a batch of lines, what was changed first; answers the keys of the records where it was done."""
    keys = [_key(line) for line in batch]
    rows = {row.pk: row for row in reader.target.rows(run.owner).filter(pk__in=[key for key in keys if key])}
    edited = edited_since(rows, {_key(line): line.version or 0 for line in batch}, run)
    lines = [line for line in batch if _key(line) in rows and _key(line) not in edited]
    undone = {_key(line) for line in lines if line.state == LineState.CHANGED and _changed_back(reader, rows, line)}
    made = [rows[_key(line)] for line in lines if line.state == LineState.MADE]
    return undone | {row.pk for row in _removed(reader, made)}


def _changed_back(reader: Reader, rows: Mapping[Any, Any], line: ImportLine) -> bool:
    before = {name: reader.fields[name].parse(text, reader.context) for name, text in (line.before or {}).items()}
    try:
        with transaction.atomic():
            reader.target.change(rows[_key(line)], before, reader.context)
    except (ValidationError, Refusal, DatabaseError):
        return False
    return True


def _removed(reader: Reader, rows: Sequence[Any]) -> Sequence[Any]:
    """Those of the records that could be taken away: all at once, else one by one."""
    if not rows:
        return []
    try:
        with transaction.atomic():
            reader.target.remove(rows, reader.context)
    except (ValidationError, Refusal, DatabaseError):
        return [row for one in rows for row in _removed(reader, [one])] if len(rows) > 1 else []
    return rows


def edited_since(rows: Mapping[Any, Any], since: Mapping[Any, int], run: Import) -> set[Any]:
    """Keys of records that a person changed, or a part of them, after the import (`since`: the version that it left).

    What AIMS itself set does not count: every change raises the version; those of AIMS itself are events without a
    person.
    """
    by_people, later = set(), Counter[Any]()
    for model in {type(row) for row in rows.values()}:
        told = ("pgh_obj_id", "version", "pgh_context__actor", "pgh_context__run")
        for key, version, actor, of in event_model(model).objects.filter(pgh_obj_id__in=list(rows)).values_list(*told):
            if (version or 0) > since[key]:
                later[key] += 1
                if actor is not None and of != run.ref:
                    by_people.add(key)
    return by_people | {key for key, row in rows.items() if row.version > since[key] + later[key]}


def _in_their_language(run: Import) -> Any:
    """What is said of a file is said to who handed it in."""
    return translation.override(getattr(run.owner, "language", None))


def _run_of(progress: jobs.Progress) -> Import:
    return Import.objects.select_related("owner").get(pk=progress.arguments["run"])


def _batches(lines: Any) -> Iterator[list[ImportLine]]:
    found = list(lines)
    yield from (found[start : start + BATCH] for start in range(0, len(found), BATCH))
