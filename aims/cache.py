"""The cache: Redis, and this process's own memory while Redis is away.

What it holds may be lost at any time, so nobody waits for it: limits on signing in go on counting in each process.
"""

import time
from collections.abc import Callable
from typing import Any

from django.core.cache.backends.locmem import LocMemCache
from django.core.cache.backends.redis import RedisCache
from redis.exceptions import RedisError

PAUSE = 5.0  # seconds in which a Redis that was away is not asked again


def _patient(name: str) -> Callable[..., Any]:
    """The method `name` of Redis, else of memory."""

    def method(self: "Cache", *args: Any, **kwargs: Any) -> Any:
        if time.monotonic() >= self.away_until:
            try:
                return getattr(RedisCache, name)(self, *args, **kwargs)
            except (RedisError, OSError):
                type(self).away_until = time.monotonic() + PAUSE
        return getattr(self.memory, name)(*args, **kwargs)

    return method


class Cache(RedisCache):
    """Backend of CACHES["default"]."""

    away_until = 0.0

    def __init__(self, server: Any, params: dict[str, Any]) -> None:
        super().__init__(server, params)
        self.memory = LocMemCache("while-redis-is-away", {**params, "OPTIONS": {}})

    add = _patient("add")
    get = _patient("get")
    set = _patient("set")
    touch = _patient("touch")
    delete = _patient("delete")
    get_many = _patient("get_many")
    has_key = _patient("has_key")
    incr = _patient("incr")
    set_many = _patient("set_many")
    delete_many = _patient("delete_many")
    clear = _patient("clear")
