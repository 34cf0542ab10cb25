"""Where the embedded servers keep data and sockets, and as which account they run."""

import hashlib
import os
import pwd
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path

LONGEST_SOCKET = 90  # the kernel cuts socket addresses at 108 bytes, some systems at 104
SOCKET_NAMES = "/.s.PGSQL.5432.lock"
SERVER_ACCOUNTS = ("postgres", "nobody")


class Unable(Exception):
    """The embedded parts cannot run here; the message says why and what to do."""


@dataclass(frozen=True)
class Account:
    """Who runs the servers. PostgreSQL refuses root, so a root user lends them another account."""

    uid: int
    gid: int
    lent: bool

    def reaches(self, directory: Path) -> bool:
        """Whether the account may enter the directory, or the nearest parent that exists."""
        while not directory.exists():
            directory = directory.parent
        if not self.lent:
            return os.access(directory, os.X_OK)
        probe = subprocess.run(  # noqa: S603
            ["/bin/sh", "-c", 'cd "$1"', "sh", str(directory)],
            user=self.uid, group=self.gid, extra_groups=[], stderr=subprocess.DEVNULL, check=False, cwd="/",
        )  # fmt: skip
        return probe.returncode == 0


@dataclass(frozen=True)
class Places:
    """Directories of one installation: `var` (ours), `services` (the servers' data) and `sockets`."""

    var: Path
    services: Path
    sockets: Path
    account: Account

    @property
    def moved(self) -> bool:
        """Whether the servers' data lie outside `var`."""
        return not self.services.is_relative_to(self.var)

    def make(self) -> None:
        """Create what is missing, closed to everybody but us and the servers."""
        self.var.mkdir(parents=True, exist_ok=True)
        self.var.chmod(0o711 if self.account.lent else 0o700)
        for name in ("files", "keys", "log", "run"):
            (self.var / name).mkdir(mode=0o700, exist_ok=True)
        for directory in (self.services, self.sockets):
            self._own(directory)

    def _own(self, directory: Path) -> None:
        directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        owner = directory.lstat().st_uid
        if owner not in {self.account.uid, os.geteuid()} or directory.is_symlink():
            raise Unable(f"{directory} belongs to somebody else. Remove it or set AIMS_VAR to another directory.")
        directory.chmod(0o700)
        if self.account.lent:
            os.chown(directory, self.account.uid, self.account.gid)


def account() -> Account:
    """The account for the servers: ours, or one of the system's that owns nothing when we are root."""
    if os.geteuid() != 0:
        return Account(os.geteuid(), os.getegid(), lent=False)
    for name in SERVER_ACCOUNTS:
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        return Account(entry.pw_uid, entry.pw_gid, lent=True)
    raise Unable("PostgreSQL refuses to run as root and this machine has no account 'nobody'. Use an ordinary user.")


def places(var: Path) -> Places:
    """Decide where things lie for this `var`, without touching the disk."""
    var = var.resolve()
    server = account()
    mark = hashlib.sha256(os.fsencode(var)).hexdigest()[:10]
    services = var / "services"
    if server.lent and not server.reaches(var):
        services = Path(f"/var/lib/aims-{mark}")
    sockets = services / "run"
    if len(os.fsencode(sockets)) + len(SOCKET_NAMES) > LONGEST_SOCKET:
        sockets = Path(tempfile.gettempdir()) / f"aims-{server.uid}-{mark}"
    return Places(var, services, sockets, server)
