"""`make run`: starts database, broker, web, worker and beat, watches them, stops them in order.

One process, one thread. Children are told by the kernel when it dies, so nothing outlives it and nothing blocks the
next start. `DATABASE_URL` and `REDIS_URL` replace the embedded database and broker.
"""

import json
import logging
import os
import selectors
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from logging.handlers import RotatingFileHandler
from pathlib import Path
from typing import Any

from aims.embedded.installation import (
    Installation,
    listen,
    note_running,
    only_one,
    write_environment,
)
from aims.embedded.places import Places, Unable, places
from aims.embedded.postgres import APP, OWNER, Postgres
from aims.embedded.processes import spawn, stop
from aims.embedded.valkey import Valkey
from aims.gate import GATE

CHECKOUT = Path(__file__).resolve().parent.parent
FIRST_PAUSE, LONGEST_PAUSE, STEADY_AFTER = 0.5, 30.0, 60.0
DEMO, REAL = "aims_demo", "aims"
PATIENCE = 60.0  # seconds until the first page must answer


class Stopped(Exception):
    """Somebody asked us to stop."""


@dataclass
class Child:
    """One process to keep alive: how it starts, how it stops, how often it fell."""

    name: str
    start: Callable[[], "subprocess.Popen[bytes]"]
    stop_signal: signal.Signals = signal.SIGTERM
    patience: float = 10.0
    process: "subprocess.Popen[bytes] | None" = None
    pause: float = FIRST_PAUSE
    started: float = 0.0
    due: float = 0.0

    def fell(self) -> bool:
        return self.process is not None and self.process.poll() is not None

    def rest(self, now: float) -> None:
        """Note the fall and when to try again: at once-ish at first, ever later while it keeps falling."""
        if now - self.started > STEADY_AFTER:
            self.pause = FIRST_PAUSE
        self.process, self.due = None, now + self.pause
        self.pause = min(self.pause * 2, LONGEST_PAUSE)


@dataclass
class Supervisor:
    where: Places
    empty: bool
    me: Installation
    env: dict[str, str] = field(default_factory=dict)
    services: list[Postgres | Valkey] = field(default_factory=list)
    children: list[Child] = field(default_factory=list)
    waiting: selectors.BaseSelector = field(default_factory=selectors.DefaultSelector)
    listening: list[socket.socket] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.log = open_log(self.where.var)

    def run(self) -> None:
        """Start everything, print the address, watch until told to stop."""
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, _stop)
        try:
            self.start_services()
            with self.web_waiting():
                sign_ins = self.prepare()
            self.start_application()
            self.announce(sign_ins)
            self.watch()
        except Stopped:
            say("Stopping…")
        finally:
            self.stop_all()

    def start_services(self) -> None:
        """Start what no address replaces, and gather the environment of everything that follows."""
        self.listening = listen(int(os.environ.get("PORT", "0")) or self.me.port)
        self.me.port = self.listening[0].getsockname()[1]
        self.me.save(self.where.var)
        name, kind, number = (REAL, "real", 0) if self.empty else (DEMO, "demo", 1)
        database = self._embedded_database(name) if "DATABASE_URL" not in os.environ else None
        own = own_environment(self.where, self.me, name, kind, database)
        if "REDIS_URL" not in os.environ:
            own |= self._embedded_broker(number)
        self.env = {**os.environ, **{key: os.environ.get(key, value) for key, value in own.items()}}
        write_environment(self.where.var, {key: self.env[key] for key in own})

    def _embedded_database(self, name: str) -> Postgres:
        if self.where.moved:
            say(f"The database lies in {self.where.services}: the server's account cannot enter {self.where.var}.")
        database = Postgres(self.where, self.me.passwords)
        self._watch_service(database)
        database.ensure_database(name)
        return database

    def _embedded_broker(self, number: int) -> dict[str, str]:
        broker = Valkey(self.where)
        self._watch_service(broker)
        return {"REDIS_URL": broker.url(number)}

    def _watch_service(self, service: Postgres | Valkey) -> None:
        self.services.append(service)
        service.start()

        def again() -> "subprocess.Popen[bytes]":
            service.start()
            assert service.process is not None
            return service.process

        child = Child(service.name, again, service.stop_signal, 20)
        child.process, child.started = service.process, time.monotonic()
        self.children.append(child)

    def prepare(self) -> list[list[str]]:
        """Migrate and load what is missing; answers the sign-ins to print."""
        say("Preparing the database…")
        rows = self.where.var / "run" / "sign-ins.json"
        rows.unlink(missing_ok=True)
        process = self._spawn([sys.executable, "manage.py", "prepare", "--sign-ins", str(rows)], None)
        try:
            if process.wait() != 0:
                raise Unable("The database could not be prepared; the reason stands above.")
        finally:
            stop(process, signal.SIGTERM, 10)
        found: list[list[str]] = json.loads(rows.read_text()) if rows.exists() else []
        return found

    @contextmanager
    def web_waiting(self) -> Iterator[None]:
        """Web loads the program meanwhile, and answers afterwards; where this fails, never."""
        held, (gate, ours) = [one.fileno() for one in self.listening], os.pipe()
        command = web_command([f"fd://{number}" for number in held], gate)
        self._add("web", command, sockets=[*held, gate])
        yield
        os.close(ours)

    def start_application(self) -> None:
        """Web first, so that the first page is there soonest; worker and beat follow once it answers."""
        self._wait_ready()
        self._add("worker", worker_command(), patience=15)
        self._add("beat", beat_command())

    def _add(self, name: str, command: Sequence[str], patience: float = 10, sockets: Sequence[int] = ()) -> None:
        child = Child(name, lambda: self._spawn(command, name, sockets), patience=patience)
        self.children.append(child)
        self._start(child)

    def _spawn(
        self, command: Sequence[str], name: str | None, sockets: Sequence[int] = ()
    ) -> "subprocess.Popen[bytes]":
        """Start a child whose words go to the log under its name, or to the terminal when it has none."""
        if name is None:
            return spawn(command, env=self.env, output=sys.stdout.fileno(), cwd=CHECKOUT)
        process = spawn(command, env=self.env, output=subprocess.PIPE, cwd=CHECKOUT, sockets=sockets)
        assert process.stdout is not None
        os.set_blocking(process.stdout.fileno(), False)
        self.waiting.register(process.stdout, selectors.EVENT_READ, name)
        return process

    def _start(self, child: Child) -> None:
        child.started = time.monotonic()
        child.process = child.start()

    def _wait_ready(self) -> None:
        deadline = time.monotonic() + PATIENCE
        while not answers(f"http://127.0.0.1:{self.me.port}/health/live"):
            self._turn(0.05)
            if time.monotonic() > deadline or self._child("web").pause > FIRST_PAUSE * 4:
                raise Unable(f"The web process does not answer; {self.where.var / 'log' / 'aims.log'} says why.")

    def _child(self, name: str) -> Child:
        return next(child for child in self.children if child.name == name)

    def announce(self, sign_ins: list[list[str]]) -> None:
        address = self.env["AIMS_URL"]
        note_running(self.where.var, f"{address} (process {os.getpid()})")
        say(f"\nAIMS is ready: {address}")
        for _label, link, password in sign_ins:
            if not password:
                say(f"Set it up here (the link works once, for seven days): {link}")
        people = [row for row in sign_ins if row[2]]
        if people:
            say("Sign in as")
            width = max(len(row[1]) for row in people)
            for label, email, password in people:
                say(f"  {email:<{width}}  {password}  {label}")
        say(f"Logs: {self.where.var / 'log'}. Ctrl-C stops everything.")

    def watch(self) -> None:
        while True:
            self._turn(1.0)

    def _turn(self, seconds: float) -> None:
        """Pass on what children say for a moment, then raise those that fell."""
        for key, _events in self.waiting.select(seconds):
            self._read(key)
        now = time.monotonic()
        for child in self.children:
            if child.fell():
                assert child.process is not None
                say(f"{child.name} ended ({child.process.returncode}); starting it again in {child.pause:g} s.")
                self.log.info("%s | ended with %s", child.name, child.process.returncode)
                child.rest(now)
            if child.process is None and now >= child.due:
                self._raise(child)

    def _raise(self, child: Child) -> None:
        try:
            self._start(child)
        except (Unable, OSError) as error:
            say(f"{child.name}: {error}")
            child.rest(time.monotonic())

    def _read(self, key: selectors.SelectorKey) -> None:
        pipe: Any = key.fileobj
        text = pipe.read()
        if not text:
            self.waiting.unregister(pipe)
            pipe.close()
            return
        for line in text.decode(errors="replace").splitlines():
            self.log.info("%s | %s", key.data, line)

    def stop_all(self) -> None:
        """Stop in the opposite order of starting: who asks before who answers. A second request changes nothing."""
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, signal.SIG_IGN)
        self._stop_together([child for child in self.children if child.name in {"web", "worker", "beat"}])
        for child in reversed(self.children):
            if child.process:
                stop(child.process, child.stop_signal, child.patience)
        for service in self.services:
            service.stop()
        while any(self.waiting.select(0)):
            for key, _events in self.waiting.select(0):
                self._read(key)

    @staticmethod
    def _stop_together(children: list[Child]) -> None:
        for child in children:
            if child.process and child.process.poll() is None:
                child.process.send_signal(child.stop_signal)


def own_environment(where: Places, me: Installation, name: str, kind: str, database: Postgres | None) -> dict[str, str]:
    """What this checkout brings itself; of the database and what belongs to it only where it is the embedded one."""
    own = {
        "AIMS_ID": me.id,
        "AIMS_URL": f"http://localhost:{me.port}",
        "AIMS_VAR": str(where.var),
        "SECRET_KEY": me.secret_key,
    }
    if database is None:
        return own
    return own | {
        "DATABASE_URL": database.url(APP, name),
        "DATABASE_OWNER_URL": database.url(OWNER, name),
        "AIMS_KIND": kind,
        "AIMS_FILES": str(where.var / "files" / name),
        "SEAL_KEY_FILE": str(where.var / "keys" / name / "seal.pem"),
    }


def _stop(_number: int, _frame: object) -> None:
    raise Stopped


def say(text: str) -> None:
    """To the terminal; a terminal that is gone must not keep us from stopping."""
    with suppress(OSError):
        print(text, flush=True)  # noqa: T201


def open_log(var: Path) -> logging.Logger:
    """One file for all children, each line under its name; ten megabytes, three old ones."""
    log = logging.getLogger("aims.supervisor")
    handler = RotatingFileHandler(var / "log" / "aims.log", maxBytes=10_000_000, backupCount=3, delay=True)
    handler.setFormatter(logging.Formatter("%(message)s"))
    log.handlers, log.propagate = [handler], False
    log.setLevel(logging.INFO)
    return log


def answers(url: str) -> bool:
    """Whether a page answers there by now."""
    try:
        with urllib.request.urlopen(url, timeout=2) as response:  # noqa: S310
            return bool(response.status == 200)
    except (urllib.error.URLError, OSError):
        return False


def web_command(addresses: Sequence[str], gate: int | None = None) -> list[str]:
    """The web server at each address: `host:port`, or `fd://` and the number of a socket that listens already.

    It answers once the other end of the pipe `gate` is closed.
    """
    binds = [word for address in addresses for word in ("--bind", address)]
    reload = ["--reload"] if os.environ.get("DEBUG", "").lower() in {"1", "true", "yes", "on"} else ["--preload"]
    wait = [] if gate is None else ["--env", f"{GATE}={gate}"]
    return [
        sys.executable, "-m", "gunicorn", "aims.wsgi", *binds, *reload, *wait,
        "--workers", os.environ.get("WEB_WORKERS", "2"), "--threads", os.environ.get("WEB_THREADS", "4"),
        "--worker-class", "gthread", "--timeout", "60", "--graceful-timeout", "5", "--no-control-socket",
        "--log-level", "warning",
    ]  # fmt: skip


def worker_command() -> list[str]:
    return [
        sys.executable, "-m", "celery", "--quiet", "--app", "aims.celery", "worker", "--pool", "prefork",
        "--concurrency", os.environ.get("WORKER_CONCURRENCY", "2"), "--without-gossip", "--without-mingle",
    ]  # fmt: skip


def beat_command() -> list[str]:
    """The schedule is code, so it needs no file: what a crash could spoil does not exist."""
    return [sys.executable, "-m", "celery", "--app", "aims.celery", "beat", "--scheduler", "celery.beat:Scheduler",
            "--pidfile="]  # fmt: skip


def var_directory() -> Path:
    return Path(os.environ.get("AIMS_VAR") or CHECKOUT / "var")


def main(arguments: Sequence[str]) -> int:
    """`python -m aims.supervisor [--empty]`."""
    try:
        where = places(var_directory())
        where.make()
        with only_one(where.var):
            Supervisor(where, "--empty" in arguments, Installation.load(where.var)).run()
    except (Unable, Stopped) as error:
        if str(error):
            say(str(error))
        return 1 if isinstance(error, Unable) else 0
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
