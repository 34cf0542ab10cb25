"""Committees: members for a time, a quorum, sittings with an agenda, votes, dissent and minutes (A.3.2; ISO/IEC 42005 5.11)."""

from datetime import date
from typing import Any, ClassVar, Self

import pgtrigger
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from aims.db import Follows, Now
from aims.models import Governed, Part, Record, governed, part
from aims.querysets import GovernedQuerySet
from aims.trail import append_only
from organization.committee_states import (
    COMMITTEE_TONES,
    OPEN_MATTERS,
    SITTING_TONES,
    Choice,
    CommitteeState,
    Function,
    Majority,
    MatterState,
    SittingState,
)

PEOPLE = settings.AUTH_USER_MODEL


def _person(label: Any, **more: Any) -> Any:
    return models.ForeignKey(PEOPLE, on_delete=models.PROTECT, related_name="+", verbose_name=label, **more)


class CommitteeQuerySet(GovernedQuerySet):
    """Reads of committees."""

    def active(self) -> Self:
        return self.filter(state=CommitteeState.ACTIVE)


class SittingQuerySet(GovernedQuerySet):
    """Reads of sittings."""

    def to_come(self) -> Self:
        return self.filter(state__in=[SittingState.PLANNED, SittingState.OPEN])


class MemberQuerySet(models.QuerySet[Any]):
    """Reads of members."""

    def on(self, day: date) -> Self:
        return self.filter(Q(until=None) | Q(until__gte=day), since__lte=day)


class MatterQuerySet(models.QuerySet[Any]):
    """Reads of matters."""

    def open(self) -> Self:
        return self.filter(state__in=OPEN_MATTERS)

    def queued(self) -> Self:
        return self.filter(state=MatterState.QUEUED)


@governed("COM", "committee")
class Committee(Governed):
    """A body that decides by vote: what it is for, how many must take part, which majority decides."""

    state_tones = COMMITTEE_TONES

    state = models.CharField(
        _("State"), max_length=32, choices=CommitteeState.choices, default=CommitteeState.ACTIVE, editable=False
    )
    purpose = models.TextField(_("What it decides"), max_length=2000)
    quorum = models.PositiveSmallIntegerField(_("Votes needed to decide"), default=3)
    majority = models.CharField(_("Majority"), max_length=12, choices=Majority.choices, default=Majority.SIMPLE)

    objects: ClassVar[Any] = CommitteeQuerySet.as_manager()

    class Meta:
        verbose_name = _("committee")
        verbose_name_plural = _("committees")
        indexes: ClassVar = [models.Index(fields=["unit", "-updated_at", "-id"], name="committee_unit")]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["id", "unit"], name="committee_id_unit"),
            models.CheckConstraint(
                name="committee_quorum",
                condition=Q(quorum__gte=2, quorum__lte=50),
                violation_error_message=_("Between 2 and 50."),
            ),
            models.CheckConstraint(name="committee_state_known", condition=Q(state__in=CommitteeState.values)),
            models.CheckConstraint(name="committee_majority_known", condition=Q(majority__in=Majority.values)),
        ]

    @property
    def active(self) -> bool:
        return self.state == CommitteeState.ACTIVE


@part("committee")
class Member(Part):
    """A person in the committee, from a day to a day."""

    committee = models.ForeignKey(Committee, on_delete=models.PROTECT, related_name="members")
    person = _person(_("Person"))
    function = models.CharField(_("Function"), max_length=12, choices=Function.choices, default=Function.MEMBER)
    since = models.DateField(_("From"))
    until = models.DateField(_("Until"), null=True, blank=True)
    ground = models.CharField(_("What the person brings"), max_length=300, blank=True, default="")

    told_by: ClassVar = ("function",)
    objects: ClassVar[Any] = MemberQuerySet.as_manager()

    class Meta:
        verbose_name = _("member")
        verbose_name_plural = _("members")
        ordering: ClassVar = ["since", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["committee", "person"],
                condition=Q(until=None),
                name="committee_member_once",
                violation_error_message=_("This person is a member already."),
            ),
            models.CheckConstraint(
                name="committee_member_period",
                condition=Q(until=None) | Q(until__gte=F("since")),
                violation_error_message=_("It ends before it begins."),
            ),
            models.CheckConstraint(name="committee_member_function", condition=Q(function__in=Function.values)),
        ]

    def __str__(self) -> str:
        return str(self.person)


@governed("SIT", "sitting")
class Sitting(Governed):
    """One meeting: who was there, what was decided, the minutes. Closed, it never changes."""

    state_tones = SITTING_TONES

    state = models.CharField(
        _("State"), max_length=32, choices=SittingState.choices, default=SittingState.PLANNED, editable=False
    )
    committee = models.ForeignKey(
        Committee, on_delete=models.PROTECT, related_name="sittings", verbose_name=_("Committee"), editable=False
    )
    held_on = models.DateField(_("Day"))
    place = models.CharField(_("Place or call"), max_length=200, blank=True, default="")
    minutes = models.TextField(_("Minutes"), max_length=20000, blank=True, default="")

    objects: ClassVar[Any] = SittingQuerySet.as_manager()

    class Meta:
        verbose_name = _("sitting")
        verbose_name_plural = _("sittings")
        indexes: ClassVar = [models.Index(fields=["unit", "-updated_at", "-id"], name="sitting_unit")]
        constraints: ClassVar = [
            Follows(
                name="sitting_follows_committee",
                columns=["committee_id", "unit_id"],
                to="organization_committee",
                to_columns=["id", "unit_id"],
            ),
            models.UniqueConstraint(fields=["id", "committee"], name="sitting_id_committee"),
            models.CheckConstraint(name="sitting_state_known", condition=Q(state__in=SittingState.values)),
            models.CheckConstraint(
                name="sitting_closed_with_minutes",
                condition=~Q(state=SittingState.CLOSED) | Q(minutes__regex=r"\S"),
                violation_error_message=_("A closed sitting has minutes."),
            ),
        ]
        triggers: ClassVar = [
            pgtrigger.Trigger(
                name="closed",
                when=pgtrigger.Before,
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__state__in=["closed", "cancelled"]),
                func=(
                    "IF (NEW.state, NEW.minutes, NEW.held_on, NEW.place, NEW.committee_id, NEW.title) IS DISTINCT FROM "
                    "(OLD.state, OLD.minutes, OLD.held_on, OLD.place, OLD.committee_id, OLD.title) THEN RAISE EXCEPTION "
                    "'a closed sitting does not change' USING ERRCODE = 'check_violation', "
                    "CONSTRAINT = 'sitting_closed'; END IF; RETURN NEW;"
                ),
            )
        ]


@part("sitting")
class Attendance(Part):
    """A member was present."""

    sitting = models.ForeignKey(Sitting, on_delete=models.PROTECT, related_name="attendances")
    person = _person(_("Person"))

    class Meta:
        verbose_name = _("attendance")
        verbose_name_plural = _("attendances")
        constraints: ClassVar = [models.UniqueConstraint(fields=["sitting", "person"], name="attendance_once")]

    def __str__(self) -> str:
        return str(self.person)


@part("committee")
class Matter(Part):
    """Something before the committee: a record, the question, what may be decided, and what was."""

    committee = models.ForeignKey(Committee, on_delete=models.PROTECT, related_name="matters")
    sitting = models.ForeignKey(
        Sitting, null=True, blank=True, on_delete=models.PROTECT, related_name="matters", verbose_name=_("Sitting")
    )
    record = models.ForeignKey(Record, on_delete=models.PROTECT, related_name="matters")
    question = models.CharField(_("Question"), max_length=300)
    options = ArrayField(models.CharField(max_length=12), verbose_name=_("What may be decided"))
    raised_by = _person(_("Raised by"))
    raised_on = models.DateField(_("Raised on"))
    state = models.CharField(_("State"), max_length=12, choices=MatterState.choices, default=MatterState.QUEUED)
    outcome = models.CharField(_("Outcome"), max_length=12, choices=Choice.choices, blank=True, default="")
    tally = models.JSONField(_("Votes"), default=dict, blank=True)
    reason = models.TextField(_("Reasons"), max_length=4000, blank=True, default="")
    dissent = models.TextField(_("Dissenting opinions"), max_length=4000, blank=True, default="")
    # [[text, day], …]
    conditions = models.JSONField(_("Conditions"), default=list, blank=True)
    until = models.DateField(_("Holds until"), null=True, blank=True)
    decided_by = _person(_("Recorded by"), null=True, blank=True)
    decided_on = models.DateField(_("Decided on"), null=True, blank=True)

    told_by: ClassVar = ("question",)
    objects: ClassVar[Any] = MatterQuerySet.as_manager()

    class Meta:
        verbose_name = _("matter")
        verbose_name_plural = _("matters")
        ordering: ClassVar = ["id"]
        indexes: ClassVar = [models.Index(fields=["record"], name="matter_record")]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["record"],
                condition=Q(state__in=["queued", "listed"]),
                name="matter_one_open",
                violation_error_message=_("This is before a committee already."),
            ),
            # Whoever sees a sitting reads what it decides: matters of its own committee, and of no other.
            Follows(
                name="matter_follows_sitting",
                columns=["sitting_id", "committee_id"],
                to="organization_sitting",
                to_columns=["id", "committee_id"],
            ),
            models.CheckConstraint(name="matter_state_known", condition=Q(state__in=MatterState.values)),
            models.CheckConstraint(
                name="matter_listed_in_sitting", condition=~Q(state="listed") | Q(sitting__isnull=False)
            ),
            models.CheckConstraint(
                name="matter_decided_whole",
                condition=~Q(state="decided")
                | Q(decided_on__isnull=False, decided_by__isnull=False, sitting__isnull=False, reason__regex=r"\S")
                & ~Q(outcome=""),
                violation_error_message=_("A decision has an outcome and its reasons."),
            ),
            models.CheckConstraint(name="matter_options", condition=Q(options__len__gt=0)),
        ]
        triggers: ClassVar = [
            pgtrigger.Trigger(
                name="decided",
                when=pgtrigger.Before,
                operation=pgtrigger.Update | pgtrigger.Delete,
                condition=pgtrigger.Q(old__state__in=["decided", "put_off", "withdrawn"]),
                func=(
                    "RAISE EXCEPTION 'a decided matter does not change' USING ERRCODE = 'check_violation', "
                    "CONSTRAINT = 'matter_decided';"
                ),
            )
        ]

    def __str__(self) -> str:
        return self.question

    @property
    def open(self) -> bool:
        return self.state in OPEN_MATTERS


_BY_PRESENT_MEMBER = pgtrigger.Trigger(
    name="by_present_member",
    when=pgtrigger.Before,
    operation=pgtrigger.Insert,
    func=(
        "IF NOT EXISTS (SELECT FROM organization_sitting s JOIN organization_member m ON m.committee_id = s.committee_id "
        "JOIN organization_attendance a ON a.sitting_id = s.id AND a.person_id = m.person_id "
        "JOIN organization_matter t ON t.sitting_id = s.id AND t.id = NEW.matter_id AND t.state = 'listed' "
        "WHERE s.id = NEW.sitting_id AND s.state = 'open' AND m.person_id = NEW.person_id AND m.since <= s.held_on "
        "AND (m.until IS NULL OR m.until >= s.held_on)) THEN RAISE EXCEPTION 'only a member who is present votes' "
        "USING ERRCODE = 'check_violation', CONSTRAINT = 'vote_by_present_member'; END IF; RETURN NEW;"
    ),
)


@part("sitting")
class Vote(Part):
    """What one member voted on one matter, with the reason of who dissents. Never changed."""

    sitting = models.ForeignKey(Sitting, on_delete=models.PROTECT, related_name="votes")
    matter = models.ForeignKey(Matter, on_delete=models.PROTECT, related_name="votes")
    person = _person(_("Member"))
    choice = models.CharField(pgettext_lazy("noun", "Vote"), max_length=12, choices=Choice.choices)
    reason = models.TextField(_("Reason"), max_length=2000, blank=True, default="")
    cast_at = models.DateTimeField(_("Cast"), db_default=Now())

    told_by: ClassVar = ("choice",)

    class Meta:
        verbose_name = _("vote")
        verbose_name_plural = _("votes")
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["matter", "person"],
                name="vote_once",
                violation_error_message=_("You voted on this already."),
            ),
            models.CheckConstraint(name="vote_choice_known", condition=Q(choice__in=Choice.values)),
        ]
        triggers: ClassVar = [*append_only(), _BY_PRESENT_MEMBER]

    def __str__(self) -> str:
        return str(self.get_choice_display())
