"""Audits and corrective action in a pack: programmes, reports, samples with the script that draws them again, findings."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from audits import reports
from audits.drawing import ALGORITHM
from audits.leftout import left_out_of
from audits.models import Audit, AuditProgramme, Certification, Improvement, Nonconformity, Sample
from audits.populations import as_csv, whole_for
from audits.states import GRADE_TONES, NC_TONES

SCRIPT = Path(__file__).resolve().parent / "data" / "redraw.py"
PRINTED = 2000  # rows of a population that a pack prints


def audits(pack: Any) -> Iterator[Mapping[str, Any]]:
    """One chapter a report, after programmes and certificates; the script comes with the first sample."""
    user = pack.asked_by
    programmes = (
        pack.covers(AuditProgramme.objects.visible_to(user)).select_related("approved_by").order_by("starts_on", "id")
    )
    held = pack.covers(Certification.objects.visible_to(user)).order_by("id")
    rows = pack.covers(Audit.objects.visible_to(user)).order_by("starts_on", "id")
    yield {
        "programmes": [_programme(row, user) for row in programmes], "certificates": [_certificate(row) for row in held],
        "planned": [[row.ref, row.title, row.get_sort_display(), row.starts_on, row.get_state_display()] for row in rows],
    }  # fmt: skip
    for audit in rows.filter(state__in=["reported", "closed", "taken_over"]):
        told = reports.report(audit, user)
        script = SCRIPT.read_text(encoding="utf-8") if told["samples"] else ""
        populations = {one.pk: _population(one, user) for one in audit.samples.all()}
        yield {
            "title": f"{audit.ref} {audit.title}", "report": told, "script": script, "algorithm": ALGORITHM,
            "populations": [(one, populations[one["pk"]]) for one in told["samples"] if populations[one["pk"]]],
        }  # fmt: skip


def _population(sample: Sample, user: Any) -> str:
    """What was drawn from, for the script; "" where it is too long to print, or the reader sees only part of it."""
    printable = sample.population_count <= PRINTED and whole_for(sample, user)
    return as_csv(sample) if printable else ""


def _programme(row: AuditProgramme, user: Any) -> dict[str, Any]:
    return {
        "ref": row.ref, "title": row.title, "period": [row.starts_on, row.ends_on], "objectives": row.objectives,
        "state": row.get_state_display(), "approved_by": str(row.approved_by or ""),
        "left_out": [
            [one.why, one.numbers, [unit.name for unit in one.units], [f"{it.ref} {it.title}" for it in one.systems]]
            for one in left_out_of(row, user)
        ],
    }  # fmt: skip


def _certificate(row: Certification) -> list[Any]:
    return [row.ref, row.body, row.number or "–", row.scope, row.issued_on, row.valid_until, row.get_state_display()]


def nonconformities(pack: Any) -> Iterator[Mapping[str, Any]]:
    """One chapter: every nonconformity with cause, actions and verdicts, and the improvement log."""
    user = pack.asked_by
    rows = (
        pack.covers(Nonconformity.objects.visible_to(user)).select_related("owner", "clause", "control").order_by("id")
    )
    ideas = pack.covers(Improvement.objects.visible_to(user)).select_related("owner").order_by("id")
    yield {
        "rows": [_nonconformity(row, user) for row in rows],
        "ideas": [[row.ref, row.title, str(row.owner), row.due_on, row.get_state_display(), row.outcome] for row in ideas],
    }  # fmt: skip


def _nonconformity(row: Nonconformity, user: Any) -> dict[str, Any]:
    actions = row.actions.visible_to(user).select_related("owner").order_by("round", "id")
    reviews = row.reviews.select_related("reviewed_by").order_by("round")
    return {
        "ref": row.ref, "title": row.title, "grade": row.get_grade_display(), "grade_tone": GRADE_TONES[row.grade],
        "state": row.get_state_display(), "tone": NC_TONES[row.state], "breaks": row.breaks, "owner": str(row.owner),
        "description": row.description, "detected_on": row.detected_on, "containment": row.containment,
        "consequences": row.consequences, "root_cause": row.root_cause, "similar": row.similar_result,
        "criteria": row.effect_criteria, "round": row.round, "closed_on": row.closed_on,
        "actions": [[one.title, str(one.owner), one.due_on, one.get_state_display(), one.result] for one in actions],
        "verdicts": [[one.round, one.effective, one.findings, str(one.reviewed_by), one.reviewed_on] for one in reviews],
    }  # fmt: skip
