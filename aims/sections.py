"""The register of decisions as a chapter of the evidence pack."""

from collections.abc import Iterator, Mapping
from typing import Any

from django.db.models import Q

from aims.models import Decision, Record
from aims.registry import registry
from aims.states import Confidentiality

# Decisions of one chapter: small chapters are drawn again quickly when one is added.
CHAPTER = 40


def decisions(pack: Any) -> Iterator[Mapping[str, Any]]:
    """Every decision up to the pack's moment about records in its scope that who asked for it sees, oldest first."""
    rows = Decision.objects.filter(record__in=_records(pack)).select_related("record", "decided_by")
    found = [_plain(row) for row in rows.order_by("decided_at", "pk")]
    for start in range(0, len(found), CHAPTER) or (0,):
        yield {"rows": found[start : start + CHAPTER]}


def _records(pack: Any) -> Any:
    rows = Record.objects.visible_to(pack.asked_by).exclude(confidentiality=Confidentiality.CASE)
    rows = rows.filter(unit__in=pack.unit_ids)
    systems = pack.system_ids
    return rows.filter(Q(pk__in=systems) | Q(anchor_id__in=systems)) if systems else rows


def _plain(row: Decision) -> dict[str, Any]:
    card = registry.roles.get(row.capacity)
    return {
        "at": row.decided_at,
        "ref": row.record.ref,
        "title": row.record.title,
        "question": row.question,
        "options": list(row.options),
        "outcome": row.outcome,
        "refused": row.refused,
        "until": row.until,
        "conditions": row.conditions,
        "reason": row.reason,
        "dissent": row.dissent,
        "by": str(row.decided_by or ""),
        "capacity": str(card.name) if card else row.capacity,
    }
