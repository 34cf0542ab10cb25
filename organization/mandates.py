"""Who may decide what, who is competent for what, and where duties may be held together (clauses 5.3 and 7.2)."""

from typing import Any, ClassVar

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from aims.db import Now
from aims.models import Governed, Record, governed
from aims.trail import append_only, tracked
from organization.duties import AuthorityKind, Tier
from organization.querysets import DutyTableQuerySet, OverrideQuerySet
from organization.states import MANDATE_TONES, OVERRIDE_TONES, MandateState, OverrideState

PEOPLE = settings.AUTH_USER_MODEL
_ENDED = Q(state=MandateState.IN_FORCE, ended_on=None, end_reason="") | Q(
    state=MandateState.ENDED, ended_on__isnull=False, end_reason__regex=r"\S"
)


def _person(label: Any, **more: Any) -> Any:
    return models.ForeignKey(PEOPLE, on_delete=models.PROTECT, related_name="+", verbose_name=label, **more)


class Mandate(Governed):
    """Base of what is given to a person for a time and taken back with a reason."""

    state_tones = MANDATE_TONES

    state = models.CharField(
        _("State"), max_length=32, choices=MandateState.choices, default=MandateState.IN_FORCE, editable=False
    )
    ended_on = models.DateField(_("Ended"), null=True, editable=False)
    end_reason = models.CharField(_("Why it ended"), max_length=500, blank=True, editable=False)

    class Meta:
        abstract = True

    @property
    def in_force(self) -> bool:
        return self.state == MandateState.IN_FORCE


@governed("AUT", "authority")
class Authority(Mandate):
    """A person or a role that may take a kind of decision up to a level, in a unit and all below it, for a time.

    The person is the owner of the record.
    """

    owner = _person(_("Person"), null=True, blank=True)
    role = models.CharField(_("Role"), max_length=32, blank=True)
    act = models.CharField(_("What"), max_length=20, choices=AuthorityKind.choices)
    level = models.CharField(_("Up to the level"), max_length=40, blank=True)
    level_name = models.CharField(_("Level in words"), max_length=40, blank=True, editable=False)
    valid_from = models.DateField(_("From"))
    valid_until = models.DateField(_("Until"), null=True, blank=True)
    granted_by = _person(_("Given by"), editable=False)
    reason = models.CharField(_("Reason"), max_length=500)

    class Meta:
        verbose_name = _("authority")
        verbose_name_plural = _("authorities")
        indexes: ClassVar = [
            models.Index(fields=["act", "level"], name="authority_act_level"),
            models.Index(fields=["unit", "-updated_at", "-id"], name="authority_unit"),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(
                name="authority_person_or_role",
                condition=Q(owner=None) & ~Q(role="") | Q(owner__isnull=False, role=""),
                violation_error_message=_("Name a person or a role, one of the two."),
            ),
            models.CheckConstraint(
                name="authority_period",
                condition=Q(valid_until=None) | Q(valid_until__gte=F("valid_from")),
                violation_error_message=_("It ends before it begins."),
            ),
            models.CheckConstraint(name="authority_reason", condition=Q(reason__regex=r"\S")),
            models.CheckConstraint(
                name="authority_not_to_oneself",
                condition=Q(owner=None) | ~Q(owner=F("granted_by")),
                violation_error_message=_("Nobody gives authority to themselves."),
            ),
            models.CheckConstraint(name="authority_ended_with_reason", condition=_ENDED),
            models.CheckConstraint(name="authority_act_known", condition=Q(act__in=list(AuthorityKind.values))),
        ]


@governed("CPT", "competence")
class CompetenceRecord(Mandate):
    """What a person (the owner) is competent for, on what ground, until when (`due_on`). Clause 7.2."""

    ground = models.TextField(_("On what ground"), max_length=2000)
    acquired_on = models.DateField(_("Since"))
    effect = models.TextField(_("How its effect was evaluated"), max_length=2000, blank=True, default="")
    confirmed_by = _person(_("Confirmed by"), editable=False)

    class Meta:
        verbose_name = _("record of competence")
        verbose_name_plural = _("records of competence")
        indexes: ClassVar = [models.Index(fields=["unit", "-updated_at", "-id"], name="competence_unit")]
        constraints: ClassVar = [
            models.CheckConstraint(
                name="competence_period",
                condition=Q(due_on=None) | Q(due_on__gte=F("acquired_on")),
                violation_error_message=_("It ends before it begins."),
            ),
            models.CheckConstraint(name="competence_grounded", condition=Q(ground__regex=r"\S")),
            models.CheckConstraint(
                name="competence_not_by_oneself",
                condition=Q(owner__isnull=False) & ~Q(owner=F("confirmed_by")),
                violation_error_message=_("Somebody else confirms it."),
            ),
            models.CheckConstraint(name="competence_ended_with_reason", condition=_ENDED),
        ]


@tracked()
class DutyTable(models.Model):
    """One edition of the table of separated duties: rule → tier → mode. Never changed; a new edition follows."""

    edition = models.PositiveSmallIntegerField(_("Edition"), unique=True)
    cells = models.JSONField(_("Rules"), default=dict, blank=True)
    reason = models.TextField(_("Reason"), max_length=2000)
    set_by = _person(_("Set by"))
    set_at = models.DateTimeField(_("Set"), db_default=Now())

    objects: ClassVar[Any] = DutyTableQuerySet.as_manager()

    class Meta:
        verbose_name = _("separation of duties")
        verbose_name_plural = _("separation of duties")
        ordering: ClassVar = ["-edition"]
        constraints: ClassVar = [models.CheckConstraint(name="duty_table_reason", condition=Q(reason__regex=r"\S"))]
        triggers: ClassVar = append_only()


@governed("OVR", "override", anchor="anchor_key")
class DutyOverride(Governed):
    """One person did both, because the table lets them, with a safeguard; another person looks at it later."""

    state_tones = OVERRIDE_TONES

    state = models.CharField(
        _("State"), max_length=32, choices=OverrideState.choices, default=OverrideState.OPEN, editable=False
    )
    # Nobody's in particular: its review falls to who manages the unit.
    owner = _person(_("Owner"), null=True, blank=True, editable=False)
    record = models.ForeignKey(Record, on_delete=models.PROTECT, related_name="duty_overrides", editable=False)
    anchor_key = models.BigIntegerField(null=True, editable=False)
    rule = models.CharField(_("Rule"), max_length=60, editable=False)
    tier = models.CharField(_("Tier"), max_length=8, choices=Tier.choices, editable=False)
    by = _person(_("By"), editable=False)
    reason = models.TextField(_("Reason"), max_length=2000, editable=False)
    safeguard = models.TextField(_("Safeguard"), max_length=2000, editable=False)
    at = models.DateTimeField(_("When"), db_default=Now(), editable=False)
    review_by = models.DateField(_("To be reviewed by"), editable=False)
    reviewed_by = _person(_("Reviewed by"), null=True, editable=False)
    reviewed_at = models.DateTimeField(_("Reviewed"), null=True, editable=False)
    finding = models.TextField(_("What the review found"), max_length=2000, blank=True)

    objects: ClassVar[Any] = OverrideQuerySet.as_manager()

    class Meta:
        verbose_name = _("override of separated duties")
        verbose_name_plural = _("overrides of separated duties")
        indexes: ClassVar = [
            models.Index(fields=["unit", "-updated_at", "-id"], name="override_unit"),
            models.Index(fields=["record"], name="override_record"),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(name="override_reasoned", condition=Q(reason__regex=r"\S", safeguard__regex=r"\S")),
            models.CheckConstraint(
                name="override_reviewed_whole",
                condition=Q(
                    state=OverrideState.OPEN,
                    reviewed_by=None,
                    reviewed_at=None,
                    finding="",
                    due_on__isnull=False,
                    due_on=F("review_by"),
                )
                | Q(state=OverrideState.REVIEWED, reviewed_by__isnull=False, reviewed_at__isnull=False, due_on=None)
                & Q(finding__regex=r"\S"),
            ),
            models.CheckConstraint(
                name="override_reviewed_by_another",
                condition=Q(reviewed_by=None) | ~Q(reviewed_by=F("by")),
                violation_error_message=_("Another person reviews it."),
            ),
        ]
        triggers: ClassVar = [
            pgtrigger.Protect(name="kept", operation=pgtrigger.Delete),
            pgtrigger.Trigger(
                name="only_reviewed",
                when=pgtrigger.Before,
                operation=pgtrigger.Update,
                func=(
                    "IF OLD.reviewed_by_id IS NOT NULL OR (NEW.record_id, NEW.rule, NEW.tier, NEW.by_id, NEW.reason, "
                    "NEW.safeguard, NEW.at, NEW.review_by) IS DISTINCT FROM (OLD.record_id, OLD.rule, OLD.tier, "
                    "OLD.by_id, OLD.reason, OLD.safeguard, OLD.at, OLD.review_by) THEN RAISE EXCEPTION "
                    "'an override is reviewed once and never changed' USING ERRCODE = 'check_violation', "
                    "CONSTRAINT = 'override_only_reviewed'; END IF; RETURN NEW;"
                ),
            ),
        ]

    @property
    def open(self) -> bool:
        return self.reviewed_by_id is None
