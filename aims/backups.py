"""Saving an installation whole while it is written to, and bringing it back: database and files in one tar archive.

The database is dumped first, in one snapshot; files are named by their digest and only added, so whatever the dump
names is there when the files are read after it. Keys are listed and never inside: who holds archive and key together
could seal a forged trail.
"""

import hashlib
import io
import json
import os
import subprocess
import tarfile
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from shutil import which
from typing import IO, Any

from django.conf import settings
from django.core.files import File
from django.core.files.storage import default_storage
from django.db import connection

from aims import keys, privileges
from aims.embedded.places import Unable
from aims.embedded.postgres import MAJOR, wheel
from aims.models import Installation, Seal, SealKey

DUMP, CARD, SUMS, FILES = "database.dump", "backup.json", "manifest-sha256.txt", "files/"
FORMAT = 1
UNFINISHED = "incoming"  # where the storage keeps what is not placed yet


def save(target: Path, *, at: datetime) -> Mapping[str, Any]:
    """Write the archive; it appears under its name only when complete. Answers its card. Raises Unable."""
    if target.exists():
        raise Unable(f"{target} is there already; name another file.")
    sums: dict[str, str] = {}
    unfinished = target.with_name(f"{target.name}.part")
    with tempfile.TemporaryDirectory() as folder, privileges.as_owner():
        dump = Path(folder) / DUMP
        card = _card(at)
        _postgres("pg_dump", "--format=custom", "--no-owner", "--no-privileges", f"--file={dump}")
        try:
            with tarfile.open(unfinished, "w") as archive:
                _add(archive, CARD, io.BytesIO(json.dumps(card, indent=1, sort_keys=True).encode()), sums)
                with dump.open("rb") as file:
                    _add(archive, DUMP, file, sums)
                for name in stored_files():
                    with default_storage.open(name, "rb") as file:
                        _add(archive, FILES + name, file, sums)
                _add(archive, SUMS, io.BytesIO(_lines(sums)), {})
            unfinished.rename(target)
        finally:
            unfinished.unlink(missing_ok=True)
    return card


def _card(at: datetime) -> dict[str, Any]:
    """What the archive is, for whoever finds it; taken before the dump, so the dump holds at least this."""
    last = Seal.objects.order_by("-number").first()
    installation = Installation.objects.get()
    return {
        "format": FORMAT,
        "made_at": at.isoformat(),
        "installation": str(installation.pk),
        "kind": installation.kind,
        "last_seal": {"number": last.number, "size": last.size, "root": last.root} if last else None,
        "keys": [key.public for key in SealKey.objects.order_by("pk")],
    }


def stored_files(folder: str = "") -> Iterator[str]:
    """The name of every finished file of the storage."""
    try:
        folders, files = default_storage.listdir(folder)
    except FileNotFoundError:
        return
    below = f"{folder}/" if folder else ""
    yield from (f"{below}{name}" for name in sorted(files))
    for name in sorted(folders):
        if below or name != UNFINISHED:
            yield from stored_files(f"{below}{name}")


def _add(archive: tarfile.TarFile, name: str, file: IO[bytes], sums: dict[str, str]) -> None:
    digest = hashlib.file_digest(file, "sha256").hexdigest()  # type: ignore[arg-type]
    entry = tarfile.TarInfo(name)
    entry.size, entry.mode = file.seek(0, os.SEEK_END), 0o600
    file.seek(0)
    archive.addfile(entry, file)
    sums[name] = digest


def _lines(sums: Mapping[str, str]) -> bytes:
    """As `sha256sum -c` reads it."""
    return "".join(f"{digest}  {name}\n" for name, digest in sorted(sums.items())).encode()


def card_of(source: Path) -> Mapping[str, Any]:
    """What an archive says of itself. Raises Unable for what is no archive of ours."""
    try:
        with tarfile.open(source) as archive:
            card: dict[str, Any] = json.loads(_read(archive, CARD))
    except (OSError, tarfile.TarError, KeyError, ValueError) as error:
        raise Unable(f"{source} is not a backup of AIMS: {error}") from error
    if card.get("format") != FORMAT:
        raise Unable(f"{source} has format {card.get('format')}; this version reads {FORMAT}.")
    return card


def load(source: Path) -> Mapping[str, Any]:
    """Bring an archive back into an empty database and the storage. Answers its card.

    Every digest is compared before anything is written; the database comes back whole or not at all. Afterwards
    `prepare` brings it to this version and `verify_trail` says whether history is intact. Raises Unable.
    """
    card = card_of(source)
    with privileges.as_owner():
        if connection.introspection.table_names():
            raise Unable("The database is not empty. Restore goes into an empty one; nothing was touched.")
        _same_key(card)
        with tarfile.open(source) as archive:
            sums = _sums(archive)
            _compare(archive, sums, source)
            with _spooled(archive, DUMP) as dump:
                _postgres("pg_restore", "--no-owner", "--no-privileges", "--single-transaction", "--exit-on-error",
                          f"--dbname={connection.settings_dict['NAME']}", str(dump))  # fmt: skip
            for name in sums:
                if name.startswith(FILES) and not default_storage.exists(name.removeprefix(FILES)):
                    with _member(archive, name) as file:
                        default_storage.save(name.removeprefix(FILES), File(file))
    return card


def _same_key(card: Mapping[str, Any]) -> None:
    """The signing key comes apart from the archive; without it nothing new could be sealed."""
    if card["keys"] and not (settings.SEAL_KEY or keys.key_file().exists()):
        raise Unable(
            f"Put the signing key {card['keys'][-1][:16]}… at {keys.key_file()} first (or set SEAL_KEY); "
            "it is kept apart from backups."
        )
    if card["keys"] and keys.public_hex(keys.signing_key()) not in card["keys"]:
        raise Unable("The signing key here is not one of this backup's; put the right one in its place.")


def _sums(archive: tarfile.TarFile) -> dict[str, str]:
    lines = _read(archive, SUMS).decode().splitlines()
    return {name: digest for digest, _two, name in (line.partition("  ") for line in lines)}


def _compare(archive: tarfile.TarFile, sums: Mapping[str, str], source: Path) -> None:
    there = {entry.name for entry in archive.getmembers()} - {SUMS}
    if there != set(sums):
        raise Unable(f"{source} is not complete: {', '.join(sorted(there ^ set(sums))[:5])}")
    for name, digest in sums.items():
        with _member(archive, name) as file:
            if hashlib.file_digest(file, "sha256").hexdigest() != digest:  # type: ignore[arg-type]
                raise Unable(f"{name} in {source} was altered; nothing was restored.")


def _member(archive: tarfile.TarFile, name: str) -> IO[bytes]:
    file = archive.extractfile(name)
    if file is None:
        raise KeyError(name)
    return file


def _read(archive: tarfile.TarFile, name: str) -> bytes:
    with _member(archive, name) as file:
        return file.read()


@contextmanager
def _spooled(archive: tarfile.TarFile, name: str) -> Iterator[Path]:
    with tempfile.TemporaryDirectory() as folder, _member(archive, name) as file:
        path = Path(folder) / name
        with path.open("wb") as out:
            while piece := file.read(1 << 20):
                out.write(piece)
        yield path


def _postgres(program: str, *arguments: str) -> None:
    """Run a client program of PostgreSQL against the owner's database."""
    at = settings.DATABASE_OWNER
    address = {"PGHOST": at["HOST"], "PGPORT": str(at["PORT"] or ""), "PGUSER": at["USER"],
               "PGPASSWORD": at["PASSWORD"], "PGDATABASE": connection.settings_dict["NAME"]}  # fmt: skip
    environment = {**os.environ, **{key: value for key, value in address.items() if value}}
    done = subprocess.run([_program(program), *arguments], env=environment, capture_output=True, text=True, check=False)  # noqa: S603
    if done.returncode:
        raise Unable(f"{program} failed: {done.stderr.strip()[-500:]}")


def _program(name: str) -> str:
    """The program that came with AIMS, which reads all servers up to its own version; else the machine's."""
    try:
        shipped = wheel(MAJOR) / "bin" / name
    except Unable:
        shipped = Path()
    found = str(shipped) if shipped.is_file() else which(name)
    if not found:
        raise Unable(f"{name} is not installed. Install PostgreSQL's client programs.")
    return found
