"""What an assessment says: answers, parties, benefits and harms, measures (ISO/IEC 42005 6.2 to 6.9)."""

from typing import Any, ClassVar

import pgtrigger
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from aims.db import Now
from aims.models import Part, part
from controls.models import Control
from impact.models.assessments import ImpactAssessment
from impact.models.fields import LONG, choice, frozen, one_of, optional, person, prose, rating, said, within
from impact.querysets import ImpactQuerySet, PartQuerySet
from impact.states import (
    SEVERE,
    Confidence,
    Dimension,
    Direction,
    Duration,
    Level,
    Likelihood,
    MeasureKind,
    PartyRole,
    Reversibility,
    Scale,
    Scenario,
    Severity,
)


@part("assessment")
class Answer(Part):
    """The answer to one question of the form, or the reason why the question does not apply."""

    assessment = models.ForeignKey(ImpactAssessment, on_delete=models.PROTECT, related_name="answers")
    question = models.CharField(_("Question"), max_length=40)
    text = optional(pgettext_lazy("noun", "Answer"), LONG)
    not_applicable = models.BooleanField(_("Does not apply"), default=False)
    reason = optional(_("Why it does not apply"), 2000)
    saved_by = person(_("Saved by"), editable=False)
    saved_at = models.DateTimeField(_("Saved"), db_default=Now(), editable=False)

    told_by: ClassVar = ("question",)
    objects: ClassVar[Any] = PartQuerySet.as_manager()

    class Meta:
        verbose_name = _("answer")
        verbose_name_plural = _("answers")
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["assessment", "question"], name="impact_answer_once"),
            models.CheckConstraint(
                name="impact_answer_or_reason",
                condition=Q(not_applicable=False, reason="") | Q(not_applicable=True, text=""),
                violation_error_message=_("Either an answer, or the reason why it does not apply."),
            ),
        ]
        triggers: ClassVar = [frozen("impact_answer")]

    def __str__(self) -> str:
        return self.question

    @property
    def complete(self) -> bool:
        return bool(self.reason.strip() if self.not_applicable else self.text.strip())


@part("assessment")
class AffectedParty(Part):
    """A group of people (or society, or the environment) whom the system concerns."""

    assessment = models.ForeignKey(ImpactAssessment, on_delete=models.PROTECT, related_name="parties")
    name = models.CharField(_("Who"), max_length=120)
    level = choice(pgettext_lazy("group", "Level"), Level)
    role = choice(_("Concerned how"), PartyRole, default=PartyRole.AFFECTED)
    vulnerable = models.BooleanField(_("Includes vulnerable people"), default=False)
    note = optional(_("How they meet the system"), 1000)

    objects: ClassVar[Any] = PartQuerySet.as_manager()

    class Meta:
        verbose_name = _("party")
        verbose_name_plural = _("parties")
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["assessment", "name"], name="impact_party_once",
                violation_error_message=_("This party is named already."),
            ),
            models.UniqueConstraint(fields=["id", "assessment"], name="impact_party_of"),
            said("impact_party_named", "name", _("Say who is concerned.")),
            one_of("level", Level),
            one_of("role", PartyRole),
        ]  # fmt: skip
        triggers: ClassVar = [frozen("impact_party")]

    def __str__(self) -> str:
        return self.name


# A row of the matrix and its assessment go together.
SAME_ASSESSMENT = pgtrigger.Trigger(
    name="same_assessment",
    when=pgtrigger.Before,
    operation=pgtrigger.Insert | pgtrigger.Update,
    func=(
        "IF NOT EXISTS (SELECT FROM impact_affectedparty WHERE id = NEW.party_id AND assessment_id = NEW.assessment_id) "
        "THEN RAISE EXCEPTION 'the party is of another assessment' USING ERRCODE = 'check_violation', "
        "CONSTRAINT = 'impact_of_party'; END IF; RETURN NEW;"
    ),
)


@part("assessment")
class Impact(Part):
    """A benefit or a harm for one party in one dimension, rated with its reason (ISO/IEC 42005 6.8)."""

    assessment = models.ForeignKey(ImpactAssessment, on_delete=models.PROTECT, related_name="impacts")
    party = models.ForeignKey(AffectedParty, on_delete=models.PROTECT, related_name="impacts", verbose_name=_("Party"))
    dimension = choice(_("Dimension"), Dimension)
    direction = choice(_("Benefit or harm"), Direction, default=Direction.HARM)
    scenario = choice(_("When"), Scenario, default=Scenario.INTENDED)
    description = prose(_("What happens to them"), 1000)
    severity = rating(_("Severity"), Severity)
    scale = rating(_("How many"), Scale)
    likelihood = rating(_("Likelihood"), Likelihood)
    reversibility = choice(_("Can it be undone"), Reversibility, blank=True, default="")
    duration = choice(_("How long"), Duration, blank=True, default="")
    vulnerable = models.BooleanField(_("Hits vulnerable people"), default=False)
    confidence = choice(_("How sure are you"), Confidence, default=Confidence.MEDIUM)
    rationale = optional(_("Why rated so"), 1000)
    residual_severity = rating(_("Severity with the measures"), Severity, null=True, blank=True)
    residual_likelihood = rating(_("Likelihood with the measures"), Likelihood, null=True, blank=True)

    told_by: ClassVar = ("description",)
    objects: ClassVar[Any] = ImpactQuerySet.as_manager()

    class Meta:
        verbose_name = _("impact")
        verbose_name_plural = _("impacts")
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            said("impact_described", "description", _("Say what happens to them.")),
            models.CheckConstraint(
                name="impact_residual_whole",
                condition=Q(residual_severity=None, residual_likelihood=None)
                | Q(residual_severity__isnull=False, residual_likelihood__isnull=False),
                violation_error_message=_("Rate both what is left of the severity and of the likelihood."),
            ),
            models.CheckConstraint(
                name="impact_harm_reversible",
                condition=Q(direction=Direction.BENEFIT) | ~Q(reversibility=""),
                violation_error_message=_("Say whether the harm can be undone."),
            ),
            *(within(name) for name in ("severity", "scale", "likelihood", "residual_severity", "residual_likelihood")),
            one_of("dimension", Dimension),
            one_of("direction", Direction),
            one_of("scenario", Scenario),
            one_of("reversibility", Reversibility, optional=True),
            one_of("duration", Duration, optional=True),
            one_of("confidence", Confidence),
        ]
        triggers: ClassVar = [frozen("impact_row"), SAME_ASSESSMENT]

    def __str__(self) -> str:
        return self.description[:80]

    @property
    def harm(self) -> bool:
        return self.direction == Direction.HARM

    @property
    def severe(self) -> bool:
        """A harm from which the organization asks for a risk in the register."""
        return self.harm and self.severity >= SEVERE

    @property
    def score(self) -> int:
        return int(self.severity * self.likelihood)

    @property
    def residual(self) -> int | None:
        """What the measures leave; None when not rated."""
        if self.residual_severity is None or self.residual_likelihood is None:
            return None
        return int(self.residual_severity * self.residual_likelihood)


@part("assessment")
class NoImpact(Part):
    """Why a level (individuals, groups, society) is not affected at all."""

    assessment = models.ForeignKey(ImpactAssessment, on_delete=models.PROTECT, related_name="none_rows")
    level = choice(pgettext_lazy("group", "Level"), Level)
    reason = prose(_("Why nobody is affected"), 2000)

    told_by: ClassVar = ("level",)

    class Meta:
        verbose_name = _("level not affected")
        verbose_name_plural = _("levels not affected")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["assessment", "level"], name="impact_none_once"),
            said("impact_none_reasoned", "reason", _("Say why nobody is affected.")),
            one_of("level", Level),
        ]
        triggers: ClassVar = [frozen("impact_none")]


_DONE = ("done_on", "result")
_CARRIED_OUT = pgtrigger.Trigger(
    name="frozen",
    when=pgtrigger.Before,
    operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
    func=(
        "IF EXISTS (SELECT FROM impact_impactassessment WHERE id IN (NEW.assessment_id, OLD.assessment_id) "
        "AND state <> 'draft') AND (TG_OP <> 'UPDATE' OR (NEW.assessment_id, NEW.title, NEW.measure_kind, "
        "NEW.owner_id, NEW.due_on, NEW.control_id) IS DISTINCT FROM (OLD.assessment_id, OLD.title, OLD.measure_kind, "
        "OLD.owner_id, OLD.due_on, OLD.control_id)) THEN RAISE EXCEPTION 'what was submitted does not change' "
        "USING ERRCODE = 'check_violation', CONSTRAINT = 'impact_measure_frozen'; END IF; "
        "IF TG_OP = 'DELETE' THEN RETURN OLD; END IF; RETURN NEW;"
    ),
)


@part("assessment")
class Measure(Part):
    """What is done against harms or for benefits: technical, organizational, or by human oversight."""

    assessment = models.ForeignKey(ImpactAssessment, on_delete=models.PROTECT, related_name="measures")
    title = models.CharField(_("Measure"), max_length=300)
    measure_kind = choice(_("Kind"), MeasureKind, default=MeasureKind.TECHNICAL)
    owner = person(_("Who"), null=True, blank=True)
    due_on = models.DateField(_("By when"), null=True, blank=True)
    control = models.ForeignKey(
        Control, null=True, blank=True, on_delete=models.PROTECT, related_name="+", verbose_name=_("Control")
    )
    done_on = models.DateField(_("In place since"), null=True, blank=True)
    result = optional(_("How one sees it works"), 1000)

    objects: ClassVar[Any] = PartQuerySet.as_manager()

    class Meta:
        verbose_name = _("measure")
        verbose_name_plural = _("measures")
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            said("impact_measure_said", "title", _("Say what is done.")),
            one_of("measure_kind", MeasureKind),
        ]
        triggers: ClassVar = [_CARRIED_OUT]

    def __str__(self) -> str:
        return self.title


@part("assessment")
class MeasureCover(Part):
    """A measure answers this harm."""

    assessment = models.ForeignKey(ImpactAssessment, on_delete=models.PROTECT, related_name="covers")
    measure = models.ForeignKey(Measure, on_delete=models.PROTECT, related_name="covers")
    impact = models.ForeignKey(Impact, on_delete=models.PROTECT, related_name="coverings")

    class Meta:
        verbose_name = _("harm answered")
        verbose_name_plural = _("harms answered")
        constraints: ClassVar = [models.UniqueConstraint(fields=["measure", "impact"], name="impact_cover_once")]
        triggers: ClassVar = [frozen("impact_cover")]

    def __str__(self) -> str:
        return str(self.impact)
