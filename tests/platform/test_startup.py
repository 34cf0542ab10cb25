"""`make run` as a person meets it: start, stop, start again, crash, start again. Real servers, real processes."""

import os
import re
import signal
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import psycopg
import pytest

from aims.embedded.installation import Installation, read_environment
from aims.embedded.places import places
from aims.embedded.postgres import APP

CHECKOUT = Path(__file__).resolve().parents[2]
OURS = ("DATABASE_URL", "DATABASE_OWNER_URL", "REDIS_URL", "SECRET_KEY", "AIMS_", "DJANGO_", "PORT", "DEBUG", "PYTEST_")
PATIENCE = 240  # seconds; the other tests keep the processors busy


class Run:
    """One `python -m aims.supervisor` and what it said."""

    def __init__(self, var: Path) -> None:
        self.var = var
        env = {key: value for key, value in os.environ.items() if not key.startswith(OURS)}
        self.said = var.parent / f"said-{time.monotonic_ns()}"
        self.started = time.monotonic()
        with self.said.open("wb") as out:
            command = [sys.executable, "-m", "aims.supervisor", "--empty"]
            env |= {"AIMS_VAR": str(var), "PORT": "18000"}
            self.process = subprocess.Popen(command, cwd=CHECKOUT, env=env, stdout=out, stderr=out)

    def text(self) -> str:
        return self.said.read_text()

    def log(self) -> str:
        file = self.var / "log" / "aims.log"
        return file.read_text() if file.exists() else ""

    def ready(self) -> "Run":
        self.wait(lambda: "Ctrl-C stops everything." in self.text(), "it is ready")
        return self

    def wait(self, met: Callable[[], bool], what: str) -> None:
        end = time.monotonic() + PATIENCE
        while not met():
            told = self.text() + self.log()[-2000:]
            assert time.monotonic() < end, f"waited in vain until {what}: {told}"
            assert self.process.poll() is None or what == "it ends", f"ended before {what}: {told}"
            time.sleep(0.1)

    @property
    def address(self) -> str:
        return next(word for word in self.text().split() if word.startswith("http://localhost:"))

    def children(self) -> list[psutil.Process]:
        return psutil.Process(self.process.pid).children(recursive=True)

    def end(self, how: signal.Signals) -> int:
        self.process.send_signal(how)
        return self.process.wait(PATIENCE)


@pytest.fixture
def var() -> Iterator[Path]:
    """An empty `var/` that the servers' account can reach."""
    with tempfile.TemporaryDirectory(prefix="aims-start-") as folder:
        Path(folder).chmod(0o711)
        yield Path(folder) / "var"


def get(address: str) -> tuple[int, str]:
    with urllib.request.urlopen(address, timeout=20) as answer:
        return answer.status, answer.read().decode()


def mark_of(var: Path) -> str:
    """The id that the first migration wrote into the database."""
    where = places(var)
    secrets = Installation.load(var).passwords
    with psycopg.connect(host=str(where.sockets), user=APP, password=secrets[APP], dbname="aims") as connection:
        found = connection.execute("SELECT id, kind FROM aims_installation").fetchone()
    assert found is not None
    assert found[1] == "real"
    return str(found[0])


def manage(var: Path, *arguments: str) -> str:
    """`manage.py` without any address speaks to what runs here. Answers the last line it printed."""
    env = {key: value for key, value in os.environ.items() if not key.startswith(OURS)} | {"AIMS_VAR": str(var)}
    command = [sys.executable, "manage.py", *arguments]
    done = subprocess.run(command, cwd=CHECKOUT, env=env, capture_output=True, text=True, check=True)
    return done.stdout.strip().splitlines()[-1]


def gone(processes: list[psutil.Process]) -> bool:
    return not [one for one in processes if one.is_running() and one.status() != psutil.STATUS_ZOMBIE]


@pytest.mark.fault
@pytest.mark.xdist_group("startup")
def test_start_stop_crash_and_start_again(var: Path) -> None:
    run = Run(var).ready()
    assert get(f"{run.address}/health/ready") == (200, '{"ready": true, "reasons": {}, "degraded": {}}')
    status, page = get(f"{run.address}/account/login/")
    assert (status, "<form" in page) == (200, True)
    styles = re.findall(r'href="(/static/[^"]+\.css)"', page)
    assert styles and {get(f"{run.address}{style}")[0] for style in styles} == {200}, "pages come without their looks"
    mark = mark_of(var)
    for closed in ("installation.json", "run/environment.json"):
        assert (var / closed).stat().st_mode & 0o077 == 0, f"{closed} is open to others"

    assert read_environment(var)["AIMS_URL"] == run.address
    assert manage(var, "shell", "-c", "from django.conf import settings as s; print(s.INSTALLATION_KIND)") == "real"

    run.wait(lambda: '"logger": "celery.apps.worker"' in run.log() and "beat |" in run.log(), "worker and beat work")
    assert "ended" not in run.text()

    second = Run(var)
    assert second.process.wait(PATIENCE) == 1
    assert f"AIMS runs here already: {run.address}" in second.text()

    web = next(one for one in run.children() if "gunicorn" in " ".join(one.cmdline()))
    web.kill()
    run.wait(lambda: "web ended (-9)" in run.text(), "the fall is noticed")
    run.wait(lambda: _answers(run.address), "the web is back")

    processes = run.children()
    assert run.end(signal.SIGINT) == 0
    assert gone(processes)

    run = Run(var).ready()
    assert mark_of(var) == mark
    processes = run.children()
    run.process.kill()
    run.process.wait()
    _, alive = psutil.wait_procs(processes, timeout=30)
    assert gone(alive), "children outlive a killed supervisor"

    run = Run(var).ready()
    assert mark_of(var) == mark
    assert _answers(run.address)
    processes = run.children()
    assert run.end(signal.SIGHUP) == 0
    assert gone(processes)


def _answers(address: str) -> bool:
    try:
        return get(f"{address}/health/ready")[0] == 200
    except OSError:
        return False
