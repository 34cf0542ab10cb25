"""The list of evidence in a pack: every item in scope that the person who asked may see. Clause 7.5."""

from collections.abc import Iterator, Mapping
from datetime import date
from itertools import islice
from typing import Any

from django.db.models import Prefetch
from django.template.defaultfilters import filesizeformat
from django.utils import timezone
from django.utils.formats import date_format, number_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from aims.models import Record
from evidence.models import EvidenceItem, EvidenceLink, EvidencePack
from evidence.states import Comparator, EvidenceKind

# Items of one chapter: small chapters are drawn again quickly when one item changes.
CHAPTER = 25
# Lines of one table: long tables are slow to lay out.
OVERVIEW = 40
FRESH_WORDS = {
    "fresh": ("good", _lazy("Current")),
    "due": ("warn", _lazy("Runs out soon")),
    "expired": ("bad", _lazy("Ran out")),
    "unknown": ("warn", _lazy("Undated")),
}


def evidence_list(pack: EvidencePack) -> Iterator[Mapping[str, Any]]:
    """First all items as a table, then each with its facts, CHAPTER to a chapter, in order of their reference."""
    rows = _rows(pack)
    day = timezone.localtime(pack.at).date()
    found = [_line(item, day) for item in rows.iterator(chunk_size=200)]
    tables = [found[start : start + OVERVIEW] for start in range(0, len(found), OVERVIEW)]
    yield {"title": _("Overview") if found else "", "tables": tables}
    items = _with_links(rows, pack).iterator(chunk_size=200)
    while some := [_plain(item, day) for item in islice(items, CHAPTER)]:
        yield {"title": _("%(first)s to %(last)s") % {"first": some[0]["ref"], "last": some[-1]["ref"]}, "items": some}


def _rows(pack: EvidencePack) -> Any:
    """Evidence in scope; where the pack names systems, only what speaks for one of them."""
    rows = pack.covers(EvidenceItem.objects.visible_to(pack.asked_by))
    if pack.systems:
        mine = EvidenceLink.objects.filter(record__in=pack.system_ids)
        rows = rows.filter(pk__in=mine.values("item"))
    return rows.select_related("collector", "blob").order_by("id")


def _with_links(rows: Any, pack: EvidencePack) -> Any:
    links = EvidenceLink.objects.filter(record__in=Record.objects.visible_to(pack.asked_by))
    links = links.select_related("record").order_by("record__kind", "record__ref")
    return rows.prefetch_related(Prefetch("links", links, to_attr="shown_links"))


def _line(item: EvidenceItem, day: date) -> dict[str, Any]:
    """One line of the overview."""
    tone, standing = _standing(item, day)
    return {
        "ref": item.ref,
        "title": closed(item.title),
        "form": item.get_form_display(),
        "collector": item.collector.name,
        "expires_on": item.expires_on,
        "tone": tone,
        "standing": standing,
    }


def _standing(item: EvidenceItem, day: date) -> tuple[str, str]:
    """Tone and words: how fresh current evidence is, else its state."""
    fresh = item.freshness(day)
    tone, words = FRESH_WORDS[fresh] if fresh else (item.state_tones[item.state], item.get_state_display())
    return tone, str(words)


def closed(text: str) -> str:
    """The text with every change of writing direction closed again, so that none reaches its neighbours."""
    opened = sum(text.count(mark) for mark in "\u202a\u202b\u202d\u202e") - text.count("\u202c")
    isolated = sum(text.count(mark) for mark in "\u2066\u2067\u2068") - text.count("\u2069")
    return text + "\u202c" * max(0, opened) + "\u2069" * max(0, isolated)


def _plain(item: EvidenceItem, day: date) -> dict[str, Any]:
    return {
        **_line(item, day),
        "proves": item.proves,
        "content": content(item),
        "digest": item.blob_id or "",
        "method": item.method,
        "population": item.population,
        "period": period(item.period_from, item.period_to),
        "received_at": item.received_at,
        "links": [_link(link) for link in item.shown_links],  # type: ignore[attr-defined]
    }


def _link(link: EvidenceLink) -> dict[str, str]:
    return {"ref": link.record.ref, "title": closed(link.record.title), "proves": link.proves}


def content(item: EvidenceItem) -> str:
    """What the evidence consists of, in words."""
    if item.form == EvidenceKind.FILE:
        return f"{item.file_name}, {filesizeformat(item.blob.size if item.blob else 0)}"
    if item.form == EvidenceKind.LINK:
        return str(item.url)
    return result_in_words(item.result or {}, passed=bool(item.passed))


def result_in_words(result: Mapping[str, Any], *, passed: bool) -> str:
    """A measured result as a sentence: "False refusals 1.2 % (at most 2 %): met"."""
    words = {
        "metric": result["metric"],
        "value": with_unit(result["value"], result.get("unit", "")),
        "comparator": Comparator(result["comparator"]).label,
        "threshold": with_unit(result["threshold"], result.get("unit", "")),
        "met": _("threshold met") if passed else _("threshold not met"),
    }
    return _("%(metric)s %(value)s (%(comparator)s %(threshold)s): %(met)s") % words


def with_unit(value: float, unit: str) -> str:
    """A measured number with its unit, in the reader's way of writing numbers."""
    return f"{number_format(value, use_l10n=True)} {unit}".strip()


def period(first: date | None, last: date | None) -> str:
    """A period in words; open ends are said."""
    if first and last:
        return f"{date_format(first, 'SHORT_DATE_FORMAT')} – {date_format(last, 'SHORT_DATE_FORMAT')}"
    if first:
        return _("from %(day)s") % {"day": date_format(first, "SHORT_DATE_FORMAT")}
    return _("until %(day)s") % {"day": date_format(last, "SHORT_DATE_FORMAT")} if last else _("not stated")
