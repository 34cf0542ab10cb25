"""The embedded parts' small decisions: where, as whom, on which port, and what an earlier run left."""

import json
import os
import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from aims.embedded import places as where
from aims.embedded.installation import (
    Installation,
    listen,
    note_running,
    only_one,
    read_environment,
    write_environment,
)
from aims.embedded.places import Account, Places, Unable, places
from aims.embedded.postgres import MAJOR, Postgres
from aims.embedded.processes import end_leftover
from aims.supervisor import Child

US = Account(os.geteuid(), os.getegid(), lent=False)
AS_ROOT = pytest.mark.skipif(os.geteuid() != 0, reason="only root lends the servers another account")


def small(folder: Path) -> Places:
    made = Places(folder, folder / "services", folder / "services" / "run", US)
    made.make()
    return made


def test_sockets_stay_beside_the_data_while_their_path_is_short(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(where, "account", lambda: US)
    assert places(Path("/opt/aims/var")).sockets == Path("/opt/aims/var/services/run")


def test_sockets_move_when_their_path_is_too_long(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(where, "account", lambda: US)
    deep = places(Path("/opt") / ("d" * 80) / "var")
    assert len(str(deep.sockets)) + len("/.s.PGSQL.5432.lock") <= 90
    assert deep.services.is_relative_to(deep.var)
    assert deep.sockets != places(Path("/opt") / ("e" * 80) / "var").sockets


@AS_ROOT
def test_data_move_when_the_servers_account_cannot_enter(tmp_path: Path) -> None:
    closed, open_ = tmp_path / "closed", Path(f"/tmp/aims-open-{os.getpid()}")
    closed.mkdir(mode=0o700)
    assert places(closed / "var").moved
    assert str(places(closed / "var").services).startswith("/var/lib/aims-")
    assert not places(open_ / "var").moved


def test_a_directory_of_somebody_else_is_refused(tmp_path: Path) -> None:
    trap = tmp_path / "services"
    trap.symlink_to(tmp_path / "elsewhere", target_is_directory=True)
    (tmp_path / "elsewhere").mkdir()
    with pytest.raises(Unable, match="belongs to somebody else"):
        small(tmp_path)


def held(sockets: list[socket.socket]) -> int:
    """The one port of the sockets, which are given back."""
    (port,) = {one.getsockname()[1] for one in sockets}
    for one in sockets:
        one.close()
    return int(port)


def test_a_taken_port_is_passed_over() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        assert port < held(listen(port))
    assert held(listen(port)) == port


def test_a_port_is_held_from_the_choice_on(tmp_path: Path) -> None:
    """Another checkout that prepares at the same time takes the next one."""
    mine = listen(0)
    try:
        assert held(listen(mine[0].getsockname()[1])) > mine[0].getsockname()[1]
    finally:
        held(mine)


def test_two_cannot_run_in_one_checkout(tmp_path: Path) -> None:
    (tmp_path / "run").mkdir()
    with only_one(tmp_path):
        note_running(tmp_path, "http://localhost:8000 (process 1)")
        with pytest.raises(Unable, match=r"runs here already: http://localhost:8000"), only_one(tmp_path):
            pass
    with only_one(tmp_path):
        pass


def test_an_installation_is_remembered_and_closed_to_others(tmp_path: Path) -> None:
    first = Installation.load(tmp_path)
    first.port = 8017
    first.save(tmp_path)
    assert Installation.load(tmp_path) == first
    assert (tmp_path / "installation.json").stat().st_mode & 0o777 == 0o600
    assert Installation().secret_key != first.secret_key


def test_the_environment_is_kept_for_manage(tmp_path: Path) -> None:
    assert read_environment(tmp_path) == {}
    (tmp_path / "run").mkdir()
    write_environment(tmp_path, {"DATABASE_URL": "postgres://x@/y"})
    assert read_environment(tmp_path) == {"DATABASE_URL": "postgres://x@/y"}
    (tmp_path / "run" / "environment.json").write_text("{half")
    assert read_environment(tmp_path) == {}


def test_data_of_another_major_are_refused_with_the_command(tmp_path: Path) -> None:
    database = Postgres(small(tmp_path), {})
    database.data.mkdir()
    (database.data / "PG_VERSION").write_text("16\n")
    with pytest.raises(Unable, match=rf"PostgreSQL 16.*brings {MAJOR}.*make upgrade-database"):
        database.start()


def test_a_number_that_another_process_has_by_now_does_not_block(tmp_path: Path) -> None:
    database = Postgres(small(tmp_path), {})
    database.data.mkdir()
    left = database.data / "postmaster.pid"
    left.write_text(f"{os.getppid()}\n{database.data}\n1\n5432\n")
    (database.places.sockets / ".s.PGSQL.5432.lock").write_text(f"{os.getppid()}\n")
    database.clear()
    assert left.read_text() == f"{os.getpid()}\n{database.data}\n1\n5432\n", "the rest tells PostgreSQL of orphans"
    assert list(database.places.sockets.iterdir()) == []


def sleeper(*words: str) -> "subprocess.Popen[bytes]":
    """A process that runs: on a busy machine one that was only just made has no command line to be known by yet."""
    code = "import time; print('up', flush=True); time.sleep(60)"
    process = subprocess.Popen([sys.executable, "-c", code, *words], stdout=subprocess.PIPE)
    assert process.stdout and process.stdout.readline() == b"up\n"
    return process


def test_a_server_of_an_earlier_run_is_ended_and_others_are_left_alone(tmp_path: Path) -> None:
    mark = str(tmp_path / "data")
    ours, others = sleeper(mark), sleeper()
    try:
        end_leftover(others.pid, mark, signal.SIGTERM, patience=1)
        assert others.poll() is None
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        end_leftover(ours.pid, mark, signal.SIGTERM, patience=10)
        assert ours.wait(5) == -signal.SIGTERM
    finally:
        for process in (ours, others):
            process.kill()
            process.communicate()


def test_a_child_that_keeps_falling_is_started_ever_later() -> None:
    child = Child("web", lambda: pytest.fail("not started here"))
    pauses = []
    for _ in range(9):
        child.started = 1000.0
        child.rest(1001.0)
        pauses.append(child.due - 1001.0)
    assert pauses == [0.5, 1, 2, 4, 8, 16, 30, 30, 30]
    child.rest(1000.0 + 61)
    assert child.due == 1061.5, "one that ran a minute is steady again"


@pytest.mark.long
def test_data_of_an_older_major_are_brought_over(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Both majors are in the wheel: make a cluster with the old one, bring it over, read it with the new one."""
    folder = Path(f"/tmp/aims-upgrade-{os.getpid()}")
    secrets = Installation().passwords
    made = places(folder)
    made.make()
    database = Postgres(made, secrets, durable=False)
    try:
        new = database.binaries("18")
        database.__class__ = _Old
        database.start()
        database.ensure_database("kept")
        with database.connect("kept") as connection:
            connection.execute("CREATE TABLE kept AS SELECT 42 AS answer")
        database.stop()
        database.__class__ = Postgres
        assert database.binaries() == new
        assert "16 → 18" in database.upgrade()
        database.start()
        with database.connect("kept") as connection:
            assert connection.execute("SELECT answer FROM kept").fetchone() == (42,)
            assert connection.info.server_version // 10000 == 18
    finally:
        database.stop()
        subprocess.run(["rm", "-rf", str(folder)], check=True)


class _Old(Postgres):
    """The cluster as the older version of AIMS made it."""

    def binaries(self, major: str = "16") -> Path:
        return super().binaries("16")

    def _run(self, program: str, *arguments: str) -> None:
        old = [word for word in arguments if not word.startswith(("--builtin-locale", "--locale-provider"))]
        super()._run(program, *old)


def test_json_of_an_installation_names_no_unknown_field(tmp_path: Path) -> None:
    Installation().save(tmp_path)
    assert set(json.loads((tmp_path / "installation.json").read_text())) == {"id", "secret_key", "passwords", "port"}
