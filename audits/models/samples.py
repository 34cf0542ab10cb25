"""Samples that anybody can draw again: population, seed, digest and algorithm are kept with what was drawn."""

from typing import Any, ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from aims.db import Now
from aims.models import Part, Record, part
from aims.trail import append_only
from audits.models.audits import Audit, ChecklistItem
from audits.models.fields import frozen, one_of, optional, who
from audits.querysets import PartQuerySet
from audits.states import RowVerdict


@part("audit")
class Sample(Part):
    """One draw from a stated population. Nothing of it changes afterwards."""

    audit = models.ForeignKey(Audit, on_delete=models.PROTECT, related_name="samples")
    item = models.ForeignKey(
        ChecklistItem, null=True, blank=True, on_delete=models.PROTECT, related_name="samples",
        verbose_name=_("Working paper"),
    )  # fmt: skip
    title = models.CharField(_("What is sampled"), max_length=200)
    record_kind = models.CharField(_("Kind of record"), max_length=32)
    query = models.CharField(_("Query"), max_length=2000, blank=True, default="")
    stratum_by = models.CharField(_("Strata by"), max_length=60, blank=True, default="")
    as_of = models.DateTimeField(_("As of"))
    population = models.JSONField(_("Population"))  # [[reference, stratum], …] in order of reference
    population_count = models.PositiveIntegerField(_("Population"))
    population_digest = models.CharField(_("Digest of the population"), max_length=64)
    seed = models.CharField(_("Seed"), max_length=200)
    size = models.PositiveIntegerField(_("Size"))
    algorithm = models.CharField(_("Algorithm"), max_length=40)
    drawn_by = who(_("Drawn by"))
    drawn_at = models.DateTimeField(_("Drawn"), db_default=Now(), editable=False)

    objects: ClassVar[Any] = PartQuerySet.as_manager()
    told_by: ClassVar = ("title",)

    class Meta:
        verbose_name = _("sample")
        verbose_name_plural = _("samples")
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            models.CheckConstraint(
                name="sample_size", condition=Q(size__gte=1, size__lte=models.F("population_count"))
            ),
            models.CheckConstraint(name="sample_digest", condition=Q(population_digest__regex="^[0-9a-f]{64}$")),
        ]
        triggers: ClassVar = append_only()

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return f"{self.audit.get_absolute_url()}samples/{self.pk}/"


@part("audit")
class SampleRow(Part):
    """A record that was drawn, at the version it then had, with the auditor's verdict."""

    audit = models.ForeignKey(Audit, on_delete=models.PROTECT, related_name="sample_rows")
    sample = models.ForeignKey(Sample, on_delete=models.PROTECT, related_name="rows")
    record = models.ForeignKey(Record, on_delete=models.PROTECT, related_name="+", verbose_name=_("Record"))
    position = models.PositiveSmallIntegerField()
    stratum = models.CharField(_("Stratum"), max_length=200, blank=True, default="")
    drawn_version = models.PositiveIntegerField(_("Version drawn"))
    verdict = models.CharField(_("Verdict"), max_length=12, choices=RowVerdict.choices, default=RowVerdict.OPEN)
    note = optional(_("Note"))
    judged_by = who(_("Judged by"), null=True, blank=True)
    judged_at = models.DateTimeField(_("Judged"), null=True, editable=False)

    objects: ClassVar[Any] = PartQuerySet.as_manager()
    told_by: ClassVar = ("record",)

    class Meta:
        verbose_name = _("sampled record")
        verbose_name_plural = _("sampled records")
        ordering: ClassVar = ["position"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["sample", "record"], name="sample_row_once"),
            models.UniqueConstraint(fields=["sample", "position"], name="sample_row_position"),
            one_of("verdict", RowVerdict),
            models.CheckConstraint(
                name="sample_row_judged_whole",
                condition=Q(verdict=RowVerdict.OPEN, judged_by=None, judged_at=None)
                | ~Q(verdict=RowVerdict.OPEN) & Q(judged_by__isnull=False, judged_at__isnull=False),
            ),
        ]
        triggers: ClassVar[list[Any]] = [
            frozen("sample_row_frozen", "a sampled record stays drawn",
                   ("audit_id", "sample_id", "record_id", "position", "stratum", "drawn_version")),
        ]  # fmt: skip
