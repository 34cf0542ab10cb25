"""Evidence packs: readings of the records of a scope at a moment. Clauses 7.5 and 9.2."""

from functools import cached_property
from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext as now_in
from django.utils.translation import gettext_lazy as _

from aims.db import Now
from aims.models import Governed, Job, Part, Record, governed, part
from aims.states import Confidentiality
from evidence.models.files import Blob
from evidence.states import PACK_TONES, PackState
from organization.models import Unit


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
    bag = models.ForeignKey(
        Blob, null=True, editable=False, on_delete=models.PROTECT, related_name="bags", verbose_name=_("ZIP")
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
            models.CheckConstraint(name="pack_bag_when_ready", condition=Q(state="ready") | Q(bag=None)),
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

    @property
    def bag_name(self) -> str:
        return f"{self.ref}.zip"

    @cached_property
    def unit_ids(self) -> list[int]:
        """The unit and all below it."""
        return sorted(Unit.objects.below([self.unit_id]).values_list("pk", flat=True))

    @cached_property
    def systems(self) -> list[Record]:
        """AI systems the pack is limited to; none: all of its unit."""
        return sorted((row.record for row in self._scope_rows()), key=lambda record: record.ref)

    @property
    def system_ids(self) -> list[int]:
        return [system.pk for system in self.systems]

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
        if not self.systems:
            return inside
        if hasattr(inside, "of_systems"):
            return inside.of_systems(self.system_ids)
        anchor = rows.model.anchor
        return inside.filter(**{f"{anchor}__in": self.system_ids}) if anchor else inside

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
