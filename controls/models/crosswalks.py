"""Other frameworks: their rows by number and short title, and the clauses and controls that are their counterparts."""

from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from aims.trail import tracked
from controls.models.catalogue import WRITTEN, Clause, Control, Framework
from controls.querysets import OtherRowQuerySet
from controls.states import Relationship


@tracked()
class OtherRow(models.Model):
    """A row of another framework: a requirement, or a heading above some (`parent` names it)."""

    framework = models.ForeignKey(Framework, on_delete=models.CASCADE, related_name="rows")
    number = models.CharField(_("Number"), max_length=60)
    title = models.CharField(_("Title"), max_length=200, blank=True)
    parent = models.CharField(_("Part of"), max_length=60, blank=True)
    heading = models.BooleanField(_("Heading only"), default=False)
    position = models.PositiveIntegerField()
    digest = models.CharField(max_length=64, default="", editable=False)  # of all that the file says of the row
    reviewed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, editable=False, on_delete=models.PROTECT, related_name="+",
        verbose_name=_("Reviewed by"),
    )  # fmt: skip
    reviewed_at = models.DateTimeField(_("Reviewed at"), null=True, editable=False)
    review_note = models.TextField(_("What it was compared with"), blank=True, default="", editable=False)

    objects: ClassVar[Any] = OtherRowQuerySet.as_manager()

    class Meta:
        verbose_name = _("row of another framework")
        verbose_name_plural = _("rows of other frameworks")
        ordering: ClassVar = ["position"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["framework", "number"], name="other_row_number"),
            models.CheckConstraint(
                name="other_row_review_whole",
                condition=Q(reviewed_by=None, reviewed_at=None, review_note="")
                | Q(reviewed_by__isnull=False, reviewed_at__isnull=False, review_note__regex=WRITTEN),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.title}".strip()

    @property
    def reviewed(self) -> bool:
        """Whether a person looked at what stands here now; a file that changes the row takes it away."""
        return self.reviewed_by_id is not None


@tracked()
class Counterpart(models.Model):
    """What of ISO/IEC 42001 corresponds to a row: one clause or one control, how closely and why. Never proof of anything."""

    row = models.ForeignKey(OtherRow, on_delete=models.CASCADE, related_name="counterparts")
    number = models.CharField(max_length=24)  # of the clause or control
    clause = models.ForeignKey(Clause, null=True, on_delete=models.CASCADE, related_name="counterparts")
    control = models.ForeignKey(Control, null=True, on_delete=models.CASCADE, related_name="counterparts")
    relationship = models.CharField(
        _("Relationship"), max_length=8, choices=Relationship.choices, default=Relationship.RELATED
    )
    rationale = models.TextField(_("Why"), blank=True)

    class Meta:
        verbose_name = _("counterpart")
        verbose_name_plural = _("counterparts")
        ordering: ClassVar = ["pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["row", "number"], name="counterpart_once"),
            models.CheckConstraint(
                name="counterpart_one_target",
                condition=Q(clause=None, control__isnull=False) | Q(clause__isnull=False, control=None),
            ),
            models.CheckConstraint(
                name="counterpart_relationship_known", condition=Q(relationship__in=Relationship.values)
            ),
            # What is said to be more than related says why.
            models.CheckConstraint(
                name="counterpart_reasoned",
                condition=Q(relationship=Relationship.RELATED) | Q(rationale__regex=WRITTEN),
            ),
        ]
