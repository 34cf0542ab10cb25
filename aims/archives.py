"""Zip archives from outside, judged by their directory alone: nothing is unpacked to be refused."""

import struct
import zipfile
from typing import IO

from django.conf import settings
from django.utils.translation import gettext as _

from aims.errors import invalid

MOST_ENTRIES = 10_000
MOST_DIRECTORY = 16 * 1024 * 1024
MOST_RATIO = 100
_END_OF_ZIP = b"PK\x05\x06"


def entries_of(file: IO[bytes]) -> list[zipfile.ZipInfo]:
    """What the archive holds. Raises ValidationError on `file` for a bomb, a damaged archive, a directory without end."""
    if not _directory_is_small(file):
        raise invalid(file=_("This archive holds too many files."))
    try:
        entries = zipfile.ZipFile(file).infolist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError, struct.error) as error:
        raise invalid(file=_("This archive is damaged.")) from error
    unpacked, packed = sum(one.file_size for one in entries), sum(one.compress_size for one in entries)
    if unpacked > settings.UPLOAD_UNPACKED_MOST or unpacked > MOST_RATIO * max(packed, 1_000_000):
        raise invalid(file=_("Unpacked, this archive would be far larger than it says."))
    return entries


def holds_macros(entries: list[zipfile.ZipInfo]) -> bool:
    return any(one.filename.lower().endswith("vbaproject.bin") for one in entries)


def _directory_is_small(file: IO[bytes]) -> bool:
    """Read the archive's end record by hand: a directory of millions of names must not be loaded to be refused."""
    file.seek(0, 2)
    size = file.tell()
    file.seek(max(0, size - 65_557))
    tail = file.read()
    place = tail.rfind(_END_OF_ZIP)
    if place < 0 or len(tail) - place < 22:
        return True  # no archive at all: the directory cannot be read and is refused as damaged
    entries, directory = struct.unpack_from("<HI", tail, place + 10)
    return bool(entries <= MOST_ENTRIES and directory <= MOST_DIRECTORY)
