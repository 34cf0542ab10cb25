"""What is done about a risk, by whom and by when, and who approved the plan (clauses 6.1.3 and 8.3)."""

from typing import Any, ClassVar

import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from aims.db import Follows, Now
from aims.models import Governed, Part, governed, part
from aims.trail import append_only
from controls.models import Control
from inventory.models import AISystem
from risk.models.fields import Rating, kept_apart, one_of, optional, person, text
from risk.models.risks import Risk
from risk.querysets import ActionQuerySet, RiskPartQuerySet
from risk.states import ACTION_TONES, ActionState, Option, PlanState

_OPEN = [PlanState.PROPOSED, PlanState.APPROVED, PlanState.VERIFIED]
_FROZEN = ("risk_id", "number", "option", "rationale", "own_controls", "likelihood", "organization", "individual",
           "group_rating", "society", "consequence", "score", "level", "criteria_id", "proposed_by_id",
           "proposed_at")  # fmt: skip


@part("risk")
class Treatment(Part, Rating):
    """A version of the plan. Its rating is the residual it is expected to leave. Content stays; a new version follows."""

    risk = models.ForeignKey(Risk, on_delete=models.PROTECT, related_name="treatments", editable=False)
    number = models.PositiveSmallIntegerField(_("Version"), editable=False)
    state = models.CharField(
        _("State"), max_length=12, choices=PlanState.choices, default=PlanState.PROPOSED, editable=False
    )
    option = models.CharField(_("Option"), max_length=8, choices=Option.choices, default=Option.MODIFY)
    rationale = text(_("Rationale"))
    own_controls = ArrayField(
        models.CharField(max_length=300), verbose_name=_("Own controls"), default=list, blank=True
    )
    controls = models.ManyToManyField(
        Control, through="risk.TreatmentControl", related_name="treatments", verbose_name=_("Controls")
    )
    proposed_by = person(_("Proposed by"), editable=False)
    proposed_at = models.DateTimeField(_("Proposed"), db_default=Now(), editable=False)

    objects: ClassVar[Any] = RiskPartQuerySet.as_manager()

    class Meta(Rating.Meta):
        abstract = False
        verbose_name = _("treatment plan")
        verbose_name_plural = _("treatment plans")
        ordering: ClassVar = ["-number"]
        constraints: ClassVar = [
            *Rating.Meta.constraints,
            models.UniqueConstraint(fields=["risk", "number"], name="treatment_number"),
            models.UniqueConstraint(fields=["risk"], condition=Q(state__in=_OPEN), name="treatment_one_open"),
            models.CheckConstraint(name="treatment_reasoned", condition=Q(rationale__regex=r"\S")),
            one_of("state", PlanState),
            one_of("option", Option),
        ]
        triggers: ClassVar = [
            pgtrigger.Trigger(
                name="frozen",
                when=pgtrigger.Before,
                operation=pgtrigger.Update | pgtrigger.Delete,
                func=(
                    "IF TG_OP = 'DELETE' OR "
                    f"({', '.join('NEW.' + name for name in _FROZEN)}) IS DISTINCT FROM "
                    f"({', '.join('OLD.' + name for name in _FROZEN)}) THEN RAISE EXCEPTION "
                    "'a plan never changes; propose a new version' USING ERRCODE = 'check_violation', "
                    "CONSTRAINT = 'treatment_frozen'; END IF; RETURN NEW;"
                ),
            )
        ]

    def __str__(self) -> str:
        return f"{self.risk.ref} plan {self.number}"


@part("risk")
class TreatmentControl(Part):
    """A control of the catalogue that the plan names as necessary (6.1.3 b)."""

    risk = models.ForeignKey(Risk, on_delete=models.PROTECT, related_name="+")
    treatment = models.ForeignKey(Treatment, on_delete=models.PROTECT, related_name="control_rows")
    control = models.ForeignKey(
        Control, on_delete=models.PROTECT, related_name="treatment_rows", verbose_name=_("Control")
    )

    class Meta:
        verbose_name = _("necessary control")
        verbose_name_plural = _("necessary controls")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["treatment", "control"], name="treatment_control_once")
        ]
        triggers: ClassVar = append_only()

    def __str__(self) -> str:
        return str(self.control)


@governed("ACT", "action", anchor="system_id")
class TreatmentAction(Governed):
    """A step of a plan: what, who, by when. Evidence hangs on it as on any record."""

    state_tones = ACTION_TONES

    state = models.CharField(
        _("State"), max_length=32, choices=ActionState.choices, default=ActionState.OPEN, editable=False
    )
    risk = models.ForeignKey(Risk, on_delete=models.PROTECT, related_name="actions", editable=False)
    treatment = models.ForeignKey(Treatment, on_delete=models.PROTECT, related_name="actions", editable=False)
    system = models.ForeignKey(
        AISystem, null=True, editable=False, on_delete=models.PROTECT, related_name="+", verbose_name=_("AI system")
    )
    resources = optional(_("Resources"), 2000)
    done_on = models.DateField(_("Done on"), null=True, editable=False)
    result = optional(_("What came of it"), 4000)

    objects: ClassVar[Any] = ActionQuerySet.as_manager()

    class Meta:
        verbose_name = _("treatment action")
        verbose_name_plural = _("treatment actions")
        indexes: ClassVar = [
            models.Index(fields=["unit", "-updated_at", "-id"], name="action_unit"),
            models.Index(fields=["-updated_at", "-id"], name="action_recent"),
        ]
        constraints: ClassVar = [
            Follows(
                name="action_follows_risk", columns=["risk_id", "unit_id"], to="risk_risk", to_columns=["id", "unit_id"]
            ),
            models.CheckConstraint(
                name="action_has_owner_and_date", condition=Q(owner__isnull=False, due_on__isnull=False)
            ),
            models.CheckConstraint(
                name="action_done_dated",
                condition=Q(state=ActionState.DONE, done_on__isnull=False)
                | ~Q(state=ActionState.DONE) & Q(done_on=None),
            ),
            one_of("state", ActionState),
        ]

    @property
    def is_open(self) -> bool:
        return self.state == ActionState.OPEN


@part("risk")
class PlanApproval(Part):
    """Designated management approved a plan, or returned it. Never changed."""

    risk = models.ForeignKey(Risk, on_delete=models.PROTECT, related_name="approvals")
    treatment = models.ForeignKey(Treatment, on_delete=models.PROTECT, related_name="approvals")
    approved = models.BooleanField(_("Approved"))
    author = person(_("Proposed by"))
    decided_by = person(_("Decided by"))
    capacity = models.CharField(_("Capacity"), max_length=32)
    reason = text(_("Reason"))
    conditions = optional(_("Conditions"))
    decided_at = models.DateTimeField(_("Decided"), db_default=Now())
    kept_apart = kept_apart()

    objects: ClassVar[Any] = RiskPartQuerySet.as_manager()

    class Meta:
        verbose_name = _("decision on a plan")
        verbose_name_plural = _("decisions on plans")
        ordering: ClassVar = ["-id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["treatment"], name="plan_decided_once"),
            models.CheckConstraint(name="plan_decision_reasoned", condition=Q(reason__regex=r"\S")),
            models.CheckConstraint(
                name="plan_approved_by_another",
                condition=Q(approved=False) | ~Q(decided_by=F("author")) | ~Q(kept_apart="kept"),
            ),
        ]
        triggers: ClassVar = append_only()
