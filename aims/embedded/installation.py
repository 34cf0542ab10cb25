"""What a checkout remembers of itself in `var/`: its id, its secrets, its port; and the environment made of them."""

import fcntl
import json
import os
import secrets
import socket
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path

from aims.embedded.places import Unable
from aims.embedded.postgres import APP, OWNER, ROOT

FIRST_PORT, PORTS = 8000, 100
LOOPBACKS = ((socket.AF_INET, "127.0.0.1"), (socket.AF_INET6, "::1"))


@dataclass
class Installation:
    """Made on the first start, kept in `var/installation.json`, readable by its owner alone."""

    id: str = field(default_factory=lambda: f"aims-{secrets.token_hex(2)}")
    secret_key: str = field(default_factory=lambda: secrets.token_urlsafe(60))
    passwords: dict[str, str] = field(
        default_factory=lambda: {role: secrets.token_urlsafe(24) for role in (ROOT, OWNER, APP)}
    )
    port: int = 0

    @classmethod
    def load(cls, var: Path) -> "Installation":
        file = var / "installation.json"
        return cls(**json.loads(file.read_text())) if file.exists() else cls()

    def save(self, var: Path) -> None:
        """Replace the file in one step, so that a crash leaves the old or the new one."""
        fresh = var / "installation.json.new"
        fresh.unlink(missing_ok=True)
        with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            json.dump(asdict(self), file, indent=1)
        fresh.replace(var / "installation.json")


def listen(wanted: int) -> list[socket.socket]:
    """Sockets that listen on the loopback addresses: at the wanted port, else the next that is free.

    Held from here on, so that no other checkout chooses the same while this one still prepares.
    """
    start = wanted or FIRST_PORT
    hosts = [(family, host) for family, host in LOOPBACKS if has(family, host)]
    for port in range(start, start + PORTS):
        with ExitStack() as held:
            try:
                found = [_listening(held, family, host, port) for family, host in hosts]
            except OSError:
                continue
            held.pop_all()
            return found
    raise Unable(f"No free port from {start} to {start + PORTS - 1}. Set PORT to another.")


def _listening(held: ExitStack, family: int, host: str, port: int) -> socket.socket:
    made = held.enter_context(socket.socket(family, socket.SOCK_STREAM))
    made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    if family == socket.AF_INET6:
        made.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
    made.bind((host, port))
    made.listen(socket.SOMAXCONN)
    return made


def has(family: int, host: str) -> bool:
    """Whether this machine has the loopback address at all."""
    try:
        with socket.socket(family, socket.SOCK_STREAM) as probe:
            probe.bind((host, 0))
    except OSError:
        return False
    return True


@contextmanager
def only_one(var: Path) -> Iterator[None]:
    """Hold the checkout's lock. The kernel drops it with the process, so a crash leaves nothing behind."""
    with (var / "run" / "lock").open("a+") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            file.seek(0)
            raise Unable(f"AIMS runs here already: {file.read().strip() or 'starting'}.") from None
        file.truncate(0)
        yield


def note_running(var: Path, sentence: str) -> None:
    """Say in the lock what runs here, for whoever finds it taken."""
    (var / "run" / "lock").write_text(sentence)


def write_environment(var: Path, env: dict[str, str]) -> None:
    """Keep the running installation's addresses for `manage.py`, readable by its owner alone."""
    file = var / "run" / "environment.json"
    file.unlink(missing_ok=True)
    with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as out:
        json.dump(env, out)


def read_environment(var: Path) -> dict[str, str]:
    """The environment of the installation that runs, or last ran, here; empty when none did."""
    try:
        found: dict[str, str] = json.loads((var / "run" / "environment.json").read_text())
    except (OSError, ValueError):
        return {}
    return found
