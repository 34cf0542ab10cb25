"""Engagements: what people from outside may see, for how long, what they asked for and what they were given."""

from typing import Any, ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from aims.db import Now
from aims.models import Governed, Part, Record, governed, part
from aims.trail import append_only, tracked
from audits.models.audits import Audit
from audits.models.fields import one_of, optional, recent, said, state, text, who, within
from audits.querysets import EngagementQuerySet, PartQuerySet
from audits.states import ENGAGEMENT_TONES, EngagementState, GuestRole, RequestState
from inventory.models import AISystem
from organization.models import Unit


@governed("ENG", "engagement")
class Engagement(Governed):
    """A time-boxed opening of the records for an audit: units or systems, clauses, and the period looked at."""

    state_tones = ENGAGEMENT_TONES

    state = state(EngagementState, EngagementState.OPEN)
    audit = models.OneToOneField(Audit, on_delete=models.PROTECT, related_name="engagement", verbose_name=_("Audit"))
    firm = models.CharField(_("Body or firm"), max_length=200)
    role = models.CharField(_("As"), max_length=20, choices=GuestRole.choices, default=GuestRole.EXTERNAL_AUDITOR)
    starts_on = models.DateField(_("Access from"))
    ends_on = models.DateField(_("Access until"))
    period_from = models.DateField(_("Records from"))
    period_to = models.DateField(_("Records until"))
    clauses = ArrayField(
        models.CharField(max_length=12), verbose_name=_("Clauses"), default=list, blank=True,
        help_text=_("None: all of them."),
    )  # fmt: skip
    end_reason = models.CharField(_("Why it ended"), max_length=500, blank=True, default="", editable=False)
    ended_at = models.DateTimeField(_("Ended"), null=True, editable=False)

    objects: ClassVar[Any] = EngagementQuerySet.as_manager()

    class Meta:
        verbose_name = _("engagement")
        verbose_name_plural = _("engagements")
        indexes: ClassVar = recent("engagement")
        constraints: ClassVar = [
            within("engagement_access", "starts_on", "ends_on"),
            within("engagement_period", "period_from", "period_to"),
            one_of("state", EngagementState),
            one_of("role", GuestRole),
            models.CheckConstraint(
                name="engagement_ended_whole",
                condition=Q(state=EngagementState.OPEN, end_reason="", ended_at=None)
                | Q(state=EngagementState.ENDED, ended_at__isnull=False) & ~Q(end_reason=""),
            ),
        ]


@part("engagement")
class EngagementUnit(Part):
    """A unit that the engagement opens, with everything below it."""

    engagement = models.ForeignKey(Engagement, on_delete=models.CASCADE, related_name="units")
    scope_unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+", verbose_name=_("Unit"))

    told_by: ClassVar = ("scope_unit",)

    class Meta:
        verbose_name = _("unit opened")
        verbose_name_plural = _("units opened")
        constraints: ClassVar = [models.UniqueConstraint(fields=["engagement", "scope_unit"], name="opened_unit_once")]


@part("engagement")
class EngagementSystem(Part):
    """An AI system that the engagement opens, with what hangs on it."""

    engagement = models.ForeignKey(Engagement, on_delete=models.CASCADE, related_name="systems")
    system = models.ForeignKey(AISystem, on_delete=models.PROTECT, related_name="+", verbose_name=_("AI system"))

    told_by: ClassVar = ("system",)

    class Meta:
        verbose_name = _("system opened")
        verbose_name_plural = _("systems opened")
        constraints: ClassVar = [models.UniqueConstraint(fields=["engagement", "system"], name="opened_system_once")]


@part("engagement")
class EngagementMember(Part):
    """Somebody from outside who works in the engagement and holds no other role."""

    engagement = models.ForeignKey(Engagement, on_delete=models.CASCADE, related_name="members")
    person = who(_("Person"))
    added_by = who(_("Added by"))

    told_by: ClassVar = ("person",)

    class Meta:
        verbose_name = _("member")
        verbose_name_plural = _("members")
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["engagement", "person"], name="engagement_member_once",
                violation_error_message=_("This person is a member already."),
            )
        ]  # fmt: skip

    def __str__(self) -> str:
        return str(self.person)


@part("engagement")
class AuditRequest(Part):
    """Something the auditor wants to see."""

    engagement = models.ForeignKey(Engagement, on_delete=models.PROTECT, related_name="requests")
    number = models.CharField(_("Number"), max_length=20)
    wanted = text(_("What is asked for"), 2000)
    clause = models.CharField(_("Clause or control"), max_length=24, blank=True, default="")
    about = models.ForeignKey(
        Record, null=True, blank=True, on_delete=models.PROTECT, related_name="+", verbose_name=_("About the record")
    )
    due_on = models.DateField(_("Until"), null=True, blank=True)
    state = models.CharField(_("State"), max_length=12, choices=RequestState.choices, default=RequestState.ASKED)
    asked_by = who(_("Asked by"))
    asked_at = models.DateTimeField(_("Asked"), db_default=Now(), editable=False)
    edition = models.PositiveIntegerField(default=1, editable=False)

    objects: ClassVar[Any] = PartQuerySet.as_manager()
    told_by: ClassVar = ("number",)

    class Meta:
        verbose_name = _("request")
        verbose_name_plural = _("requests")
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["engagement", "number"], name="request_number",
                violation_error_message=_("This number is taken."),
            ),
            said("request_wanted", "wanted", "number"),
            one_of("state", RequestState),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.number


@part("engagement")
class Offer(Part):
    """A record given in answer to a request, at the version it then had."""

    engagement = models.ForeignKey(Engagement, on_delete=models.PROTECT, related_name="offers")
    request = models.ForeignKey(AuditRequest, on_delete=models.PROTECT, related_name="offers")
    record = models.ForeignKey(Record, on_delete=models.PROTECT, related_name="+", verbose_name=_("Record"))
    offered_version = models.PositiveIntegerField(_("Version"))
    note = optional(_("What it shows"), 2000)
    offered_by = who(_("Offered by"))
    offered_at = models.DateTimeField(_("Offered"), db_default=Now(), editable=False)

    objects: ClassVar[Any] = PartQuerySet.as_manager()
    told_by: ClassVar = ("record",)

    class Meta:
        verbose_name = _("offered record")
        verbose_name_plural = _("offered records")
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["request", "record"], name="offer_once")]
        triggers: ClassVar = append_only()


@part("engagement")
class RequestComment(Part):
    """A word about a request, read by both sides."""

    engagement = models.ForeignKey(Engagement, on_delete=models.PROTECT, related_name="comments")
    request = models.ForeignKey(AuditRequest, on_delete=models.PROTECT, related_name="comments")
    words = text(_("Comment"), 4000)
    written_by = who(_("Written by"))
    written_at = models.DateTimeField(_("Written"), db_default=Now(), editable=False)

    objects: ClassVar[Any] = PartQuerySet.as_manager()

    class Meta:
        verbose_name = _("comment")
        verbose_name_plural = _("comments")
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [said("comment_said", "words")]
        triggers: ClassVar = append_only()


@tracked(exclude=["box"])
class PrivateNote(models.Model):
    """A note of one auditor, locked in the browser with a passphrase that never comes here. Only its author reads it."""

    engagement = models.ForeignKey(Engagement, on_delete=models.CASCADE, related_name="notes")
    person = who(_("Author"))
    box = models.TextField(_("Locked text"), max_length=400_000)
    saved_at = models.DateTimeField(_("Saved"), db_default=Now(), editable=False)

    class Meta:
        verbose_name = _("private note")
        verbose_name_plural = _("private notes")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["engagement", "person"], name="private_note_once"),
            models.CheckConstraint(
                name="private_note_locked",
                condition=Q(box__regex=r"^aims-note-1\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+$"),
                violation_error_message=_("Only locked notes are kept."),
            ),
        ]
