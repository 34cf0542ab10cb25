"""A start of the same program on the same database prepares nothing; anything else prepares all."""

from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection

from aims import prepared
from tests.plugins.database import copied_database

LOST = "SELECT to_regclass('asof.aims_record') IS NULL"


@pytest.fixture
def ready(committed_db: str, settings: Any) -> str:
    settings.DEBUG = True  # gathers no static files
    call_command("prepare")
    return committed_db


def run(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)


def lost() -> bool:
    """Whether the view of the past that a test drops is away."""
    with connection.cursor() as cursor:
        cursor.execute(LOST)
        return bool(cursor.fetchone()[0])


def test_the_same_start_again_makes_nothing_anew(ready: str) -> None:
    run("DROP VIEW asof.aims_record CASCADE")
    call_command("prepare")
    assert prepared.stands()
    assert lost()


def test_after_a_migration_all_is_prepared(ready: str) -> None:
    run("DROP VIEW asof.aims_record CASCADE")
    run("INSERT INTO django_migrations (app, name, applied) VALUES ('sample', 'another', now())")
    assert not prepared.stands()
    call_command("prepare")
    assert prepared.stands()
    assert not lost()


def test_another_program_prepares_all(ready: str, settings: Any, tmp_path: Path) -> None:
    settings.BASE_DIR = tmp_path
    (tmp_path / "requirements.lock").touch()
    assert not prepared.stands()
    prepared.note()
    assert prepared.stands()
    (tmp_path / "aims").mkdir()
    (tmp_path / "aims" / "rule.py").write_text("changed")
    assert not prepared.stands()


def test_a_restored_database_is_prepared_anew(ready: str) -> None:
    with copied_database():
        assert not prepared.stands()


def test_without_its_mark_all_is_prepared(ready: str) -> None:
    run("DROP SCHEMA asof CASCADE")
    assert not prepared.stands()
