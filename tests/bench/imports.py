"""Row I: 10,000 lines of a messy sheet through a real worker, from the file to the register, and back again."""

import os
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psutil
from django.conf import settings

from aims.importing import services
from aims.models import Import
from aims.states import ImportState, LineState
from inventory.models import AISystem
from organization.models import Unit
from tests.bench.clock import Stopwatch
from tests.bench.report import Row
from tests.bench.signed import person
from tests.imports import messy
from tests.plugins.processes import launch_worker, stop

LINES = 10_000
OWNERS = ["officer@bench.example", "wide@bench.example", "typical@bench.example"]
LEFT_OUT = ("criticality", "third_party")


class Followed:
    """A worker's progress, asked for as the page asks: how long, the longest silence, the most memory."""

    def __init__(self, worker: Any) -> None:
        self.process, self.seconds, self.silence, self.memory = psutil.Process(worker.process.pid), 0.0, 0.0, 0

    def through(self, run: Import, what: str) -> Row:
        """Wait until the worker has done what the run waits for."""
        start = heard = time.monotonic()
        told: Any = None
        while True:
            now = time.monotonic()
            run = Import.objects.select_related("job").get(pk=run.pk)
            if run.job is not None and (run.job.done, run.state) != told:
                told, heard = (run.job.done, run.state), now
            self.silence = max(self.silence, now - heard)
            self.memory = max([self.memory, *(one.memory_info().rss for one in self.process.children())])
            if run.state not in ImportState.working():
                break
            time.sleep(0.1)
        assert run.state != ImportState.FAILED, run.failure
        self.seconds += time.monotonic() - start
        return Row("", f"{what} {LINES:,} lines, seconds", time.monotonic() - start, None, unit="s")


def importing(watch: Stopwatch) -> Iterator[Row]:
    """I: read, checked and imported within two minutes with progress; then taken back."""
    officer, units = person("officer"), list(Unit.objects.order_by("pk").values_list("name", flat=True)[:50])
    before = AISystem.objects.count()
    sheet = messy.workbook(messy.rows(LINES, OWNERS, units, seed=time.time_ns()))
    with tempfile.TemporaryDirectory(dir=settings.VAR) as here:
        log = Path(here) / "worker.log"
        worker = launch_worker(os.environ["DATABASE_URL"], os.environ["REDIS_URL"], log)
        try:
            followed = Followed(worker)
            run = services.begin_import(by=officer, target="system", file=sheet, name="messy.xlsx")
            yield followed.through(run, "reading")
            run.refresh_from_db()
            columns = {number: name for number, name in run.columns.items() if name not in LEFT_OUT}
            given = {"header_row": run.header_row, "meanings": {}, "orders": run.orders}
            services.confirm_columns(run, by=officer, columns=columns, **given)
            yield followed.through(run, "checking")
            run.refresh_from_db()
            services.start_import(run, by=officer, leave_wrong=True)
            yield followed.through(run, "importing")
            run.refresh_from_db()
            made = run.counts[LineState.MADE]
            assert AISystem.objects.count() == before + made
            yield Row("I", f"{LINES:,} lines from file to register, seconds", followed.seconds, None, 120, unit="s")
            yield Row("I", "longest silence of the progress meanwhile, seconds", followed.silence, None, 10, unit="s")
            yield Row("I", "most memory of the worker meanwhile", followed.memory / 1e6, None, 500, unit="MB")
            services.take_back(run, by=officer, reason="Measured.")
            yield followed.through(run, "taking back")
            assert AISystem.objects.count() == before
        finally:
            stop(worker)
