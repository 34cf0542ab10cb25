"""Findings of audits, and the log of improvements (clauses 9.2.2 and 10.1)."""

from typing import Any, ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from aims.models import Governed, Record, governed
from aims.states import Confidentiality
from audits.models.audits import Audit, AuditCriterion, ChecklistItem
from audits.models.fields import frozen, one_of, optional, recent, said, state, text, who
from audits.querysets import FindingQuerySet, ImprovementQuerySet
from audits.states import (
    FINDING_TONES,
    GRADE_TONES,
    IMPROVEMENT_TONES,
    FindingGrade,
    FindingState,
    ImprovementState,
)
from inventory.models import AISystem

_ISSUED = ("grade", "rationale", "statement", "objective_evidence", "criterion_id", "audit_id", "system_id")


@governed("FND", "finding", anchor="system_id")
class Finding(Governed):
    """What an auditor found. While a draft it is a case record of the team; once issued its words never change."""

    state_tones = FINDING_TONES
    grade_tones = GRADE_TONES

    state = state(FindingState, FindingState.DRAFT)
    # The auditee is named at the latest when it is issued.
    owner = who(_("Auditee"), null=True, blank=True)
    audit = models.ForeignKey(Audit, on_delete=models.PROTECT, related_name="findings", verbose_name=_("Audit"))
    criterion = models.ForeignKey(
        AuditCriterion, on_delete=models.PROTECT, related_name="findings", verbose_name=_("Criterion")
    )
    item = models.ForeignKey(
        ChecklistItem, null=True, blank=True, on_delete=models.PROTECT, related_name="findings",
        verbose_name=_("Working paper"),
    )  # fmt: skip
    system = models.ForeignKey(
        AISystem, null=True, blank=True, on_delete=models.PROTECT, related_name="findings", verbose_name=_("AI system")
    )
    subject = models.ForeignKey(
        Record, null=True, blank=True, on_delete=models.PROTECT, related_name="+", verbose_name=_("About the record")
    )
    grade = models.CharField(_("Grade"), max_length=12, choices=FindingGrade.choices)
    rationale = text(_("Why this grade"), blank=True)
    statement = text(_("Finding"))
    objective_evidence = text(_("Objective evidence"), blank=True)
    # of an audit taken over: it says as much as the old report did, and may be brought again
    taken_over = models.BooleanField(_("Taken over"), default=False, db_default=False, editable=False)
    raised_by = who(_("Raised by"), editable=False)
    issued_at = models.DateTimeField(_("Issued"), null=True, editable=False)
    response = optional(_("Response"))
    responded_by = who(_("Answered by"), null=True, editable=False)
    responded_at = models.DateTimeField(_("Answered"), null=True, editable=False)
    outcome = optional(_("Outcome"))

    objects: ClassVar[Any] = FindingQuerySet.as_manager()

    class Meta:
        verbose_name = _("finding")
        verbose_name_plural = _("findings")
        indexes: ClassVar = recent("finding")
        constraints: ClassVar = [
            said("finding_told", "statement"),
            models.CheckConstraint(
                name="finding_grounded",
                condition=Q(taken_over=True) | Q(rationale__regex=r"\S", objective_evidence__regex=r"\S"),
                violation_error_message=_("This must be said."),
            ),
            one_of("state", FindingState),
            one_of("grade", FindingGrade),
            models.CheckConstraint(
                name="finding_draft_hidden",
                condition=~Q(state=FindingState.DRAFT) | Q(confidentiality=Confidentiality.CASE),
            ),
            models.CheckConstraint(
                name="finding_issued_dated",
                condition=Q(state__in=[FindingState.DRAFT, FindingState.WITHDRAWN])
                | Q(issued_at__isnull=False, owner__isnull=False),
            ),
            models.CheckConstraint(
                name="finding_answered_whole",
                condition=Q(response="", responded_by=None, responded_at=None)
                | Q(response__regex=r"\S", responded_by__isnull=False, responded_at__isnull=False),
            ),
        ]
        triggers: ClassVar[list[Any]] = [
            frozen("finding_issued", "an issued finding does not change", _ISSUED,
                   when="OLD.state NOT IN ('draft', 'withdrawn') AND NOT OLD.taken_over"),
        ]  # fmt: skip

    @property
    def is_draft(self) -> bool:
        return self.state == FindingState.DRAFT


@governed("OFI", "improvement", anchor="system_id")
class Improvement(Governed):
    """An observation or opportunity that somebody takes up, by a day (clause 10.1)."""

    state_tones = IMPROVEMENT_TONES

    state = state(ImprovementState, ImprovementState.OPEN)
    finding = models.OneToOneField(
        Finding, null=True, blank=True, on_delete=models.PROTECT, related_name="improvement", verbose_name=_("Finding")
    )
    system = models.ForeignKey(
        AISystem, null=True, blank=True, on_delete=models.PROTECT, related_name="+", verbose_name=_("AI system")
    )
    idea = text(_("What could be better"))
    outcome = optional(_("What came of it"))
    ended_on = models.DateField(_("Ended on"), null=True, editable=False)

    objects: ClassVar[Any] = ImprovementQuerySet.as_manager()

    class Meta:
        verbose_name = _("improvement")
        verbose_name_plural = _("improvements")
        indexes: ClassVar = recent("improvement")
        constraints: ClassVar = [
            said("improvement_told", "idea"),
            one_of("state", ImprovementState),
            models.CheckConstraint(
                name="improvement_has_owner_and_date", condition=Q(owner__isnull=False, due_on__isnull=False)
            ),
            models.CheckConstraint(
                name="improvement_ended_whole",
                condition=Q(state=ImprovementState.OPEN, ended_on=None)
                | ~Q(state=ImprovementState.OPEN) & Q(ended_on__isnull=False, outcome__regex=r"\S"),
            ),
        ]

    @property
    def is_open(self) -> bool:
        return self.state == ImprovementState.OPEN
