"""Rows E2 and E3: what sealing costs those who write, and how long verifying a million events takes."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from hashlib import sha256

from django.db import connection

from aims import merkle, seals, verify
from aims.models import Leaf
from tests.bench import fill
from tests.bench.clock import Stopwatch
from tests.bench.report import Row

WRITERS, SECONDS = 8, 15


def verification(watch: Stopwatch) -> Iterator[Row]:
    """E3: the whole trail recomputed, against one pass of hashing over as many leaves."""
    fill.history()
    start = time.monotonic()
    seals.seal_new_events()
    yield Row("", f"sealing {Leaf.objects.count():,} events", (time.monotonic() - start) * 1000, None)
    leaves = Leaf.objects.count()
    start = time.monotonic()
    findings = verify.verify()
    took = (time.monotonic() - start) * 1000
    assert not findings, findings[:3]
    start = time.monotonic()
    _hashed(leaves)
    floor = (time.monotonic() - start) * 1000
    yield Row("E3", f"verifying {leaves:,} events, seconds of wall time", took / 1000, None, 60, unit="s")
    yield Row("E3", f"verifying {leaves:,} events / reading and hashing their contents once", took, floor, 3)


def _hashed(leaves: int) -> bytes:
    """What nobody can do without: the content of every event, hashed, and the tree over it."""
    tree = merkle.Range()
    with connection.chunked_cursor() as cursor:
        cursor.execute("SELECT content FROM trail.every")
        while rows := cursor.fetchmany(20_000):
            for (content,) in rows:
                tree.append(sha256(b"\x00" + content.encode()).digest())
    assert tree.size >= leaves
    return tree.root()


def throughput(watch: Stopwatch) -> Iterator[Row]:
    """E2: changes a second of eight writers: without trail, with it, and with a sealer beside them."""
    plain = _writers(trail=False)
    tracked = _writers(trail=True)
    seals.seal_new_events()  # what waits from before is nobody's change: the sealer begins with a clean desk
    sealed = _writers(trail=True, seal=True)
    unit = "changes/s"
    yield Row("E2", "tracked, not sealed, 8 writers / without trail", tracked, plain, None, unit=unit)
    yield Row("E2", "tracked and sealed, 8 writers / tracked, not sealed", sealed, tracked, 0.9, unit=unit, least=True)
    yield Row("E2", "tracked and sealed, 8 writers / without trail", sealed, plain, 0.65, unit=unit, least=True)
    seals.seal_new_events()
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM trail.every e WHERE NOT EXISTS "
            "(SELECT FROM aims_leaf l WHERE l.source = e.source AND l.event_id = e.event_id)"
        )
        yield Row("E2", "events left without a seal afterwards", cursor.fetchone()[0], None, 0, unit="events")


def _writers(*, trail: bool, seal: bool = False) -> float:
    """Changes a second of WRITERS processes over SECONDS."""
    table = "inventory_aisystem"
    if not trail:
        _triggers(table, "DISABLE")
    try:
        command = [sys.executable, "-m", "tests.bench.writer"]
        environment = {**os.environ, "BENCH_SECONDS": str(SECONDS), "BENCH_TRAIL": "1" if trail else ""}
        many = [
            subprocess.Popen([*command, str(number)], env=environment, stdout=subprocess.PIPE, text=True)
            for number in range(WRITERS)
        ]
        if seal:
            _seal_beside(many)
        return sum(float(one.communicate()[0]) for one in many)
    finally:
        if not trail:
            _triggers(table, "ENABLE")


def _seal_beside(writers: list["subprocess.Popen[str]"]) -> None:
    """Seal again and again, far more often than each minute, until the writers are done."""
    while any(writer.poll() is None for writer in writers):
        seals.seal_new_events()
        time.sleep(1)


def _triggers(table: str, state: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f'ALTER TABLE "{table}" {state} TRIGGER USER')
