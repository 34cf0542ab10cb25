"""Who may decide what, who is competent for what, and where duties may be held together (clauses 5.3 and 7.2)."""

from typing import Any, ClassVar

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from aims.db import Now
from aims.models import Record
from aims.trail import append_only, tracked
from organization.duties import AuthorityKind, Tier

PEOPLE = settings.AUTH_USER_MODEL


def _person(label: Any, **more: Any) -> Any:
    return models.ForeignKey(PEOPLE, on_delete=models.PROTECT, related_name="+", verbose_name=label, **more)


def _version() -> pgtrigger.Trigger:
    return pgtrigger.Trigger(
        name="version",
        when=pgtrigger.Before,
        operation=pgtrigger.Update,
        func="NEW.version := OLD.version + 1; RETURN NEW;",
    )


@tracked()
class Authority(models.Model):
    """A person or a role that may take a kind of decision up to a level, in a unit and all below it, for a time."""

    person = _person(_("Person"), null=True, blank=True)
    role = models.CharField(_("Role"), max_length=32, blank=True)
    kind = models.CharField(_("What"), max_length=20, choices=AuthorityKind.choices)
    level = models.CharField(_("Level"), max_length=40, blank=True)
    unit = models.ForeignKey(
        "organization.Unit", on_delete=models.PROTECT, related_name="authorities", verbose_name=_("Unit")
    )
    valid_from = models.DateField(_("From"))
    valid_until = models.DateField(_("Until"), null=True, blank=True)
    granted_by = _person(_("Granted by"))
    reason = models.CharField(_("Reason"), max_length=500)
    ended_on = models.DateField(_("Ended"), null=True, editable=False)
    end_reason = models.CharField(_("Why it ended"), max_length=500, blank=True, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)

    class Meta:
        verbose_name = _("authority")
        verbose_name_plural = _("authorities")
        indexes: ClassVar = [models.Index(fields=["kind", "level"], name="authority_kind_level")]
        constraints: ClassVar = [
            models.CheckConstraint(
                name="authority_person_or_role",
                condition=Q(person=None) & ~Q(role="") | Q(person__isnull=False, role=""),
                violation_error_message=_("Name a person or a role, one of the two."),
            ),
            models.CheckConstraint(
                name="authority_period", condition=Q(valid_until=None) | Q(valid_until__gte=F("valid_from"))
            ),
            models.CheckConstraint(name="authority_reason", condition=Q(reason__regex=r"\S")),
            models.CheckConstraint(
                name="authority_not_to_oneself",
                condition=Q(person=None) | ~Q(person=F("granted_by")),
                violation_error_message=_("Nobody gives authority to themselves."),
            ),
            models.CheckConstraint(
                name="authority_ended_with_reason",
                condition=Q(ended_on=None, end_reason="") | Q(ended_on__isnull=False) & ~Q(end_reason=""),
            ),
        ]
        triggers: ClassVar = [_version()]


@tracked()
class CompetenceRecord(models.Model):
    """What a person is competent for, on what ground, until when (clause 7.2)."""

    person = _person(_("Person"))
    competence = models.CharField(_("Competent for"), max_length=200)
    ground = models.TextField(_("On what ground"), max_length=2000)
    acquired_on = models.DateField(_("Since"))
    expires_on = models.DateField(_("Until"), null=True, blank=True)
    confirmed_by = _person(_("Confirmed by"))
    version = models.PositiveIntegerField(default=1, editable=False)

    class Meta:
        verbose_name = _("competence record")
        verbose_name_plural = _("competence records")
        constraints: ClassVar = [
            models.CheckConstraint(
                name="competence_period",
                condition=Q(expires_on=None) | Q(expires_on__gte=F("acquired_on")),
                violation_error_message=_("It ends before it begins."),
            ),
            models.CheckConstraint(name="competence_not_by_oneself", condition=~Q(person=F("confirmed_by"))),
        ]
        triggers: ClassVar = [_version()]


@tracked()
class DutyTable(models.Model):
    """One edition of the table of separated duties: rule → tier → mode. Never changed; a new edition follows."""

    edition = models.PositiveSmallIntegerField(_("Edition"), unique=True)
    cells = models.JSONField(_("Rules"), default=dict, blank=True)
    reason = models.TextField(_("Reason"), max_length=2000)
    set_by = _person(_("Set by"))
    set_at = models.DateTimeField(_("Set"), db_default=Now())

    class Meta:
        verbose_name = _("separation of duties")
        verbose_name_plural = _("separation of duties")
        ordering: ClassVar = ["-edition"]
        constraints: ClassVar = [models.CheckConstraint(name="duty_table_reason", condition=Q(reason__regex=r"\S"))]
        triggers: ClassVar = append_only()


@tracked()
class DutyOverride(models.Model):
    """One person did both, because the table lets them, with a safeguard; another person looks at it later."""

    record = models.ForeignKey(Record, on_delete=models.PROTECT, related_name="duty_overrides")
    rule = models.CharField(_("Rule"), max_length=60)
    tier = models.CharField(_("Tier"), max_length=8, choices=Tier.choices)
    by = _person(_("By"))
    reason = models.TextField(_("Reason"), max_length=2000)
    safeguard = models.TextField(_("Safeguard"), max_length=2000)
    at = models.DateTimeField(_("When"), db_default=Now())
    review_by = models.DateField(_("To be reviewed by"))
    reviewed_by = _person(_("Reviewed by"), null=True, editable=False)
    reviewed_at = models.DateTimeField(_("Reviewed"), null=True, editable=False)
    finding = models.TextField(_("What the review found"), max_length=2000, blank=True, editable=False)

    class Meta:
        verbose_name = _("override of separated duties")
        verbose_name_plural = _("overrides of separated duties")
        indexes: ClassVar = [models.Index(fields=["review_by"], condition=Q(reviewed_by=None), name="override_open")]
        constraints: ClassVar = [
            models.CheckConstraint(name="override_reasoned", condition=Q(reason__regex=r"\S", safeguard__regex=r"\S")),
            models.CheckConstraint(
                name="override_reviewed_whole",
                condition=Q(reviewed_by=None, reviewed_at=None, finding="")
                | Q(reviewed_by__isnull=False, reviewed_at__isnull=False) & ~Q(finding=""),
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
