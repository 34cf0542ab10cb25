"""PDF in one place: HTML drawn by WeasyPrint with our own fonts and no network, drawn parts merged into one.

The bytes depend on nothing but what is given, the locked packages and the text libraries that `engine` names: fonts
come from static/vendor/fonts alone, dates are the caller's, no identifier is random. ISO/IEC 42001 clause 7.5.
"""

import ctypes
import hashlib
import logging
import os
import re
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import Decimal
from functools import cache
from importlib.metadata import version
from io import BytesIO
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

import pikepdf
from django.conf import settings
from fontTools import subset
from fontTools.ttLib import TTFont
from pikepdf import Array, Dictionary, Name, NameTree, OutlineItem, Pdf, String
from weasyprint import CSS, HTML
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import FatalURLFetchingError, URLFetcher, URLFetcherResponse

# Both tell much about their inner workings, and may repeat what people wrote.
for name in ("pikepdf", "weasyprint", "fontTools"):
    logging.getLogger(name).setLevel(logging.ERROR)

FONTS = Path(settings.BASE_DIR) / "static" / "vendor" / "fonts"
# The only files that a document may show: `static:mark.svg` is this folder's mark.svg.
OWN = Path(settings.BASE_DIR) / "static" / "pdf"
SCHEME = "static:"
VARIANT = "pdf/a-3a"
STAMP_FONT = "SourceSans3_400Regular.ttf"
MM = 72 / 25.4


class NotDrawn(Exception):
    """The document cannot be drawn; says why."""


class OwnFilesOnly(URLFetcher):
    """Gives `data:` and our own static files. Anything else stops the drawing before any request is made."""

    def __init__(self) -> None:
        super().__init__(allowed_protocols=["data"], allow_redirects=False, fail_on_errors=True)

    def fetch(self, url: str, headers: Any = None) -> URLFetcherResponse:
        if not url.startswith(SCHEME):
            return super().fetch(url, headers)
        path = (OWN / url.removeprefix(SCHEME)).resolve()
        if OWN.resolve() not in path.parents or not path.is_file():
            raise ValueError("not one of our own files")
        kind = "image/svg+xml" if path.suffix == ".svg" else "application/octet-stream"
        return URLFetcherResponse(url, path.read_bytes(), {"Content-Type": kind})


def draw(html: str, css: str) -> bytes:
    """HTML and CSS as a tagged PDF/A. Raises NotDrawn when it asks for a file that is not ours."""
    fonts = _fonts()
    fetcher = OwnFilesOnly()
    try:
        sheet = CSS(string=css, font_config=fonts, url_fetcher=fetcher)
        document = HTML(string=html, url_fetcher=fetcher, base_url=None)
        made = document.write_pdf(stylesheets=[sheet], font_config=fonts, pdf_variant=VARIANT)
    except FatalURLFetchingError as error:  # a BaseException: it would pass every `except Exception` above us
        raise NotDrawn(str(error)) from error
    assert isinstance(made, bytes)
    return _settle(made)


def _settle(made: bytes) -> bytes:
    """Make the names of header cells unique among all documents, so that parts are merged without looking inside."""
    mark = hashlib.sha256(made).hexdigest()[:16]
    with Pdf.open(BytesIO(made)) as pdf:
        named: dict[str, Any] = {}
        _rename(pdf.Root.StructTreeRoot.K, mark, named)
        names = Array([item for name in sorted(named) for item in (String(name), named[name])])
        pdf.Root.StructTreeRoot.IDTree = Dictionary(Names=names)
        target = BytesIO()
        pdf.save(target, deterministic_id=True, object_stream_mode=pikepdf.ObjectStreamMode.generate)
    return target.getvalue()


def _rename(top: Any, mark: str, named: dict[str, Any]) -> None:
    """Walk the structure tree and put `mark` before every header cell's name and every mention of it."""
    waiting = list(top)
    while waiting:
        element = waiting.pop()
        if not isinstance(element, Dictionary) or "/S" not in element:
            continue
        if "/ID" in element:
            element.ID = String(f"{mark}-{element.ID}")
            named[str(element.ID)] = element
        headers = element.get("/A", Dictionary()).get("/Headers")
        if headers:
            element.A.Headers = Array([String(f"{mark}-{name}") for name in headers])
        waiting.extend(element.get("/K", ()))


@cache
def _font_settings() -> str:
    """A fontconfig file that names our fonts' folder alone, so that no system font is ever used."""
    if not any(FONTS.glob("*.ttf")):
        raise NotDrawn(f"The fonts of {FONTS} are missing; `make run` and `make test` put them there.")
    folder = Path(tempfile.mkdtemp(prefix="aims-fonts-"))
    text = (
        '<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "urn:fontconfig:fonts.dtd"><fontconfig>'
        f"<dir>{escape(str(FONTS))}</dir><cachedir>{escape(str(folder))}</cachedir></fontconfig>"
    )
    path = folder / "fonts.conf"
    path.write_text(text)
    return str(path)


def _fonts() -> FontConfiguration:
    os.environ["FONTCONFIG_FILE"] = _font_settings()
    return FontConfiguration()


@cache
def engine() -> Mapping[str, str]:
    """Versions of everything that decides about the bytes of a PDF, for manifests and cache keys."""
    digest = hashlib.sha256()
    for path in sorted((*FONTS.glob("*.ttf"), *OWN.glob("*"))):
        digest.update(path.name.encode() + path.read_bytes())
    return {
        **{name: version(name) for name in ("weasyprint", "pydyf", "pikepdf", "fonttools")},
        "pango": _native("libpango-1.0.so.0", "pango_version_string"),
        "harfbuzz": _native("libharfbuzz.so.0", "hb_version_string"),
        "fonts": digest.hexdigest(),
    }


def _native(library: str, function: str) -> str:
    """The version that a system library gives of itself; "" where it has another name."""
    try:
        ask = getattr(ctypes.CDLL(library), function)
    except OSError:
        return ""
    ask.restype = ctypes.c_char_p
    return str(ask().decode())


def pages_of(data: bytes) -> int:
    """How many pages a PDF has."""
    with Pdf.open(BytesIO(data)) as pdf:
        return len(pdf.pages)


@dataclass(frozen=True)
class Part:
    """A drawn document to be merged. `section` and `title` are its entries in the outline; "": none of that level."""

    path: Path
    section: str = ""
    title: str = ""
    numbered: bool = True


@dataclass(frozen=True)
class Supplement:
    """A file of any kind that goes with the merged document."""

    name: str
    data: bytes
    media_type: str


@dataclass(frozen=True)
class About:
    """What the merged document says of itself. `at` is the only date in it."""

    title: str
    author: str
    subject: str
    language: str
    at: datetime
    footer: str = ""  # left below every numbered page; Latin letters, digits and signs of Windows-1252


@dataclass
class _Merger:
    """One document growing part by part."""

    out: Pdf
    keys: int = 0  # next free key of the parent tree
    numbers: list[Any] = field(default_factory=list)  # the parent tree's pairs
    elements: list[Any] = field(default_factory=list)
    names: list[tuple[str, Any]] = field(default_factory=list)  # (first name, leaf of the tree of header cells)
    sources: list[Pdf] = field(default_factory=list)


def merge(
    parts: Sequence[Part],
    target: Path,
    about: About,
    attachments: Mapping[str, bytes],
    supplements: Iterable[Supplement] = (),
) -> int:
    """Merge the parts into one tagged PDF/A with outline, page numbers and attachments; answers the number of pages.

    `attachments` are its own data as JSON; `supplements` other files that go with it, taken one after the other.
    Links of the form `aims:3` in a part lead to the first page of the part with that index.
    """
    merger = _Merger(Pdf.open(parts[0].path))
    try:
        starts = _append_all(merger, parts)
        _write_structure(merger)
        _write_outline(merger.out, parts, starts)
        _aim_links(merger.out, starts)
        numbered = [page for part, page in _pages_with_parts(merger.out, parts, starts) if part.numbered]
        _number_pages(merger.out, numbered, about.footer)
        for name, data in sorted(attachments.items()):
            _attach(merger.out, Supplement(name, data, "application/json"), about, Name.Data)
        for one in supplements:
            _attach(merger.out, one, about, Name.Supplement)
        _describe(merger.out, about)
        merger.out.save(target, deterministic_id=True, object_stream_mode=pikepdf.ObjectStreamMode.generate)
        return len(merger.out.pages)
    finally:
        for pdf in (*merger.sources, merger.out):
            pdf.close()


def _append_all(merger: _Merger, parts: Sequence[Part]) -> list[int]:
    """Append every part; answers the index of each part's first page."""
    starts = [0]
    root = merger.out.Root.StructTreeRoot
    _take_structure(merger, root, list(merger.out.pages))
    for part in parts[1:]:
        source = Pdf.open(part.path)
        merger.sources.append(source)
        first = len(merger.out.pages)
        merger.out.pages.extend(source.pages)
        added = [merger.out.pages[index] for index in range(first, len(merger.out.pages))]
        _take_structure(merger, merger.out.copy_foreign(source.Root.StructTreeRoot), added)
        starts.append(first)
    return starts


def _take_structure(merger: _Merger, root: Any, pages: Sequence[pikepdf.Page]) -> None:
    """Take over a part's structure tree: shift its keys behind those already taken, keep its top element."""
    for page in pages:
        page.obj.StructParents += merger.keys
        for annotation in page.obj.get("/Annots", ()):
            if "/StructParent" in annotation:
                annotation.StructParent += merger.keys
    pairs = list(root.ParentTree.Nums)
    for key, value in zip(pairs[::2], pairs[1::2], strict=True):
        merger.numbers += [int(key) + merger.keys, value]
    merger.keys += len(pairs) // 2
    merger.elements += list(root.K)
    names = root.IDTree.Names
    if len(names):
        limits = Array([names[0], names[-2]])
        leaf = merger.out.make_indirect(Dictionary(Limits=limits, Names=names))
        merger.names.append((str(names[0]), leaf))


def _write_structure(merger: _Merger) -> None:
    """One document element with each part below it."""
    out = merger.out
    root = out.make_indirect(Dictionary(Type=Name.StructTreeRoot))
    top = out.make_indirect(Dictionary(Type=Name.StructElem, S=Name.Document, P=root))
    for element in merger.elements:
        element.S, element.P = Name.Part, top
    top.K = Array(merger.elements)
    root.K = Array([top])
    root.ParentTree = out.make_indirect(Dictionary(Nums=Array(merger.numbers)))
    root.ParentTreeNextKey = merger.keys
    if merger.names:
        root.IDTree = Dictionary(Kids=Array([leaf for _name, leaf in sorted(merger.names, key=lambda one: one[0])]))
    out.Root.StructTreeRoot = root


def _write_outline(out: Pdf, parts: Sequence[Part], starts: Sequence[int]) -> None:
    """Sections with their chapters below, and a named destination for each part."""
    names = NameTree.new(out)
    with out.open_outline() as outline:
        outline.root.clear()
        for index, (part, start) in enumerate(zip(parts, starts, strict=True)):
            names[f"part-{index}"] = _top_of(out, start)
            if part.section:
                outline.root.append(OutlineItem(part.section, start))
            if part.title:
                (outline.root[-1].children if outline.root else outline.root).append(OutlineItem(part.title, start))
    if "/Names" not in out.Root:
        out.Root.Names = Dictionary()
    out.Root.Names.Dests = names.obj
    out.Root.PageMode = Name.UseOutlines


def _top_of(out: Pdf, index: int) -> Array:
    return Array([out.pages[index].obj, Name.Fit])


def _aim_links(out: Pdf, starts: Sequence[int]) -> None:
    """Turn the links `aims:3` into jumps within the document."""
    for page in out.pages:
        for annotation in page.obj.get("/Annots", ()):
            found = re.fullmatch(r"aims:(\d+)", str(annotation.get("/A", Dictionary()).get("/URI", "")))
            if found:
                del annotation["/A"]
                annotation.Dest = _top_of(out, starts[int(found[1])])
                annotation.Contents = String(str(starts[int(found[1])] + 1))


def _pages_with_parts(out: Pdf, parts: Sequence[Part], starts: Sequence[int]) -> list[tuple[Part, int]]:
    ends = [*starts[1:], len(out.pages)]
    spans = zip(parts, starts, ends, strict=True)
    return [(part, page) for part, start, end in spans for page in range(start, end)]


def _number_pages(out: Pdf, numbered: Sequence[int], footer: str) -> None:
    """Write the footer and "12 / 339" at the foot of the pages, outside the text that a screen reader reads."""
    letters = _Letters.of(out)
    before, total = out.make_stream(b"q"), len(out.pages)
    for index in numbered:
        page = out.pages[index]
        number = f"{index + 1} / {total}"
        right = float(page.mediabox[2]) - 20 * MM - letters.width(number)
        drawn = letters.at(20 * MM, footer) + letters.at(right, number)
        after = out.make_stream(b"Q q /Artifact <</Type /Pagination>> BDC 0.384 0.408 0.455 rg " + drawn + b"EMC Q")
        contents = page.obj.Contents
        page.obj.Contents = Array([before, *(contents if isinstance(contents, Array) else [contents]), after])
        if "/Font" not in page.obj.Resources:
            page.obj.Resources.Font = Dictionary()
        page.obj.Resources.Font.AimsFoot = letters.font


@dataclass(frozen=True)
class _Letters:
    """Our font reduced to one-byte characters, embedded once for what stands at the foot of the pages."""

    font: Any
    widths: Sequence[float]  # of the codes 32 to 255, in thousandths

    SIZE = 7.6
    HEIGHT = 12 * MM

    def width(self, text: str) -> float:
        return sum(self.widths[code - 32] for code in _coded(text)) * self.SIZE / 1000

    def at(self, left: float, text: str) -> bytes:
        """Operators that write a text from `left` on."""
        place = f"BT /AimsFoot {self.SIZE} Tf {left:.3f} {self.HEIGHT:.3f} Td <{_coded(text).hex()}> Tj ET "
        return place.encode() if text else b""

    @classmethod
    def of(cls, out: Pdf) -> "_Letters":
        data, widths, box = _foot_font()
        name = Name("/AIMSFT+SourceSans3-Regular")
        descriptor = Dictionary(
            Type=Name.FontDescriptor,
            FontName=name,
            Flags=32,
            FontBBox=Array(box),
            ItalicAngle=0,
            Ascent=box[3],
            Descent=box[1],
            CapHeight=660,
            StemV=84,
            FontFile2=out.make_stream(data, Length1=len(data)),
        )
        font = Dictionary(
            Type=Name.Font,
            Subtype=Name.TrueType,
            BaseFont=name,
            FirstChar=32,
            LastChar=255,
            Widths=Array([Decimal(f"{width:.3f}") for width in widths]),
            Encoding=Name.WinAnsiEncoding,
            FontDescriptor=out.make_indirect(descriptor),
        )
        return cls(out.make_indirect(font), widths)


def _coded(text: str) -> bytes:
    return text.encode("cp1252", "replace")


@cache
def _foot_font() -> tuple[bytes, Sequence[float], list[int]]:
    """The font program of all Windows-1252 characters, their widths and the box around them, in thousandths."""
    letters = {code: bytes([code]).decode("cp1252", "ignore") for code in range(32, 256)}
    font = TTFont(FONTS / STAMP_FONT, recalcTimestamp=False)
    options = subset.Options(hinting=False, notdef_outline=True, glyph_names=False, layout_features=[])
    options.drop_tables += ["GSUB", "GPOS", "GDEF", "STAT", "DSIG", "meta"]
    reducer = subset.Subsetter(options)
    reducer.populate(text="".join(letters.values()))
    reducer.subset(font)
    target, scale, names = BytesIO(), 1000 / font["head"].unitsPerEm, font.getBestCmap()
    font.save(target, reorderTables=True)
    glyphs = [names.get(ord(letter)) if letter else None for letter in letters.values()]
    widths = [font["hmtx"][glyph][0] * scale if glyph else 0.0 for glyph in glyphs]
    head = font["head"]
    return target.getvalue(), widths, [round(v * scale) for v in (head.xMin, head.yMin, head.xMax, head.yMax)]


def _attach(out: Pdf, file: Supplement, about: About, relationship: Name) -> None:
    dates = {"creation_date": _pdf_date(about.at), "mod_date": _pdf_date(about.at)}
    spec = pikepdf.AttachedFileSpec(out, file.data, filename=file.name, mime_type=file.media_type, **dates)
    spec.relationship = relationship
    out.attachments[file.name] = spec
    out.Root.AF = Array([*out.Root.get("/AF", ()), spec.obj])


def _describe(out: Pdf, about: About) -> None:
    """Title, author and the one date, the same in both places where a PDF keeps them."""
    moment = about.at.astimezone(UTC).replace(microsecond=0)
    producer = f"AIMS with WeasyPrint {version('weasyprint')}"
    out.Root.Lang = String(about.language)
    info = {"Title": about.title, "Author": about.author, "Subject": about.subject, "Producer": producer}
    info |= {"Creator": "AIMS", "CreationDate": _pdf_date(about.at), "ModDate": _pdf_date(about.at)}
    del out.docinfo
    for name, value in info.items():
        out.docinfo[f"/{name}"] = String(value)
    with out.open_metadata(set_pikepdf_as_editor=False, update_docinfo=False) as xmp:
        xmp["dc:title"] = about.title
        xmp["dc:creator"] = [about.author]
        xmp["dc:description"] = about.subject
        xmp["dc:language"] = {about.language}
        xmp["pdf:Producer"], xmp["xmp:CreatorTool"] = producer, "AIMS"
        xmp["xmp:CreateDate"] = xmp["xmp:ModifyDate"] = moment.isoformat()


def _pdf_date(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("D:%Y%m%d%H%M%S+00'00'")
