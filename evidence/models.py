"""Evidence: what is kept to show that something is so, what it is linked to, and packs of it. Clause 7.5."""

from datetime import date
from functools import cached_property
from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext as now_in
from django.utils.translation import gettext_lazy as _

from aims.db import Now
from aims.models import Governed, Job, Part, Record, governed, part
from aims.states import Confidentiality
from aims.trail import tracked
from evidence.querysets import DUE_DAYS, EvidenceQuerySet
from evidence.states import EVIDENCE_TONES, PACK_TONES, EvidenceKind, EvidenceState, PackState
from organization.models import Unit


@tracked()
class Blob(models.Model):
    """Bytes kept once, named by their SHA-256. Who may read them is asked of the record that holds them, never here."""

    sha256 = models.CharField("SHA-256", primary_key=True, max_length=64)
    size = models.PositiveBigIntegerField(_("Size"))
    stored_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        verbose_name = _("stored file")
        constraints: ClassVar = [
            models.CheckConstraint(name="blob_digest", condition=Q(sha256__regex=r"^[0-9a-f]{64}$")),
        ]

    def __str__(self) -> str:
        return self.sha256


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
            # Only current evidence waits for renewal.
            models.CheckConstraint(
                name="evidence_due_when_it_expires",
                condition=Q(state="current", due_on=F("expires_on"), due_on__isnull=False, expires_on__isnull=False)
                | Q(state="current", due_on=None, expires_on=None)
                | ~Q(state="current") & Q(due_on=None),
            ),
        ]

    @property
    def is_current(self) -> bool:
        return self.state == EvidenceState.CURRENT

    @property
    def host(self) -> str:
        """The machine a link leads to."""
        return self.url.split("/")[2] if self.url else ""

    def freshness(self, on: date) -> str:
        """ "fresh", "due" or "expired" for current evidence; "" for what no longer counts."""
        if not self.is_current:
            return ""
        if self.expires_on is None or (self.expires_on - on).days > DUE_DAYS:
            return "fresh"
        return "due" if self.expires_on >= on else "expired"


@part("item")
class EvidenceLink(Part):
    """This evidence speaks for that record, of any kind; `proves` says how far."""

    told_by: ClassVar = ("record",)

    item = models.ForeignKey(EvidenceItem, on_delete=models.CASCADE, related_name="links")
    record = models.ForeignKey(Record, on_delete=models.PROTECT, related_name="evidence", verbose_name=_("Record"))
    proves = models.TextField(_("What it proves here"), max_length=2000, blank=True)

    class Meta:
        verbose_name = _("link to a record")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["item", "record"],
                name="evidence_link_once",
                violation_error_message=_("It is linked to this record already."),
            ),
        ]


@governed("PCK", "pack")
class EvidencePack(Governed):
    """A reading of the records of a scope at a moment, as one PDF that is kept."""

    state = models.CharField(
        _("State"), max_length=32, choices=PackState.choices, default=PackState.ASKED, editable=False
    )
    at = models.DateTimeField(_("Moment"), editable=False)
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", editable=False, verbose_name=_("Asked by")
    )
    language = models.CharField(_("Language"), max_length=8, choices=settings.LANGUAGES, default="en")
    time_zone = models.CharField(max_length=40, default="UTC", editable=False)
    job = models.OneToOneField(Job, null=True, editable=False, on_delete=models.PROTECT, related_name="pack")
    blob = models.ForeignKey(
        Blob, null=True, editable=False, on_delete=models.PROTECT, related_name="packs", verbose_name=_("Content")
    )
    pages = models.PositiveIntegerField(_("Pages"), null=True, editable=False)
    failure = models.TextField(_("Why it failed"), blank=True, editable=False)

    state_tones = PACK_TONES

    class Meta:
        verbose_name = _("evidence pack")
        verbose_name_plural = _("evidence packs")
        indexes: ClassVar = [models.Index(fields=["unit", "-updated_at", "-id"], name="pack_unit")]
        constraints: ClassVar = [
            models.CheckConstraint(name="pack_state_known", condition=Q(state__in=PackState.values)),
            models.CheckConstraint(
                name="pack_ready_has_content",
                condition=Q(state="ready", blob__isnull=False, pages__gt=0)
                | ~Q(state="ready") & Q(blob=None, pages=None),
            ),
            models.CheckConstraint(
                name="pack_failed_has_reason",
                condition=Q(state="failed") & ~Q(failure="") | ~Q(state="failed") & Q(failure=""),
            ),
            # It may hold restricted records, so it is never less than restricted itself.
            models.CheckConstraint(name="pack_restricted", condition=Q(confidentiality=Confidentiality.RESTRICTED)),
        ]

    @property
    def is_ready(self) -> bool:
        return self.state == PackState.READY

    @property
    def is_open(self) -> bool:
        return self.state in (PackState.ASKED, PackState.RENDERING)

    @property
    def file_name(self) -> str:
        return f"{self.ref}.pdf"

    @cached_property
    def unit_ids(self) -> list[int]:
        """The unit and all below it."""
        return sorted(Unit.objects.below([self.unit_id]).values_list("pk", flat=True))

    @cached_property
    def systems(self) -> list[Record]:
        """AI systems the pack is limited to; none: all of its unit."""
        return sorted((row.record for row in self._scope_rows()), key=lambda record: record.ref)

    def _scope_rows(self) -> Any:
        """The rows that a list read beforehand for all its packs, else one query."""
        read = "scope" in getattr(self, "_prefetched_objects_cache", {})
        return self.scope.all() if read else self.scope.select_related("record")

    def fix_scope(self) -> None:
        """Read the scope now, so that it stands while the past is read, in which the pack did not exist yet."""
        assert self.unit.path and self.unit_ids and self.systems is not None and self.asked_by

    def covers(self, rows: Any) -> Any:
        """Rows inside the scope: the unit with all below it and, where the pack names systems, only theirs."""
        inside = rows.exclude(confidentiality=Confidentiality.CASE).filter(unit__in=self.unit_ids)
        anchor, systems = rows.model.anchor, [system.pk for system in self.systems]
        return inside.filter(**{f"{anchor}__in": systems}) if anchor and systems else inside

    def scope_in_words(self) -> str:
        if self.systems:
            systems = ", ".join(system.ref for system in self.systems)
            return now_in("%(unit)s: %(systems)s") % {"unit": self.unit, "systems": systems}
        return now_in("%(unit)s and all below it") % {"unit": self.unit}


@part("pack")
class PackSystem(Part):
    """An AI system that a pack is limited to."""

    pack = models.ForeignKey(EvidencePack, on_delete=models.CASCADE, related_name="scope")
    record = models.ForeignKey(Record, on_delete=models.PROTECT, related_name="+", verbose_name=_("AI system"))

    class Meta:
        verbose_name = _("system in scope")
        constraints: ClassVar = [models.UniqueConstraint(fields=["pack", "record"], name="pack_system_once")]


class Chapter(models.Model):
    """A rendered chapter, found again by the hash of what went into it. A cache: rows may be deleted at any time."""

    key = models.CharField(primary_key=True, max_length=64)
    blob = models.ForeignKey(Blob, on_delete=models.CASCADE, related_name="+")
    pages = models.PositiveIntegerField()
    used_at = models.DateTimeField(db_default=Now())

    class Meta:
        indexes: ClassVar = [models.Index(fields=["used_at"], name="chapter_used")]
