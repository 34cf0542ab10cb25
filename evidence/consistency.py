"""Rules of consistency about evidence: dates that cannot be, and the same content twice (clause 7.5)."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from django.contrib.postgres.aggregates import ArrayAgg
from django.db.models import Count, DateField, F, Q
from django.db.models.fields.json import KT
from django.db.models.functions import Cast, TruncDate
from django.utils.translation import gettext_lazy as _

from aims.consistency import breaches
from aims.registry import Breach, Rule
from evidence.likeness import alike_pairs
from evidence.models import DocumentVersion, EvidenceItem

# Evidence that is claimed to be older than this when it is received is asked about.
LATE_DAYS = 30


def _received() -> Any:
    """What counts still, with the day of its receipt and the mark of what was not received when it was made."""
    return EvidenceItem.objects.current().annotate(received=TruncDate("received_at")).order_by("pk")


def claimed_after_receipt(on: date) -> Iterator[Breach]:
    rows = _received().filter(collected_on__gt=F("received"))
    yield from breaches(rows.values("collected_on", "received", record=F("pk")))


def measured_after_receipt(on: date) -> Iterator[Breach]:
    """Results measured later than they were received."""
    rows = _received().exclude(result=None).annotate(measured=Cast(KT("result__measured_on"), DateField()))
    yield from breaches(rows.filter(measured__gt=F("received")).values("measured", "received", record=F("pk")))


def backdated(on: date) -> Iterator[Breach]:
    """Received long after the day on which it is said to have been collected."""
    rows = _received().filter(collected_on__lt=F("received") - timedelta(days=LATE_DAYS))
    yield from breaches(rows.values("collected_on", "received", record=F("pk")))


def period_unfinished(on: date) -> Iterator[Breach]:
    """Speaks for days that had not passed when it was received."""
    rows = _received().filter(period_to__gt=F("received"))
    yield from breaches(rows.values("period_to", "received", record=F("pk")))


def collected_before_period(on: date) -> Iterator[Breach]:
    rows = _received().filter(collected_on__lt=F("period_from"))
    yield from breaches(rows.values("collected_on", "period_from", record=F("pk")))


def same_file(on: date) -> Iterator[Breach]:
    """One file under several items. One item linked to many records is reuse, and no matter here."""
    rows = (
        EvidenceItem.objects.current()
        .exclude(blob=None)
        .order_by()
        .values("blob")
        .annotate(many=Count("pk"), records=ArrayAgg("pk"), refs=ArrayAgg("ref"))
        .filter(many__gt=1)
    )
    for row in rows:
        first, *others = sorted(row["records"])
        yield Breach(first, {"refs": sorted(row["refs"]), "digest": row["blob"][:16]}, also=others)


def almost_same(on: date) -> Iterator[Breach]:
    """Texts that are almost the same, but not a copy from which something was taken out."""
    pairs = alike_pairs()
    refs = dict(EvidenceItem.objects.filter(pk__in={key for one, other, _much in pairs for key in (one, other)})
                .values_list("pk", "ref"))  # fmt: skip
    for one, other, much in pairs:
        yield Breach(one, {"refs": [refs[one], refs[other]], "percent": round(100 * much)}, also=[other])


def damaged(on: date) -> Iterator[Breach]:
    """Files that the nightly reading found missing or altered."""
    rows = EvidenceItem.objects.filter(blob__damaged_at__isnull=False).order_by("pk")
    yield from breaches(rows.values("file_name", "blob__damaged_at", record=F("pk")))


def damaged_document(on: date) -> Iterator[Breach]:
    """Files of documents that the nightly reading found missing or altered."""
    rows = DocumentVersion.objects.filter(blob__damaged_at__isnull=False).order_by("pk")
    yield from breaches(rows.values("file_name", "number", "blob__damaged_at", record=F("document")))


def threshold_missed(on: date) -> Iterator[Breach]:
    """A result below its threshold that still counts as evidence for something."""
    rows = EvidenceItem.objects.current().filter(passed=False).filter(Q(links__isnull=False)).distinct().order_by("pk")
    for key, result in rows.values_list("pk", "result"):
        yield Breach(key, {name: result[name] for name in ("metric", "value", "threshold")})


RULES = (
    Rule(
        "evidence-damaged",
        _("Files of evidence are there, and as they were received."),
        _("%(file_name)s was found missing or altered on %(blob__damaged_at)s. Bring it back from the backup."),
        "7.5.3",
        damaged,
        verb="evidence.supersede",
        form="replace/",
    ),
    Rule(
        "document-damaged",
        _("Files of documents are there, and as they were approved."),
        _("%(file_name)s of version %(number)s was altered or lost: found on %(blob__damaged_at)s."),
        "7.5.3",
        damaged_document,
        verb="document.write",
    ),
    Rule(
        "evidence-almost-same",
        _("Different evidence has different words."),
        _("The texts of %(refs)s are the same to about %(percent)s %%."),
        "7.5.3",
        almost_same,
        verb="evidence.withdraw",
        form="withdraw/",
        question=True,
    ),
    Rule(
        "evidence-claimed-after-receipt",
        _("Evidence is collected before it is received."),
        _("Said to be collected on %(collected_on)s, received on %(received)s."),
        "7.5.3",
        claimed_after_receipt,
        verb="evidence.change",
        form="change/",
    ),
    Rule(
        "evidence-measured-after-receipt",
        _("A result is measured before it is received."),
        _("Said to be measured on %(measured)s, received on %(received)s."),
        "7.5.3",
        measured_after_receipt,
        verb="evidence.supersede",
        form="replace/",
    ),
    Rule(
        "evidence-collected-before-period",
        _("Evidence is not collected before the period that it speaks for."),
        _("Said to be collected on %(collected_on)s for a period that began on %(period_from)s."),
        "7.5.3",
        collected_before_period,
        verb="evidence.change",
        form="change/",
    ),
    Rule(
        "evidence-period-unfinished",
        _("Evidence speaks for days that have passed."),
        _("It speaks for a period until %(period_to)s, but was received on %(received)s."),
        "7.5.3",
        period_unfinished,
        verb="evidence.change",
        form="change/",
        question=True,
    ),
    Rule(
        "evidence-backdated",
        _("Evidence is received soon after it was collected."),
        _("Said to be collected on %(collected_on)s, but received only on %(received)s."),
        "7.5.3",
        backdated,
        verb="evidence.change",
        form="change/",
        question=True,
    ),
    Rule(
        "evidence-same-file",
        _("Different evidence has different content."),
        _("%(refs)s hold the same file (SHA-256 %(digest)s…)."),
        "7.5.3",
        same_file,
        verb="evidence.withdraw",
        form="withdraw/",
        question=True,
    ),
    Rule(
        "evidence-threshold-missed",
        _("A result that is shown as evidence meets its threshold."),
        _("%(metric)s is %(value)s, the threshold %(threshold)s."),
        "9.1",
        threshold_missed,
        verb="evidence.supersede",
        form="replace/",
        question=True,
    ),
)
