"""Faults of evidence: dates that cannot be, and one content under two names."""

from datetime import timedelta
from io import BytesIO
from types import SimpleNamespace
from typing import Any

from aims import clock
from aims.models import Job, Record
from evidence import services, storage, tasks
from evidence.consistency import LATE_DAYS
from evidence.services import files
from evidence.uploads import examine
from tests.consistency.planted.days import day
from tests.factories import root_unit
from tests.factories.evidence import RESULT, file_evidence, keeper, link_evidence, result_evidence


def received(days_ago: int, make: Any, **data: Any) -> Any:
    """Evidence that the installation's clock received so many days ago."""
    by = keeper()
    with clock.at(clock.now() - timedelta(days=days_ago)):
        return make(by, **data)


def from_tomorrow() -> Any:
    return received(4, link_evidence, collected_on=day(-3))


def from_today() -> Any:
    return link_evidence(collected_on=day(0))


def measured_later() -> Any:
    return received(4, result_evidence, result={**RESULT, "measured_on": str(day(-3))})


def measured_that_day() -> Any:
    return result_evidence(result={**RESULT, "measured_on": str(day(0))})


def too_early() -> Any:
    return link_evidence(collected_on=day(-20), period_from=day(-10), period_to=day(-1))


def within() -> Any:
    return link_evidence(collected_on=day(-10), period_from=day(-10), period_to=day(0))


def unfinished() -> Any:
    return link_evidence(period_to=day(1))


def old() -> Any:
    return link_evidence(collected_on=day(-LATE_DAYS - 1))


def not_so_old() -> Any:
    return link_evidence(collected_on=day(-LATE_DAYS))


def twice() -> Any:
    first = file_evidence(content=b"the same words", name="one.txt")
    file_evidence(content=b"the same words", name="other.txt")
    return first


def once_for_many() -> Any:
    """One item that speaks for several records, and an older one that it replaced."""
    by = keeper()
    records = [Record.objects.get(pk=link_evidence(by=by).pk) for _number in range(3)]
    older = file_evidence(by=by, content=b"the same words")
    return file_evidence(by=by, content=b"the same words", supersedes=older, links=[(record, "") for record in records])


def missed() -> Any:
    by = keeper()
    record = Record.objects.get(pk=link_evidence(by=by).pk)
    item = result_evidence(by=by, result={**RESULT, "value": 3})
    services.link_evidence(item, by=by, record=record)
    return item


LETTER = " ".join(f"word{number} of the letter" for number in range(40))


def reworded() -> Any:
    """One word of a letter was changed, and it was handed in again under another name."""
    first = file_evidence(content=LETTER.encode(), name="one.txt")
    file_evidence(content=LETTER.replace("word39", "term39").encode(), name="other.txt")
    return first


def redacted() -> Any:
    """A copy from which a name was taken out says so, and another text is another text."""
    by = keeper()
    first = file_evidence(by, content=LETTER.encode(), name="one.txt")
    copy = examine(BytesIO(LETTER.replace("word39", "XXXX").encode()), "copy.txt")
    services.add_redacted_copy(first, by=by, file=copy, redaction="A name")
    file_evidence(by, content=LETTER.replace("letter", "report").encode(), name="other.txt")
    return first


def lost() -> Any:
    item = file_evidence()
    storage.remove(item.blob_id)
    scrub()
    return item


def kept() -> Any:
    item = file_evidence()
    scrub()
    return item


def document_in_a_file() -> Any:
    file = examine(BytesIO(b"All of it"), "guide.txt")
    data = {"title": "Guide", "sort": "manual", "unit": root_unit()}
    return services.draft_document(by=keeper(), data=data, file=file)


def lost_document() -> Any:
    made = document_in_a_file()
    storage.remove(made.versions.get().blob_id)
    read_all()
    return made


def kept_document() -> Any:
    made = document_in_a_file()
    read_all()
    return made


def read_all() -> None:
    """Read every file now: the night's job is asked for once a day only, and may have run."""
    quiet: Any = SimpleNamespace(say=lambda *_words: None)
    files.scrub_files(quiet, at=clock.now())


def scrub() -> None:
    """Read every file, as a worker does at night."""
    tasks.scrub()
    tasks.scrub_files(job_id=Job.objects.get(task="evidence.scrub_files").pk)


def missed_but_unused() -> Any:
    """Recorded, and shown as evidence for nothing."""
    return result_evidence(result={**RESULT, "value": 3})


PLANTS = {
    "evidence-damaged": (lost, kept),
    "document-damaged": (lost_document, kept_document),
    "evidence-almost-same": (reworded, redacted),
    "evidence-claimed-after-receipt": (from_tomorrow, from_today),
    "evidence-measured-after-receipt": (measured_later, measured_that_day),
    "evidence-collected-before-period": (too_early, within),
    "evidence-period-unfinished": (unfinished, within),
    "evidence-backdated": (old, not_so_old),
    "evidence-same-file": (twice, once_for_many),
    "evidence-threshold-missed": (missed, missed_but_unused),
}
