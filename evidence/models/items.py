"""Evidence: what is kept to show that something is so, what it is linked to, who attested it. Clause 7.5."""

from datetime import date, timedelta
from typing import Any, ClassVar

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from aims.db import Now
from aims.models import Governed, Part, Record, governed, part
from aims.trail import append_only
from evidence.freshness import COUNTS_FOR, standing
from evidence.models.files import Blob
from evidence.querysets import EvidenceQuerySet, LinkQuerySet
from evidence.results import measured_on
from evidence.states import EVIDENCE_TONES, EvidenceKind, EvidenceState

# What never changes, and what does not change once somebody attested that it suffices.
_CONTENT = ("form", "received_at", "blob_id", "file_name", "media_type", "url", "result", "passed", "redacts_id")
_SAID = ("title", "proves", "method", "collector_id", "population", "period_from", "period_to", "collected_on",
         "expires_on", "accepted_by_id", "accepted_at", "redaction")  # fmt: skip


def _unchanged(names: tuple[str, ...]) -> str:
    return f"({', '.join(f'NEW.{name}' for name in names)}) IS DISTINCT FROM ({', '.join(f'OLD.{name}' for name in names)})"


_LOCKED = pgtrigger.Trigger(
    name="locked",
    when=pgtrigger.Before,
    operation=pgtrigger.Update,
    func=(
        f"IF {_unchanged(_CONTENT)} THEN RAISE EXCEPTION 'content of evidence never changes' "
        "USING ERRCODE = 'check_violation', CONSTRAINT = 'evidence_content_kept'; END IF; "
        f"IF OLD.accepted_at IS NOT NULL AND {_unchanged(_SAID)} THEN RAISE EXCEPTION "
        "'accepted evidence is locked; newer evidence replaces it' "
        "USING ERRCODE = 'check_violation', CONSTRAINT = 'evidence_locked'; END IF; RETURN NEW;"
    ),
)


@governed("EVD", "evidence")
class EvidenceItem(Governed):
    """One piece of evidence: a file, a link or a measured result, with what it proves and for which period."""

    form = models.CharField(_("Kind"), max_length=8, choices=EvidenceKind.choices, editable=False)
    state = models.CharField(
        _("State"), max_length=32, choices=EvidenceState.choices, default=EvidenceState.CURRENT, editable=False
    )
    proves = models.TextField(_("What it proves"), max_length=2000)
    method = models.TextField(_("How it was collected"), max_length=2000, blank=True)
    collector = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("Collected by")
    )
    population = models.TextField(_("Population or sample"), max_length=2000, blank=True)
    period_from = models.DateField(_("Period from"), null=True, blank=True)
    period_to = models.DateField(_("Period to"), null=True, blank=True)
    collected_on = models.DateField(_("Collected on, as claimed"), null=True, blank=True)
    received_at = models.DateTimeField(_("Received"), db_default=Now(), editable=False)
    expires_on = models.DateField(_("Valid until"), null=True, blank=True)
    supersedes = models.OneToOneField(
        "self",
        null=True,
        blank=True,
        editable=False,
        on_delete=models.PROTECT,
        related_name="superseded_by",
        verbose_name=_("Replaces"),
    )
    blob = models.ForeignKey(
        Blob,
        null=True,
        blank=True,
        editable=False,
        on_delete=models.PROTECT,
        related_name="items",
        verbose_name=_("Content"),
    )
    file_name = models.CharField(_("File name"), max_length=160, blank=True, editable=False)
    media_type = models.CharField(_("Type"), max_length=100, blank=True, editable=False)
    url = models.URLField(_("Address"), max_length=1000, blank=True)
    result = models.JSONField(_("Result"), null=True, blank=True, editable=False)
    passed = models.BooleanField(_("Threshold met"), null=True, blank=True, editable=False)
    redacts = models.ForeignKey(
        "self", null=True, blank=True, editable=False, on_delete=models.PROTECT, related_name="redacted_copies",
        verbose_name=_("Redacted copy of"),
    )  # fmt: skip
    redaction = models.TextField(_("What was taken out"), max_length=2000, blank=True, editable=False)
    accepted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, editable=False, on_delete=models.PROTECT, related_name="+",
        verbose_name=_("Accepted by"),
    )  # fmt: skip
    accepted_at = models.DateTimeField(_("Accepted"), null=True, editable=False)

    objects: ClassVar[Any] = EvidenceQuerySet.as_manager()
    state_tones = EVIDENCE_TONES

    class Meta:
        verbose_name = _("evidence")
        verbose_name_plural = _("evidence")
        indexes: ClassVar = [
            models.Index(fields=["unit", "-updated_at", "-id"], name="evidence_unit"),
            models.Index(fields=["owner"], name="evidence_owner"),
            models.Index(fields=["expires_on"], condition=Q(state="current"), name="evidence_expires"),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(
                name="evidence_form_has_its_fields",
                condition=Q(form="file", blob__isnull=False, url="", result=None, passed=None)
                & ~Q(file_name="")
                & ~Q(media_type="")
                | Q(form="link", blob=None, file_name="", media_type="", result=None, passed=None) & ~Q(url="")
                | Q(form="result", blob=None, file_name="", media_type="", url="", passed__isnull=False)
                & Q(result__isnull=False),
            ),
            models.CheckConstraint(name="evidence_state_known", condition=Q(state__in=EvidenceState.values)),
            models.CheckConstraint(
                name="evidence_says_what_it_proves",
                condition=~Q(proves=""),
                violation_error_message=_("Say what it proves."),
            ),
            models.CheckConstraint(
                name="evidence_period",
                condition=Q(period_from=None) | Q(period_to=None) | Q(period_to__gte=F("period_from")),
                violation_error_message=_("The period ends before it begins."),
            ),
            models.CheckConstraint(
                name="evidence_url_is_http", condition=Q(url="") | Q(url__iregex=r"^https?://[^\s]+$")
            ),
            models.CheckConstraint(
                name="evidence_not_own_successor", condition=Q(supersedes=None) | ~Q(supersedes=F("id"))
            ),
            models.CheckConstraint(
                name="evidence_redacted_copy_says_what",
                condition=Q(redacts=None, redaction="")
                | Q(redacts__isnull=False) & ~Q(redacts=F("id")) & Q(redaction__regex=r"\S"),
                violation_error_message=_("Say what was taken out."),
            ),
            models.CheckConstraint(
                name="evidence_accepted_whole",
                condition=Q(accepted_by=None, accepted_at=None)
                | Q(accepted_by__isnull=False, accepted_at__isnull=False),
            ),
            models.CheckConstraint(
                name="evidence_not_accepted_by_collector",
                condition=Q(accepted_by=None) | ~Q(accepted_by=F("collector")),
                violation_error_message=_("Who collected it does not attest it."),
            ),
            # Only current evidence waits for renewal.
            models.CheckConstraint(
                name="evidence_due_when_it_expires",
                condition=Q(state="current", due_on=F("expires_on"), due_on__isnull=False, expires_on__isnull=False)
                | Q(state="current", due_on=None, expires_on=None)
                | ~Q(state="current") & Q(due_on=None),
            ),
        ]
        triggers: ClassVar = [_LOCKED]

    @property
    def is_current(self) -> bool:
        return self.state == EvidenceState.CURRENT

    @property
    def host(self) -> str:
        """The machine a link leads to."""
        return self.url.split("/")[2] if self.url else ""

    @property
    def is_accepted(self) -> bool:
        """Whether somebody attested that it suffices; since then it is locked."""
        return self.accepted_at is not None

    @property
    def speaks_until(self) -> date | None:
        """The last day it speaks for: the end of its period, else the day it was measured or collected."""
        return self.period_to or measured_on(self.result) or self.collected_on

    def good_until(self, days: int = COUNTS_FOR, period_to: date | None = None) -> date | None:
        """The last day it counts: its own end or so many days after what it speaks for, whichever comes first."""
        spoken = period_to or self.speaks_until
        ends = [self.expires_on, spoken and spoken + timedelta(days=days)]
        return min((end for end in ends if end), default=None)

    def freshness(self, on: date, days: int = COUNTS_FOR) -> str:
        """ "fresh", "due", "expired" or "unknown" for current evidence; "" for what no longer counts."""
        return standing(self.good_until(days), on) if self.is_current else ""


@part("item")
class EvidenceLink(Part):
    """This evidence speaks for that record, of any kind; `proves` says how far."""

    told_by: ClassVar = ("record",)

    item = models.ForeignKey(EvidenceItem, on_delete=models.CASCADE, related_name="links")
    record = models.ForeignKey(Record, on_delete=models.PROTECT, related_name="evidence", verbose_name=_("Record"))
    proves = models.TextField(_("What it proves here"), max_length=2000, blank=True)
    period_from = models.DateField(_("Period from"), null=True, blank=True)
    period_to = models.DateField(_("Period to"), null=True, blank=True)
    population = models.TextField(_("Population or sample"), max_length=2000, blank=True)
    method = models.TextField(_("How it was collected"), max_length=2000, blank=True)

    objects: ClassVar[Any] = LinkQuerySet.as_manager()

    class Meta:
        verbose_name = _("link to a record")
        constraints: ClassVar = [
            models.CheckConstraint(
                name="evidence_link_period",
                condition=Q(period_from=None) | Q(period_to=None) | Q(period_to__gte=F("period_from")),
                violation_error_message=_("The period ends before it begins."),
            ),
            models.UniqueConstraint(
                fields=["item", "record"],
                name="evidence_link_once",
                violation_error_message=_("It is linked to this record already."),
            ),
        ]

    def said(self, name: str) -> Any:
        """What is said here (`proves`, `period_from`, `period_to`, `population`, `method`), else of the evidence."""
        return getattr(self, name) or getattr(self.item, name)


@part("item")
class Attestation(Part):
    """A named person judged whether the evidence suffices: for one record, or for all it says. Never changed."""

    item = models.ForeignKey(EvidenceItem, on_delete=models.PROTECT, related_name="attestations")
    record = models.ForeignKey(
        Record, null=True, blank=True, on_delete=models.PROTECT, related_name="+", verbose_name=_("For the record")
    )
    sufficient = models.BooleanField(_("Sufficient"))
    reason = models.TextField(_("Reason"), max_length=2000)
    attested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("Attested by")
    )
    capacity = models.CharField(_("Capacity"), max_length=32)
    attested_at = models.DateTimeField(_("Attested"), db_default=Now())

    class Meta:
        verbose_name = _("attestation")
        verbose_name_plural = _("attestations")
        ordering: ClassVar = ["-id"]
        constraints: ClassVar = [
            models.CheckConstraint(
                name="attestation_reasoned",
                condition=Q(reason__regex=r"\S"),
                violation_error_message=_("Say why."),
            ),
        ]
        triggers: ClassVar = append_only()
