"""Bytes on disk, named by their SHA-256: written aside, flushed, renamed. Nothing half-written is ever seen.

Works on any of Django's storages; on the local file system the rename is atomic and durable.
"""

import hashlib
import os
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import IO, Any, cast

from django.core.files import File
from django.core.files.storage import FileSystemStorage, default_storage
from django.utils.translation import gettext as _

from aims.errors import Refusal

CHUNK = 256 * 1024
ROOT = "blobs"
INCOMING = "incoming"


class Damaged(Refusal):
    """A stored file is missing or its bytes are not what they were (409: nothing may be built on it)."""

    status = 409


@dataclass(frozen=True)
class Stored:
    """What was written: its digest and size in bytes."""

    sha256: str
    size: int


def path_of(sha256: str) -> str:
    """Where bytes of this digest lie in the storage."""
    return f"{ROOT}/{sha256[:2]}/{sha256[2:4]}/{sha256}"


def chunks_of(file: IO[bytes]) -> Iterator[bytes]:
    """The file from its beginning, in pieces."""
    file.seek(0)
    while piece := file.read(CHUNK):
        yield piece


def store(pieces: Iterable[bytes]) -> Stored:
    """Keep the bytes; those already kept are not written twice."""
    with _scratch() as scratch:
        digest, size = hashlib.sha256(), 0
        for piece in pieces:
            digest.update(piece)
            size += len(piece)
            scratch.write(piece)
        scratch.flush()
        os.fsync(scratch.fileno())
        stored = Stored(digest.hexdigest(), size)
        if not _kept(stored):
            _place(scratch, path_of(stored.sha256))
    return stored


def _kept(stored: Stored) -> bool:
    name = path_of(stored.sha256)
    return bool(default_storage.exists(name) and default_storage.size(name) == stored.size)


@contextmanager
def _scratch() -> Iterator[Any]:
    """A temporary file on the storage's own disk, gone afterwards unless it was placed."""
    folder = None
    if local := _local():
        folder = Path(local.path(INCOMING))
        folder.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(dir=folder, delete=False) as scratch:
        try:
            yield scratch
        finally:
            Path(scratch.name).unlink(missing_ok=True)


def _place(scratch: Any, name: str) -> None:
    local = _local()
    if local is None:
        scratch.seek(0)
        default_storage.save(name, File(scratch))
        return
    target = Path(local.path(name))
    target.parent.mkdir(parents=True, exist_ok=True)
    written = Path(scratch.name)
    written.chmod(0o440)
    written.replace(target)
    _flush_folder(target.parent)


def _flush_folder(folder: Path) -> None:
    """Make the new name itself survive a power cut."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _local() -> FileSystemStorage | None:
    return cast(FileSystemStorage, default_storage) if isinstance(default_storage._wrapped, FileSystemStorage) else None  # type: ignore[attr-defined]


def opened(sha256: str) -> IO[bytes]:
    """The bytes for reading. Damaged when they are not there."""
    try:
        return default_storage.open(path_of(sha256), "rb")
    except FileNotFoundError as error:
        raise Damaged(_("The file of digest %(digest)s is missing.") % {"digest": sha256}) from error


def checked(sha256: str) -> Iterator[bytes]:
    """The bytes in pieces, hashed on the way; Damaged at the end when the digest is another one."""
    digest = hashlib.sha256()
    with opened(sha256) as file:
        while piece := file.read(CHUNK):
            digest.update(piece)
            yield piece
    if digest.hexdigest() != sha256:
        raise Damaged(_("The file of digest %(digest)s was altered where it is kept.") % {"digest": sha256})


def verify(sha256: str) -> None:
    """Read the bytes and compare. Raises Damaged when they are missing or altered."""
    for _piece in checked(sha256):
        pass


def names() -> Iterator[str]:
    """The digest of every stored file."""
    for first in _folders(ROOT):
        for second in _folders(f"{ROOT}/{first}"):
            yield from sorted(default_storage.listdir(f"{ROOT}/{first}/{second}")[1])


def _folders(name: str) -> list[str]:
    try:
        return sorted(default_storage.listdir(name)[0])
    except FileNotFoundError:
        return []


def exists(sha256: str) -> bool:
    """Whether there are bytes under this digest, whatever they are."""
    return bool(default_storage.exists(path_of(sha256)))


def remove(sha256: str) -> None:
    """Delete the bytes; nothing happens when they are not there."""
    default_storage.delete(path_of(sha256))


def size_of(sha256: str) -> int:
    """Bytes on disk."""
    return int(default_storage.size(path_of(sha256)))


def settled(sha256: str, before: datetime) -> bool:
    """Whether the file was written before a moment, so that no open transaction can still be about to claim it."""
    return bool(default_storage.get_modified_time(path_of(sha256)) < before)


def leftover_settled(name: str, before: datetime) -> bool:
    return bool(default_storage.get_modified_time(f"{INCOMING}/{name}") < before)


def leftovers() -> list[str]:
    """Temporary files that a killed process left behind."""
    try:
        return sorted(default_storage.listdir(INCOMING)[1])
    except FileNotFoundError:
        return []


def remove_leftover(name: str) -> None:
    default_storage.delete(f"{INCOMING}/{name}")
