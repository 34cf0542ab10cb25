"""An audit's report as plain data, for its page and for the pack. Conclusions are people's own words (9.2.2)."""

from typing import Any

from django.utils.formats import date_format

from aims.models import Record
from audits.models import Audit, Finding
from audits.populations import stratum_names
from audits.reading import systems_of, team_of
from audits.states import AUDITING, GRADE_TONES, PaperResult, RowVerdict
from evidence.sections import period


def report(audit: Audit, user: Any) -> dict[str, Any]:
    """What was audited, how, by whom, what was found; overrides of independence stand with reason and safeguards."""
    findings = Finding.objects.visible_to(user).filter(audit=audit).issued()
    findings = findings.select_related("criterion__clause", "criterion__control", "responded_by").order_by("pk")
    return {
        "ref": audit.ref, "title": audit.title, "sort": audit.get_sort_display(), "state": audit.get_state_display(),
        "objectives": audit.objectives, "method": audit.method, "conclusions": audit.conclusions, "left_out": audit.left_out,
        "opening": audit.opening, "closing": audit.closing, "dates": period(audit.starts_on, audit.ends_on),
        "period": period(audit.period_from, audit.period_to), "reported_at": audit.reported_at,
        "reported_by": audit.audited_by or str(audit.reported_by or ""), "taken_over": audit.taken_over,
        "report_at": audit.report_at,
        "criteria": [str(row) for row in audit.criteria.select_related("clause", "control")],
        "units": [row.scope_unit.name for row in audit.units.select_related("scope_unit")],
        "systems": [f"{one.ref} {one.title}" for one in systems_of(audit, user)],
        "team": [_member(row) for row in team_of(audit, user)], "look_back": audit.look_back,
        "papers": _papers(audit) if audit.keeps_papers else [], "findings": [_finding(row) for row in findings],
        "samples": [_sample(row, user) for row in audit.samples.defer("population").order_by("pk")],
        "elsewhere": [_elsewhere(row) for row in audit.external_records.all()],
        "distribution": [[str(row.person), row.sent_at] for row in audit.distribution.select_related("person")],
        "signatures": [[str(row.person), row.statement, row.signed_at] for row in audit.sign_offs.select_related("person")],
    }  # fmt: skip


def _member(row: Any) -> dict[str, Any]:
    return {
        "person": str(row.person), "role": row.get_role_display(), "declaration": row.declaration,
        "competence": row.competence.title if row.competence else "", "judges": row.role in AUDITING,
        "conflicts": [f"{one['ref']} {one['title']}: {one['what']}, {one['on']}" for one in row.conflicts],
        "override": row.override_reason, "safeguards": row.safeguards, "approved_by": str(row.approved_by or ""),
    }  # fmt: skip


def _papers(audit: Audit) -> list[tuple[str, int]]:
    counts = dict.fromkeys(PaperResult.values, 0)
    for result in audit.items.values_list("result", flat=True):
        counts[result] += 1
    return [(str(PaperResult(key).label), number) for key, number in counts.items()]


def _finding(row: Finding) -> dict[str, Any]:
    return {
        "ref": row.ref, "title": row.title, "grade": row.get_grade_display(), "tone": GRADE_TONES[row.grade],
        "criterion": str(row.criterion), "statement": row.statement, "evidence": row.objective_evidence,
        "rationale": row.rationale, "response": row.response, "responded_by": str(row.responded_by or ""),
        "state": row.get_state_display(),
    }  # fmt: skip


def _sample(row: Any, user: Any) -> dict[str, Any]:
    seen = dict(Record.objects.visible_to(user).filter(pk__in=row.rows.values("record")).values_list("pk", "title"))
    rows = list(row.rows.select_related("record"))
    verdicts, strata = [one.verdict for one in rows], stratum_names(row, user)
    return {
        "pk": row.pk, "title": row.title, "kind": row.record_kind, "query": row.query or "–", "count": row.population_count,
        "digest": row.population_digest, "as_of": row.as_of, "seed": row.seed, "size": row.size,
        "stratum_by": row.stratum_by or "–", "algorithm": row.algorithm,
        "verdicts": [(str(one.label), verdicts.count(one)) for one in RowVerdict if one in verdicts],
        "rows": [
            [one.record.ref, seen[one.record_id], strata.get(one.stratum, one.stratum) or "–", one.get_verdict_display(), one.note]
            for one in rows if one.record_id in seen
        ],
    }  # fmt: skip


def _elsewhere(row: Any) -> list[Any]:
    told = [row.title, row.held_by, row.address, row.edition, date_format(row.dated, "SHORT_DATE_FORMAT")]
    return [*told, f"SHA-256 {row.digest}"] if row.digest else told
