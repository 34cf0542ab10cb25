"""What may be uploaded: the hostile corpus. Names, types, sizes, archives."""

import struct
import zipfile
import zlib
from io import BytesIO

import pytest
from django.core.exceptions import ValidationError

from aims.errors import TooLarge
from evidence import uploads

PNG = b"\x89PNG\r\n\x1a\n" + b"\x00" * 60
PDF_WITH_SCRIPT = b"%PDF-1.7\n1 0 obj<</Type/Catalog/OpenAction<</S/JavaScript/JS(app.alert(1))>>>>endobj\n%%EOF"
HTML = b"<!doctype html><html><body><script>alert(1)</script></body></html>"
SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'


def archive(members, *, compression=zipfile.ZIP_DEFLATED) -> bytes:
    target = BytesIO()
    with zipfile.ZipFile(target, "w", compression) as made:
        for name, content in members.items():
            made.writestr(name, content)
    return target.getvalue()


DOCX = archive({"[Content_Types].xml": "x", "word/document.xml": "x"})
DOCX_WITH_MACROS = archive({"word/document.xml": "x", "word/vbaProject.bin": "x"})


def take(content: bytes, name: str) -> uploads.Upload:
    return uploads.examine(BytesIO(content), name)


@pytest.mark.parametrize(
    ("name", "content", "media"),
    [
        ("a.txt", b"plain", "text/plain"),
        ("a.CSV", "größe,1\n".encode("latin-1"), "text/csv"),
        ("a.html", HTML, "text/html"),
        ("a.svg", SVG, "image/svg+xml"),
        ("a.png", PNG, "image/png"),
        ("a.pdf", PDF_WITH_SCRIPT, "application/pdf"),
        ("a.zip", archive({"a": "b"}), "application/zip"),
        ("a.docx", DOCX, "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
        ("a.docm", DOCX_WITH_MACROS, "application/vnd.ms-word.document.macroEnabled.12"),
    ],
)
def test_known_types_are_taken(name, content, media):
    taken = take(content, name)
    assert (taken.media_type, taken.name) == (media, name)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.exe", b"MZ\x90"),
        ("a.xlsb", DOCX),
        ("a.mhtml", b"MIME-Version: 1.0"),
        ("page.png", HTML),
        ("drawing.png", SVG),
        ("page.pdf", HTML),
        ("photo.jpg", PNG),
        ("a.txt", b"MZ\x90 program"),
        ("a.csv", b"PK\x03\x04 archive"),
        ("a.txt", b"zero\x00byte"),
        ("a.docx", archive({"a": "b"})),
        ("a.docx", DOCX_WITH_MACROS),
        ("a.zip", b"PK\x03\x04 no archive at all"),
        ("a.docx", DOCX[:-10]),
        ("empty.txt", b""),
    ],
)
def test_unknown_types_and_false_names_are_refused(name, content):
    with pytest.raises(ValidationError) as refused:
        take(content, name)
    assert list(refused.value.message_dict) == ["file"]


def test_bomb_is_refused_by_its_directory_alone():
    bomb = archive({f"{number}": b"\x00" * 40_000_000 for number in range(4)})
    assert len(bomb) < 1_000_000
    with pytest.raises(ValidationError, match="far larger"):
        take(bomb, "bomb.zip")


def test_unpacked_size_is_bounded(settings):
    settings.UPLOAD_UNPACKED_MOST = 1000
    with pytest.raises(ValidationError, match="far larger"):
        take(archive({"a": "x" * 1001}), "a.zip")


def test_lying_sizes_in_the_directory_do_not_help_a_bomb():
    """The directory names 4 GB; nothing is unpacked to find out."""
    made = bytearray(archive({"a": "x"}))
    place = made.rfind(b"PK\x01\x02")
    struct.pack_into("<I", made, place + 24, 0xFFFFFFF0)
    with pytest.raises(ValidationError, match="far larger"):
        take(bytes(made), "a.zip")


def test_directory_of_very_many_names_is_refused_before_it_is_read():
    made = bytearray(archive({"a": "x"}))
    struct.pack_into("<HH", made, made.rfind(b"PK\x05\x06") + 8, 60_000, 60_000)
    with pytest.raises(ValidationError, match="too many files"):
        take(bytes(made), "a.zip")


def test_compression_that_python_does_not_know_is_no_fault_of_ours():
    made = bytearray(archive({"a": "x"}, compression=zipfile.ZIP_STORED))
    struct.pack_into("<H", made, made.rfind(b"PK\x01\x02") + 6, 99)
    with pytest.raises(ValidationError, match="damaged"):
        take(bytes(made), "a.zip")


def test_too_large_is_413(settings):
    settings.UPLOAD_MOST = 10
    with pytest.raises(TooLarge):
        take(b"x" * 11, "a.txt")
    assert take(b"x" * 10, "a.txt").name == "a.txt"


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("../../etc/passwd.txt", "passwd.txt"),
        ("C:\\Users\\x\\report.pdf", "report.pdf"),
        ("a\r\nSet-Cookie: x=1.txt", "aSet-Cookie: x=1.txt"),
        ("evil\u202etxt.pdf", "eviltxt.pdf"),
        ("nul\x00byte.txt", "nulbyte.txt"),
        ("  spaces .txt ", "spaces.txt"),
        ("größe.csv", "größe.csv"),
        ("gro\u0308ße.csv", "größe.csv"),
        ("משכורת.csv", "משכורת.csv"),
        ("x" * 400 + ".txt", "x" * 146 + ".txt"),
        ("archive.tar.zip", "archive.tar.zip"),
    ],
)
def test_names_are_bare_and_bounded(given, kept):
    assert uploads.clean_name(given) == kept


@pytest.mark.parametrize("given", ["", "noextension", ".txt", " .txt", "a/", "\x00.txt"])
def test_names_without_stem_or_extension_are_refused(given):
    with pytest.raises(ValidationError):
        uploads.clean_name(given)


def test_deep_archive_is_not_opened():
    """What lies in an archive is not our business; only what it would unpack to."""
    inner = archive({"a": zlib.compress(b"x" * 1000)})
    assert take(archive({"inner.zip": inner}), "outer.zip").media_type == "application/zip"
