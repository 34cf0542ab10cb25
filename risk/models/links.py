"""What a risk hangs together with: objectives and obligations, and what asks for another look at it (6.1.2, 8.2)."""

from typing import Any, ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from aims.models import Part, Record, Task, part
from organization.commitments import Objective, Obligation
from risk.models.assessments import RiskAssessment
from risk.models.fields import one_of, text
from risk.models.risks import Risk
from risk.querysets import ReassessmentQuerySet
from risk.states import Effect, Trigger


@part("risk")
class RiskObjective(Part):
    """An objective that the risk helps or hinders."""

    risk = models.ForeignKey(Risk, on_delete=models.CASCADE, related_name="objective_rows")
    objective = models.ForeignKey(
        Objective, on_delete=models.PROTECT, related_name="risk_rows", verbose_name=_("Objective")
    )
    effect = models.CharField(_("Effect"), max_length=8, choices=Effect.choices, default=Effect.HINDERS)

    class Meta:
        verbose_name = _("objective concerned")
        verbose_name_plural = _("objectives concerned")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["risk", "objective"], name="risk_objective_once"),
            one_of("effect", Effect),
        ]

    def __str__(self) -> str:
        return str(self.objective)


@part("risk")
class RiskObligation(Part):
    """An obligation that would be broken."""

    risk = models.ForeignKey(Risk, on_delete=models.CASCADE, related_name="obligation_rows")
    obligation = models.ForeignKey(
        Obligation, on_delete=models.PROTECT, related_name="risk_rows", verbose_name=_("Obligation")
    )

    class Meta:
        verbose_name = _("obligation concerned")
        verbose_name_plural = _("obligations concerned")
        constraints: ClassVar = [models.UniqueConstraint(fields=["risk", "obligation"], name="risk_obligation_once")]

    def __str__(self) -> str:
        return str(self.obligation)


@part("risk")
class Reassessment(Part):
    """The risk is to be assessed again because of something recorded; done by the assessment that follows (8.2)."""

    risk = models.ForeignKey(Risk, on_delete=models.PROTECT, related_name="reassessments")
    trigger = models.CharField(_("Why"), max_length=16, choices=Trigger.choices)
    cause = text(_("Cause"), 1000)
    record = models.ForeignKey(
        Record,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="reassessments",
        verbose_name=_("Because of"),
    )
    asked_on = models.DateField(_("Asked on"))
    task = models.ForeignKey(
        Task, null=True, blank=True, on_delete=models.PROTECT, related_name="+", verbose_name=_("Task")
    )
    assessment = models.ForeignKey(
        RiskAssessment,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="answers",
        verbose_name=_("Done by"),
    )

    objects: ClassVar[Any] = ReassessmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("reassessment asked for")
        verbose_name_plural = _("reassessments asked for")
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["risk", "record"], name="reassessment_once_a_cause"),
            models.CheckConstraint(name="reassessment_caused", condition=Q(cause__regex=r"\S")),
            one_of("trigger", Trigger),
        ]

    def __str__(self) -> str:
        return self.cause[:80]
