"""Opinions asked in parallel from those who know or speak for others (ISO/IEC 42005 5.8)."""

from typing import Any, ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from aims.models import Part, part
from impact.models.assessments import ImpactAssessment
from impact.models.fields import choice, kept, one_of, optional, person
from impact.querysets import OpinionQuerySet
from impact.states import Discipline, Verdict

_GIVEN = ("assessment_id", "discipline", "section", "asked_id", "asked_by_id", "asked_on", "question", "due_on",
          "verdict", "text", "given_at")  # fmt: skip


@part("assessment")
class Opinion(Part):
    """Somebody was asked about a section, and what they say: agrees, has a concern, agrees on a condition."""

    assessment = models.ForeignKey(ImpactAssessment, on_delete=models.PROTECT, related_name="opinions")
    discipline = choice(_("Discipline"), Discipline)
    section = models.CharField(_("Section"), max_length=40, blank=True, default="")
    asked = person(_("Asked"))
    asked_by = person(_("Asked by"), editable=False)
    asked_on = models.DateField(_("Asked on"), editable=False)
    question = optional(_("What is asked"), 1000)
    due_on = models.DateField(_("Answer by"), null=True, blank=True)
    verdict = choice(_("Opinion"), Verdict, blank=True, default="")
    text = optional(_("In words"), 4000)
    given_at = models.DateTimeField(_("Given"), null=True, editable=False)
    withdrawn_on = models.DateField(_("Not asked any more since"), null=True, editable=False)

    told_by: ClassVar = ("discipline",)
    objects: ClassVar[Any] = OpinionQuerySet.as_manager()

    class Meta:
        verbose_name = _("opinion")
        verbose_name_plural = _("opinions")
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["assessment", "discipline", "section", "asked"], condition=Q(verdict="", withdrawn_on=None),
                name="impact_opinion_asked_once", violation_error_message=_("This person is asked already."),
            ),
            models.CheckConstraint(
                name="impact_opinion_whole",
                condition=Q(verdict="", given_at=None) | ~Q(verdict="") & Q(given_at__isnull=False),
            ),
            models.CheckConstraint(
                name="impact_opinion_reasoned",
                condition=Q(verdict__in=["", Verdict.AGREE]) | Q(text__regex=r"\S"),
                violation_error_message=_("A concern or a condition is said in words."),
            ),
            one_of("discipline", Discipline),
            one_of("verdict", Verdict, optional=True),
        ]  # fmt: skip
        triggers: ClassVar = [kept("impact_opinion", _GIVEN, "OLD.verdict <> ''")]

    def __str__(self) -> str:
        return str(self.get_discipline_display())
