"""A backup taken while AIMS is written to comes back whole, its history intact; anything less is refused."""

import io
import json
import tarfile
import threading
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import FileSystemStorage, default_storage
from django.core.management import CommandError, call_command
from django.db import connection, connections

from aims import backups, keys, seals, verify
from aims.embedded.places import Unable
from aims.models import Seal
from aims.trail import recording
from tests.factories import person, unit
from tests.factories.inventory import system
from tests.plugins.database import administer

AT = datetime(2026, 11, 1, 12, tzinfo=UTC)


@pytest.fixture(scope="module")
def lived_in(module_db):
    """An installation with a history: people, systems, a seal, a stored file."""
    where = unit("Shop")
    owner = person("system_owner", where)
    for number in range(5):
        system(unit=where, owner=owner, title=f"System {number}")
    seals.seal_new_events()
    default_storage.save("blobs/ab/cd/abcd", ContentFile(b"what was proven"))
    yield owner
    default_storage.delete("blobs/ab/cd/abcd")


@pytest.fixture(scope="module")
def archive(lived_in, tmp_path_factory):
    target = tmp_path_factory.mktemp("backup") / "aims.tar"
    backups.save(target, at=AT)
    return target


@pytest.fixture
def elsewhere(tmp_path, monkeypatch):
    """A database without a table and a storage without a file, as on a new machine that has the key."""
    name = f"aims_restored_{uuid4().hex[:8]}"
    original = connection.settings_dict["NAME"]
    connections.close_all()
    administer("CREATE DATABASE {}", name)
    connections["default"].settings_dict["NAME"] = name
    monkeypatch.setattr(default_storage, "_wrapped", FileSystemStorage(location=tmp_path / "files"))
    yield name
    connections.close_all()
    connections["default"].settings_dict["NAME"] = original
    administer("DROP DATABASE {} WITH (FORCE)", name)


def rows(sql):
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return cursor.fetchall()


def rewritten(archive, **changed):
    """The archive with some members' bytes replaced."""
    target = archive.with_name(f"{uuid4().hex}.tar")
    with tarfile.open(archive) as old, tarfile.open(target, "w") as new:
        for entry in old.getmembers():
            data = changed.get(entry.name.replace(".", "_").replace("-", "_"), old.extractfile(entry).read())
            if data is not None:
                entry.size = len(data)
                new.addfile(entry, io.BytesIO(data))
    return target


class Writer(threading.Thread):
    """Registers changes until told to stop, as people do while a backup runs."""

    def __init__(self, owner):
        super().__init__()
        self.owner, self.enough, self.written = owner, threading.Event(), 0

    def run(self):
        while not self.enough.is_set():
            with recording(None, "test"):
                type(self.owner).objects.filter(pk=self.owner.pk).update(job_title=f"Title {self.written}")
            self.written += 1
        connections.close_all()


def test_comes_back_whole_though_people_wrote_meanwhile(lived_in, tmp_path, request):
    writer = Writer(lived_in)
    writer.start()
    try:
        before = rows("SELECT count(*) FROM organization_userevent")[0][0]
        backups.save(tmp_path / "aims.tar", at=AT)
    finally:
        writer.enough.set()
        writer.join()
    assert writer.written
    sealed = list(Seal.objects.values_list("number", "root"))

    request.getfixturevalue("elsewhere")
    call_command("restore", tmp_path / "aims.tar")
    assert verify.verify() == []
    assert list(Seal.objects.filter(number__lte=len(sealed)).values_list("number", "root").order_by("number")) == sealed
    assert rows("SELECT count(*) FROM organization_userevent")[0][0] >= before
    assert rows("SELECT count(*) FROM inventory_aisystem") == [(5,)]
    with default_storage.open("blobs/ab/cd/abcd") as file:
        assert file.read() == b"what was proven"


def test_history_goes_on_after_a_restore(archive, elsewhere, undisturbed):
    """New events are sealed and found again, though transactions are numbered anew in another cluster."""
    call_command("restore", archive)
    person("reader")
    assert seals.seal_new_events() is not None
    assert verify.verify() == []


def test_lists_keys_and_holds_none(archive):
    card = backups.card_of(archive)
    assert card["keys"] == [keys.public_hex(keys.signing_key())]
    assert card["last_seal"]["number"] == Seal.objects.order_by("-number").first().number
    with tarfile.open(archive) as found:
        assert not [name for name in found.getnames() if name.endswith(".pem")]
        assert b"PRIVATE KEY" not in found.extractfile(backups.CARD).read()


def test_never_writes_over_a_file(archive):
    with pytest.raises(Unable, match="is there already"):
        backups.save(archive, at=AT)


def test_a_broken_off_backup_leaves_nothing(lived_in, tmp_path, monkeypatch):
    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(tarfile.TarFile, "addfile", full)
    with pytest.raises(OSError, match="No space"):
        backups.save(tmp_path / "aims.tar", at=AT)
    assert list(tmp_path.iterdir()) == []


def test_goes_only_into_an_empty_database(archive):
    with pytest.raises(CommandError, match="not empty"):
        call_command("restore", archive)


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"database_dump": b"something else"}, "was altered"),
        ({"files/blobs/ab/cd/abcd": b"another proof"}, "was altered"),
        ({"files/blobs/ab/cd/abcd": None}, "not complete"),
        ({"backup_json": b'{"format": 99}'}, "has format 99"),
        ({"backup_json": b"no card"}, "not a backup"),
    ],
)
def test_an_altered_archive_is_refused_before_anything_is_written(archive, elsewhere, changed, told):
    with pytest.raises(Unable, match=told):
        backups.load(rewritten(archive, **changed))
    assert connection.introspection.table_names() == []
    assert not list(backups.stored_files())


def test_what_is_no_archive_is_refused(elsewhere, tmp_path):
    (tmp_path / "letter.txt").write_text("Dear all")
    for name in ("letter.txt", "missing.tar"):
        with pytest.raises(Unable, match="not a backup"):
            backups.load(tmp_path / name)


def test_asks_for_the_key_that_is_kept_apart(archive, elsewhere, settings, tmp_path):
    settings.SEAL_KEY, settings.SEAL_KEY_FILE = "", str(tmp_path / "none" / "seal.pem")
    with pytest.raises(Unable, match="Put the signing key"):
        backups.load(archive)
    keys.signing_key()  # another one, made by somebody who was in a hurry
    with pytest.raises(Unable, match="not one of this backup's"):
        backups.load(archive)
    assert connection.introspection.table_names() == []


def test_says_so_where_the_client_programs_are_missing(lived_in, tmp_path, monkeypatch):
    monkeypatch.setattr(backups, "wheel", lambda major: Path("/nowhere"))
    monkeypatch.setattr(backups, "which", lambda name: None)
    with pytest.raises(CommandError, match="pg_dump is not installed"):
        call_command("backup", tmp_path / "aims.tar")


def test_command_names_file_and_keys(lived_in, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    call_command("backup")
    said = capsys.readouterr().out
    assert list(tmp_path.glob("aims-*.tar"))
    assert keys.public_hex(keys.signing_key())[:16] in said


def test_an_empty_storage_is_no_error(settings, monkeypatch, tmp_path):
    monkeypatch.setattr(default_storage, "_wrapped", FileSystemStorage(location=tmp_path / "not made yet"))
    assert list(backups.stored_files()) == []


def test_card_is_readable_by_eye(archive):
    with tarfile.open(archive) as found:
        assert json.load(found.extractfile(backups.CARD))["made_at"] == AT.isoformat()
