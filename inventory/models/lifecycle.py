"""What is written down about a version on its way: life-cycle records and measured results (A.6.2, A.7.4, A.10.2)."""

from decimal import Decimal
from typing import Any, ClassVar

import pgtrigger
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from aims.db import Now
from aims.models import Governed, Part, governed, part
from aims.trail import append_only
from evidence.models import EvidenceItem
from inventory.models.fields import follows_system, line, one_of, person, prose
from inventory.models.rules import RuleEdition
from inventory.models.systems import DIGEST, AISystem, SystemVersion
from inventory.querysets import LifecycleQuerySet
from inventory.states import RECORD_TONES, Comparison, RecordSort, RecordState, Verdict
from organization.duties import Kept

# What an approved record keeps for ever.
_FROZEN = ("system_id", "release_id", "sort", "answers", "criteria", "link_id", "until", "outcome", "edition_id",
           "prepared_by_id", "approved_by_id", "approved_at", "kept_apart")  # fmt: skip


@governed("LCR", "lifecycle_record", anchor="system_id")
class LifecycleRecord(Governed):
    """One life-cycle record of a system or of one version: a short form, or a link to the controlled document.

    Once approved it never changes; another one supersedes it. A significant change makes it stale.
    """

    state = models.CharField(
        _("State"), max_length=32, choices=RecordState.choices, default=RecordState.DRAFT, editable=False
    )
    system = models.ForeignKey(
        AISystem, on_delete=models.PROTECT, related_name="lifecycle", verbose_name=_("AI system"), editable=False
    )
    release = models.ForeignKey(
        SystemVersion, null=True, blank=True, on_delete=models.PROTECT, related_name="lifecycle",
        verbose_name=_("Version"),
    )  # fmt: skip
    sort = models.CharField(_("Sort"), max_length=16, choices=RecordSort.choices, editable=False)
    edition = models.ForeignKey(RuleEdition, on_delete=models.PROTECT, related_name="+", editable=False)
    answers = models.JSONField(_("Answers"), default=dict, blank=True)
    criteria = models.JSONField(_("Criteria"), default=list, blank=True)
    link = models.ForeignKey(
        EvidenceItem, null=True, blank=True, on_delete=models.PROTECT, related_name="+",
        verbose_name=_("Controlled document"),
    )  # fmt: skip
    until = models.DateField(_("Holds until"), null=True, blank=True)
    outcome = models.JSONField(_("Outcome"), default=dict, blank=True, editable=False)
    prepared_by = person(_("Prepared by"), editable=False)
    approved_by = person(_("Approved by"), null=True, editable=False)
    approved_at = models.DateTimeField(_("Approved"), null=True, editable=False)
    kept_apart = models.CharField(
        _("Separation of duties"), max_length=10, choices=Kept.choices, default=Kept.KEPT, editable=False
    )
    stale_cause = line(_("Why it is stale"), 300)
    verdict = models.CharField(
        _("Verdict"), max_length=8, choices=Verdict.choices, blank=True, default="", editable=False
    )
    verdict_reason = prose(_("Why this verdict"))
    verdict_by = person(_("Verdict by"), null=True, editable=False)

    objects: ClassVar[Any] = LifecycleQuerySet.as_manager()
    state_tones = RECORD_TONES

    class Meta:
        verbose_name = _("life-cycle record")
        verbose_name_plural = _("life-cycle records")
        indexes: ClassVar = [
            models.Index(fields=["unit", "-updated_at", "-id"], name="lifecycle_unit"),
            models.Index(fields=["system", "sort", "-id"], name="lifecycle_system_sort"),
        ]
        constraints: ClassVar = [
            follows_system("lifecycle"),
            models.CheckConstraint(name="lifecycle_has_owner", condition=Q(owner__isnull=False)),
            models.CheckConstraint(
                name="lifecycle_approved_whole",
                condition=Q(approved_by=None, approved_at=None)
                & ~Q(state__in=[RecordState.APPROVED, RecordState.STALE])
                | Q(approved_by__isnull=False, approved_at__isnull=False) & ~Q(state=RecordState.DRAFT),
            ),
            models.CheckConstraint(
                name="lifecycle_approved_by_another",
                condition=Q(approved_by=None) | ~Q(approved_by=F("prepared_by")) | ~Q(kept_apart=Kept.KEPT),
            ),
            models.CheckConstraint(name="lifecycle_stale_cause", condition=~Q(state="stale") | ~Q(stale_cause="")),
            models.CheckConstraint(
                name="lifecycle_verdict_whole",
                condition=Q(verdict="", verdict_by=None) | ~Q(verdict="") & Q(verdict_by__isnull=False),
            ),
            models.CheckConstraint(
                name="lifecycle_envelope_ends",
                condition=~Q(sort=RecordSort.ENVELOPE) | Q(until__isnull=False),
                violation_error_message=_("A change envelope ends on a day."),
            ),
            one_of("state", RecordState),
            one_of("sort", RecordSort),
            one_of("verdict", Verdict, optional=True),
        ]
        triggers: ClassVar = [
            pgtrigger.Trigger(
                name="frozen",
                when=pgtrigger.Before,
                operation=pgtrigger.Update | pgtrigger.Delete,
                condition=pgtrigger.Q(old__approved_at__isnull=False),
                func=(
                    f"IF TG_OP = 'DELETE' OR ({', '.join('NEW.' + name for name in _FROZEN)}) IS DISTINCT FROM "
                    f"({', '.join('OLD.' + name for name in _FROZEN)}) THEN RAISE EXCEPTION "
                    "'an approved record never changes; another one supersedes it' USING ERRCODE = 'check_violation', "
                    "CONSTRAINT = 'lifecycle_frozen'; END IF; RETURN NEW;"
                ),
            )
        ]

    @property
    def draft(self) -> bool:
        return self.state == RecordState.DRAFT

    @property
    def classes(self) -> list[str]:
        """Classes of the law that a classification came to."""
        return list(self.outcome.get("classes", []))


_AFTER_APPROVAL = pgtrigger.Trigger(
    name="after_approval",
    when=pgtrigger.Before,
    operation=pgtrigger.Insert,
    func=(
        "IF NOT EXISTS (SELECT FROM inventory_lifecyclerecord WHERE id = NEW.record_id AND approved_at IS NOT NULL) "
        "THEN RAISE EXCEPTION 'criteria are approved before the first result' USING ERRCODE = 'check_violation', "
        "CONSTRAINT = 'result_after_approval'; END IF; RETURN NEW;"
    ),
)


@part("record")
class CheckResult(Part):
    """A measured value against a criterion of an approved plan, for a group and a version. Never changed (A.6.2.4, A.7.4)."""

    record = models.ForeignKey(LifecycleRecord, on_delete=models.PROTECT, related_name="results")
    metric = models.CharField(_("Metric"), max_length=120)
    group = models.CharField(_("Group"), max_length=120, blank=True, default="", db_column="group_name")
    value = models.DecimalField(_("Value"), max_digits=18, decimal_places=6)
    comparison = models.CharField(_("Comparison"), max_length=10, choices=Comparison.choices)
    threshold = models.DecimalField(_("Threshold"), max_digits=18, decimal_places=6)
    passed = models.BooleanField(_("Passed"), editable=False)
    digest = models.CharField(
        _("Model digest (SHA-256)"), max_length=64, blank=True, default="", validators=[RegexValidator(DIGEST)]
    )
    data_version = line(_("Data-set version"), 120)
    measured_on = models.DateField(_("Measured on"))
    note = prose(_("Note"), 2000)
    recorded_by = person(_("Recorded by"))
    recorded_at = models.DateTimeField(_("Recorded"), db_default=Now(), editable=False)

    told_by: ClassVar = ("metric",)

    class Meta:
        verbose_name = _("result")
        verbose_name_plural = _("results")
        ordering: ClassVar = ["-id"]
        constraints: ClassVar = [
            models.CheckConstraint(
                name="result_by_formula",
                condition=Q(comparison="at_least", passed=True, value__gte=F("threshold"))
                | Q(comparison="at_least", passed=False, value__lt=F("threshold"))
                | Q(comparison="at_most", passed=True, value__lte=F("threshold"))
                | Q(comparison="at_most", passed=False, value__gt=F("threshold")),
            ),
            one_of("comparison", Comparison),
        ]
        triggers: ClassVar = [*append_only(), _AFTER_APPROVAL]

    def __str__(self) -> str:
        return f"{self.metric} {self.value}"


def holds(value: Decimal, comparison: str, threshold: Decimal) -> bool:
    """Whether a value keeps its threshold."""
    return value >= threshold if comparison == Comparison.AT_LEAST else value <= threshold
