"""Sealing in tests: another test's open transaction holds the horizon back, so one waits until all is sealed."""

import time

from django.db import connection

from aims import seals
from aims.models import Seal

PATIENCE = 180  # seconds; the walk of all addresses is one long transaction

_UNSEALED = """
    SELECT EXISTS (SELECT FROM trail.every e WHERE NOT EXISTS (
        SELECT FROM aims_leaf l WHERE l.source = e.source AND l.event_id = e.event_id))
"""


def seal() -> Seal:
    """Seal every event there is; answers the last seal."""
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        seals.seal_new_events()
        with connection.cursor() as cursor:
            cursor.execute(_UNSEALED)
            if not cursor.fetchone()[0]:
                return Seal.objects.select_related("key").order_by("-number")[0]
        time.sleep(0.05)
    raise AssertionError("a transaction elsewhere kept the horizon back")
