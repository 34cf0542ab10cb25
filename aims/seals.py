"""Sealing the trail: new events become leaves of a Merkle tree whose root is signed and chained (clause 7.5.3).

Writes never wait for it. Events are taken up to the snapshot's horizon, so that a transaction which commits late is
never skipped.
"""

import json
from collections.abc import Iterator, Mapping
from hashlib import sha256
from typing import Any

from django.db import connection, transaction
from psycopg import sql

from aims import keys, merkle
from aims.facts import SealMade
from aims.models import Installation, Seal
from aims.registry import registry

_LOCK = 0x41494D53  # one sealer at a time
BATCH = 50_000

# Events of finished transactions that have no leaf yet, in the tables where there are any. After a restore into another
# cluster transaction numbers begin anew: numbers the cluster has not reached yet belong to the past. Events are hashed
# once it is known which of them the batch takes.
_TABLES = "SELECT trail.arrived(%(low)s::xid8, %(horizon)s::xid8, %(unreached)s::xid8)"
_ARRIVED = """
    SELECT source, event_id, recorded_at FROM trail.{}
    WHERE (xid >= %(low)s::xid8 AND xid < %(horizon)s::xid8) OR xid >= %(unreached)s::xid8
"""
_HASHED = """
    SELECT n.place, n.source, n.event_id, e.hash FROM new n JOIN trail.{0} e ON e.event_id = n.event_id
    WHERE n.source = {1}
"""
_NEW = """
    WITH new AS MATERIALIZED (
        SELECT row_number() OVER (ORDER BY recorded_at, source, event_id) AS place, source, event_id FROM ({}) e
        WHERE NOT EXISTS (SELECT FROM aims_leaf l WHERE l.source = e.source AND l.event_id = e.event_id)
        ORDER BY place LIMIT %(batch)s
    )
    INSERT INTO aims_leaf (position, source, event_id, hash)
    SELECT %(base)s - 1 + place, source, event_id, hash FROM ({}) hashed RETURNING position, hash
"""


def canonical(statement: Mapping[str, Any]) -> bytes:
    """Bytes that are signed: JSON with sorted keys and no spaces (RFC 8785 for text and whole numbers)."""
    return json.dumps(statement, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def digest(seal: Seal, installation: Any = None) -> str:
    """What the next seal names as its predecessor."""
    statement = seal.statement(installation or installation_id())
    return sha256(canonical(statement) + bytes.fromhex(seal.signature)).hexdigest()


def installation_id() -> Any:
    return Installation.objects.get().pk


def seal_new_events() -> Seal | None:
    """Seal every finished event that has no leaf yet. None when there is none or another sealer is at work."""
    sealed = None
    while (one := _seal_batch()) is not None:
        sealed = one
        if one.size - _size_before(one) < BATCH:
            break
    return sealed


def _size_before(seal: Seal) -> int:
    before = Seal.objects.filter(number=seal.number - 1).first()
    return before.size if before else 0


def _seal_batch() -> Seal | None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [_LOCK])
        if not cursor.fetchone()[0]:
            return None
        last = Seal.objects.order_by("-number").first()
        horizon, unreached = _horizon(cursor)
        tree = merkle.Range((leaves, bytes.fromhex(peak)) for leaves, peak in (last.peaks if last else ()))
        low = last.horizon if last and int(last.horizon) <= int(horizon) else "0"
        values = {"base": tree.size, "low": low, "horizon": horizon, "unreached": unreached, "batch": BATCH}
        fresh = _fresh(cursor, values)
        if not fresh:
            return None
        for _position, leaf in fresh:
            tree.append(bytes(leaf))
        # A full batch leaves events below the horizon: the next one starts where this one did.
        return _sign(cursor, last, tree, low if len(fresh) == BATCH else horizon)


def _fresh(cursor: Any, values: Mapping[str, Any]) -> list[tuple[int, Any]]:
    """The next leaves, written down: position and hash, in order."""
    cursor.execute(_TABLES, values)
    tables = [table for (table,) in cursor.fetchall()]
    if not tables:
        return []
    arrived, hashed = (
        sql.SQL(" UNION ALL ").join(sql.SQL(part).format(sql.Identifier(table), sql.Literal(table)) for table in tables)
        for part in (_ARRIVED, _HASHED)
    )
    cursor.execute(sql.SQL(_NEW).format(arrived, hashed), values)
    return sorted(cursor.fetchall())


def _horizon(cursor: Any) -> tuple[str, str]:
    """Every transaction below the first number is finished; none at or above the second has begun."""
    cursor.execute(
        "SELECT pg_snapshot_xmin(s)::text, pg_snapshot_xmax(s)::text FROM (SELECT pg_current_snapshot() AS s) one"
    )
    first, second = cursor.fetchone()
    return first, second


def _sign(cursor: Any, last: Seal | None, tree: merkle.Range, horizon: str) -> Seal:
    cursor.execute("SELECT clock_timestamp()")
    key = keys.signing_key()
    seal = Seal(
        number=last.number + 1 if last else 1,
        size=tree.size,
        root=tree.root().hex(),
        previous=digest(last) if last else "",
        peaks=[[leaves, peak.hex()] for leaves, peak in tree.peaks],
        horizon=horizon,
        sealed_at=cursor.fetchone()[0],
        key=keys.current(key),
    )
    seal.signature = key.sign(canonical(seal.statement(installation_id()))).hex()
    seal.save(force_insert=True)
    registry.announce(SealMade(seal))
    return seal


def exported(after: int = 0) -> Iterator[str]:
    """Seals as JSON lines, oldest first, to be kept elsewhere: `manage.py verify_trail --anchors` checks against them."""
    installation = installation_id()
    for seal in Seal.objects.filter(number__gt=after).select_related("key").iterator():
        yield json.dumps({**seal.statement(installation), "signature": seal.signature}, sort_keys=True)


def leaf_hashes(size: int) -> list[bytes]:
    """The first `size` leaf hashes in order."""
    return [leaf for block in leaf_blocks(size) for leaf in block]


def leaf_blocks(size: int) -> Iterator[list[bytes]]:
    """The first `size` leaf hashes in order, many at a time; a block in which one is missing is empty, and the last."""
    for start in range(0, size, BATCH):
        end = min(start + BATCH, size)
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT count(*), string_agg(hash, ''::bytea ORDER BY position) FROM aims_leaf "
                "WHERE position >= %s AND position < %s AND length(hash) = 32",
                [start, end],
            )
            count, joined = cursor.fetchone()
        if count != end - start:
            yield []
            return
        yield [joined[at : at + 32] for at in range(0, 32 * count, 32)]
