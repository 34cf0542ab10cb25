"""The Statement of Applicability in a pack: every control with its decision, reason, state and evidence (6.1.3 f)."""

from collections.abc import Iterator, Mapping
from typing import Any

from controls.models import ControlStatement
from controls.states import APPLICABILITY_TONES, STATUS_TONES
from evidence.models import EvidenceItem


def statement_of_applicability(pack: Any) -> Iterator[Mapping[str, Any]]:
    """One chapter: the statements that hold for the pack's unit, by objective, as far as the person who asked sees."""
    rows = list(_holding(pack))
    evidence = _evidence(pack, rows)
    groups: dict[str, list[dict[str, Any]]] = {}
    for row in rows:
        groups.setdefault(str(row.control.group), []).append(_plain(row, evidence.get(row.pk, [])))
    yield {"wide": True, "groups": list(groups.items()), "counts": _counts(rows)}


def _holding(pack: Any) -> Iterator[ControlStatement]:
    """For each control the statement of the pack's unit, or of the nearest unit above that has one."""
    user = pack.asked_by
    rows = ControlStatement.objects.visible_to(user).with_links(user).filter(unit__in=pack.unit.path)
    nearest: dict[int, ControlStatement] = {}
    for row in rows.select_related("owner", "unit", "control__group").order_by("control__position", "unit__path"):
        nearest[row.control_id] = row
    yield from nearest.values()


def _evidence(pack: Any, rows: list[ControlStatement]) -> dict[int, list[str]]:
    """References of current evidence by statement."""
    found: dict[int, list[str]] = {}
    items = EvidenceItem.objects.visible_to(pack.asked_by).current()
    items = items.filter(links__record_id__in=[row.pk for row in rows])
    for record_id, ref in items.order_by("ref").values_list("links__record_id", "ref"):
        found.setdefault(record_id, []).append(ref)
    return found


def _counts(rows: list[ControlStatement]) -> dict[str, int]:
    decided = [row for row in rows if row.decided]
    excluded = sum(row.excluded for row in decided)
    return {
        "total": len(rows),
        "included": len(decided) - excluded,
        "excluded": excluded,
        "undecided": len(rows) - len(decided),
    }


def _plain(row: ControlStatement, evidence: list[str]) -> dict[str, Any]:
    return {
        "number": row.control.number,
        "title": row.control.title,
        "decision": row.get_applicability_display(),
        "decision_tone": APPLICABILITY_TONES[row.applicability],
        "justification": row.justification,
        "basis": row.basis_words,
        "status": row.get_status_display(),
        "status_tone": STATUS_TONES[row.status],
        "due_on": row.due_on,
        "implementation": row.implementation,
        "procedure": row.procedure,
        "systems": [system.ref for system in row.systems],
        "owner": row.owner.name if row.owner is not None else "",
        "evidence": evidence,
    }
