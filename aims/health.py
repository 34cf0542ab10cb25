"""Liveness and readiness, for supervisors and load balancers. No sign-in, no word about the data."""

import time
from collections.abc import Callable
from functools import cache
from typing import Any

from django.conf import settings
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from redis import Redis
from redis.exceptions import RedisError

from aims.models import Installation

ASK_EVERY = 10.0
_asked: dict[str, Any] = {"at": -ASK_EVERY, "away": False}


@require_safe
@never_cache
def live(request: HttpRequest) -> JsonResponse:
    """The process answers. Nothing else is asked, so that a lost database restarts no web server."""
    return JsonResponse({"live": True})


@require_safe
@never_cache
def ready(request: HttpRequest) -> JsonResponse:
    """Whether work can be done here: 503 with the reasons when not. A lost broker makes work late, not impossible."""
    reasons = {name: reason for name, ask in _NEEDED.items() if (reason := ask())}
    degraded = {name: reason for name, ask in _WANTED.items() if (reason := ask())}
    answer = {"ready": not reasons, "reasons": reasons, "degraded": degraded}
    return JsonResponse(answer, status=503 if reasons else 200)


def _database() -> str:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        connection.close()
        return "The database of DATABASE_URL does not answer."
    return ""


def _migrations() -> str:
    try:
        return "" if _migrated() else "Migrations are pending: run `manage.py prepare`."
    except (_Pending, DatabaseError):
        return "Migrations are pending: run `manage.py prepare`."


def _kind() -> str:
    try:
        kind = Installation.objects.values_list("kind", flat=True).get()
    except (Installation.DoesNotExist, DatabaseError):
        return "The database carries no mark of an installation."
    if kind != settings.INSTALLATION_KIND:
        return f"AIMS_KIND is {settings.INSTALLATION_KIND!r}, the database was made as {kind!r}."
    return ""


def _broker() -> str:
    try:
        with Redis.from_url(settings.REDIS_URL, socket_connect_timeout=1, socket_timeout=1) as asked:
            asked.ping()
    except (RedisError, OSError):
        return "The broker of REDIS_URL does not answer; background work is late."
    return ""


def broker_away() -> bool:
    """Whether background work is late because the broker is away; asked at most every ten seconds a process."""
    now = time.monotonic()
    if now - _asked["at"] > ASK_EVERY:
        _asked.update(at=now, away=bool(_broker()))
    return bool(_asked["away"])


class _Pending(Exception):
    """Not remembered: what is pending now may be done a moment later."""


@cache
def _migrated() -> bool:
    """Asked until it is so; a running process's own migrations do not change."""
    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        raise _Pending
    return True


_NEEDED: dict[str, Callable[[], str]] = {"database": _database, "migrations": _migrations, "installation": _kind}
_WANTED: dict[str, Callable[[], str]] = {"broker": _broker}
