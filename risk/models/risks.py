"""The risk itself: what may happen, to whom, from where it comes, and where it stands (clauses 6.1.2 and 8.2)."""

from typing import Any, ClassVar

import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from aims.counters import counted
from aims.db import Follows
from aims.models import Governed, Part, governed, part
from inventory.models import AISystem, Component
from inventory.states import SystemStage
from risk.models.criteria import RiskCriteria
from risk.models.fields import one_of, optional, rated, text
from risk.querysets import RiskQuerySet
from risk.states import OPEN_STATES, RISK_TONES, Evaluation, Nature, RiskState


def words(label: Any) -> Any:
    """A list of short texts: ids of Annex C, or the organization's own words."""
    return ArrayField(models.CharField(max_length=120), verbose_name=label, default=list, blank=True)


@counted("risk.now", "likelihood", "consequence", "nature", only={"state": OPEN_STATES})
@counted("risk.before", "inherent_likelihood", "inherent_consequence", "nature", only={"state": OPEN_STATES})
@counted("risk.standing", "state", "evaluation", only={"state": OPEN_STATES})
@governed("RSK", "risk", anchor="system_id")
class Risk(Governed):
    """A risk of one AI system, or stated once for a family of systems. Where it stands is kept by the services."""

    state_tones = RISK_TONES

    state = models.CharField(
        _("State"), max_length=32, choices=RiskState.choices, default=RiskState.IDENTIFIED, editable=False
    )
    nature = models.CharField(_("Kind"), max_length=12, choices=Nature.choices, default=Nature.THREAT)
    system = models.ForeignKey(
        AISystem, null=True, blank=True, on_delete=models.PROTECT, related_name="risks", verbose_name=_("AI system")
    )
    component = models.ForeignKey(
        Component, null=True, blank=True, on_delete=models.PROTECT, related_name="risks",
        verbose_name=_("Comes from the component"),
    )  # fmt: skip
    inherits_from = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="heirs", verbose_name=_("Inherits from")
    )
    cause = text(_("Cause"))
    event = text(_("Event"))
    consequences = text(_("Consequence"))
    sources = words(_("Risk sources"))
    objectives = words(_("Objectives concerned"))
    stage = models.CharField(_("Life-cycle stage"), max_length=32, choices=SystemStage.choices, blank=True, default="")
    existing_controls = optional(_("Controls already there"))
    # Where it stands, by formula from the latest assessment or verification.
    criteria = models.ForeignKey(
        RiskCriteria, null=True, editable=False, on_delete=models.PROTECT, related_name="+", verbose_name=_("Criteria")
    )
    likelihood = rated(_("Likelihood"), editable=False)
    consequence = rated(_("Highest consequence"), editable=False)
    score = rated(_("Score"), editable=False)
    level = models.CharField(_("Level"), max_length=40, blank=True, default="", editable=False)
    evaluation = models.CharField(
        _("Evaluation"), max_length=12, choices=Evaluation.choices, blank=True, default="", editable=False
    )
    inherent_likelihood = rated(_("Likelihood before treatment"), editable=False)
    inherent_consequence = rated(_("Consequence before treatment"), editable=False)
    assessment = models.ForeignKey(
        "risk.RiskAssessment", null=True, editable=False, on_delete=models.PROTECT, related_name="+",
        verbose_name=_("Latest assessment"),
    )  # fmt: skip
    treatment = models.ForeignKey(
        "risk.Treatment", null=True, editable=False, on_delete=models.PROTECT, related_name="+",
        verbose_name=_("Treatment plan"),
    )  # fmt: skip
    acceptance = models.ForeignKey(
        "risk.Acceptance", null=True, editable=False, on_delete=models.PROTECT, related_name="+",
        verbose_name=_("Acceptance in force"),
    )  # fmt: skip

    objects: ClassVar[Any] = RiskQuerySet.as_manager()

    class Meta:
        verbose_name = _("risk")
        verbose_name_plural = _("risks")
        indexes: ClassVar = [
            models.Index(fields=["unit", "-updated_at", "-id"], name="risk_unit"),
            models.Index(fields=["-updated_at", "-id"], name="risk_recent"),
            models.Index(fields=["unit", "likelihood", "consequence"], name="risk_heat"),
            models.Index(F("score").desc(nulls_last=True), F("id").desc(), name="risk_gravest"),
            models.Index("unit", F("score").desc(nulls_last=True), F("id").desc(), name="risk_unit_gravest"),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["id", "unit"], name="risk_id_unit"),
            Follows(
                name="risk_follows_system", columns=["system_id", "unit_id"], to="inventory_aisystem",
                to_columns=["id", "unit_id"],
            ),
            models.CheckConstraint(name="risk_has_owner", condition=Q(owner__isnull=False)),
            models.CheckConstraint(
                name="risk_told",
                condition=Q(cause__regex=r"\S", event__regex=r"\S", consequences__regex=r"\S"),
                violation_error_message=_("Say cause, event and consequence."),
            ),
            models.CheckConstraint(
                name="risk_rated_whole",
                condition=Q(
                    likelihood=None, consequence=None, score=None, level="", evaluation="", criteria=None,
                    assessment=None, inherent_likelihood=None, inherent_consequence=None,
                )
                | Q(
                    likelihood__isnull=False, consequence__isnull=False, score=F("likelihood") * F("consequence"),
                    criteria__isnull=False, assessment__isnull=False, inherent_likelihood__isnull=False,
                    inherent_consequence__isnull=False,
                )
                & ~Q(level="")
                & ~Q(evaluation=""),
            ),
            models.CheckConstraint(
                name="risk_accepted_by_acceptance",
                condition=~Q(state=RiskState.ACCEPTED) | Q(acceptance__isnull=False),
            ),
            models.CheckConstraint(
                name="risk_closed_by_acceptance",
                condition=~Q(state=RiskState.CLOSED) | Q(acceptance__isnull=False),
                violation_error_message=_("A risk closes when its residual was accepted."),
            ),
            models.CheckConstraint(
                name="risk_unacceptable_not_accepted",
                condition=~Q(evaluation=Evaluation.UNACCEPTABLE) | Q(acceptance=None),
                violation_error_message=_("What is unacceptable is accepted by nobody."),
            ),
            models.CheckConstraint(
                name="risk_inherits_from_another", condition=Q(inherits_from=None) | ~Q(inherits_from=F("id"))
            ),
            one_of("state", RiskState),
            one_of("nature", Nature),
        ]  # fmt: skip
        triggers: ClassVar = [
            pgtrigger.Trigger(
                name="no_cycle",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.UpdateOf("inherits_from_id"),  # type: ignore[no-untyped-call]
                condition=pgtrigger.Q(new__inherits_from__isnull=False),
                func=(
                    "IF EXISTS (WITH RECURSIVE up(id) AS (SELECT NEW.inherits_from_id UNION SELECT r.inherits_from_id "
                    "FROM risk_risk r JOIN up ON r.id = up.id WHERE r.inherits_from_id IS NOT NULL) "
                    "SELECT FROM up WHERE id = NEW.id) THEN RAISE EXCEPTION 'a risk cannot inherit from itself' "
                    "USING ERRCODE = 'check_violation', CONSTRAINT = 'risk_no_cycle'; END IF; RETURN NEW;"
                ),
            )
        ]

    @property
    def closed(self) -> bool:
        return self.state == RiskState.CLOSED

    @property
    def rated(self) -> bool:
        return self.score is not None

    @property
    def level_name(self) -> str:
        """The level in the words of the criteria it was found by; "" when not assessed."""
        return str(self.criteria.level(self.level)["name"]) if self.criteria is not None else ""

    @property
    def outdated(self) -> bool:
        """Whether its level was found by criteria that are not in force any more."""
        return self.criteria is not None and self.criteria.state != "approved" and not self.closed


@part("risk")
class RiskSystem(Part):
    """A further AI system of the family for which the risk is stated once."""

    risk = models.ForeignKey(Risk, on_delete=models.CASCADE, related_name="family")
    system = models.ForeignKey(
        AISystem, on_delete=models.PROTECT, related_name="family_risks", verbose_name=_("AI system")
    )

    class Meta:
        verbose_name = _("system of the family")
        verbose_name_plural = _("systems of the family")
        constraints: ClassVar = [models.UniqueConstraint(fields=["risk", "system"], name="risk_system_once")]

    def __str__(self) -> str:
        return str(self.system)
