"""Stored files: kept once, read back with their digest compared, put in order after a crash. Clause 7.5.3."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from aims.jobs import Progress
from aims.trail import recording
from evidence import likeness, storage
from evidence.models import Blob, Chapter, EvidenceItem
from evidence.storage import Damaged, Stored
from evidence.uploads import Upload

# Files younger than this may belong to a transaction that is not committed yet.
SETTLED = timedelta(hours=1)
# Chapters not used for so long are drawn again when they are needed.
CHAPTER_DAYS = 30


def keep_file(pieces: Iterable[bytes]) -> Blob:
    """Store the bytes (once) and answer their row. Call inside a verb: a row without a verb would have no author."""
    stored = storage.store(pieces)
    return blob_of(stored)


def blob_of(stored: Stored) -> Blob:
    return Blob.objects.get_or_create(sha256=stored.sha256, defaults={"size": stored.size})[0]


def keep_upload(upload: Upload) -> Blob:
    """Store an uploaded file that passed `uploads.examine`; of a text also the sketch by which others are compared."""
    blob = keep_file(storage.chunks_of(upload.file))
    if upload.is_text and not blob.sketch:
        blob.sketch = likeness.sketch(storage.chunks_of(upload.file))
        blob.save(update_fields=["sketch"])
    return blob


def verify_evidence(item: EvidenceItem) -> bool:
    """Whether the file's bytes are still those of its digest; True for evidence without a file. Writes nothing."""
    if item.blob_id is None:
        return True
    try:
        storage.verify(item.blob_id)
    except Damaged:
        return False
    return True


@dataclass
class Order:
    """What a reconciliation found: digests of missing, altered and unclaimed files, temporary files, old chapters."""

    missing: list[str] = field(default_factory=list)
    altered: list[str] = field(default_factory=list)
    unclaimed: list[str] = field(default_factory=list)
    leftovers: list[str] = field(default_factory=list)
    chapters: int = 0

    @property
    def sound(self) -> bool:
        """Nothing that evidence or packs need is lost or altered."""
        return not (self.missing or self.altered)


def reconcile(*, at: datetime, repair: bool, scrub: bool) -> Order:
    """Compare rows and files. `scrub` reads every file and compares digests; `repair` removes what nobody needs.

    Missing and altered files are only reported: nothing here can bring them back.
    """
    order = Order()
    if repair:
        order.chapters = Chapter.objects.filter(used_at__lt=at - timedelta(days=CHAPTER_DAYS)).delete()[0]
        _forget_unused(at)
    known = dict(Blob.objects.values_list("sha256", "size"))
    stored = set(storage.names())
    order.missing = sorted(set(known) - stored)
    order.unclaimed = [name for name in sorted(stored - set(known)) if storage.settled(name, at - SETTLED)]
    order.leftovers = [name for name in storage.leftovers() if storage.leftover_settled(name, at - SETTLED)]
    order.altered = [name for name in sorted(set(known) & stored) if not _sound(name, known[name], scrub)]
    if repair:
        _remove(order)
    return order


def scrub_files(progress: Progress, *, at: datetime) -> str:
    """The work of the nightly job: read every file and mark in its row whether it is as it was. Answers how many failed.

    A marked file is a breach of consistency until it is brought back; packs read every file themselves and refuse.
    """
    rows = Blob.objects.order_by("pk").values_list("pk", "size", "damaged_at")
    total, bad = rows.count(), 0
    for number, (name, size, before) in enumerate(rows.iterator(chunk_size=500), start=1):
        sound = storage.exists(name) and _sound(name, size, scrub=True)
        bad += not sound
        _mark(name, sound=sound, before=before, at=at)
        if number % 50 == 0:
            progress.say(number, total, "")
    return str(bad)


def _mark(name: str, *, sound: bool, before: datetime | None, at: datetime) -> None:
    found = {"checked_at": at}
    if sound != (before is None):
        found["damaged_at"] = None if sound else at  # type: ignore[assignment]
    with recording(None, "scrub_files"):
        Blob.objects.filter(pk=name).update(**found)


def _forget_unused(at: datetime) -> None:
    """Delete rows of files that no evidence, document, pack or chapter holds."""
    unused = Blob.objects.filter(items=None, document_versions=None, packs=None, bags=None, stored_at__lt=at - SETTLED)
    unused = unused.exclude(pk__in=Chapter.objects.values("blob"))
    with recording(None, "reconcile"):
        unused.delete()


def _sound(name: str, size: int, scrub: bool) -> bool:
    if storage.size_of(name) != size:
        return False
    try:
        if scrub:
            storage.verify(name)
    except Damaged:
        return False
    return True


def _remove(order: Order) -> None:
    for name in order.unclaimed:
        storage.remove(name)
    for name in order.leftovers:
        storage.remove_leftover(name)
