"""Assessments: versions that never change, each with criteria, assessors, reasons and what brought it about (6.1.2)."""

from typing import Any, ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from aims.db import Now
from aims.models import Part, Record, part
from aims.trail import append_only, tracked
from risk.models.fields import Rating, one_of, optional, person
from risk.models.risks import Risk
from risk.querysets import RiskPartQuerySet
from risk.scales import DIMENSIONS
from risk.states import Trigger


def _reasoned() -> list[models.CheckConstraint]:
    """Each dimension is rated or reasoned away, by the database too (6.1.2 d)."""
    return [
        models.CheckConstraint(
            name=f"assessment_{name}_reasoned",
            condition=Q(**{f"{name}__isnull": False}) | Q(**{f"{name}_reason__regex": r"\S"}),
            violation_error_message=_("Rate every consequence, or say why it does not apply."),
        )
        for name in DIMENSIONS
    ]


@part("risk")
class RiskAssessment(Part, Rating):
    """One version. A later one follows it; none is ever changed."""

    risk = models.ForeignKey(Risk, on_delete=models.PROTECT, related_name="assessments", editable=False)
    number = models.PositiveSmallIntegerField(_("Version"), editable=False)
    predecessor = models.OneToOneField(
        "self", null=True, on_delete=models.PROTECT, related_name="successor", editable=False
    )
    trigger = models.CharField(_("Why now"), max_length=20, choices=Trigger.choices, default=Trigger.PLANNED)
    trigger_record = models.ForeignKey(
        Record, null=True, blank=True, on_delete=models.PROTECT, related_name="+", verbose_name=_("Brought about by")
    )
    likelihood_reason = optional(_("Why so likely"))
    organization_reason = optional(_("Organization: reason"))
    individual_reason = optional(_("Individuals: reason"))
    group_reason = optional(_("Groups: reason"))
    society_reason = optional(_("Society: reason"))
    recorded_by = person(_("Recorded by"), editable=False)
    assessed_at = models.DateTimeField(_("Assessed"), db_default=Now(), editable=False)

    objects: ClassVar[Any] = RiskPartQuerySet.as_manager()

    class Meta(Rating.Meta):
        abstract = False
        verbose_name = _("risk assessment")
        verbose_name_plural = _("risk assessments")
        ordering: ClassVar = ["-number"]
        constraints: ClassVar = [
            *Rating.Meta.constraints,
            models.UniqueConstraint(fields=["risk", "number"], name="assessment_number"),
            models.CheckConstraint(
                name="assessment_follows",
                condition=Q(number=1, predecessor=None) | Q(number__gt=1, predecessor__isnull=False),
            ),
            models.CheckConstraint(
                name="assessment_likelihood_reasoned",
                condition=Q(likelihood_reason__regex=r"\S"),
                violation_error_message=_("Say why it is so likely."),
            ),
            *_reasoned(),
            one_of("trigger", Trigger),
        ]
        triggers: ClassVar = append_only()

    def __str__(self) -> str:
        return f"{self.risk.ref} #{self.number}"

    def reason(self, name: str) -> str:
        """Why this rating, or why the dimension does not apply."""
        return str(getattr(self, f"{name}_reason"))


@tracked()
class Assessor(models.Model):
    """Who rated."""

    assessment = models.ForeignKey(RiskAssessment, on_delete=models.PROTECT, related_name="assessors")
    person = person(_("Assessor"))

    class Meta:
        verbose_name = _("assessor")
        verbose_name_plural = _("assessors")
        constraints: ClassVar = [models.UniqueConstraint(fields=["assessment", "person"], name="assessor_once")]
        triggers: ClassVar = append_only()

    def __str__(self) -> str:
        return str(self.person)
