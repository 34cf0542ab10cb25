"""Separation of duties in every pack: the table in force, and each override with its review."""

from collections.abc import Iterator, Mapping
from typing import Any

from organization.duties import Tier
from organization.mandate_tables import rule_words
from organization.mandates import DutyOverride, DutyTable
from organization.views.duties import grid


def duties(pack: Any) -> Iterator[Mapping[str, Any]]:
    """One chapter. A pack limited to some systems tells the overrides about them alone."""
    table = DutyTable.objects.visible_to(pack.asked_by).select_related("set_by").in_force()
    yield {
        "tiers": [str(label) for label in Tier.labels],
        "rules": [{"rule": rule, "modes": [cell.label for cell in cells]} for rule, cells in grid(table)],
        "edition": table.edition if table is not None else None,
        "set_by": str(table.set_by) if table is not None else "",
        "reason": table.reason if table is not None else "",
        "overrides": [_plain(row) for row in _overrides(pack)],
    }


def _overrides(pack: Any) -> Any:
    rows = pack.covers(DutyOverride.objects.visible_to(pack.asked_by))
    return rows.select_related("record", "by", "reviewed_by").order_by("at", "pk")


def _plain(row: DutyOverride) -> dict[str, Any]:
    return {
        "ref": row.record.ref,
        "rule": rule_words(row),
        "by": str(row.by),
        "at": row.at,
        "reason": row.reason,
        "safeguard": row.safeguard,
        "reviewed_by": str(row.reviewed_by or ""),
        "finding": row.finding,
        "review_by": row.review_by,
    }
