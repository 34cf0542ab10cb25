"""Migrating in batches gives the same schema as Django's own one-by-one way."""

import os
import subprocess
import sys
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest
from django.db.migrations import AddField, AddIndex, AlterField, CreateModel, Migration
from django.db.models import BigIntegerField, CharField, TextField

from aims import migrating
from tests.plugins.database import administer, database_url

CHECKOUT = Path(__file__).resolve().parents[2]
MIGRATE = """
import contextlib, sys, django
django.setup()
from aims import migrating
from django.core.management import call_command
if sys.argv[1] == "one by one":
    migrating.in_batches = contextlib.nullcontext
call_command("migrate", verbosity=0)
"""
# Everything that a migration can leave behind, in words that do not name the order of making.
SCHEMA = [
    "SELECT table_schema, table_name, column_name, ordinal_position, data_type, is_nullable, column_default"
    " FROM information_schema.columns WHERE table_schema NOT IN ('pg_catalog', 'information_schema')",
    "SELECT schemaname, tablename, indexname, indexdef FROM pg_indexes WHERE schemaname = 'public'",
    "SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid) FROM pg_constraint WHERE conrelid <> 0",
    "SELECT tgrelid::regclass::text, tgname, pg_get_triggerdef(oid) FROM pg_trigger WHERE NOT tgisinternal",
    "SELECT proname, prosrc FROM pg_proc WHERE pronamespace = 'public'::regnamespace",
    "SELECT app, name FROM django_migrations",
]


def schema(how: str) -> list[list[tuple[object, ...]]]:
    """What a migration from nothing makes."""
    name = f"migrating_{uuid4().hex[:8]}"
    administer("CREATE DATABASE {}", name)
    try:
        env = os.environ | {"DATABASE_URL": database_url(name), "DATABASE_OWNER_URL": ""}
        subprocess.run([sys.executable, "-c", MIGRATE, how], cwd=CHECKOUT, env=env, check=True)
        with psycopg.connect(database_url(name)) as connection:
            return [sorted(connection.execute(question).fetchall(), key=repr) for question in SCHEMA]
    finally:
        administer("DROP DATABASE {} WITH (FORCE)", name)


@pytest.mark.long
def test_batches_make_the_same_schema() -> None:
    one_by_one, batches = schema("one by one"), schema("in batches")
    assert len(one_by_one[0]) > 100
    for before, after in zip(one_by_one, batches, strict=True):
        assert after == before


def test_django_is_itself_again_afterwards() -> None:
    before = Migration.apply
    with migrating.in_batches():
        assert Migration.apply is not before
    assert Migration.apply is before


def test_indexes_wait_for_a_batch_of_their_own() -> None:
    """A table drawn with a later index would make it, and the later operation would make it again."""
    assert migrating.BATCHES[AddIndex] != migrating.BATCHES[CreateModel]


def test_what_a_batch_has_written_already_is_not_written_again() -> None:
    """A table that is new comes with all of its columns; of a column altered twice the last counts."""
    table, other = CreateModel("Table", []), CreateModel("Other", [])
    column, old = AddField("table", "column", CharField()), AddField("older", "column", CharField())
    first, last = AlterField("older", "column", TextField()), AlterField("older", "column", CharField(max_length=3))
    written = migrating._written([table, column, other, old, first, last])
    assert list(written) == [table, other, old, last]


@pytest.mark.parametrize("field", [BigIntegerField(primary_key=True), BigIntegerField(unique=True)])
def test_keys_are_altered_one_by_one(field) -> None:
    """Other tables' links follow them, which only models that know each other tell."""
    assert migrating._kind(AlterField("table", "id", field)) == ""
