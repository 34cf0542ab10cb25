"""`python -m aims.embedded.borrow [--memory] COMMAND`: run a command beside a PostgreSQL and a Valkey of its own.

For tests and measurements. The servers are fast instead of safe, start empty and are gone afterwards; with `--memory`
their files lie in main memory where there is plenty, which spares tests that copy databases most of their waiting.
Addresses that the environment names already are left as they are.
"""

import os
import secrets
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from types import FrameType

from aims.embedded.installation import Installation
from aims.embedded.places import Unable, places
from aims.embedded.postgres import ROOT, Postgres
from aims.embedded.valkey import Valkey
from aims.supervisor import var_directory

MEMORY = Path("/dev/shm")  # noqa: S108 - each run has a folder of its own there, closed to others
PLENTY = 6 << 30  # bytes that must be free in memory: a run was seen to use 500 million
OURS = "aims-test-"


def run(command: Sequence[str], *, memory: bool = False) -> int:
    """Run the command; answers its exit code."""
    where = places(_memory() if memory and _plenty() else _disk())
    env = {
        "SECRET_KEY": secrets.token_urlsafe(60),
        "AIMS_KIND": "test",
        "AIMS_ID": "aims-test",
        "AIMS_VAR": str(where.var),
    }
    started: list[Postgres | Valkey] = []
    try:
        where.make()
        if "DATABASE_URL" not in os.environ:
            database = Postgres(where, Installation().passwords, durable=False)
            started.append(database)
            database.start()
            env["DATABASE_URL"] = database.url(ROOT, "postgres")
        if "REDIS_URL" not in os.environ:
            broker = Valkey(where, durable=False)
            started.append(broker)
            broker.start()
            env["REDIS_URL"] = broker.url()
        return _obey(command, {**env, **os.environ})
    finally:
        for service in reversed(started):
            service.stop()
        for directory in (where.var, where.services, where.sockets):
            shutil.rmtree(directory, ignore_errors=True)


def _disk() -> Path:
    """A new folder for the servers' files below `var`."""
    base = var_directory() / "test"
    base.mkdir(parents=True, exist_ok=True)
    for directory in (base.parent, base):
        directory.chmod(0o711)
    return Path(tempfile.mkdtemp(prefix="run-", dir=base))


def _plenty() -> bool:
    return os.access(MEMORY, os.W_OK | os.X_OK) and shutil.disk_usage(MEMORY).free > PLENTY


def _memory() -> Path:
    """A new folder in memory, named after this process; those of processes that were killed are freed."""
    for left in MEMORY.glob(f"{OURS}*-*"):
        if left.stat().st_uid == os.geteuid() and not Path(f"/proc/{left.name.split('-')[2]}").exists():
            shutil.rmtree(left, ignore_errors=True)
    made = Path(tempfile.mkdtemp(prefix=f"{OURS}{os.getpid()}-", dir=MEMORY))
    made.chmod(0o711)  # the account that the servers run as passes through
    return made


def _obey(command: Sequence[str], env: dict[str, str]) -> int:
    """Run in the foreground: Ctrl-C reaches the command itself, other requests to stop are passed on."""
    process = subprocess.Popen(list(command), env=env)  # noqa: S603

    def pass_on(number: int, _frame: FrameType | None) -> None:
        process.send_signal(number)

    signal.signal(signal.SIGINT, signal.SIG_IGN)
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, pass_on)
    return process.wait()


if __name__ == "__main__":
    try:
        memory = sys.argv[1:2] == ["--memory"]
        sys.exit(run(sys.argv[2:] if memory else sys.argv[1:], memory=memory))
    except Unable as error:
        sys.exit(str(error))
