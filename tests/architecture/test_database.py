"""What the database promises, read from its own catalogue: triggers, trail, migrations."""

import pytest
from django.apps import apps
from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.urls import resolve
from pghistory.models import Event

from aims.history import event_model
from aims.models import Governed, Part
from aims.registry import registry
from tests.architecture.sources import PACKAGES

OURS = [m for m in apps.get_models() if m._meta.app_label in PACKAGES and not issubclass(m, Event) and m._meta.managed]

# Models whose changes the trail does not keep, each with the reason.
UNTRACKED = {
    "aims.Installation": "one row, sealed by a trigger of its own",
    "aims.Record": "kept by triggers from rows that are tracked themselves",
    "aims.Job": "background work, no record of the management system; what it makes is tracked",
    "aims.Message": "what was sent outside; what it tells is on the trail",
    "aims.Letter": "a mail that was sent; what it tells is in the tasks",
    "aims.DueRun": "one line for each run of a machine",
    "evidence.Chapter": "a rendered chapter kept to be used again; its bytes are named by their digest",
    "aims.Count": "a number derived from rows, compared with them each night",
    "aims.ImportLine": "a line of a file as it was read; what it makes is tracked itself",
    "aims.SavedView": "one person's bookmark",
    "aims.IdempotencyKey": "an answer kept for a day, so that a repeated request gets it again",
    "aims.SealKey": "append-only itself",
    "aims.Leaf": "append-only itself; derived from events",
    "aims.Seal": "append-only itself",
    "aims.Reading": "append-only itself: who viewed what",
    "organization.SignIn": "append-only itself: who signed in, when and from where",
    "aims.Disposal": "append-only itself: what was disposed of",
}


def name(model: type) -> str:
    return str(model._meta.label)  # type: ignore[attr-defined]


def is_tracked(model: type) -> bool:
    return hasattr(model, "events")


@pytest.mark.parametrize("model", OURS, ids=name)
def test_every_model_is_tracked_or_says_why_not(model):
    assert is_tracked(model) or UNTRACKED.get(name(model)), f"{name(model)}: track it, or give the reason in UNTRACKED"


def test_exceptions_exist_and_are_none():
    known = {name(model): model for model in OURS}
    assert [label for label in UNTRACKED if label in known and is_tracked(known[label])] == []


@pytest.fixture
def triggers(db) -> dict[str, set[str]]:
    """Table → names of its enabled triggers."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT c.relname, t.tgname FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid "
            "WHERE NOT t.tgisinternal AND t.tgenabled <> 'D'"
        )
        found: dict[str, set[str]] = {}
        for table, trigger in cursor.fetchall():
            found.setdefault(table, set()).add(trigger)
    return found


def has(triggers: dict[str, set[str]], model: type, *names: str) -> list[str]:
    """Those of the names that the model's table lacks."""
    present = triggers.get(model._meta.db_table, set())  # type: ignore[attr-defined]
    return [one for one in names if not any(trigger.startswith(f"pgtrigger_{one}_") for trigger in present)]


def test_no_trigger_is_switched_off(db):
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_trigger WHERE NOT tgisinternal AND tgenabled = 'D'")
        assert cursor.fetchone() == (0,)


def test_every_tracked_table_keeps_inserts_updates_and_deletes(triggers):
    tracked = [model for model in OURS if is_tracked(model)]
    lacking = {name(m): has(triggers, m, "insert_insert", "update_update", "delete_delete") for m in tracked}
    assert {label: names for label, names in lacking.items() if names} == {}


def test_every_event_table_is_append_only(triggers):
    events = [event_model(model) for model in OURS if is_tracked(model)]
    lacking = {name(m): has(triggers, m, "append_only", "no_truncate") for m in events}
    assert {label: names for label, names in lacking.items() if names} == {}


def test_every_governed_table_has_version_and_spine(triggers):
    kinds = [model for model in OURS if issubclass(model, Governed)]
    lacking = {name(m): has(triggers, m, "version", "spine_insert", "spine_update", "spine_delete") for m in kinds}
    assert {label: names for label, names in lacking.items() if names} == {}


def test_every_part_raises_its_root(triggers):
    parts = [model for model in OURS if issubclass(model, Part)]
    assert {name(m): gone for m in parts if (gone := has(triggers, m, "raise_root"))} == {}
    assert [name(m) for m in parts if not m.root] == []


def test_every_governed_kind_is_registered_with_its_pages():
    kinds = [model for model in OURS if issubclass(model, Governed)]
    assert [name(m) for m in kinds if m.kind not in registry.kinds or registry.kinds[m.kind].model is not m] == []
    for kind in registry.kinds.values():
        if kind.model in kinds:
            assert resolve(f"/{kind.path}/").url_name, kind.name
            assert kind.clauses, f"{kind.name}: name the clauses it serves"


def test_every_kind_has_references_of_its_own():
    prefixes = [kind.model.prefix for kind in registry.kinds.values() if issubclass(kind.model, Governed)]
    assert sorted(prefixes) == sorted(set(prefixes))


def test_passwords_and_secrets_are_in_no_event():
    secret = {"password", "digest", "secret", "private"}
    kept = {
        f"{name(model)}.{field.name}"
        for model in OURS
        if is_tracked(model) and model._meta.app_label == "organization"
        for field in event_model(model)._meta.fields
        if field.name in secret
    }
    assert kept == set()


def test_migrations_join_without_cycle_or_conflict():
    loader = MigrationLoader(None)
    loader.graph.ensure_not_cyclic()
    assert loader.detect_conflicts() == {}


def test_djangos_own_checks_pass():
    call_command("check", fail_level="WARNING")


def test_settings_have_no_signal_like_switches():
    assert settings.GUARDIAN_MONKEY_PATCH_USER is False
    assert settings.ANONYMOUS_USER_NAME is None
    assert "django.contrib.admin" not in settings.INSTALLED_APPS
