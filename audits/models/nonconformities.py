"""Nonconformities from detection to a proven effect, and their corrective actions (clause 10.2)."""

from typing import Any, ClassVar

import pgtrigger
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from aims.db import Follows, Now
from aims.models import Governed, Part, Record, governed, part
from aims.trail import append_only
from audits.models.fields import one_of, optional, recent, said, state, text, who
from audits.models.findings import Finding
from audits.querysets import ActionQuerySet, NonconformityQuerySet, PartQuerySet
from audits.states import ACTION_TONES, NC_TONES, ActionState, CauseMethod, Grade, NcSource, NcState, Tie
from controls.models import Clause, Control
from inventory.models import AISystem

_PLANNED = [NcState.PLANNED, NcState.AWAITING]


@governed("NCR", "nonconformity", anchor="system_id")
class Nonconformity(Governed):
    """A requirement that was not met. `round` counts how often it was taken up: 1, and one more at each reopening."""

    state_tones = NC_TONES

    state = state(NcState, NcState.OPEN)
    source = models.CharField(_("Comes from"), max_length=12, choices=NcSource.choices)
    source_record = models.ForeignKey(
        Record, null=True, blank=True, on_delete=models.PROTECT, related_name="+", verbose_name=_("Source")
    )
    finding = models.OneToOneField(
        Finding, null=True, blank=True, editable=False, on_delete=models.PROTECT, related_name="nonconformity",
        verbose_name=_("Finding"),
    )  # fmt: skip
    system = models.ForeignKey(
        AISystem, null=True, blank=True, on_delete=models.PROTECT, related_name="nonconformities",
        verbose_name=_("AI system"),
    )  # fmt: skip
    clause = models.ForeignKey(
        Clause, null=True, blank=True, on_delete=models.PROTECT, related_name="+", verbose_name=_("Clause")
    )
    control = models.ForeignKey(
        Control, null=True, blank=True, on_delete=models.PROTECT, related_name="+", verbose_name=_("Control")
    )
    requirement = text(_("Requirement not met"), 2000)
    description = text(_("What is the case"))
    grade = models.CharField(_("Grade"), max_length=8, choices=Grade.choices)
    detected_on = models.DateField(_("Detected on"))
    detected_by = who(_("Detected by"), null=True, editable=False)
    round = models.PositiveSmallIntegerField(_("Round"), default=1, editable=False)
    # at once
    containment = optional(_("What was done at once"))
    contained_on = models.DateField(_("Contained on"), null=True, editable=False)
    consequences = optional(_("Consequences and how they are dealt with"))
    # cause
    cause_method = models.CharField(
        _("Method"), max_length=10, choices=CauseMethod.choices, blank=True, default="", editable=False
    )
    cause_steps = models.JSONField(_("Steps of the analysis"), default=list, blank=True, editable=False)
    root_cause = optional(_("Root cause"))
    similar_where = optional(_("Where similar cases were looked for"))
    similar_result = optional(_("What was found"))
    # plan
    action_needed = models.BooleanField(_("Corrective action needed"), null=True, editable=False)
    no_action_reason = optional(_("Why no corrective action"))
    proportionality = optional(_("Why this is proportionate"))
    effect_criteria = optional(_("How we shall know that it worked"))
    effect_from = models.DateField(_("Judged from"), null=True, editable=False)
    reviewer = who(_("Judged by"), null=True, blank=True, editable=False)
    # afterwards
    aims_changes = optional(_("Changes to the AIMS"))
    risk_update = optional(_("Changes to risks"))
    verdict = models.ForeignKey(
        "audits.EffectivenessReview", null=True, editable=False, on_delete=models.PROTECT, related_name="+",
        verbose_name=_("Verdict"),
    )  # fmt: skip
    closed_by = who(_("Closed by"), null=True, editable=False)
    closed_on = models.DateField(_("Closed on"), null=True, editable=False)

    objects: ClassVar[Any] = NonconformityQuerySet.as_manager()

    class Meta:
        verbose_name = _("nonconformity")
        verbose_name_plural = _("nonconformities")
        indexes: ClassVar = [
            *recent("nonconformity"),
            models.Index(fields=["detected_on"], name="nonconformity_detected"),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["id", "unit"], name="nonconformity_id_unit"),
            Follows(
                name="nonconformity_follows_system", columns=["system_id", "unit_id"], to="inventory_aisystem",
                to_columns=["id", "unit_id"],
            ),
            models.CheckConstraint(name="nonconformity_has_owner", condition=Q(owner__isnull=False)),
            said("nonconformity_told", "requirement", "description"),
            one_of("state", NcState),
            one_of("source", NcSource),
            one_of("grade", Grade),
            models.CheckConstraint(
                name="nonconformity_planned_whole",
                condition=~Q(state__in=_PLANNED)
                | Q(action_needed=False, no_action_reason__regex=r"\S")
                | Q(action_needed=True, effect_criteria__regex=r"\S", reviewer__isnull=False),
            ),
            models.CheckConstraint(
                name="nonconformity_reviewer_not_owner",
                condition=Q(reviewer=None) | ~Q(reviewer=F("owner")),
                violation_error_message=_("Somebody else than the owner judges the effect."),
            ),
            models.CheckConstraint(
                name="nonconformity_closed_whole",
                condition=Q(state=NcState.CLOSED, closed_by__isnull=False, closed_on__isnull=False,
                            verdict__isnull=False, root_cause__regex=r"\S", similar_result__regex=r"\S",
                            containment__regex=r"\S")
                | ~Q(state=NcState.CLOSED) & Q(closed_by=None, closed_on=None),
                violation_error_message=_("Cause, similar cases and a positive verdict come before closing."),
            ),
        ]  # fmt: skip
        triggers: ClassVar = [
            pgtrigger.Trigger(
                name="closed_by_verdict",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.Update,
                condition=pgtrigger.Q(new__state="closed"),
                func=(
                    "IF NOT EXISTS (SELECT FROM audits_effectivenessreview v WHERE v.id = NEW.verdict_id "
                    "AND v.nonconformity_id = NEW.id AND v.effective AND v.round = NEW.round) THEN RAISE EXCEPTION "
                    "'a nonconformity closes by a positive verdict of its own' USING ERRCODE = 'check_violation', "
                    "CONSTRAINT = 'nonconformity_closed_by_verdict'; END IF; RETURN NEW;"
                ),
            )
        ]

    @property
    def is_open(self) -> bool:
        return self.state != NcState.CLOSED

    @property
    def breaks(self) -> str:
        """The clause or control that was not met, in words."""
        return str(self.clause or self.control or self.requirement)


@governed("COR", "corrective_action", anchor="system_id")
class CorrectiveAction(Governed):
    """A step that takes the cause away: what, who, by when. Evidence hangs on it as on any record."""

    state_tones = ACTION_TONES

    state = state(ActionState, ActionState.OPEN)
    nonconformity = models.ForeignKey(
        Nonconformity, on_delete=models.PROTECT, related_name="actions", editable=False, verbose_name=_("Nonconformity")
    )
    system = models.ForeignKey(
        AISystem, null=True, editable=False, on_delete=models.PROTECT, related_name="+", verbose_name=_("AI system")
    )
    round = models.PositiveSmallIntegerField(_("Round"), editable=False)
    done_on = models.DateField(_("Done on"), null=True, editable=False)
    result = optional(_("What came of it"))

    objects: ClassVar[Any] = ActionQuerySet.as_manager()

    class Meta:
        verbose_name = _("corrective action")
        verbose_name_plural = _("corrective actions")
        indexes: ClassVar = recent("corrective")
        constraints: ClassVar = [
            Follows(
                name="corrective_follows", columns=["nonconformity_id", "unit_id"], to="audits_nonconformity",
                to_columns=["id", "unit_id"],
            ),
            models.CheckConstraint(
                name="corrective_has_owner_and_date", condition=Q(owner__isnull=False, due_on__isnull=False)
            ),
            models.CheckConstraint(
                name="corrective_done_dated",
                condition=Q(state=ActionState.DONE, done_on__isnull=False, result__regex=r"\S")
                | ~Q(state=ActionState.DONE) & Q(done_on=None),
            ),
            one_of("state", ActionState),
        ]  # fmt: skip

    @property
    def is_open(self) -> bool:
        return self.state == ActionState.OPEN


@part("nonconformity")
class EffectivenessReview(Part):
    """Whether the actions of a round worked, by somebody who carried none of them out. Never changed."""

    nonconformity = models.ForeignKey(Nonconformity, on_delete=models.PROTECT, related_name="reviews")
    round = models.PositiveSmallIntegerField(_("Round"))
    effective = models.BooleanField(_("Effective"))
    criteria = text(_("Criteria set in advance"))
    findings = text(_("What was seen"))
    reviewed_by = who(_("Judged by"))
    reviewed_on = models.DateField(_("Judged on"))
    recorded_at = models.DateTimeField(_("Recorded"), db_default=Now(), editable=False)

    objects: ClassVar[Any] = PartQuerySet.as_manager()

    class Meta:
        verbose_name = _("verdict on the effect")
        verbose_name_plural = _("verdicts on the effect")
        ordering: ClassVar = ["-id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["nonconformity", "round"], name="effect_judged_once_a_round"),
            said("effect_told", "findings"),
        ]
        triggers: ClassVar = [
            *append_only(),
            pgtrigger.Trigger(
                name="by_another",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert,
                func=(
                    "IF EXISTS (SELECT FROM audits_correctiveaction a WHERE a.nonconformity_id = NEW.nonconformity_id "
                    "AND a.owner_id = NEW.reviewed_by_id AND a.state <> 'dropped') THEN RAISE EXCEPTION "
                    "'who carries out an action does not judge its effect' USING ERRCODE = 'check_violation', "
                    "CONSTRAINT = 'effect_by_another'; END IF; RETURN NEW;"
                ),
            ),
        ]

    def __str__(self) -> str:
        return gettext("round %(number)d") % {"number": self.round}


@part("nonconformity")
class RelatedNonconformity(Part):
    """Another nonconformity that is similar, or that this one repeats."""

    nonconformity = models.ForeignKey(Nonconformity, on_delete=models.CASCADE, related_name="related")
    other = models.ForeignKey(Nonconformity, on_delete=models.PROTECT, related_name="+", verbose_name=_("Other"))
    tie = models.CharField(_("How"), max_length=10, choices=Tie.choices)

    told_by: ClassVar = ("other",)

    class Meta:
        verbose_name = _("related nonconformity")
        verbose_name_plural = _("related nonconformities")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["nonconformity", "other"], name="related_once"),
            models.CheckConstraint(name="related_to_another", condition=~Q(nonconformity=F("other"))),
            one_of("tie", Tie),
        ]
