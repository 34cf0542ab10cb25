"""Live says that the process answers; ready says whether work can be done, and if not why."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from aims import health


@pytest.fixture(autouse=True)
def asked_anew() -> Iterator[None]:
    health._migrated.cache_clear()
    yield
    health._migrated.cache_clear()


@pytest.fixture
def no_database(django_db_blocker: Any) -> Iterator[None]:
    """The connection points to where no server is."""
    before = dict(connection.settings_dict)
    connection.close()
    connection.settings_dict.update({"HOST": "127.0.0.1", "PORT": "1"})
    with django_db_blocker.unblock():
        yield
    connection.close()
    connection.settings_dict.update(before)


@pytest.mark.django_db
def test_ready_when_all_is_well() -> None:
    answer = Client().get("/health/ready")
    assert (answer.status_code, answer.json()) == (200, {"ready": True, "reasons": {}, "degraded": {}})
    assert "no-store" in answer["Cache-Control"]


def test_live_without_a_database(no_database: None) -> None:
    assert Client().get("/health/live").json() == {"live": True}


def test_not_ready_without_a_database_and_says_so(no_database: None) -> None:
    answer = Client().get("/health/ready")
    assert answer.status_code == 503
    assert "DATABASE_URL" in answer.json()["reasons"]["database"]


@pytest.mark.django_db
def test_not_ready_with_pending_migrations_until_they_are_done() -> None:
    from django.db.migrations.recorder import MigrationRecorder

    newest = MigrationRecorder(connection).migration_qs.filter(app="controls").order_by("-id").first()
    assert newest is not None
    newest.delete()
    answer = Client().get("/health/ready")
    assert (answer.status_code, list(answer.json()["reasons"])) == (503, ["migrations"])
    newest.save(force_insert=True)
    assert Client().get("/health/ready").status_code == 200


@pytest.mark.django_db
def test_not_ready_on_a_database_of_another_kind(settings: Any) -> None:
    settings.INSTALLATION_KIND = "demo"
    answer = Client().get("/health/ready")
    assert answer.status_code == 503
    assert "'test'" in answer.json()["reasons"]["installation"]


@pytest.mark.django_db
def test_a_lost_broker_makes_late_not_unready(settings: Any) -> None:
    settings.REDIS_URL = "redis://127.0.0.1:1/0"
    answer = Client().get("/health/ready")
    assert (answer.status_code, list(answer.json()["degraded"])) == (200, ["broker"])


def test_nothing_is_changed_by_asking() -> None:
    assert Client().post("/health/live").status_code == 405
