"""The application's database role works and cannot touch what is append-only, in real sessions of that role."""

import os
from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from psycopg import sql

from aims import privileges

ROLE, PASSWORD = f"aims_app_test_{os.getpid()}", "only here"


@pytest.fixture
def role(committed_db: str, settings: Any) -> Iterator[str]:
    """The address of the application's role on the test's database, prepared by its owner."""
    owner = connection.settings_dict
    settings.DATABASE_OWNER = {key: owner[key] for key in privileges.LOGIN}
    settings.DATABASE_APP = {"USER": ROLE, "PASSWORD": PASSWORD}
    privileges.grant()
    yield ROLE
    with connection.cursor() as cursor:
        for statement in ("DROP OWNED BY {}", "DROP ROLE {}"):
            cursor.execute(sql.SQL(statement).format(sql.Identifier(ROLE)))


@pytest.fixture
def session(role: str) -> Iterator["psycopg.Connection[Any]"]:
    at = connection.settings_dict
    where = {"host": at["HOST"], "port": at["PORT"] or None, "dbname": at["NAME"]}
    with psycopg.connect(user=role, password=PASSWORD, autocommit=True, **where) as found:
        yield found


def may(session: "psycopg.Connection[Any]", table: str) -> set[str]:
    """Which verbs the role has on the table."""
    verbs = ("SELECT", "INSERT", "UPDATE", "DELETE", "TRUNCATE")
    row = session.execute(
        "SELECT " + ", ".join(f"has_table_privilege(%(table)s, '{verb}')" for verb in verbs), {"table": table}
    ).fetchone()
    assert row is not None
    return {verb for verb, allowed in zip(verbs, row, strict=True) if allowed}


def test_append_only_tables_are_only_read_and_added_to(session: "psycopg.Connection[Any]") -> None:
    tables = privileges.append_only_tables()
    assert {"aims_seal", "aims_leaf", "organization_unitevent"} <= set(tables)
    assert [table for table in tables if may(session, table) != {"SELECT", "INSERT"}] == []


def test_other_tables_are_written_and_never_emptied(session: "psycopg.Connection[Any]") -> None:
    assert may(session, "organization_unit") == {"SELECT", "INSERT", "UPDATE", "DELETE"}
    assert may(session, "django_migrations") == {"SELECT"}


def test_the_role_owns_nothing_and_makes_nothing(session: "psycopg.Connection[Any]") -> None:
    owned = "SELECT count(*) FROM pg_class c JOIN pg_roles r ON r.oid = c.relowner WHERE r.rolname = current_user"
    assert session.execute(owned).fetchone() == (0,)
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        session.execute("CREATE TABLE mine ()")
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        session.execute("ALTER TABLE aims_seal DISABLE TRIGGER ALL")


def test_an_event_cannot_be_changed_even_where_the_trigger_is_away(session: "psycopg.Connection[Any]") -> None:
    with connection.cursor() as owner:
        owner.execute("ALTER TABLE aims_seal DISABLE TRIGGER USER")
    with pytest.raises(psycopg.errors.InsufficientPrivilege, match="permission denied for table aims_seal"):
        session.execute("UPDATE aims_seal SET root = ''")


def test_references_are_drawn_by_the_role(session: "psycopg.Connection[Any]") -> None:
    row = session.execute("SELECT aims_reference('ZZZ'), nextval('aims_record_key') > 0").fetchone()
    assert row == ("ZZZ-0001", True)


def test_one_role_for_both_is_warned_of(committed_db: str, settings: Any, capfd: pytest.CaptureFixture[str]) -> None:
    settings.DATABASE_APP = settings.DATABASE_OWNER = dict(connection.settings_dict)
    settings.DEBUG = True  # gathers no static files
    call_command("prepare")
    assert "DATABASE_OWNER_URL" in capfd.readouterr().err


def test_another_kind_of_installation_is_refused(committed_db: str, settings: Any) -> None:
    settings.INSTALLATION_KIND, settings.DEBUG = "demo", True
    with pytest.raises(CommandError, match="made as 'test' and stays so"):
        call_command("prepare")
