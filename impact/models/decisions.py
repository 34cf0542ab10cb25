"""Decisions about an assessment, the conditions they set, and by whom (ISO/IEC 42005 5.11; A.5.2, A.3.2)."""

from typing import Any, ClassVar

import pgtrigger
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from aims.db import Now
from aims.models import Part, part
from aims.trail import append_only
from impact.models.assessments import ImpactAssessment
from impact.models.fields import choice, kept, one_of, optional, person, prose, said
from impact.querysets import ConditionQuerySet, PartQuerySet
from impact.states import APPROVING, Outcome, Use
from organization.committees import Matter
from organization.duties import Kept

_NOT_BY_AUTHOR = pgtrigger.Trigger(
    name="not_by_author",
    when=pgtrigger.Before,
    operation=pgtrigger.Insert,
    condition=pgtrigger.Q(new__kept_apart="kept", new__outcome__in=[str(one.value) for one in APPROVING]),
    func=(
        "IF EXISTS (SELECT FROM impact_author WHERE assessment_id = NEW.assessment_id AND person_id = NEW.decided_by_id) "
        "THEN RAISE EXCEPTION 'no author approves' USING ERRCODE = 'check_violation', "
        "CONSTRAINT = 'impact_not_by_author'; END IF; RETURN NEW;"
    ),
)


@part("assessment")
class ImpactDecision(Part):
    """Approved, returned, rejected, escalated or allowed: by whom, why, until when. Never changed."""

    assessment = models.ForeignKey(ImpactAssessment, on_delete=models.PROTECT, related_name="decisions")
    outcome = choice(_("Decision"), Outcome)
    use = choice(_("Use"), Use)
    decided_by = person(_("Decided by"))
    capacity = models.CharField(_("Capacity"), max_length=32)
    reason = prose(_("Reason"))
    valid_until = models.DateField(_("Valid until"), null=True, blank=True)
    matter = models.ForeignKey(
        Matter, null=True, blank=True, on_delete=models.PROTECT, related_name="+", verbose_name=_("Committee's matter")
    )
    dissent = optional(_("Dissenting opinions"), 4000)
    decided_on = models.DateField(_("Decided on"))
    decided_at = models.DateTimeField(_("Decided"), db_default=Now())
    kept_apart = models.CharField(
        _("Separation of duties"), max_length=10, choices=Kept.choices, default=Kept.KEPT, editable=False
    )

    told_by: ClassVar = ("outcome",)
    objects: ClassVar[Any] = PartQuerySet.as_manager()

    class Meta:
        verbose_name = _("decision on an assessment")
        verbose_name_plural = _("decisions on assessments")
        ordering: ClassVar = ["-id"]
        constraints: ClassVar = [
            said("impact_decision_reasoned", "reason", _("Say why.")),
            models.CheckConstraint(
                name="impact_decision_ends",
                condition=~Q(outcome__in=APPROVING) | Q(valid_until__isnull=False),
                violation_error_message=_("An approval has an end."),
            ),
            models.CheckConstraint(
                name="impact_prohibited_not_allowed",
                condition=~Q(outcome__in=APPROVING, use=Use.PROHIBITED),
                violation_error_message=_("What the law prohibits is approved by nobody."),
            ),
            models.CheckConstraint(
                name="impact_restricted_only_allowed",
                condition=~Q(outcome__in=[Outcome.APPROVED, Outcome.CONDITIONS], use=Use.RESTRICTED),
                violation_error_message=_("A restricted use is rejected or escalated."),
            ),
            models.CheckConstraint(
                name="impact_sensitive_by_committee",
                condition=~Q(outcome__in=[Outcome.APPROVED, Outcome.CONDITIONS], use=Use.SENSITIVE)
                | Q(matter__isnull=False),
                violation_error_message=_("A sensitive use is approved by the committee."),
            ),
            models.CheckConstraint(
                name="impact_allowed_is_restricted", condition=~Q(outcome=Outcome.ALLOWED) | Q(use=Use.RESTRICTED)
            ),
            one_of("outcome", Outcome),
            one_of("use", Use),
        ]
        triggers: ClassVar = [*append_only(), _NOT_BY_AUTHOR]

    def __str__(self) -> str:
        return str(self.get_outcome_display())


@part("assessment")
class Condition(Part):
    """What an approval asks for by a day. Said once; met once, by somebody, with what was seen."""

    assessment = models.ForeignKey(ImpactAssessment, on_delete=models.PROTECT, related_name="conditions")
    decision = models.ForeignKey(ImpactDecision, on_delete=models.PROTECT, related_name="conditions")
    text = prose(_("Condition"), 1000)
    due_on = models.DateField(_("By when"))
    met_on = models.DateField(_("Met on"), null=True, editable=False)
    met_by = person(_("Confirmed by"), null=True, editable=False)
    met_note = optional(_("What was seen"), 2000)

    objects: ClassVar[Any] = ConditionQuerySet.as_manager()

    class Meta:
        verbose_name = _("condition")
        verbose_name_plural = _("conditions")
        ordering: ClassVar = ["due_on", "id"]
        constraints: ClassVar = [
            said("impact_condition_said", "text", _("Say what is asked.")),
            models.CheckConstraint(
                name="impact_condition_met_whole",
                condition=Q(met_on=None, met_by=None, met_note="")
                | Q(met_on__isnull=False, met_by__isnull=False, met_note__regex=r"\S"),
                violation_error_message=_("Say what was seen."),
            ),
        ]
        triggers: ClassVar = [
            kept("impact_condition", ("assessment_id", "decision_id", "text", "due_on"), "TRUE"),
        ]

    def __str__(self) -> str:
        return self.text[:80]
