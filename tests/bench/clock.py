"""CPU seconds of a piece of work: this process and its PostgreSQL backend together."""

import statistics
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.db import connection


def backend_pid() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        return int(cursor.fetchone()[0])


class Stopwatch:
    """Counts CPU where the backend's process can be read, else wall time."""

    def __init__(self) -> None:
        self.stat = Path(f"/proc/{backend_pid()}/schedstat")
        self.wall = not self.stat.exists()

    def read(self) -> float:
        if self.wall:
            return time.perf_counter()
        return time.process_time() + int(self.stat.read_text().split()[0]) / 1e9

    def best(self, work: Callable[[], Any], *, repeat: int = 30) -> float:
        """Median milliseconds of one run, after two to warm up."""
        work(), work()
        times = []
        for _again in range(repeat):
            start = self.read()
            work()
            times.append((self.read() - start) * 1000)
        return statistics.median(times)

    def in_turns(
        self, *sides: tuple[Callable[[], Any], Callable[[], Any]], rounds: int = 6, repeat: int = 50
    ) -> list[float]:
        """The same of several pieces of work, each within its context, by turns: what else the machine does falls on all."""
        times: list[list[float]] = [[] for _side in sides]
        for _round in range(rounds):
            for found, (context, work) in zip(times, sides, strict=True):
                with context():
                    found.append(self.best(work, repeat=repeat))
        return [statistics.median(found) for found in times]
