"""The screening: a few questions that say how much assessment a system needs (6.1.4, A.5.2)."""

from typing import Any, ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from aims.db import Follows
from aims.models import Governed, governed
from impact.models.fields import choice, kept, one_of, optional, person
from impact.querysets import ScreeningQuerySet
from impact.states import SCREENING_TONES, ScreeningState, Tier, Use
from inventory.models import AISystem
from organization.duties import Kept

_TOLD = ("system_id", "edition", "answers", "tier", "use", "reasons", "jurisdictions", "answered_by_id")


@governed("SCR", "screening", anchor="system_id")
class Screening(Governed):
    """Answers to one edition of the questions, and the tier that follows. What was proposed never changes."""

    state_tones = SCREENING_TONES

    state = models.CharField(
        _("State"), max_length=32, choices=ScreeningState.choices, default=ScreeningState.DRAFT, editable=False
    )
    system = models.ForeignKey(
        AISystem, on_delete=models.PROTECT, related_name="screenings", verbose_name=_("AI system"), editable=False
    )
    edition = models.PositiveSmallIntegerField(_("Edition of the questions"), editable=False)
    # question → [answer, note]
    answers = models.JSONField(_("Answers"), default=dict, blank=True)
    jurisdictions = ArrayField(
        models.CharField(max_length=2), verbose_name=_("Jurisdictions"), default=list, blank=True, size=250
    )
    tier = choice(_("Tier"), Tier, blank=True, default="", editable=False)
    use = choice(_("Use"), Use, blank=True, default="", editable=False)
    reasons = ArrayField(models.CharField(max_length=400), verbose_name=_("Reasons"), default=list, blank=True)
    note = optional(_("Note"), 2000)
    answered_by = person(_("Answered by"), editable=False)
    decided_by = person(_("Decided by"), null=True, editable=False)
    decided_on = models.DateField(_("Decided on"), null=True, editable=False)
    capacity = models.CharField(_("Capacity"), max_length=32, blank=True, default="", editable=False)
    decision = optional(_("Reason of the decision"), 2000, editable=False)
    kept_apart = models.CharField(
        _("Separation of duties"), max_length=10, choices=Kept.choices, default=Kept.KEPT, editable=False
    )

    objects: ClassVar[Any] = ScreeningQuerySet.as_manager()

    class Meta:
        verbose_name = _("screening")
        verbose_name_plural = _("screenings")
        indexes: ClassVar = [
            models.Index(fields=["unit", "-updated_at", "-id"], name="screening_unit"),
            models.Index(fields=["-updated_at", "-id"], name="screening_recent"),
        ]
        constraints: ClassVar = [
            Follows(
                name="screening_follows_system", columns=["system_id", "unit_id"], to="inventory_aisystem",
                to_columns=["id", "unit_id"],
            ),
            models.UniqueConstraint(
                fields=["system"], condition=Q(state__in=["draft", "proposed", "returned"]), name="screening_one_open",
                violation_error_message=_("A screening of this system is open already."),
            ),
            models.UniqueConstraint(
                fields=["system"], condition=Q(state="in_force"), name="screening_one_in_force",
                violation_error_message=_("Another screening of this system is in force."),
            ),
            models.CheckConstraint(name="screening_has_owner", condition=Q(owner__isnull=False)),
            models.CheckConstraint(
                name="screening_tiered",
                condition=Q(state__in=["draft", "superseded"]) | ~Q(tier="") & ~Q(use="") & Q(reasons__len__gt=0),
                violation_error_message=_("A proposed screening has a tier with its reasons."),
            ),
            models.CheckConstraint(
                name="screening_decided_whole",
                condition=~Q(state="in_force") | Q(decided_on__isnull=False, decided_by__isnull=False) & ~Q(capacity=""),
            ),
            models.CheckConstraint(
                name="screening_minimal_by_another",
                condition=~Q(state="in_force", tier=Tier.MINIMAL, kept_apart="kept") | ~Q(decided_by=F("answered_by")),
                violation_error_message=_("Who answered does not approve the lowest tier."),
            ),
            one_of("state", ScreeningState),
            one_of("tier", Tier, optional=True),
            one_of("use", Use, optional=True),
        ]  # fmt: skip
        triggers: ClassVar = [kept("screening", _TOLD, "OLD.state NOT IN ('draft', 'returned')")]

    @property
    def open(self) -> bool:
        return self.state in (ScreeningState.DRAFT, ScreeningState.PROPOSED, ScreeningState.RETURNED)
