"""Whether the treatment worked, and who accepted what is left, until when (clauses 6.1.3 and 8.3)."""

from typing import Any, ClassVar

import pgtrigger
from django.db import models
from django.db.models import F, Q
from django.utils.formats import date_format
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from aims.db import Now
from aims.models import Part, part
from aims.trail import append_only
from risk.models.assessments import RiskAssessment
from risk.models.fields import Rating, kept_apart, one_of, optional, person, text
from risk.models.risks import Risk
from risk.models.treatments import Treatment
from risk.querysets import RiskPartQuerySet
from risk.states import Evaluation, Verdict


@part("risk")
class EffectivenessVerdict(Part, Rating):
    """What the treatment left, as somebody verified it. Its rating is the verified residual. Never changed."""

    risk = models.ForeignKey(Risk, on_delete=models.PROTECT, related_name="verdicts", editable=False)
    treatment = models.ForeignKey(Treatment, on_delete=models.PROTECT, related_name="verdicts", editable=False)
    verdict = models.CharField(_("Verdict"), max_length=16, choices=Verdict.choices)
    method = text(_("How it was verified"))
    verified_by = person(_("Verified by"), editable=False)
    capacity = models.CharField(_("Capacity"), max_length=32, editable=False)
    verified_at = models.DateTimeField(_("Verified"), db_default=Now(), editable=False)
    kept_apart = kept_apart()

    objects: ClassVar[Any] = RiskPartQuerySet.as_manager()

    class Meta(Rating.Meta):
        abstract = False
        verbose_name = _("verdict on effectiveness")
        verbose_name_plural = _("verdicts on effectiveness")
        ordering: ClassVar = ["-id"]
        constraints: ClassVar = [
            *Rating.Meta.constraints,
            models.CheckConstraint(name="verdict_method_told", condition=Q(method__regex=r"\S")),
            one_of("verdict", Verdict),
        ]
        triggers: ClassVar = append_only()

    def __str__(self) -> str:
        return str(Verdict(self.verdict).label)


_NOT_BY_ASSESSOR = pgtrigger.Trigger(
    name="not_by_assessor",
    when=pgtrigger.Before,
    operation=pgtrigger.Insert,
    condition=pgtrigger.Q(new__kept_apart="kept"),
    func=(
        "IF EXISTS (SELECT FROM risk_assessor WHERE assessment_id = NEW.assessment_id AND person_id = NEW.accepted_by_id) "
        "THEN RAISE EXCEPTION 'who assessed does not accept' USING ERRCODE = 'check_violation', "
        "CONSTRAINT = 'acceptance_not_by_assessor'; END IF; RETURN NEW;"
    ),
)


@part("risk")
class Acceptance(Part):
    """Somebody with authority for the level accepted what is left, with reason, conditions and an end. Never changed."""

    risk = models.ForeignKey(Risk, on_delete=models.PROTECT, related_name="acceptances")
    assessment = models.ForeignKey(RiskAssessment, on_delete=models.PROTECT, related_name="+")
    verdict = models.ForeignKey(EffectivenessVerdict, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    criteria = models.ForeignKey("risk.RiskCriteria", on_delete=models.PROTECT, related_name="+")
    likelihood = models.PositiveSmallIntegerField(_("Likelihood"))
    consequence = models.PositiveSmallIntegerField(_("Highest consequence"))
    score = models.PositiveSmallIntegerField(_("Score"))
    level = models.CharField(_("Level"), max_length=40)
    evaluation = models.CharField(_("Evaluation"), max_length=12, choices=Evaluation.choices)
    accepted_by = person(_("Accepted by"))
    capacity = models.CharField(_("Capacity"), max_length=32)
    reason = text(_("Reason"))
    conditions = optional(_("Conditions"))
    accepted_on = models.DateField(_("Accepted on"))
    until = models.DateField(_("Until"))
    accepted_at = models.DateTimeField(_("Accepted"), db_default=Now())
    kept_apart = kept_apart()

    objects: ClassVar[Any] = RiskPartQuerySet.as_manager()

    class Meta:
        verbose_name = _("acceptance")
        verbose_name_plural = _("acceptances")
        ordering: ClassVar = ["-id"]
        constraints: ClassVar = [
            models.CheckConstraint(name="acceptance_reasoned", condition=Q(reason__regex=r"\S")),
            models.CheckConstraint(name="acceptance_ends", condition=Q(until__gt=F("accepted_on"))),
            models.CheckConstraint(
                name="acceptance_not_of_the_unacceptable", condition=~Q(evaluation=Evaluation.UNACCEPTABLE)
            ),
            models.CheckConstraint(name="acceptance_score", condition=Q(score=F("likelihood") * F("consequence"))),
        ]
        triggers: ClassVar = [*append_only(), _NOT_BY_ASSESSOR]

    def __str__(self) -> str:
        return gettext("until %(day)s") % {"day": date_format(self.until, "SHORT_DATE_FORMAT")}

    @property
    def level_name(self) -> str:
        return str(self.criteria.level(self.level)["name"])
