"""Migrating in batches gives the same schema as Django's own one-by-one way."""

import os
import subprocess
import sys
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest
from django.db.migrations import AddField, AddIndex, CreateModel, Migration

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


def test_only_kinds_that_do_not_touch_each_other_share_a_batch() -> None:
    """A table drawn with a later column or index would make it, and the later operation would make it again."""
    kinds = [migrating.BATCHES[kind] for kind in (CreateModel, AddField, AddIndex)]
    assert len(set(kinds)) == 3
