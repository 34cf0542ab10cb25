"""The list of evidence in a pack: every item in scope that the person who asked may see, with its digest. Clause 7.5."""

from collections.abc import Iterator, Mapping
from datetime import date
from itertools import islice
from typing import Any

from django.db.models import Prefetch
from django.template.defaultfilters import filesizeformat
from django.utils.formats import date_format, number_format
from django.utils.translation import gettext as _

from aims.models import Record
from evidence.models import EvidenceItem, EvidenceLink, EvidencePack
from evidence.states import Comparator, EvidenceKind

# Items of one chapter: small chapters are drawn again quickly when one item changes.
CHAPTER = 25


def evidence_list(pack: EvidencePack) -> Iterator[Mapping[str, Any]]:
    """Chapters of CHAPTER items each, in order of their reference; one empty chapter when there is nothing."""
    rows = pack.covers(EvidenceItem.objects.visible_to(pack.asked_by))
    if pack.systems:
        rows = rows.filter(links__record__in=[system.pk for system in pack.systems]).distinct()
    links = EvidenceLink.objects.filter(record__in=Record.objects.visible_to(pack.asked_by))
    links = links.select_related("record").order_by("record__kind", "record__ref")
    rows = rows.select_related("collector", "blob").prefetch_related(Prefetch("links", links, to_attr="shown_links"))
    total, found = rows.count(), rows.order_by("id").iterator(chunk_size=200)
    if not total:
        yield {"items": []}
    while items := [_plain(item) for item in islice(found, CHAPTER)]:
        yield {"title": f"{items[0]['ref']} – {items[-1]['ref']}" if total > CHAPTER else "", "items": items}


def _plain(item: EvidenceItem) -> dict[str, Any]:
    return {
        "ref": item.ref,
        "title": item.title,
        "state": item.get_state_display(),
        "tone": item.state_tones[item.state],
        "proves": item.proves,
        "form": item.get_form_display(),
        "content": content(item),
        "digest": item.blob_id or "",
        "collector": item.collector.name,
        "method": item.method,
        "population": item.population,
        "period": period(item.period_from, item.period_to),
        "received_at": item.received_at,
        "expires_on": item.expires_on,
        "links": [_link(link) for link in item.shown_links],
    }


def _link(link: EvidenceLink) -> dict[str, str]:
    return {"ref": link.record.ref, "title": link.record.title, "proves": link.proves}


def content(item: EvidenceItem) -> str:
    """What the evidence consists of, in words."""
    if item.form == EvidenceKind.FILE:
        return f"{item.file_name}, {filesizeformat(item.blob.size)}"
    if item.form == EvidenceKind.LINK:
        return str(item.url)
    return result_in_words(item.result or {}, passed=bool(item.passed))


def result_in_words(result: Mapping[str, Any], *, passed: bool) -> str:
    """A measured result as a sentence: "False refusals 1.2 % (at most 2 %): met"."""
    words = {
        "metric": result["metric"],
        "value": with_unit(result["value"], result["unit"]),
        "comparator": Comparator(result["comparator"]).label,
        "threshold": with_unit(result["threshold"], result["unit"]),
        "met": _("threshold met") if passed else _("threshold not met"),
    }
    return _("%(metric)s %(value)s (%(comparator)s %(threshold)s): %(met)s") % words


def with_unit(value: float, unit: str) -> str:
    """A measured number with its unit, in the reader's way of writing numbers."""
    return f"{number_format(value, use_l10n=True)} {unit}".strip()


def period(first: date | None, last: date | None) -> str:
    """A period in words; open ends are said."""
    if first and last:
        return f"{date_format(first, 'j M Y')} – {date_format(last, 'j M Y')}"
    if first:
        return _("from %(day)s") % {"day": date_format(first, "j M Y")}
    return _("until %(day)s") % {"day": date_format(last, "j M Y")} if last else _("not stated")
