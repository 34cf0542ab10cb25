"""What passes by itself is told as such: a lost database, a full disk, a cache that is away."""

import errno

import pytest
from django.core.cache import cache
from django.db import InterfaceError, OperationalError
from django.test import RequestFactory

from aims.cache import Cache
from aims.views.errors import server_error

TO = ["/inbox/", "/api/v1/tasks/"]


def answer(path, error):
    try:
        raise error
    except type(error):
        return server_error(RequestFactory().get(path))


@pytest.mark.parametrize("path", TO)
@pytest.mark.parametrize("kind", [OperationalError, InterfaceError])
def test_lost_database_is_503_with_a_time(path, kind):
    told = answer(path, kind("gone"))
    assert (told.status_code, told["Retry-After"]) == (503, "5")
    assert b"Nothing was half saved" in told.content


@pytest.mark.parametrize("path", TO)
@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EDQUOT, errno.EFBIG])
def test_full_disk_is_507(path, number):
    told = answer(path, OSError(number, "full"))
    assert told.status_code == 507
    assert b"nothing of it was kept" in told.content


@pytest.mark.django_db
@pytest.mark.parametrize("error", [OSError(errno.EACCES, "no"), RuntimeError("ours")])
def test_everything_else_stays_ours(error):
    assert answer("/api/v1/tasks/", error).status_code == 500


@pytest.fixture
def away(monkeypatch):
    """A cache whose Redis does not answer."""
    monkeypatch.setattr(Cache, "away_until", 0.0)
    return Cache("redis://127.0.0.1:1/0", {})


def test_memory_stands_in_while_redis_is_away(away):
    assert away.add("one", 1, 60)
    assert away.get("one") == 1
    assert away.incr("one") == 2
    away.set_many({"two": 2}, 60)
    assert away.get_many(["one", "two"]) == {"one": 2, "two": 2}
    assert away.has_key("two") and away.touch("two", 60) and away.delete("two")
    away.delete_many(["one"])
    away.clear()
    assert away.get("one") is None


def test_redis_is_asked_again_after_a_pause(away, monkeypatch):
    monkeypatch.setattr("aims.cache.time.monotonic", lambda: 100.0)
    away.get("one")
    assert Cache.away_until == 105.0
    assert cache.get("nothing") is None
