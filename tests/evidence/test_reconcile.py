"""Rows and files are compared and put in order: what a crash leaves behind, what decays on disk."""

import os
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.files.storage import default_storage
from django.core.management import CommandError, call_command

from aims import clock
from evidence import services, storage
from evidence.models import Blob, Chapter
from evidence.services.files import CHAPTER_DAYS
from tests.factories.evidence import file_evidence


@pytest.fixture(autouse=True)
def own_folder(tmp_path):
    before = default_storage._wrapped
    default_storage._wrapped = type(before)(location=str(tmp_path))
    yield tmp_path
    default_storage._wrapped = before


@pytest.fixture
def item(db):
    return file_evidence()


def path_of(digest: str) -> Path:
    return Path(default_storage.path(storage.path_of(digest)))


def age(path: Path, **how) -> None:
    then = (clock.now() - timedelta(**how)).timestamp()
    os.utime(path, (then, then))


def order(**how):
    return services.reconcile(at=clock.now(), **{"repair": False, "scrub": False, **how})


def test_all_in_order(item):
    found = order(scrub=True, repair=True)
    assert found.sound
    assert not (found.unclaimed or found.leftovers or found.chapters)
    assert services.verify_evidence(item)


def test_missing_file_is_told_and_nothing_can_bring_it_back(item):
    storage.remove(item.blob_id)
    found = order(repair=True)
    assert (found.missing, found.sound) == ([item.blob_id], False)
    assert Blob.objects.filter(pk=item.blob_id).exists()


def test_flipped_byte_is_found_by_scrubbing_alone(item):
    path = path_of(item.blob_id)
    path.chmod(0o640)
    path.write_bytes(b"T" + path.read_bytes()[1:])
    assert order().sound
    assert order(scrub=True).altered == [item.blob_id]


def test_cut_file_is_found_without_reading_it(item):
    path = path_of(item.blob_id)
    path.chmod(0o640)
    path.write_bytes(path.read_bytes()[:-1])
    assert order().altered == [item.blob_id]


def test_file_without_row_goes_once_it_is_old_enough(item):
    """As after a crash between writing the file and committing its row."""
    digest = storage.store([b"nobody's"]).sha256
    assert order(repair=True).unclaimed == []
    age(path_of(digest), hours=2)
    assert order().unclaimed == [digest]
    assert digest in set(storage.names())
    assert order(repair=True).unclaimed == [digest]
    assert set(storage.names()) == {item.blob_id}
    assert order(repair=True).unclaimed == []


def test_temporary_files_of_the_killed_go(item, own_folder):
    left = own_folder / "incoming" / "tmpx"
    left.write_bytes(b"half")
    assert order(repair=True).leftovers == []
    age(left, hours=2)
    assert order(repair=True).leftovers == ["tmpx"]
    assert not left.exists()


def test_chapters_not_used_for_long_go_with_their_files(item):
    old = storage.store([b"drawn long ago"])
    fresh = storage.store([b"drawn today"])
    for stored, days in ((old, CHAPTER_DAYS + 1), (fresh, 0)):
        long_ago = clock.now() - timedelta(days=days + 1)
        blob = Blob.objects.create(sha256=stored.sha256, size=stored.size, stored_at=long_ago)
        used = clock.now() - timedelta(days=days)
        Chapter.objects.create(key=stored.sha256, blob=blob, pages=1, used_at=used)
        age(path_of(stored.sha256), days=days + 1)
    assert order(repair=True).chapters == 1
    assert not Blob.objects.filter(pk=old.sha256).exists()
    assert set(storage.names()) == {item.blob_id, fresh.sha256}


def test_command_names_what_is_wrong(item, capsys):
    call_command("reconcile")
    assert "Every file that is needed is there" in capsys.readouterr().out
    storage.remove(item.blob_id)
    with pytest.raises(CommandError):
        call_command("reconcile", "--scrub")
    assert f"missing: {item.blob_id}" in capsys.readouterr().out
