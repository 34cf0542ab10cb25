"""What is recorded beside changes: reads by watched roles, downloads, decisions, erasures, disposals."""

from typing import Any, ClassVar

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from aims.db import Now
from aims.models.base import Record
from aims.querysets import DecisionQuerySet, ErasureQuerySet
from aims.trail import TransactionId, TransactionIdField, append_only, tracked


class SealedLog(models.Model):
    """Base of append-only tables that are sealed beside the events. `retained` ones may be disposed of in time."""

    id = models.BigAutoField(primary_key=True)
    at = models.DateTimeField(_("When"), db_default=Now())
    recorded_at = models.DateTimeField(db_default=models.Func(function="clock_timestamp"), editable=False)
    xid = TransactionIdField(db_default=TransactionId(), editable=False)
    retained: ClassVar[bool] = False

    class Meta:
        abstract = True


class Reading(SealedLog):
    """A page, answer or file that a watched person (an external auditor) opened, or a file that anybody downloaded."""

    retained = True
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", db_constraint=False
    )
    capacity = models.CharField(max_length=32, blank=True)
    what = models.CharField(_("What"), max_length=10, choices=[("view", _("View")), ("download", _("Download"))])
    path = models.CharField(_("Address"), max_length=300)
    record = models.ForeignKey(Record, null=True, on_delete=models.DO_NOTHING, related_name="+", db_constraint=False)
    digest = models.CharField(_("SHA-256"), max_length=64, blank=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["person", "-id"], name="reading_person"),
            models.Index(fields=["record", "-id"], name="reading_record"),
            models.Index(fields=["xid"], name="reading_xid"),
        ]
        triggers: ClassVar = append_only()


class Disposal(SealedLog):
    """Rows of a retained log that were removed when their time was over; their sealed digests stay."""

    source = models.CharField(max_length=63)
    until_id = models.BigIntegerField()
    rows = models.PositiveIntegerField()
    digest = models.CharField(max_length=64)
    reason = models.CharField(max_length=200)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["xid"], name="disposal_xid")]
        triggers: ClassVar = append_only()


@tracked()
class Decision(models.Model):
    """One entry of the register of decisions: what was asked, what was decided, by whom, why, with what dissent."""

    record = models.ForeignKey(Record, on_delete=models.PROTECT, related_name="decisions")
    sort = models.CharField(_("Sort"), max_length=32)
    question = models.CharField(_("Question"), max_length=300)
    options = ArrayField(models.CharField(max_length=200), default=list, blank=True)
    outcome = models.CharField(_("Decision"), max_length=200)
    refused = models.BooleanField(_("Refused"), default=False)
    reason = models.TextField(_("Reason"), max_length=4000)
    dissent = models.TextField(_("Dissent"), max_length=4000, blank=True)
    conditions = models.TextField(_("Conditions"), max_length=4000, blank=True)
    until = models.DateField(_("Until"), null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("Decided by"),
    )
    capacity = models.CharField(_("Capacity"), max_length=32, blank=True)
    decided_at = models.DateTimeField(_("Decided"), db_default=Now())

    objects: ClassVar[Any] = DecisionQuerySet.as_manager()

    class Meta:
        verbose_name = _("decision")
        verbose_name_plural = _("decisions")
        indexes: ClassVar = [models.Index(fields=["-decided_at", "-id"], name="decision_recent")]
        constraints: ClassVar = [models.CheckConstraint(name="decision_has_reason", condition=~models.Q(reason=""))]


@tracked()
class Erasure(models.Model):
    """A person's data to be erased from a row and its events: asked by one, approved by another, then done once."""

    source = models.CharField(max_length=63)
    object_id = models.BigIntegerField()
    reason = models.TextField(_("Reason"), max_length=2000)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(db_default=Now())
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    approved_at = models.DateTimeField(null=True, blank=True)
    done_at = models.DateTimeField(null=True, blank=True)
    refused_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    refused_at = models.DateTimeField(null=True, blank=True)
    refusal = models.TextField(_("Why it was refused"), max_length=2000, blank=True)

    objects: ClassVar[Any] = ErasureQuerySet.as_manager()

    class Meta:
        verbose_name = _("erasure")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["source", "object_id"],
                condition=models.Q(refused_at=None),
                name="erasure_once",
                violation_error_message=_("This was asked for already."),
            ),
            models.CheckConstraint(
                name="erasure_refused_whole",
                condition=models.Q(refused_by=None, refused_at=None, refusal="")
                | models.Q(refused_by__isnull=False, refused_at__isnull=False, approved_by=None)
                & ~models.Q(refusal=""),
            ),
            models.CheckConstraint(
                name="erasure_two_people",
                condition=models.Q(approved_by=None) | ~models.Q(approved_by=models.F("asked_by")),
                violation_error_message=_("A second person approves."),
            ),
            models.CheckConstraint(
                name="erasure_approved_whole",
                condition=models.Q(approved_by=None, approved_at=None)
                | models.Q(approved_by__isnull=False, approved_at__isnull=False),
            ),
            models.CheckConstraint(
                name="erasure_done_after_approval",
                condition=models.Q(done_at=None) | models.Q(approved_at__isnull=False),
            ),
            models.CheckConstraint(name="erasure_has_reason", condition=~models.Q(reason="")),
        ]
