"""The gate: who came with what, what it answered, what people vouched for, and what runs where (A.6.2.5)."""

from datetime import date
from typing import Any, ClassVar

import pgtrigger
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from aims.db import Now, RecordKey
from aims.models import Governed, Part, governed, part
from aims.trail import append_only, tracked
from evidence.models import EvidenceItem
from inventory.models.fields import choice, follows_system, line, one_of, person, prose
from inventory.models.systems import DIGEST, AISystem, SystemVersion
from inventory.querysets import AttemptQuerySet, ModeQuerySet, StatementQuerySet
from inventory.states import ATTEMPT_TONES, AttemptState, Mode, Said, SystemStage, Tier, Way

# What may still change on an attempt: that it is withdrawn, and the review of a bypass.
_FROZEN = ("system_id", "release_id", "number", "way", "stage", "environment", "digest", "commit", "mode", "items",
           "permit", "valid_until", "pilot", "asked_by_id", "asked_at", "by_authority", "reason")  # fmt: skip


def digest_field() -> "models.CharField[str, str]":
    return models.CharField(
        _("Model digest (SHA-256)"), max_length=64, blank=True, default="", validators=[RegexValidator(DIGEST)]
    )


@governed("GAT", "gate_attempt", anchor="system_id")
class GateAttempt(Governed):
    """One attempt to pass the gate, with what each item answered. An allowed one carries its permit. Never changed."""

    state = models.CharField(
        pgettext_lazy("noun", "Answer"), max_length=32, choices=AttemptState.choices, editable=False
    )
    system = models.ForeignKey(
        AISystem, on_delete=models.PROTECT, related_name="attempts", verbose_name=_("AI system"), editable=False
    )
    release = models.ForeignKey(
        SystemVersion, null=True, on_delete=models.PROTECT, related_name="attempts", verbose_name=_("Version"),
        editable=False,
    )  # fmt: skip
    number = line(_("Version asked for"), 40)
    way = models.CharField(_("Way"), max_length=12, choices=Way.choices, editable=False)
    stage = models.CharField(_("Into the stage"), max_length=32, choices=SystemStage.choices, editable=False)
    environment = line(pgettext_lazy("deployment", "Environment"), 60)
    digest = digest_field()
    commit = line(_("Commit"), 80)
    mode = models.CharField(_("The gate"), max_length=8, choices=Mode.choices, editable=False)
    items = models.JSONField(_("Items"), default=list, editable=False)
    permit = models.TextField(_("Permit"), blank=True, default="", editable=False)
    valid_until = models.DateTimeField(_("Permit until"), null=True, editable=False)
    pilot = models.JSONField(_("Terms of the pilot"), default=dict, blank=True, editable=False)
    by_authority = models.BooleanField(_("With authority"), default=True, editable=False)
    reason = prose(_("Reason"))
    asked_by = person(_("Asked by"), editable=False)
    asked_at = models.DateTimeField(_("Asked"), db_default=Now(), editable=False)
    # a bypass is reviewed within 24 hours
    review_by = models.DateTimeField(_("To be reviewed by"), null=True, editable=False)
    reviewed_by = person(_("Reviewed by"), null=True, editable=False)
    reviewed_at = models.DateTimeField(_("Reviewed"), null=True, editable=False)
    nonconformity = models.BooleanField(_("Nonconformity"), null=True, editable=False)
    review_reason = prose(_("What the review says"))

    objects: ClassVar[Any] = AttemptQuerySet.as_manager()
    state_tones = ATTEMPT_TONES

    class Meta:
        verbose_name = _("passage of the gate")
        verbose_name_plural = _("passages of the gate")
        indexes: ClassVar = [
            models.Index(fields=["unit", "-updated_at", "-id"], name="attempt_unit"),
            models.Index(fields=["system", "environment", "-id"], name="attempt_system"),
            models.Index(fields=["review_by"], condition=Q(reviewed_at=None), name="attempt_to_review"),
        ]
        constraints: ClassVar = [
            follows_system("attempt"),
            models.CheckConstraint(
                name="attempt_permit_ends", condition=Q(permit="", valid_until=None) | ~Q(permit="") & Q(valid_until__isnull=False)
            ),
            models.CheckConstraint(
                name="attempt_refused_without_permit", condition=~Q(state=AttemptState.REFUSED) | Q(permit="")
            ),
            models.CheckConstraint(
                name="attempt_bypass_reviewed",
                condition=Q(way=Way.BREAK_GLASS, review_by__isnull=False) & ~Q(reason="")
                | ~Q(way=Way.BREAK_GLASS) & Q(review_by=None, reviewed_at=None),
            ),
            models.CheckConstraint(
                name="attempt_review_whole",
                condition=Q(reviewed_at=None, reviewed_by=None)
                | Q(reviewed_at__isnull=False, nonconformity__isnull=False) & ~Q(review_reason=""),
            ),
            models.CheckConstraint(
                name="attempt_reviewed_by_another", condition=Q(reviewed_by=None) | ~Q(reviewed_by=F("asked_by"))
            ),
            one_of("state", AttemptState),
            one_of("way", Way),
            one_of("mode", Mode),
        ]  # fmt: skip
        triggers: ClassVar = [
            pgtrigger.Trigger(
                name="frozen",
                when=pgtrigger.Before,
                operation=pgtrigger.Update | pgtrigger.Delete,
                func=(
                    f"IF TG_OP = 'DELETE' OR ({', '.join('NEW.' + name for name in _FROZEN)}) IS DISTINCT FROM "
                    f"({', '.join('OLD.' + name for name in _FROZEN)}) OR (OLD.reviewed_at IS NOT NULL AND "
                    "(NEW.reviewed_at, NEW.nonconformity) IS DISTINCT FROM (OLD.reviewed_at, OLD.nonconformity)) THEN "
                    "RAISE EXCEPTION 'what the gate answered never changes' USING ERRCODE = 'check_violation', "
                    "CONSTRAINT = 'attempt_frozen'; END IF; RETURN NEW;"
                ),
            )
        ]

    @property
    def unmet(self) -> list[dict[str, Any]]:
        """The items that stood in the way."""
        return [item for item in self.items if item["state"] == "unmet"]


@part("system")
class GateStatement(Part):
    """What a named person says about an item: an attestation with evidence, or an exception for a time, countersigned."""

    system = models.ForeignKey(AISystem, on_delete=models.PROTECT, related_name="gate_statements")
    release = models.ForeignKey(
        SystemVersion, null=True, blank=True, on_delete=models.PROTECT, related_name="+", verbose_name=_("Version")
    )
    said = models.CharField(_("Sort"), max_length=12, choices=Said.choices, editable=False)
    item = models.CharField(_("Item"), max_length=40)
    text = models.TextField(_("What is said"), max_length=4000)
    evidence = models.ForeignKey(
        EvidenceItem, null=True, blank=True, on_delete=models.PROTECT, related_name="+", verbose_name=_("Evidence")
    )
    until = models.DateField(_("Until"), null=True, blank=True)
    said_by = person(_("Said by"), editable=False)
    said_on = models.DateField(_("Said on"), editable=False)
    countersigned_by = person(_("Countersigned by"), null=True, editable=False)
    countersigned_on = models.DateField(_("Countersigned on"), null=True, editable=False)
    ended_on = models.DateField(_("Taken back on"), null=True, editable=False)

    objects: ClassVar[Any] = StatementQuerySet.as_manager()
    told_by: ClassVar = ("item",)

    class Meta:
        verbose_name = _("statement at the gate")
        verbose_name_plural = _("statements at the gate")
        ordering: ClassVar = ["-id"]
        constraints: ClassVar = [
            models.CheckConstraint(name="statement_text", condition=Q(text__regex=r"\S")),
            models.CheckConstraint(
                name="statement_attested_with_evidence",
                condition=~Q(said=Said.ATTESTATION) | Q(evidence__isnull=False),
                violation_error_message=_("Name the evidence."),
            ),
            models.CheckConstraint(
                name="statement_exception_ends",
                condition=~Q(said=Said.EXCEPTION) | Q(until__gt=F("said_on")),
                violation_error_message=_("An exception ends on a day to come."),
            ),
            models.CheckConstraint(
                name="statement_countersigned_by_another",
                condition=Q(countersigned_by=None, countersigned_on=None)
                | Q(countersigned_on__isnull=False) & ~Q(countersigned_by=F("said_by")),
                violation_error_message=_("Somebody else countersigns."),
            ),
            one_of("said", Said),
        ]

    def __str__(self) -> str:
        return f"{self.get_said_display()}: {self.item}"

    def over(self, on: date) -> bool:
        """Whether it was taken back or its time has passed."""
        return self.ended_on is not None or (self.until is not None and self.until < on)


@tracked()
class GateMode(models.Model):
    """A decision what the gate does in a unit and all below it, for a tier or all, from a day on. Never changed."""

    id = RecordKey(primary_key=True)
    unit = models.ForeignKey("organization.Unit", on_delete=models.PROTECT, related_name="+", verbose_name=_("Unit"))
    tier = choice(_("Tier"), Tier)
    mode = models.CharField(_("The gate"), max_length=8, choices=Mode.choices)
    valid_from = models.DateField(_("From"))
    reason = models.TextField(_("Reason"), max_length=2000)
    decided_by = person(_("Decided by"), editable=False)
    decided_at = models.DateTimeField(_("Decided"), db_default=Now(), editable=False)

    objects: ClassVar[Any] = ModeQuerySet.as_manager()

    class Meta:
        verbose_name = _("mode of the gate")
        verbose_name_plural = _("modes of the gate")
        ordering: ClassVar = ["-valid_from", "-id"]
        constraints: ClassVar = [
            models.CheckConstraint(name="mode_reasoned", condition=Q(reason__regex=r"\S")),
            one_of("mode", Mode),
            one_of("tier", Tier, optional=True),
        ]
        triggers: ClassVar = append_only()

    def __str__(self) -> str:
        return str(self.get_mode_display())


@tracked()
class Sighting(models.Model):
    """What was seen running where, as a machine or person last reported it."""

    id = RecordKey(primary_key=True)
    system = models.ForeignKey(
        AISystem, on_delete=models.PROTECT, related_name="sightings", verbose_name=_("AI system")
    )
    environment = models.CharField(pgettext_lazy("deployment", "Environment"), max_length=60)
    digest = digest_field()
    number = line(_("Version"), 40)
    seen_at = models.DateTimeField(_("Seen"))
    reported_by = person(_("Reported by"))
    gone_at = models.DateTimeField(_("Gone"), null=True, editable=False)

    class Meta:
        verbose_name = _("sighting")
        verbose_name_plural = _("sightings")
        ordering: ClassVar = ["environment", "-seen_at"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["system", "environment", "digest", "number"], name="sighting_once"),
        ]

    def __str__(self) -> str:
        return f"{self.environment} {self.number}"
