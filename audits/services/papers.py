"""Working papers: one save of one item, so that nothing typed is lost and two auditors do not overwrite each other."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from aims.errors import Stale
from aims.models import Record
from aims.services import create, require
from aims.trail import recording
from audits import policies
from audits.models import Audit, AuditCriterion, ChecklistItem, PaperRecord
from audits.services.common import require_seen, require_state, require_text
from audits.states import AuditState
from organization.models import User


def save_paper(
    item: ChecklistItem, *, by: User, at: datetime, result: str, notes: str, evidence_seen: str,
    records: Iterable[Record] | None = None, edition: int | None = None,
) -> ChecklistItem:  # fmt: skip
    """Save one item. `edition` is the one that was opened. Errors: NotPermitted, Stale, WrongState, ValidationError."""
    capacity = require(policies.can_work(by, item.audit), _("Only the team of a running audit writes working papers."))
    with recording(by, "save_paper", capacity=capacity):
        current = ChecklistItem.objects.select_for_update().select_related("audit").get(pk=item.pk)
        require_state(current.audit, AuditState.RUNNING)
        if edition is not None and edition != current.edition:
            raise Stale(_("Somebody else of the team saved this item after you opened it."), current=current)
        current.result, current.notes, current.evidence_seen = result, notes, evidence_seen
        current.auditor, current.saved_at, current.edition = by, at, current.edition + 1
        current.full_clean(exclude=["id"])
        current.save()
        if records is not None:
            _look(current, list(records), by)
        return current


def _look(item: ChecklistItem, records: list[Any], by: User) -> None:
    require_seen(by, records)
    keys = {record.pk for record in records}
    item.records.exclude(record__in=keys).delete()
    had = set(item.records.values_list("record_id", flat=True))
    for record in records:
        if record.pk not in had:
            create(PaperRecord(audit=item.audit, item=item, record_id=record.pk, seen_version=record.version))


def add_question(audit: Audit, *, by: User, criterion: AuditCriterion, question: str) -> ChecklistItem:
    """Add a question of one's own to a running audit."""
    capacity = require(policies.can_work(by, audit))
    require_text(question=question)
    with recording(by, "add_question", capacity=capacity):
        require_state(audit, AuditState.RUNNING)
        return create(
            ChecklistItem(audit=audit, criterion=criterion, question=question.strip(), position=audit.items.count() + 1)
        )
