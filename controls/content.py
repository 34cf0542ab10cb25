"""What a version of the Statement of Applicability says, as plain data with one digest (clauses 6.1.3 f and 7.5.3).

The document shows to everybody who works under the scope: records, systems and evidence that are not for everybody
there are not named in it.
"""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import rfc8785
from django.db.models import Prefetch, Q

from aims.registry import registry
from aims.states import Confidentiality
from controls.models import AimsScope, ControlStatement, Framework, SoaVersion, StatementBasis, StatementSystem
from evidence.models import EvidenceItem

FORMAT = "aims-soa/1"
DECIDED = ("control", "unit", "system", "decision", "justification", "basis", "records", "systems")
_OPEN_TO_ALL = Confidentiality.NORMAL


def statements_of(scope: AimsScope) -> list[ControlStatement]:
    """Every statement of the scope that everybody under it may read, in order, with what it names."""
    basis = StatementBasis.objects.filter(record__confidentiality=_OPEN_TO_ALL).select_related("record")
    reach = StatementSystem.objects.filter(system__confidentiality=_OPEN_TO_ALL).select_related("system")
    inside = Q(unit__path__contains=[scope.unit_id]) | Q(system__in=scope.listed.values("system"))
    rows = ControlStatement.objects.of_scope(scope).filter(inside, confidentiality=_OPEN_TO_ALL).in_order()
    rows = rows.select_related("control__group", "control__framework", "unit", "owner", "system", "scope")
    return list(
        rows.prefetch_related(
            Prefetch("basis_rows", basis.order_by("record__ref")), Prefetch("reach", reach.order_by("system__ref"))
        )
    )


def document(soa: SoaVersion, approval: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """The version as it stands now, with the approval that freezes it."""
    scope = soa.scope
    listed = scope.listed.filter(system__confidentiality=_OPEN_TO_ALL).order_by("system__ref")
    return {
        "format": FORMAT,
        "number": soa.number,
        "scope": {
            "ref": scope.ref,
            "title": scope.title,
            "unit": str(scope.unit),
            "boundaries": scope.boundaries,
            "systems": list(listed.values_list("system__ref", flat=True)),
        },
        "catalogue": [
            {"framework": one.key, "edition": one.edition, "data_version": one.data_version}
            for one in Framework.objects.filter(controls__statements__scope=scope).distinct().order_by("key")
        ],
        "rests_on": [dict(one) for provide in registry.foundations for one in provide(scope)],
        "lines": lines(statements_of(scope)),
        **({"approval": dict(approval)} if approval else {}),
    }


def lines(rows: Sequence[ControlStatement]) -> list[dict[str, Any]]:
    """One line a statement: that of the scope, then what differs. Two queries for the evidence of all."""
    evidence = _evidence(rows)
    return [_line(row, evidence.get(row.pk, [])) for row in rows]


def _line(row: ControlStatement, evidence: list[str]) -> dict[str, Any]:
    return {
        "control": row.control.number,
        "title": row.control.title,
        "group": str(row.control.group),
        "source": row.control.source,
        "origin": row.control.origin,
        "statement": row.ref,
        "unit": str(row.unit) if row.differs else "",
        "system": _shown(row.system),
        "decision": row.applicability,
        "justification": row.justification,
        "basis": sorted(row.basis),
        "records": [one.record.ref for one in row.basis_rows.all()],
        "systems": [one.system.ref for one in row.reach.all()],
        "status": row.status,
        "implementation": row.implementation,
        "procedure": row.procedure,
        "owner": row.owner.name if row.owner is not None else "",
        "due_on": row.due_on.isoformat() if row.due_on else "",
        "last_reviewed_on": row.last_reviewed_on.isoformat() if row.last_reviewed_on else "",
        "evidence": evidence,
    }


def _shown(system: Any) -> str:
    return system.ref if system is not None and system.confidentiality == _OPEN_TO_ALL else ""


def _evidence(rows: Sequence[ControlStatement]) -> dict[int, list[str]]:
    items = EvidenceItem.objects.filter(confidentiality=_OPEN_TO_ALL).current()
    items = items.filter(links__record_id__in=[row.pk for row in rows]).order_by("ref")
    found: dict[int, list[str]] = {}
    for key, ref in items.values_list("links__record_id", "ref"):
        found.setdefault(key, []).append(ref)
    return found


def canonical(document: Mapping[str, Any]) -> str:
    """The document as canonical JSON (RFC 8785): one text for one content."""
    return rfc8785.dumps(dict(document)).decode("utf-8")


def digest_of(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


def decided_digest(found: Iterable[Mapping[str, Any]]) -> str:
    """The digest of what was decided alone: status, owners and evidence may move while a version is in review."""
    only = [{name: line[name] for name in DECIDED} for line in found]
    return digest_of(rfc8785.dumps(only).decode("utf-8"))
