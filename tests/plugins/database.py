"""The test database: one a process, with catalogues loaded; and copies of it for tests that commit."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from uuid import uuid4

import psycopg
import pytest
from django.db import connections
from django.test.utils import setup_databases
from psycopg import sql

from aims.registry import registry


@pytest.fixture(scope="session")
def django_db_setup(
    django_test_environment: None,
    django_db_blocker: Any,
    django_db_keepdb: bool,
    django_db_createdb: bool,
    django_db_modify_db_settings: None,
) -> Iterator[None]:
    """The test database, migrated, with every app's catalogue as `prepare` loads it.

    pytest-django's own fixture makes it only for tests marked `django_db`; ours that commit work on copies of it.
    """
    keep = django_db_keepdb and not django_db_createdb
    with django_db_blocker.unblock():
        made = setup_databases(verbosity=0, interactive=False, aliases={"default"}, keepdb=keep)
        for step in registry.setup_steps:
            step()
    yield
    if not django_db_keepdb:
        with django_db_blocker.unblock():
            for connection, _original, _destroy in made:
                connection.close()
                administer("DROP DATABASE IF EXISTS {} WITH (FORCE)", connection.settings_dict["NAME"])


@contextmanager
def copied_database() -> Iterator[str]:
    """The default connection on a fresh copy of the test database, dropped afterwards. Answers the copy's address."""
    original = connections["default"].settings_dict["NAME"]
    name = f"{original}_{uuid4().hex[:8]}"
    connections.close_all()
    copy_database(original, name)
    connections["default"].settings_dict["NAME"] = name
    try:
        yield database_url(name)
    finally:
        connections.close_all()
        connections["default"].settings_dict["NAME"] = original
        administer("DROP DATABASE {} WITH (FORCE)", name)


def copy_database(original: str, name: str) -> None:
    """Copy the test database; a session that is just ending (or vacuuming) gets the time to end."""
    for patience in range(10):
        try:
            administer("CREATE DATABASE {} TEMPLATE {}", name, original)
        except psycopg.errors.ObjectInUse:
            if patience == 9:
                raise
            time.sleep(0.5)
        else:
            return


def administer(statement: str, *names: str) -> None:
    """Run a statement about databases from outside of them."""
    with psycopg.connect(database_url("postgres"), autocommit=True) as outside:
        outside.execute(sql.SQL(statement).format(*map(sql.Identifier, names)))  # type: ignore[arg-type]


def database_url(name: str) -> str:
    """The address of another database of the same server."""
    at = connections["default"].settings_dict
    user = f"{at['USER']}:{at['PASSWORD']}@" if at["PASSWORD"] else f"{at['USER']}@"
    if str(at["HOST"]).startswith("/"):
        return f"postgres://{user}/{name}?host={at['HOST']}" + (f"&port={at['PORT']}" if at["PORT"] else "")
    return f"postgres://{user}{at['HOST']}:{at['PORT'] or 5432}/{name}"


@pytest.fixture
def committed_db(django_db_setup: None, django_db_blocker: Any) -> Iterator[str]:
    """A database of the test's own in which commits are real. Answers its address for other processes."""
    with django_db_blocker.unblock(), copied_database() as url:
        yield url


@pytest.fixture(scope="module")
def module_db(django_db_setup: None, django_db_blocker: Any) -> Iterator[str]:
    """As `committed_db`, shared by the tests of one module. Tests of that module use no `db`."""
    with django_db_blocker.unblock(), copied_database() as url:
        yield url


@pytest.fixture
def second_connection(committed_db: str) -> Iterator[Any]:
    """Another session on the test's database, for what two people do at once."""
    with psycopg.connect(committed_db) as other:
        yield other


@pytest.fixture
def queries(django_assert_max_num_queries: Any) -> Callable[[Callable[[], Any]], int]:
    """`queries(call)`: how many queries the call makes."""

    def count(call: Callable[[], Any]) -> int:
        with django_assert_max_num_queries(10_000) as seen:
            call()
        return len(seen)

    return count


@pytest.fixture
def undisturbed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody else writes to this database: sealing need not wait for transactions of the server's other databases."""

    def horizon(cursor: Any) -> tuple[str, str]:
        cursor.execute("SELECT pg_snapshot_xmax(pg_current_snapshot())::text")
        (next_one,) = cursor.fetchone()
        return next_one, next_one

    monkeypatch.setattr("aims.seals._horizon", horizon)
