"""Recompute the whole trail and name what was altered, added, removed or truncated behind the application's back."""

import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.db import connection

from aims import keys, merkle, seals
from aims.jobs import Progress
from aims.models import Seal, SealKey
from aims.projections import event_models, log_models, sealed_models
from aims.trail import UNTOLD

SHOWN = 200  # findings of one sort; more are counted


@dataclass(frozen=True)
class Finding:
    """One thing that does not hold. `sort`: altered, added, removed, state, seal, key, truncated."""

    sort: str
    sentence: str
    source: str = ""
    event_id: int | None = None
    ref: str = ""


Say = Callable[[int, int, str], None]


def verify(anchors: Iterable[str] = (), say: Say = lambda done, total, note: None) -> list[Finding]:
    """Check events against leaves, leaves against seals, seals against keys, rows against events, seals against anchors.

    `anchors` are exported seals (JSON lines) kept elsewhere. Answers an empty list when all holds.
    """
    sources = event_models()
    steps = [
        *((f"events of {e._meta.db_table}", lambda e=e: _events(e)) for e in sealed_models()),
        ("seals", _chain),
        *((f"rows of {e.pgh_tracked_model._meta.db_table}", lambda e=e: _rows(e)) for e in sources),
        *(
            (f"disposals of {log._meta.db_table}", lambda log=log: _disposed(log))
            for log in log_models()
            if log.retained
        ),
        ("anchors", lambda: _anchored(anchors)),
    ]
    findings: list[Finding] = []
    for number, (note, check) in enumerate(steps):
        say(number, len(steps), note)
        findings += check()
    say(len(steps), len(steps), "")
    return findings


def _query(sql: str, values: Any = ()) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return list(cursor.fetchall())


def _events(event: Any) -> Iterator[Finding]:
    """Events against their leaves: altered, removed, or added below the last seal's horizon."""
    table = event._meta.db_table
    horizon = _last_horizon()
    rows = _query(
        f"""
        SELECT COALESCE(v.event_id, l.event_id), v.event_id IS NULL, l.event_id IS NULL, v.object_id
        FROM trail."{table}" v FULL JOIN (SELECT * FROM aims_leaf WHERE source = %s) l ON l.event_id = v.event_id
        WHERE (l.hash IS DISTINCT FROM v.hash) AND (l.event_id IS NOT NULL OR v.xid < %s::xid8)
        AND NOT (v.event_id IS NULL AND l.event_id <= COALESCE(
            (SELECT max(until_id) FROM aims_disposal WHERE source = %s), -1))
        ORDER BY 1 LIMIT {SHOWN}
        """,
        [table, horizon, table],
    )
    for event_id, gone, unsealed, object_id in rows:
        ref = _ref(object_id)
        if gone:
            yield Finding("removed", f"Event {event_id} of {table} was sealed and is gone.", table, event_id, ref)
        elif unsealed:
            yield Finding("added", f"Event {event_id} of {table} was added behind a seal.", table, event_id, ref)
        else:
            yield Finding("altered", f"Event {event_id} of {table} is not what was sealed.", table, event_id, ref)


def _disposed(log: Any) -> Iterator[Finding]:
    """As many rows of a retained log are gone as disposals say, not one more."""
    table = log._meta.db_table
    told, gone = _query(
        f"""
        SELECT COALESCE(sum(rows), 0), (
            SELECT count(*) FROM aims_leaf l WHERE source = %s AND event_id <= max(until_id)
            AND NOT EXISTS (SELECT FROM "{table}" t WHERE t.id = l.event_id)
        ) FROM aims_disposal WHERE source = %s
        """,
        [table, table],
    )[0]
    if (gone or 0) != told:
        yield Finding("removed", f"{told} rows of {table} were disposed of, but {gone} are gone.", table)


def _last_horizon() -> str:
    last = Seal.objects.order_by("-number").first()
    return last.horizon if last else "0"


def _ref(object_id: int | None) -> str:
    rows = _query("SELECT ref FROM aims_record WHERE id = %s", [object_id])
    return rows[0][0] if rows else ""


def _chain() -> Iterator[Finding]:
    """Leaves are without gap, every seal's root is theirs, every signature and link of the chain holds."""
    tree, previous, number = merkle.Range(), "", 0
    leaves = _leaves()
    known: set[str] = set()
    installation = seals.installation_id()
    yield from _key_findings(known)
    for seal in Seal.objects.select_related("key").order_by("number"):
        number += 1
        while tree.size < seal.size:
            leaf = next(leaves, None)
            if leaf is None or leaf[0] != tree.size:
                yield Finding("seal", f"Leaf {tree.size} of the log is missing; seal {seal.number} cannot hold.")
                return
            tree.append(leaf[1])
        statement = seals.canonical(seal.statement(installation))
        if seal.key.public not in known or not keys.signed_by(seal.key.public, seal.signature, statement):
            yield Finding("seal", f"The signature of seal {seal.number} does not hold.")
        yield from _seal_findings(seal, number, tree.root().hex(), previous)
        previous = seals.digest(seal, installation)
    if next(leaves, None) is not None:
        yield Finding("truncated", f"The log has leaves after its last seal ({number}): a seal was removed.")


def _leaves() -> Iterator[tuple[int, bytes]]:
    with connection.chunked_cursor() as cursor:
        cursor.execute("SELECT position, hash FROM aims_leaf ORDER BY position")
        while rows := cursor.fetchmany(20_000):
            for position, leaf in rows:
                yield position, bytes(leaf)


def _key_findings(known: set[str]) -> Iterator[Finding]:
    """Every key but the first is vouched for by the one before it."""
    before = ""
    for key in SealKey.objects.order_by("id"):
        if before and not keys.signed_by(before, key.vouched, key.public.encode()):
            yield Finding("key", f"Key {key.public[:16]}… was not introduced by the key before it.")
        else:
            known.add(key.public)
        before = key.public


def _seal_findings(seal: Seal, number: int, root: str, previous: str) -> Iterator[Finding]:
    if seal.number != number:
        yield Finding("seal", f"Seal {number} is missing; the next is {seal.number}.")
    if seal.root != root:
        yield Finding("seal", f"Seal {seal.number} states another root than its leaves have.")
    if seal.previous != previous:
        yield Finding("seal", f"Seal {seal.number} does not follow the seal before it.")


def _rows(event: Any) -> Iterator[Finding]:
    """Rows against their last event: a difference was made with the triggers off."""
    model, table = event.pgh_tracked_model, event._meta.db_table
    told = {field.column for field in event._meta.fields} - {"version", "updated_at", *UNTOLD}
    columns = [f.column for f in model._meta.concrete_fields if f.column in told]
    differs = " OR ".join(
        f't."{c}" IS DISTINCT FROM e."{c}" AND NOT COALESCE(e.pgh_redacted ? \'{c}\', false)' for c in columns
    )
    key = model._meta.pk.column
    rows = _query(
        f"""
        SELECT t."{key}", e.pgh_id FROM "{model._meta.db_table}" t LEFT JOIN LATERAL (
            SELECT * FROM "{table}" e WHERE e.pgh_obj_id = t."{key}" ORDER BY e.pgh_id DESC LIMIT 1
        ) e ON true WHERE e.pgh_id IS NULL OR e.pgh_label = 'delete' OR {differs} ORDER BY 1 LIMIT {SHOWN}
        """
    )
    for object_id, event_id in rows:
        sentence = f"Row {object_id} of {model._meta.db_table} differs from its last event: changed with the trail off."
        yield Finding("state", sentence, table, event_id, _ref(object_id))
    rows = _query(
        f"""
        SELECT e.pgh_obj_id, e.pgh_id FROM "{table}" e WHERE e.pgh_label <> 'delete'
        AND NOT EXISTS (SELECT FROM "{table}" l WHERE l.pgh_obj_id = e.pgh_obj_id AND l.pgh_id > e.pgh_id)
        AND NOT EXISTS (SELECT FROM "{model._meta.db_table}" t WHERE t."{key}" = e.pgh_obj_id) ORDER BY 1 LIMIT {SHOWN}
        """
    )
    for object_id, event_id in rows:
        sentence = f"Row {object_id} of {model._meta.db_table} is gone without an event: deleted with the trail off."
        yield Finding("state", sentence, table, event_id)


def _anchored(anchors: Iterable[str]) -> Iterator[Finding]:
    """Seals kept elsewhere must stand in the chain unchanged."""
    stored = set(seals.exported())
    last = Seal.objects.order_by("-number").values_list("number", flat=True).first() or 0
    for line in anchors:
        if not line.strip():
            continue
        anchor = json.loads(line)
        if anchor["number"] > last:
            yield Finding("truncated", f"Seal {anchor['number']} was exported and is gone: the log was cut.")
        elif json.dumps(anchor, sort_keys=True) not in stored:
            yield Finding("seal", f"Seal {anchor['number']} is not the one that was exported.")


def as_job(progress: Progress) -> str:
    """Verify for the page: fails with what was found, so that it cannot be overlooked; answers the last root."""
    findings = verify(say=progress.say)
    if findings:
        raise TrailBroken("; ".join(finding.sentence for finding in findings[:5]))
    last = Seal.objects.order_by("-number").first()
    return last.root if last else ""


class TrailBroken(Exception):
    """The trail does not hold."""
