"""Short leases, so that what a dead worker left is taken up within seconds."""

import os

import pytest

SHORT = {"JOB_LEASE_SECONDS": "2", "JOB_ATTEMPTS": "3", "VISIBILITY_SECONDS": "2", "JOB_BACKOFF_SECONDS": "1"}


@pytest.fixture(autouse=True)
def short_leases(monkeypatch, settings):
    """In this process and in every worker it starts."""
    for name, value in SHORT.items():
        monkeypatch.setitem(os.environ, name, value)
        if hasattr(settings, name):
            setattr(settings, name, int(value))
