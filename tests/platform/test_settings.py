"""A bad value stops the start with one sentence that names the variable."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

CHECKOUT = Path(__file__).resolve().parents[2]
GOOD = {
    "DATABASE_URL": "postgres://somebody@localhost:1/none",
    "REDIS_URL": "redis://localhost:1/0",
    "SECRET_KEY": "x" * 60,
    "AIMS_KIND": "test",
}
SHOW = "import aims.settings as s; print('fine')"


def start(code: str = SHOW, **changed: str) -> subprocess.CompletedProcess[str]:
    env = {"PATH": os.environ["PATH"], **GOOD, **changed}
    command = [sys.executable, "-c", code]
    return subprocess.run(command, cwd=CHECKOUT, env=env, capture_output=True, text=True, check=False)


def test_good_values_start() -> None:
    assert start().stdout.strip() == "fine"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("DATABASE_URL", ""),
        ("DATABASE_URL", "sqlite:///file"),
        ("DATABASE_OWNER_URL", "mysql://root@localhost/aims"),
        ("REDIS_URL", ""),
        ("REDIS_URL", "amqp://localhost"),
        ("SECRET_KEY", ""),
        ("SECRET_KEY", "short"),
        ("SECRET_KEY", "an-example-that-somebody-copied-from-the-manual-000000000"),
        ("AIMS_KIND", "production"),
    ],
)
def test_a_bad_value_is_named(name: str, value: str) -> None:
    done = start(**{name: value})
    assert done.returncode == 1
    last = done.stderr.strip().splitlines()[-1]
    assert "ImproperlyConfigured" in last
    assert name in last


def test_the_value_of_a_secret_is_not_repeated() -> None:
    assert "hunter2" not in start(SECRET_KEY="hunter2").stderr.splitlines()[-1]


@pytest.mark.parametrize(
    ("redis", "broker"),
    [
        ("unix:///some/where/valkey.sock?db=1", "redis+socket:///some/where/valkey.sock?virtual_host=1"),
        ("redis://host:6379/2", "redis://host:6379/2"),
    ],
)
def test_the_broker_is_the_same_server_and_number(redis: str, broker: str) -> None:
    assert start("import aims.settings as s; print(s.CELERY_BROKER_URL)", REDIS_URL=redis).stdout.strip() == broker


def test_https_makes_cookies_secure_and_lets_the_public_name_in() -> None:
    show = "import aims.settings as s; print(s.SESSION_COOKIE_SECURE, s.SESSION_COOKIE_NAME[:7], s.ALLOWED_HOSTS[0])"
    assert start(show, AIMS_URL="https://aims.example.org/").stdout.strip() == "True __Host- aims.example.org"
    assert start(show).stdout.split()[0] == "False"
