"""Short leases, so that what a dead worker left is taken up within seconds; and an installation to break."""

import os
import random
import shutil
from collections.abc import Iterator

import pytest

from tests.faults.installation import SHORT, Own, build


@pytest.fixture(autouse=True)
def short_leases(monkeypatch, settings):
    """In this process and in every worker it starts."""
    for name, value in SHORT.items():
        monkeypatch.setitem(os.environ, name, value)
        if hasattr(settings, name):
            setattr(settings, name, int(value))


@pytest.fixture
def chance(request) -> random.Random:
    """What is left to chance, by a seed that a failure names: AIMS_SEED=… repeats it."""
    seed = int(os.environ.get("AIMS_SEED", "0")) or random.SystemRandom().randrange(1, 10**6)
    print(f"AIMS_SEED={seed}")
    request.node.user_properties.append(("seed", seed))
    return random.Random(seed)


@pytest.fixture(scope="session")
def installation() -> Iterator[Own]:
    """Made once: migrating costs more than breaking."""
    made = build()
    yield made
    made.stop()
    shutil.rmtree(made.base, ignore_errors=True)
    shutil.rmtree(made.database.places.services, ignore_errors=True)
    shutil.rmtree(made.database.places.sockets, ignore_errors=True)


@pytest.fixture
def own(installation) -> Own:
    """An installation of this test alone: servers, files and people, new again."""
    installation.renew()
    return installation
