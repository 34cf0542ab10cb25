"""Child processes that never outlive us, and what is known of processes of an earlier run."""

import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import IO, Any

from aims.embedded.places import Account

PR_SET_PDEATHSIG = 1


def dies_with_us(stop: signal.Signals) -> Callable[[], None] | None:
    """A hook for the child: on Linux the kernel sends it `stop` when we are gone, however we went."""
    if not sys.platform.startswith("linux"):
        return None
    prctl = ctypes.CDLL(None, use_errno=True).prctl
    parent = os.getpid()

    def hook() -> None:
        prctl(PR_SET_PDEATHSIG, int(stop), 0, 0, 0)
        if os.getppid() != parent:
            os._exit(1)

    return hook


def spawn(
    command: Sequence[str],
    *,
    env: Mapping[str, str],
    output: IO[bytes] | int,
    stop: signal.Signals = signal.SIGTERM,
    account: Account | None = None,
    cwd: Path | None = None,
    sockets: Sequence[int] = (),
) -> "subprocess.Popen[bytes]":
    """Start a child in its own session, so that Ctrl-C reaches us alone and we decide the order of stopping.

    `sockets` are the open files that it takes over by number.
    """
    who: dict[str, Any] = {}
    if account and account.lent:
        who = {"user": account.uid, "group": account.gid, "extra_groups": []}
    return subprocess.Popen(  # noqa: S603
        list(command), env=dict(env), stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT,
        start_new_session=True, preexec_fn=dies_with_us(stop), cwd=cwd, pass_fds=sockets, **who,
    )  # fmt: skip


def wait_gone(process: "subprocess.Popen[bytes]", seconds: float) -> bool:
    try:
        process.wait(seconds)
    except subprocess.TimeoutExpired:
        return False
    return True


def stop(process: "subprocess.Popen[bytes]", how: signal.Signals, seconds: float) -> None:
    """Ask a child to stop; when it does not within `seconds`, kill it and everything it started."""
    if process.poll() is None:
        process.send_signal(how)
        if not wait_gone(process, seconds):
            _kill_group(process.pid)
            process.wait()


def _kill_group(pid: int) -> None:
    with suppress(ProcessLookupError):
        os.killpg(pid, signal.SIGKILL)


def command_of(pid: int) -> str:
    """The command line of a running process; empty when there is none."""
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
    except OSError:
        if Path("/proc/self").exists():
            return ""
    command = ["ps", "-o", "command=", "-p", str(pid)]
    shown = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603
    return shown.stdout.strip()


def end_leftover(pid: int, marks: str, how: signal.Signals, patience: float = 20) -> None:
    """Wait for a process of an earlier run to end, asking it once. Another's process (no `marks`) is left alone."""
    deadline = time.monotonic() + patience
    asked = False
    while marks in command_of(pid):
        if not asked:
            os.kill(pid, how)
            asked = True
        if time.monotonic() > deadline:
            os.kill(pid, signal.SIGKILL)
            deadline = time.monotonic() + 5
        time.sleep(0.1)
