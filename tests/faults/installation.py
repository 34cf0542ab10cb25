"""A whole installation of the test's own: PostgreSQL, Valkey, web, workers and beats that may be killed and restarted."""

import json
import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psutil
from django.conf import settings

from aims.embedded.installation import Installation
from aims.embedded.places import places
from aims.embedded.postgres import ROOT, Postgres
from aims.embedded.processes import spawn
from aims.embedded.valkey import Valkey
from aims.supervisor import web_command

READY, WORK = "ready", "work"  # the database as it was made, and the copy that a test breaks
SHORT = {"JOB_LEASE_SECONDS": "2", "JOB_ATTEMPTS": "3", "VISIBILITY_SECONDS": "2", "JOB_BACKOFF_SECONDS": "1"}
PEOPLE = """
import django; django.setup()
import json
from datetime import timedelta
from aims import clock
from organization.services.tokens import issue_token, possible_scopes
from tests.factories.evidence import keeper
from tests.factories.organization import PASSWORD, root
who = keeper()
_row, secret = issue_token(who, by=who, name="faults", scopes=possible_scopes(), at=clock.now(),
                           expires_at=clock.now() + timedelta(days=30))
print(json.dumps({"token": secret, "email": who.email, "password": PASSWORD, "unit": root().pk,
                  "unit_name": root().name}))
"""


def some_port() -> int:
    """A port that the system has to spare: several installations begin at the same number."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass
class Answer:
    status: int
    headers: dict[str, str]
    text: str

    def json(self) -> Any:
        return json.loads(self.text)


@dataclass
class Own:
    """Its parts by name; everything ends with the test."""

    base: Path
    database: Postgres
    broker: Valkey
    port: int
    env: dict[str, str] = field(default_factory=dict)
    who: dict[str, Any] = field(default_factory=dict)
    processes: list["subprocess.Popen[bytes]"] = field(default_factory=list)
    fresh: dict[str, str] = field(default_factory=dict)

    def start(self) -> None:
        self.database.start()
        self.broker.start()
        with self.database.connect("postgres") as outside:
            outside.execute(f"CREATE DATABASE {READY}")
        self.env = {
            **os.environ,
            "DATABASE_URL": self.database.url(ROOT, READY),
            "REDIS_URL": self.broker.url(),
            "AIMS_TEST_VAR": str(self.base / "files"),
            "DJANGO_SETTINGS_MODULE": "tests.settings",
            "SECRET_KEY": secrets.token_urlsafe(60),
            "REAP_SECONDS": "1",
            "DUE_SECONDS": "1",
            "LOG_LEVEL": "WARNING",
            "WEB_WORKERS": "1",
            "TMPDIR": str(self.folder("tmp")),
        }
        self.run([sys.executable, "manage.py", "migrate", "--verbosity", "0"])
        self.who = json.loads(self.run([sys.executable, "-c", PEOPLE]).splitlines()[-1])
        self.fresh = {**self.env, "DATABASE_URL": self.database.url(ROOT, WORK)}

    def renew(self) -> None:
        """Servers up, no other process, the database as it was at first, no file kept."""
        for one in self.processes:
            kill(one)
        self.processes, self.env = [], {**self.fresh, **SHORT}
        if self.database.process is None or self.database.process.poll() is not None:
            self.database.start()
        self.broker.stop()
        self.broker.start()
        with self.database.connect("postgres") as outside:
            outside.execute(f"DROP DATABASE IF EXISTS {WORK} WITH (FORCE)")
            outside.execute(f"CREATE DATABASE {WORK} TEMPLATE {READY}")
        for name in ("files", "tmp", "log"):
            shutil.rmtree(self.base / name, ignore_errors=True)
        self.folder("tmp")
        self.folder("log")

    def folder(self, name: str) -> Path:
        made = self.base / name
        made.mkdir(parents=True, exist_ok=True)
        return made

    def run(self, command: Sequence[str]) -> str:
        done = subprocess.run(
            list(command), env=self.env, cwd=settings.BASE_DIR, capture_output=True, text=True, timeout=900, check=False
        )
        assert done.returncode == 0, done.stderr[-3000:]
        return done.stdout

    def script(self, text: str) -> str:
        """Python run inside the installation."""
        return self.run([sys.executable, "-c", f"import django; django.setup()\n{text}"])

    def spawn(self, name: str, command: Sequence[str], **more: str) -> "subprocess.Popen[bytes]":
        with (self.folder("log") / f"{name}.log").open("ab") as output:
            made = spawn(list(command), env={**self.env, **more}, output=output, cwd=Path(settings.BASE_DIR))
        self.processes.append(made)
        return made

    def web(self, before: Sequence[str] = ()) -> "subprocess.Popen[bytes]":
        made = self.spawn("web", [*before, *web_command([f"127.0.0.1:{self.port}"])])
        until(lambda: self.get("/health/live").status == 200, "the web answers", self.words)
        return made

    def worker(self, name: str = "worker", before: Sequence[str] = ()) -> "subprocess.Popen[bytes]":
        return self.spawn(name, [*before, *celery("worker", "-c", "1", "--without-gossip", "-n", f"{name}@%h")])

    def beat(self, name: str = "beat") -> "subprocess.Popen[bytes]":
        return self.spawn(
            name, celery("beat", "--scheduler", "celery.beat:Scheduler", "--pidfile=", "--max-interval=1")
        )

    def get(self, path: str, **headers: str) -> Answer:
        return self.ask("GET", path, None, headers)

    def post(self, path: str, data: Any, **headers: str) -> Answer:
        return self.ask("POST", path, json.dumps(data).encode(), {"Content-Type": "application/json", **headers})

    def upload(self, path: str, fields: dict[str, str], name: str, content: bytes) -> Answer:
        edge = "edge-of-a-part"
        parts = [f'--{edge}\r\nContent-Disposition: form-data; name="{k}"\r\n\r\n{v}\r\n' for k, v in fields.items()]
        head = f'--{edge}\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n\r\n'
        body = "".join(parts).encode() + head.encode() + content + f"\r\n--{edge}--\r\n".encode()
        return self.ask("POST", path, body, {"Content-Type": f"multipart/form-data; boundary={edge}"})

    def ask(self, method: str, path: str, body: bytes | None, headers: dict[str, str]) -> Answer:
        """Status 0: nobody answered at all."""
        url = f"http://localhost:{self.port}{path}"
        asked = urllib.request.Request(url, data=body, method=method, headers=headers)
        if path.startswith("/api/") and self.who:
            asked.add_header("Authorization", f"Bearer {self.who['token']}")
        try:
            with urllib.request.urlopen(asked, timeout=30) as got:
                return Answer(got.status, dict(got.headers), got.read().decode())
        except urllib.error.HTTPError as error:
            return Answer(error.code, dict(error.headers), error.read().decode())
        except OSError as error:
            return Answer(0, {}, str(error))

    def rows(self, statement: str, *values: Any) -> list[Any]:
        """What the database itself says."""
        with self.database.connect(WORK) as connection:
            return connection.execute(statement, values).fetchall()

    def words(self) -> str:
        """The last words of every process."""
        logs = [*sorted((self.base / "log").glob("*.log")), self.database.log]
        return "\n".join(f"--- {log.name}\n{log.read_text(errors='replace')[-1500:]}" for log in logs if log.exists())

    def crash_database(self) -> None:
        """As a power cut would: no goodbye to anybody."""
        assert self.database.process is not None
        self.database.process.send_signal(signal.SIGQUIT)
        self.database.process.wait(30)

    def stop(self) -> None:
        with ExitStack() as stack:
            stack.callback(self.database.stop)
            stack.callback(self.broker.stop)
            for one in reversed(self.processes):
                stack.callback(kill, one)


def celery(*words: str) -> list[str]:
    return [sys.executable, "-m", "celery", "-A", "aims", *words]


def kill(process: "subprocess.Popen[bytes]") -> None:
    """The process and everything it started, at once."""
    if process.poll() is None:
        family = [*psutil.Process(process.pid).children(recursive=True), psutil.Process(process.pid)]
        for one in family:
            try:
                one.kill()
            except psutil.NoSuchProcess:
                continue
        process.wait(30)


def until(met: Callable[[], Any], what: str, words: Callable[[], str] = str, seconds: float = 60) -> Any:
    """Ask again until it is so; fail with what was awaited and what the processes said."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if found := met():
            return found
        time.sleep(0.1)
    raise AssertionError(f"waited {seconds} s in vain until {what}\n{words()}")


def build() -> Own:
    """Started, migrated, with one person and their token."""
    base = Path(settings.BASE_DIR) / "var" / "test"
    base.mkdir(parents=True, exist_ok=True)
    for directory in (base.parent, base):
        directory.chmod(0o711)
    where = places(Path(tempfile.mkdtemp(prefix="fault-", dir=base)))
    where.make()
    own = Own(where.var, Postgres(where, Installation().passwords), Valkey(where, durable=False), some_port())
    try:
        own.start()
    except BaseException:
        own.stop()
        raise
    return own
