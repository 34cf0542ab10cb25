"""Samples: drawn by seed from a stated population, then judged row by row."""

import secrets
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from aims.errors import WrongState, invalid
from aims.models import Record
from aims.services import change, create, locked, require
from aims.trail import recording
from audits import policies
from audits.drawing import ALGORITHM, digest_of, draw, in_order
from audits.models import Audit, ChecklistItem, Sample, SampleRow
from audits.populations import population
from audits.services.common import require_state, require_text
from audits.states import AuditState, RowVerdict
from organization.models import User


def draw_sample(
    audit: Audit, *, by: User, at: datetime, title: str, record_kind: str, size: int, query: str = "",
    stratum_by: str = "", seed: str = "", item: ChecklistItem | None = None,
) -> Sample:  # fmt: skip
    """Draw `size` rows from the population that the query finds now. The auditor may give the seed.

    Errors: NotPermitted, WrongState, ValidationError (population empty, smaller than the size, too large).
    """
    capacity = require(policies.can_work(by, audit), _("Only the team of a running audit draws samples."))
    require_text(title=title)
    with recording(by, "draw_sample", capacity=capacity):
        require_state(audit, AuditState.RUNNING)
        rows = in_order(population(by, record_kind, query, stratum_by))
        if not 1 <= size <= len(rows):
            raise invalid(size=_("Between 1 and %(count)d can be drawn.") % {"count": len(rows)})
        used = seed.strip() or secrets.token_hex(16)
        made = create(
            Sample(
                audit=audit, item=item, title=title, record_kind=record_kind, query=query.lstrip("?"),
                stratum_by=stratum_by, as_of=at, population=[list(row) for row in rows], population_count=len(rows),
                population_digest=digest_of(rows), seed=used, size=size, algorithm=ALGORITHM, drawn_by=by,
            )
        )  # fmt: skip
        _keep_rows(made, draw(rows, used, size))
        return made


def _keep_rows(sample: Sample, drawn: list[tuple[str, str]]) -> None:
    records = {row.ref: row for row in Record.objects.filter(ref__in=[ref for ref, _stratum in drawn])}
    SampleRow.objects.bulk_create(
        SampleRow(
            audit=sample.audit, sample=sample, record=records[ref], position=number, stratum=stratum,
            drawn_version=records[ref].version,
        )
        for number, (ref, stratum) in enumerate(drawn, 1)
    )  # fmt: skip


def judge_row(row: SampleRow, *, by: User, at: datetime, verdict: str, note: str = "") -> SampleRow:
    """Give the verdict on a sampled record; may be given anew while the audit runs."""
    capacity = require(policies.can_work(by, row.audit))
    with recording(by, "judge_row", capacity=capacity, reason=note):
        current = locked(row)
        if current.audit.state != AuditState.RUNNING:
            raise WrongState(_("The audit does not run."))
        judged: dict[str, Any] = {"judged_by": by, "judged_at": at} if verdict != RowVerdict.OPEN else {
            "judged_by": None, "judged_at": None}  # fmt: skip
        return change(current, {"verdict": verdict, "note": note, **judged})
