"""An evidence pack from first page to last: collected in one reading of the past, drawn chapter by chapter, merged.

Chapters know nothing of the pack they are in, so that an unchanged chapter is never drawn twice: it is found by the
hash of its HTML, the style and the programs that draw. Memory stays flat: chapters lie on disk until they are merged.
"""

import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import rfc8785
from django.conf import settings
from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from aims import asof, pdf
from aims.access import access_of
from aims.clock import now
from aims.errors import WrongState
from aims.models import Governed
from aims.registry import registry
from aims.trail import recording
from evidence import storage
from evidence.models import Chapter, EvidenceItem, EvidencePack
from evidence.services.files import blob_of
from organization.models import Unit

Say = Callable[[int, int, str], None]

# Progress in thousandths: so far when the files are checked, so far when the chapters are drawn.
STEPS, CHECKED, DRAWN = 1000, 100, 930

# Bytes of evidence that a PDF carries beside its pages, so that it can still be mailed and built in little memory.
ATTACHED_MOST = 20_000_000

# Lines of the contents: fewer on the first page, which has the heading.
FIRST_LINES, LINES = 30, 34


@dataclass(frozen=True)
class Sheet:
    """One chapter, collected and written down, not drawn yet."""

    section: str  # the section's title when it opens one, else ""
    title: str
    source: Path
    section_id: str = ""


@dataclass(frozen=True)
class Drawn:
    """One chapter on disk as PDF."""

    sheet: Sheet
    path: Path
    pages: int
    key: str


@dataclass(frozen=True)
class Made:
    """A finished document, with what it is made of: manifest, files of evidence, keys of records by model."""

    path: Path
    pages: int
    manifest: Mapping[str, Any]
    files: Sequence[Mapping[str, Any]]
    records: Sequence[tuple[Any, Sequence[tuple[int, str]]]]


def build(pack: EvidencePack, folder: Path, say: Say) -> Made:
    """Read, draw and merge the pack into `folder`. Its bytes follow from records, moment and programs alone.

    Raises WrongState when the person who asked may see nothing any more, Damaged when a file in scope is missing or
    altered, NotDrawn when a chapter cannot be drawn, Cancelled from `say`.
    """
    _prepare(pack)
    with translation.override(pack.language), timezone.override(ZoneInfo(pack.time_zone)):
        with asof.reading(pack.at):
            frame = _frame(pack)
            sheets = list(_collect(pack, frame, folder))
            files, records = _files(pack), _records(pack)
        for number, file in enumerate(files):
            say(CHECKED * number // len(files), STEPS, _("Checking the file of %(ref)s") % {"ref": file["ref"]})
            _check(file)
        drawn = []
        for number, sheet in enumerate(sheets):
            done = CHECKED + (DRAWN - CHECKED) * number // len(sheets)
            say(done, STEPS, _("Drawing “%(title)s”") % {"title": sheet.title or sheet.section})
            drawn.append(_drawn(sheet, folder))
        say(DRAWN, STEPS, _("Putting the pages together"))
        path, pages, manifest = _merged(pack, frame, drawn, files, folder)
    return Made(path, pages, manifest, files, records)


def _prepare(pack: EvidencePack) -> None:
    """Resolve today's permissions and the scope before the past is read."""
    if not access_of(pack.asked_by).seen_units:
        raise WrongState(_("The person who asked for this pack may no longer see anything."))
    pack.fix_scope()


def _frame(pack: EvidencePack) -> dict[str, Any]:
    """What every page shows: the organization's name and the mark of an installation that is not real."""
    root = Unit.objects.filter(parent=None).first()
    return {"organization": root.name if root else "", "mark": mark()}


def mark() -> str:
    """The words that say on every page that the data are not real; "" in a real installation."""
    words = {"demo": _("Demonstration data"), "test": _("Test data")}
    return words.get(settings.INSTALLATION_KIND, "")


def _collect(pack: EvidencePack, frame: Mapping[str, Any], folder: Path) -> Iterator[Sheet]:
    """Write every chapter's HTML to the folder, in the order of the sections."""
    number = 0
    for section in sorted(registry.sections, key=lambda one: (one.order, one.id)):
        opens = True
        for chapter in section.collect(pack):
            path = folder / f"{number:05}.html"
            context = {
                **frame,
                "section": section.title,
                "opens": opens,
                "wide": section.wide,
                "chapter": chapter,
                "template": section.template,
            }
            path.write_text(render_to_string("evidence/pdf/chapter.html", {**chapter, **context}), encoding="utf-8")
            title = " ".join(filter(None, (chapter.get("ref", ""), str(chapter.get("title", "")))))
            yield Sheet(str(section.title) if opens else "", title, path, section.id)
            number, opens = number + 1, False


def _files(pack: EvidencePack) -> list[dict[str, Any]]:
    """Every file of evidence in scope, for checking and for the manifest."""
    rows = pack.covers(EvidenceItem.objects.visible_to(pack.asked_by)).files().order_by("pk")
    columns = ("ref", "title", "file_name", "media_type", "blob_id", "blob__size")
    return [
        {"ref": ref, "title": title, "name": name, "type": media, "sha256": digest, "size": size}
        for ref, title, name, media, digest, size in rows.values_list(*columns).iterator()
    ]


def _records(pack: EvidencePack) -> list[tuple[Any, list[tuple[int, str]]]]:
    """Keys and references of every record in scope that the person who asked sees, by model."""
    models = [kind.model for kind in registry.kinds.values() if issubclass(kind.model, Governed)]
    found = []
    for model in models:
        rows = pack.covers(model.objects.visible_to(pack.asked_by)).order_by("pk")
        found.append((model, list(rows.values_list("pk", "ref"))))
    return found


def _check(file: Mapping[str, Any]) -> None:
    try:
        storage.verify(file["sha256"])
    except storage.Damaged as damaged:
        words = {"ref": file["ref"], "name": file["name"], "why": damaged.detail}
        raise storage.Damaged(_("%(ref)s, “%(name)s”: %(why)s") % words) from damaged


def _drawn(sheet: Sheet, folder: Path) -> Drawn:
    """The chapter as PDF: found, or drawn and kept."""
    html = sheet.source.read_text(encoding="utf-8")
    key = _key(html)
    path = folder / f"{key}.pdf"
    found = Chapter.objects.filter(pk=key).first()
    if found is None or not _fetch(found, path):
        found = _draw(html, key, path)
    return Drawn(sheet, path, found.pages, key)


def _key(html: str) -> str:
    parts = [html, style(), *(f"{name} {value}" for name, value in sorted(pdf.engine().items()))]
    return hashlib.sha256(rfc8785.dumps(parts)).hexdigest()


def _fetch(found: Chapter, path: Path) -> bool:
    """Copy a kept chapter to the folder; False when its file is lost or altered, then it is drawn again."""
    try:
        with path.open("wb") as target:
            target.writelines(storage.checked(found.blob_id))
    except storage.Damaged:
        storage.remove(found.blob_id)
        return False
    Chapter.objects.filter(pk=found.pk).update(used_at=now())
    return True


def _draw(html: str, key: str, path: Path) -> Chapter:
    data = pdf.draw(html, style())
    path.write_bytes(data)
    with recording(None, "draw_chapter"):
        blob = blob_of(storage.store([data]))
        return Chapter.objects.update_or_create(pk=key, defaults={"blob": blob, "pages": pdf.pages_of(data)})[0]


@cache
def style() -> str:
    """The style sheet of packs."""
    return (pdf.OWN / "pack.css").read_text(encoding="utf-8")


def _merged(
    pack: EvidencePack,
    frame: Mapping[str, Any],
    drawn: Sequence[Drawn],
    files: Sequence[Mapping[str, Any]],
    folder: Path,
) -> tuple[Path, int, dict[str, Any]]:
    """Cover, contents and chapters as one document with its manifest."""
    rows = _contents_rows(drawn)
    sheets = _pages_of_rows(rows)
    front = [("cover", _cover(pack, frame, drawn, files)), ("contents", _contents(frame, sheets))]
    parts = []
    for name, html in front:
        path = folder / f"{name}.pdf"
        path.write_bytes(pdf.draw(html, style()))
        section = _("Contents") if name == "contents" else ""
        parts.append(pdf.Part(path, section=section, numbered=name != "cover"))
    parts += [pdf.Part(one.path, section=one.sheet.section, title=one.sheet.title) for one in drawn]
    target = folder / "pack.pdf"
    manifest = _manifest(pack, frame, drawn, files, rows)
    own = {"manifest.json": rfc8785.dumps(manifest)}
    pages = pdf.merge(parts, target, _about(pack, frame), own, map(_supplement, attached(files)))
    return target, pages, manifest


def attached(files: Sequence[Mapping[str, Any]]) -> Iterator[Mapping[str, Any]]:
    """The files of evidence that the PDF itself carries: one after the other while there is room. The ZIP has all."""
    room = ATTACHED_MOST
    for file in files:
        if file["size"] <= room:
            room -= file["size"]
            yield file


def _supplement(file: Mapping[str, Any]) -> pdf.Supplement:
    data = b"".join(storage.checked(file["sha256"]))
    return pdf.Supplement(f"{file['ref']} {file['name']}", data, file["type"])


def _contents_rows(drawn: Sequence[Drawn]) -> list[dict[str, Any]]:
    """Lines of the contents with the page each leads to; `index` counts the merged parts, cover and contents first."""
    lines = sum(bool(one.sheet.section) + bool(one.sheet.title) for one in drawn)
    page = 2 + _pages_needed(lines)
    rows: list[dict[str, Any]] = []
    for index, one in enumerate(drawn, start=2):
        for opens, title in ((True, one.sheet.section), (False, one.sheet.title)):
            if title:
                rows.append({"index": index, "title": title, "page": page, "opens": opens})
        page += one.pages
    return rows


def _pages_needed(lines: int) -> int:
    return 1 + max(0, -(-(lines - FIRST_LINES) // LINES))


def _pages_of_rows(rows: Sequence[Any]) -> list[Sequence[Any]]:
    rest = [rows[start : start + LINES] for start in range(FIRST_LINES, len(rows), LINES)]
    return [rows[:FIRST_LINES], *rest]


def _cover(pack: EvidencePack, frame: Mapping[str, Any], drawn: Sequence[Drawn], files: Sequence[Any]) -> str:
    chapters = sum(bool(one.sheet.title) for one in drawn)
    told = ngettext("%(count)d chapter", "%(count)d chapters", chapters) % {"count": chapters}
    told += ", " + ngettext("%(count)d file of evidence checked", "%(count)d files of evidence checked", len(files)) % {
        "count": len(files)
    }
    context = {**frame, "section": "", "pack": pack, "scope": pack.scope_in_words(), "told": told}
    return render_to_string("evidence/pdf/cover.html", context)


def _contents(frame: Mapping[str, Any], sheets: Sequence[Any]) -> str:
    return render_to_string("evidence/pdf/contents.html", {**frame, "section": _("Contents"), "sheets": sheets})


def _about(pack: EvidencePack, frame: Mapping[str, Any]) -> pdf.About:
    moment = timezone.localtime(pack.at)
    return pdf.About(
        title=f"{pack.ref} {pack.title}",
        author=frame["organization"],
        subject=_("Evidence pack of %(scope)s") % {"scope": pack.scope_in_words()},
        language=pack.language,
        at=pack.at,
        footer=f"{pack.ref} · {moment:%Y-%m-%d %H:%M %Z}",
    )


def _manifest(
    pack: EvidencePack,
    frame: Mapping[str, Any],
    drawn: Sequence[Drawn],
    files: Sequence[Mapping[str, Any]],
    rows: Sequence[Mapping[str, Any]],
) -> dict[str, Any]:
    """What the pack is made of, for machines."""
    carried = {file["ref"] for file in attached(files)}
    return {
        "pack": pack.ref,
        "title": pack.title,
        "organization": frame["organization"],
        "installation": settings.INSTALLATION_KIND,
        "scope": {"unit": str(pack.unit), "systems": [system.ref for system in pack.systems]},
        "as_of": pack.at.isoformat(),
        "asked_by": {"name": pack.asked_by.name, "email": pack.asked_by.email},
        "language": pack.language,
        "contents": [{"title": row["title"], "page": row["page"]} for row in rows],
        "chapters": [
            {"section": d.sheet.section_id, "title": d.sheet.title, "pages": d.pages, "key": d.key} for d in drawn
        ],
        "evidence": [{**file, "attached": file["ref"] in carried} for file in files],
        "drawn_by": {"aims": _release(), **pdf.engine()},
    }


def _release() -> str:
    try:
        return version("aims")
    except PackageNotFoundError:
        return "source"
