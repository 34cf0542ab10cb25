"""What rows of audits must be, where a canary in every text breaks one of its rules."""

from datetime import date
from typing import Any

from django.utils import timezone

from audits.models import AuditCriterion, Nonconformity
from tests.walk.making import make

ORDER = (("programme", 50), ("audit", 51), ("finding", 52), ("improvement", 53), ("nonconformity", 54),
         ("corrective_action", 55), ("engagement", 56), ("certification", 57))  # fmt: skip
FIRST, LAST = date(2026, 1, 1), date(2026, 12, 31)
DIGEST = "0" * 64

RECIPES: dict[str, dict[str, Any]] = {
    "audits.AuditProgramme": {"starts_on": FIRST, "ends_on": LAST, "gap_reason": "", "gap_reasons": []},
    "audits.Audit": {"starts_on": FIRST, "ends_on": LAST, "period_from": FIRST, "period_to": LAST, "audited_by": "",
                     "report_at": ""},
    "audits.AuditCriterion": {"clause": None, "control": None},
    "audits.TeamMember": {"role": "observer", "override_reason": "", "safeguards": "", "conflicts": []},
    "audits.ExternalRecord": {"digest": ""},
    "audits.Sample": {"record_kind": "system", "query": "", "stratum_by": "", "population": [], "population_count": 1,
                      "size": 1, "population_digest": DIGEST},
    "audits.SampleRow": {"position": 1, "drawn_version": 1},
    "audits.Finding": {"state": "issued", "response": "", "grade": "minor"},
    "audits.Improvement": {"due_on": FIRST, "outcome": ""},
    "audits.Nonconformity": {"closed_on": None, "clause": None, "control": None},
    "audits.CorrectiveAction": {"due_on": FIRST, "round": 1, "state": "dropped"},
    "audits.EffectivenessReview": {"round": 1, "effective": False},
    "audits.Engagement": {"starts_on": FIRST, "ends_on": LAST, "period_from": FIRST, "period_to": LAST, "clauses": [],
                          "end_reason": ""},
    "audits.Certification": {"issued_on": None, "valid_until": None},
    "audits.SurveillanceVisit": {"audit": None},
    "audits.AuditRequest": {"about": None},
    "audits.Offer": {"offered_version": 1},
    "audits.PaperRecord": {"seen_version": 1},
}  # fmt: skip


def _criterion(world: Any, mark: str, given: dict[str, Any]) -> dict[str, Any]:
    audit = given["audit"]
    found = AuditCriterion.objects.filter(audit=audit).first() or make(AuditCriterion, mark, RECIPES, audit=audit)
    return {"criterion": found, "issued_at": timezone.now()}


def _another(world: Any, mark: str, given: dict[str, Any]) -> dict[str, Any]:
    """Another nonconformity in the same condition."""
    same = {name: getattr(given["nonconformity"], name) for name in ("unit", "owner", "confidentiality")}
    return {"other": make(Nonconformity, mark, RECIPES, title=f"{mark} other", **same)}


# What else a record of the kind (or a part) is given: (world, mark, what it has) → more.
GIVEN = {"finding": _criterion, "audits.RelatedNonconformity": _another}
