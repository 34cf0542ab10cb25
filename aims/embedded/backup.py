"""`make backup` and `make restore FILE=…`: the embedded database is started for it where AIMS does not run.

python -m aims.embedded.backup save [FILE]
python -m aims.embedded.backup load FILE [--replace]
"""

import json
import os
import subprocess
import sys
import tarfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from psycopg import sql

from aims.embedded.installation import Installation, only_one, read_environment
from aims.embedded.places import Places, Unable, places
from aims.embedded.postgres import Postgres
from aims.supervisor import CHECKOUT, DEMO, REAL, own_environment, var_directory


def save(arguments: Sequence[str]) -> int:
    """Back up what runs, or last ran, here; with DATABASE_URL, what it names."""
    if "DATABASE_URL" in os.environ:
        return _manage("backup", arguments, os.environ)
    where = places(var_directory())
    env = {**read_environment(where.var), **os.environ}
    if "DATABASE_URL" not in env:
        raise Unable("There is nothing to save here yet; `make run` makes an installation.")
    with _serving(where):
        return _manage("backup", arguments, env)


@contextmanager
def _serving(where: Places) -> Iterator[None]:
    """The embedded database answers: AIMS runs, or it is started for the while."""
    try:
        lock = only_one(where.var)
        lock.__enter__()
    except Unable:
        yield
        return
    database = Postgres(where, Installation.load(where.var).passwords)
    try:
        database.start()
        yield
    finally:
        database.stop()
        lock.__exit__(None, None, None)


def load(file: Path, replace: bool) -> int:
    """Restore into the empty database of this checkout, or of DATABASE_URL. `replace` sets the present one aside."""
    if "DATABASE_URL" in os.environ:
        return _manage("restore", [str(file)], os.environ)
    name, kind = (DEMO, "demo") if _kind_of(file) == "demo" else (REAL, "real")
    where = places(var_directory())
    where.make()
    with only_one(where.var):
        me = Installation.load(where.var)
        me.save(where.var)
        database = Postgres(where, me.passwords)
        try:
            database.start()
            if replace:
                _set_aside(database, name)
            database.ensure_database(name)
            own = own_environment(where, me, name, kind, database)
            return _manage("restore", [str(file)], {**os.environ, **own, "REDIS_URL": "redis://localhost:1/0"})
        finally:
            database.stop()


def _kind_of(file: Path) -> str:
    """Demo or real, as the archive says; what it cannot say, restoring will."""
    try:
        with tarfile.open(file) as archive:
            card = archive.extractfile("backup.json")
            return str(json.load(card)["kind"]) if card else ""
    except (OSError, tarfile.TarError, KeyError, ValueError):
        return ""


def _set_aside(database: Postgres, name: str) -> None:
    """The present database keeps its rows under another name."""
    aside = f"{name}_before_{datetime.now(UTC):%Y%m%d%H%M%S}"
    with database.connect("postgres") as connection:
        if connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone():
            words = {"old": sql.Identifier(name), "new": sql.Identifier(aside)}
            connection.execute(sql.SQL("ALTER DATABASE {old} RENAME TO {new}").format(**words))
            print(f"The database that was here is kept as {aside}.")  # noqa: T201


def _manage(command: str, arguments: Sequence[str], env: Mapping[str, str]) -> int:
    return subprocess.run(  # noqa: S603
        [sys.executable, str(CHECKOUT / "manage.py"), command, *arguments], env=dict(env), check=False
    ).returncode


def main(arguments: Sequence[str]) -> int:
    try:
        if arguments[:1] == ["save"]:
            return save(arguments[1:])
        if arguments[:1] == ["load"] and len(arguments) > 1 and arguments[1]:
            return load(Path(arguments[1]).resolve(), "--replace" in arguments[2:])
        raise Unable("Say which file to restore: make restore FILE=…")
    except Unable as error:
        print(error, file=sys.stderr)  # noqa: T201
        return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
