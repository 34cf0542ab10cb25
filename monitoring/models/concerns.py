"""Concerns: what somebody raised, what was said about it, whom it names (control A.3.3).

A concern is a case: it shows to nobody but those on its case list, and to who raised it on pages of their own. Who is
named in it is never on that list; the database itself keeps them off. Of somebody who raised it anonymously nothing is
kept: no person, no request, no address, neither here nor in the trail; `Receipt` holds a digest of the code they took.
"""

from typing import Any, ClassVar

import pgtrigger
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from aims.models import Governed, Part, Record, governed, part
from aims.states import Confidentiality
from aims.trail import tracked
from inventory.models import AISystem
from monitoring.querysets import ConcernQuerySet
from monitoring.states import ANSWERED, STATE_TONES, ConcernSort, ConcernState, EntrySort, Verdict
from risk.models.fields import one_of, optional, person, text

_OPEN = tuple(state for state in ConcernState if state not in ANSWERED)


def _refuse(condition: str, constraint: str, words: str) -> str:
    return f"IF {condition} THEN RAISE EXCEPTION '{words}' USING ERRCODE = 'check_violation', CONSTRAINT = '{constraint}'; END IF; "


@governed("CON", "concern")
class Concern(Governed):
    """What somebody raised, in their words, which never change; who handles it, until when, and what came of it."""

    state_tones: ClassVar = STATE_TONES

    state = models.CharField(
        _("State"), max_length=32, choices=ConcernState.choices, default=ConcernState.RECEIVED, editable=False
    )
    owner = person(_("Handled by"), null=True, blank=True)
    sort = models.CharField(_("What it is about"), max_length=12, choices=ConcernSort.choices)
    told = text(_("What happened"))
    about = models.CharField(_("Which AI system or which part of the house"), max_length=200, blank=True, default="")
    named = optional(_("Who is involved"), 1000)
    system = models.ForeignKey(
        AISystem, null=True, blank=True, on_delete=models.PROTECT, related_name="concerns", verbose_name=_("AI system")
    )
    raised_by = person(_("Raised by"), null=True, editable=False)
    name_kept = models.BooleanField(_("Only those who handle concerns may know my name"), default=False)
    received_at = models.DateTimeField(_("Received"), editable=False)
    acknowledge_by = models.DateField(_("Acknowledge by"), editable=False)
    answer_by = models.DateField(_("Answer by"), editable=False)
    acknowledged_at = models.DateTimeField(_("Acknowledged"), null=True, editable=False)
    answered_at = models.DateTimeField(_("Answered"), null=True, editable=False)
    closed_at = models.DateTimeField(_("Closed"), null=True, editable=False)
    verdict = models.CharField(_("Outcome"), max_length=12, choices=Verdict.choices, blank=True, default="")
    reasons = optional(_("Why"))
    outcome = optional(_("What follows from it"))

    objects: ClassVar[Any] = ConcernQuerySet.as_manager()

    class Meta:
        verbose_name = _("concern")
        verbose_name_plural = _("concerns")
        indexes: ClassVar = [
            models.Index(fields=["unit", "-updated_at", "-id"], name="concern_unit"),
            models.Index(fields=["-updated_at", "-id"], name="concern_recent"),
            models.Index(fields=["raised_by"], name="concern_raised_by"),
        ]
        constraints: ClassVar = [
            one_of("state", ConcernState),
            one_of("sort", ConcernSort),
            models.CheckConstraint(name="concern_verdict_known", condition=Q(verdict__in=["", *Verdict.values])),
            models.CheckConstraint(name="concern_is_case", condition=Q(confidentiality=Confidentiality.CASE)),
            models.CheckConstraint(
                name="concern_told", condition=Q(told__regex=r"\S"), violation_error_message=_("This must be said.")
            ),
            models.CheckConstraint(
                name="concern_kept_name_is_somebodys", condition=Q(name_kept=False) | Q(raised_by__isnull=False)
            ),
            models.CheckConstraint(name="concern_times_in_order", condition=Q(answer_by__gte=F("acknowledge_by"))),
            models.CheckConstraint(
                name="concern_acknowledged_once",
                condition=Q(state=ConcernState.RECEIVED, acknowledged_at=None)
                | ~Q(state=ConcernState.RECEIVED) & Q(acknowledged_at__isnull=False),
            ),
            models.CheckConstraint(
                name="concern_answered_whole",
                condition=Q(state__in=_OPEN, verdict="", reasons="", outcome="", answered_at=None)
                | Q(state__in=ANSWERED, answered_at__isnull=False, reasons__regex=r"\S") & ~Q(verdict=""),
                violation_error_message=_("An answer says what came of it and why."),
            ),
            models.CheckConstraint(
                name="concern_closed_at",
                condition=Q(state=ConcernState.CLOSED, closed_at__isnull=False)
                | ~Q(state=ConcernState.CLOSED) & Q(closed_at=None),
            ),
            models.CheckConstraint(
                name="concern_not_handled_by_who_raised_it",
                condition=Q(owner=None) | Q(raised_by=None) | ~Q(owner=F("raised_by")),
                violation_error_message=_("Who raised a concern does not handle it."),
            ),
        ]
        triggers: ClassVar = [
            pgtrigger.Trigger(
                name="words",
                when=pgtrigger.Before,
                operation=pgtrigger.Update,
                func=_refuse(
                    "ROW(NEW.told, NEW.sort, NEW.about, NEW.named, NEW.raised_by_id, NEW.received_at) IS DISTINCT FROM "
                    "ROW(OLD.told, OLD.sort, OLD.about, OLD.named, OLD.raised_by_id, OLD.received_at)",
                    "concern_words_stay", "what was raised never changes",
                )
                + "RETURN NEW;",
            ),
            pgtrigger.Trigger(
                name="owner",
                when=pgtrigger.Before,
                operation=pgtrigger.Update,
                func=_refuse(
                    "EXISTS (SELECT FROM monitoring_namedperson n WHERE n.concern_id = NEW.id AND n.person_id = NEW.owner_id)",
                    "concern_not_handled_by_who_is_named", "who is named in a concern does not handle it",
                )
                + "RETURN NEW;",
            ),
        ]  # fmt: skip

    @property
    def anonymous(self) -> bool:
        return self.raised_by_id is None

    @property
    def answered(self) -> bool:
        return self.state in ANSWERED


@part("concern")
class NamedPerson(Part):
    """Somebody whom a concern names: they never see it. The database takes them off its case list."""

    concern = models.ForeignKey(Concern, on_delete=models.PROTECT, related_name="people")
    person = person(_("Person"))
    told_by: ClassVar = ("person",)

    class Meta:
        verbose_name = _("person named")
        verbose_name_plural = _("persons named")
        constraints: ClassVar = [models.UniqueConstraint(fields=["concern", "person"], name="named_person_once")]
        triggers: ClassVar = [
            pgtrigger.Trigger(
                name="kept_out",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert,
                func=_refuse(
                    "EXISTS (SELECT FROM monitoring_concern c WHERE c.id = NEW.concern_id AND c.owner_id = NEW.person_id)",
                    "named_person_does_not_handle", "who is named in a concern does not handle it",
                )
                + "DELETE FROM organization_caselisting WHERE record_id = NEW.concern_id AND person_id = NEW.person_id; "
                "RETURN NEW;",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return str(self.person)


@part("concern")
class Entry(Part):
    """A message to or from who raised it, or a note that the handlers keep to themselves. Append-only."""

    concern = models.ForeignKey(Concern, on_delete=models.PROTECT, related_name="entries")
    sort = models.CharField(_("What it is"), max_length=16, choices=EntrySort.choices)
    text = text(_("Text"))
    author = person(_("Written by"), null=True, editable=False)
    written_at = models.DateTimeField(_("Written"))
    told_by: ClassVar = ("sort",)

    class Meta:
        verbose_name = _("entry")
        verbose_name_plural = _("entries")
        ordering: ClassVar = ["pk"]
        constraints: ClassVar = [
            one_of("sort", EntrySort),
            models.CheckConstraint(
                name="entry_text", condition=Q(text__regex=r"\S"), violation_error_message=_("This must be said.")
            ),
            # The reporter's name stands once, at the concern, where it can be kept from others.
            models.CheckConstraint(
                name="entry_author",
                condition=Q(sort=EntrySort.FROM_REPORTER, author=None)
                | ~Q(sort=EntrySort.FROM_REPORTER) & Q(author__isnull=False),
            ),
        ]
        triggers: ClassVar = [pgtrigger.Protect(name="stays", operation=pgtrigger.Update | pgtrigger.Delete)]


@part("concern")
class ConcernLink(Part):
    """A record that the concern has to do with, of any kind: a risk, an assessment, a nonconformity."""

    concern = models.ForeignKey(Concern, on_delete=models.PROTECT, related_name="links")
    record = models.ForeignKey(Record, on_delete=models.PROTECT, related_name="+", verbose_name=_("Record"))
    told_by: ClassVar = ("record",)

    class Meta:
        verbose_name = _("link")
        verbose_name_plural = _("links")
        constraints: ClassVar = [models.UniqueConstraint(fields=["concern", "record"], name="concern_link_once")]


@tracked(exclude=["digest"])
class Receipt(models.Model):
    """The code by which somebody without a name reads the answer and writes more. Only its digest is kept."""

    concern = models.OneToOneField(Concern, on_delete=models.PROTECT, related_name="receipt")
    digest = models.CharField(max_length=64, unique=True, editable=False)

    class Meta:
        verbose_name = _("receipt")
        verbose_name_plural = _("receipts")
