"""Reads that are recorded: every page and answer a watched role opens, every download by anybody. Clause 7.5.3."""

from calendar import monthrange
from datetime import datetime
from hashlib import sha256
from typing import Any

from django.conf import settings
from django.db import connection, transaction
from django.utils.translation import gettext_lazy as _

from aims.access import access_of
from aims.models import Disposal, Reading
from aims.projections import log_models
from aims.registry import registry


def watched(user: Any) -> str:
    """The person's role whose reads are recorded, or ""."""
    held = access_of(user).roles
    return next((role for role, card in registry.roles.items() if card.watched and role in held), "")


def note_view(request: Any) -> None:
    """Record that a watched person opened this address."""
    capacity = watched(request.user)
    if capacity:
        Reading.objects.create(person=request.user, capacity=capacity, what="view", path=request.get_full_path()[:300])


def note_download(request: Any, record: Any, digest: str) -> None:
    """Record that a person took a file away. `record` is the governed record it belongs to, `digest` its SHA-256."""
    Reading.objects.create(
        person=request.user,
        capacity=watched(request.user),
        what="download",
        path=request.path[:300],
        record_id=record.pk,
        digest=digest,
    )
    request.noted = True


def note_export(request: Any) -> None:
    """Record that a person took a register or another list away as a file."""
    path = request.get_full_path()[:300]
    Reading.objects.create(person=request.user, capacity=watched(request.user), what="download", path=path)


def kept_until(at: datetime) -> datetime:
    """Log rows recorded before this moment have been kept long enough (LOGS_KEPT_MONTHS)."""
    years, month = divmod(at.month - 1 - settings.LOGS_KEPT_MONTHS, 12)
    last = monthrange(at.year + years, month + 1)[1]
    return at.replace(year=at.year + years, month=month + 1, day=min(at.day, last))


def dispose(before: Any) -> list[Disposal]:
    """Remove rows of retained logs older than `before`, when sealed, leaving a sealed record of what went.

    The leaves' hashes stay, so that the log's roots still hold.
    """
    return [done for log in log_models() if log.retained for done in _dispose(log, before)]


def _dispose(log: Any, before: Any) -> list[Disposal]:
    """Runs `aims_dispose`, the one function that may remove such rows, and only a leading run of them."""
    table = log._meta.db_table
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT hash, event_id FROM aims_dispose(%s, %s) ORDER BY event_id", [table, before])
        gone = cursor.fetchall()
        if not gone:
            return []
        digest = sha256(b"".join(bytes(leaf) for leaf, _event_id in gone)).hexdigest()
        reason = str(_("Retention is over"))
        return [
            Disposal.objects.create(source=table, until_id=gone[-1][1], rows=len(gone), digest=digest, reason=reason)
        ]
