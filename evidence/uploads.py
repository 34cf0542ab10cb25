"""What may be uploaded: named types whose bytes agree with the name, within sizes; archives judged unopened."""

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from typing import IO, Any

import puremagic
from django.conf import settings
from django.utils.translation import gettext as _

from aims import archives
from aims.errors import TooLarge, invalid
from evidence import storage

HEAD = 4096
NAME_MOST = 150
_OFFICE = "application/vnd.openxmlformats-officedocument."
_OPEN = "application/vnd.oasis.opendocument."


@dataclass(frozen=True)
class FileType:
    """A type by its extension. `looks` are the extensions by which its first bytes are known; none: text.

    `member` is a part that an archive of this type must hold; `shown` whether a browser may draw it in a page.
    """

    media: str
    looks: frozenset[str] = frozenset()
    member: str = ""
    macros: bool = False
    shown: bool = False


def _known(media: str, *looks: str, **more: Any) -> FileType:
    return FileType(media, frozenset(looks), **more)


TYPES: Mapping[str, FileType] = {
    "pdf": _known("application/pdf", ".pdf"),
    "png": _known("image/png", ".png", shown=True),
    "jpg": _known("image/jpeg", ".jpg", ".jpeg", shown=True),
    "jpeg": _known("image/jpeg", ".jpg", ".jpeg", shown=True),
    "gif": _known("image/gif", ".gif", shown=True),
    "webp": _known("image/webp", ".webp", shown=True),
    "mp4": _known("video/mp4", ".mp4", ".m4v"),
    "zip": _known("application/zip", ".zip"),
    "docx": _known(f"{_OFFICE}wordprocessingml.document", ".zip", member="word/document.xml"),
    "xlsx": _known(f"{_OFFICE}spreadsheetml.sheet", ".zip", member="xl/workbook.xml"),
    "pptx": _known(f"{_OFFICE}presentationml.presentation", ".zip", member="ppt/presentation.xml"),
    "docm": _known("application/vnd.ms-word.document.macroEnabled.12", ".zip", member="word/document.xml", macros=True),
    "xlsm": _known("application/vnd.ms-excel.sheet.macroEnabled.12", ".zip", member="xl/workbook.xml", macros=True),
    "odt": _known(f"{_OPEN}text", ".zip", member="content.xml"),
    "ods": _known(f"{_OPEN}spreadsheet", ".zip", member="content.xml"),
    "odp": _known(f"{_OPEN}presentation", ".zip", member="content.xml"),
    "txt": _known("text/plain"),
    "log": _known("text/plain"),
    "md": _known("text/markdown"),
    "csv": _known("text/csv"),
    "tsv": _known("text/tab-separated-values"),
    "json": _known("application/json"),
    "jsonl": _known("application/jsonl"),
    "ipynb": _known("application/x-ipynb+json"),
    "yaml": _known("application/yaml"),
    "yml": _known("application/yaml"),
    "xml": _known("application/xml"),
    "eml": _known("message/rfc822"),
    "html": _known("text/html"),
    "htm": _known("text/html"),
    "svg": _known("image/svg+xml"),
}
SHOWN = frozenset(known.media for known in TYPES.values() if known.shown)


@dataclass(frozen=True)
class Upload:
    """A file that passed every check."""

    name: str
    media_type: str
    file: IO[bytes]

    @property
    def is_text(self) -> bool:
        """Whether its content is text that words can be read from."""
        return any(known.media == self.media_type and not known.looks for known in TYPES.values())


def given(file: Any) -> "Upload | None":
    """A file of a form or request as `examine` finds it; None where none was sent. Errors: as `examine`."""
    return examine(file, file.name) if file else None


def examine(file: Any, name: str) -> Upload:
    """Check name, size, type and archive of an uploaded file. Raises TooLarge or a ValidationError on `file`."""
    clean = clean_name(name)
    extension = clean.rpartition(".")[2].lower()
    known = TYPES.get(extension)
    if known is None:
        raise invalid(file=_("Files of the type “.%(type)s” are not taken. Taken are: %(types)s.") % _kinds(extension))
    _measure(file)
    if known.looks:
        _agree(file, extension, known)
    else:
        _text(file, extension)
    if ".zip" in known.looks:
        _archive(file, known)
    return Upload(clean, known.media, file)


def clean_name(name: str) -> str:
    """The bare file name: no folders, no control or direction characters, at most NAME_MOST characters."""
    bare = name.replace("\\", "/").rpartition("/")[2]
    kept = "".join(
        c for c in unicodedata.normalize("NFC", bare) if unicodedata.category(c) not in ("Cc", "Cf", "Cs", "Zl", "Zp")
    )
    stem, dot, extension = kept.strip(" .").rpartition(".")
    if not dot or not stem.strip():
        raise invalid(file=_("The file needs a name with an extension, such as report.pdf."))
    return f"{stem.strip()[: NAME_MOST - len(extension) - 1]}.{extension[:10]}"


def _kinds(extension: str) -> dict[str, str]:
    return {"type": extension[:20], "types": ", ".join(sorted(TYPES))}


def _measure(file: Any) -> None:
    file.seek(0, 2)
    size = file.tell()
    if size > settings.UPLOAD_MOST:
        raise TooLarge(_("A file may have at most %(most)s MB.") % {"most": settings.UPLOAD_MOST // 1_000_000})
    if not size:
        raise invalid(file=_("This file is empty."))


def _agree(file: IO[bytes], extension: str, known: FileType) -> None:
    """The first bytes must be what the name says."""
    file.seek(0)
    found = looks_like(file.read(HEAD))
    if found.isdisjoint(known.looks):
        raise invalid(file=_("This is called .%(name)s, but its content is something else.") % {"name": extension})


def looks_like(head: bytes) -> set[str]:
    """The extensions whose files begin like this."""
    try:
        return {match.extension for match in puremagic.magic_string(head)}
    except (puremagic.PureError, ValueError):
        return set()


def _text(file: IO[bytes], extension: str) -> None:
    """Text has no zero byte and does not begin like a program, an archive or a document."""
    if any(b"\x00" in piece for piece in storage.chunks_of(file)) or _binary(file):
        raise invalid(file=_("This is called .%(name)s, but its content is not text.") % {"name": extension})


def _binary(file: IO[bytes]) -> bool:
    file.seek(0)
    return file.read(8).startswith((b"PK\x03\x04", b"%PDF-", b"MZ", b"\x7fELF", b"\x89PNG", b"\xff\xd8\xff", b"GIF8"))


def _archive(file: IO[bytes], known: FileType) -> None:
    """Judge a zip by its directory: what it must hold, and what it may not."""
    entries = archives.entries_of(file)
    names = {one.filename for one in entries}
    if known.member and known.member not in names:
        raise invalid(file=_("This is not a document of the type that its name says."))
    if known.member and not known.macros and archives.holds_macros(entries):
        raise invalid(file=_("This document holds macros although its name says that it does not."))
