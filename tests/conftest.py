"""What every test may ask for. Real PostgreSQL, real Valkey, real Celery, real Chromium; triggers always on.

Tests that commit work on a copy of the test database (`committed_db`), never on a flushed one: the trail's tables
refuse TRUNCATE.
"""

import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
os.environ.setdefault("AIMS_KIND", "test")

import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings

_CALM = [HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
settings.register_profile("default", derandomize=True, max_examples=50, deadline=None, suppress_health_check=_CALM)
settings.register_profile("long", max_examples=1000, deadline=None, suppress_health_check=_CALM, print_blob=True)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "default"))

# A translation changed since set-up speaks in the tests too; workers of xdist find it done.
if "PYTEST_XDIST_WORKER" not in os.environ:
    subprocess.run([sys.executable, str(Path(__file__).parent.parent / "bin" / "words.py")], check=True)

pytest_plugins = ["tests.plugins.database", "tests.plugins.processes", "tests.plugins.browser"]


@pytest.fixture
def at() -> Iterator[Callable[[datetime], None]]:
    """`at(moment)`: the clock stands at that moment until the test ends or the next call."""
    from aims import clock

    with ExitStack() as stack:

        def stand(moment: datetime) -> None:
            stack.enter_context(clock.at(moment))

        yield stand


@pytest.fixture
def client_of() -> Callable[[Any], Any]:
    """`client_of(person)`: a browser session of that person, without HTTP."""
    from django.test import Client

    def make(person: Any = None, **kwargs: Any) -> Client:
        client = Client(**kwargs)
        if person is not None:
            client.force_login(person)
        return client

    return make


@pytest.fixture
def api_of() -> Callable[[Any], Any]:
    """`api_of(person)`: an API client signed in by session; `token=` signs in by bearer token instead."""
    from rest_framework.test import APIClient

    def make(person: Any = None, *, token: str = "") -> APIClient:
        client = APIClient(HTTP_ACCEPT="application/json")
        client.default_format = "json"
        if token:
            client.credentials(HTTP_AUTHORIZATION=f"Bearer {token}")
        elif person is not None:
            client.force_login(person)
        return client

    return make


@pytest.fixture
def root_unit(db: None) -> Any:
    from tests.factories import root_unit

    return root_unit()


@pytest.fixture
def person(db: None) -> Callable[..., Any]:
    """`person(Role.READER, unit)`: a new person who holds the role there."""
    from tests.factories import person

    return person
