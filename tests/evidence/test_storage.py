"""Bytes are kept once, whole or not at all; what is missing or altered is noticed when read."""

import os
import stat
from datetime import timedelta
from hashlib import sha256
from io import BytesIO
from pathlib import Path

import pytest
from django.core.files.storage import InMemoryStorage, default_storage

from aims import clock
from evidence import storage
from evidence.storage import Damaged


@pytest.fixture(autouse=True)
def own_folder(settings, tmp_path):
    """Every test has an empty storage."""
    settings.MEDIA_ROOT = tmp_path
    before = default_storage._wrapped
    default_storage._wrapped = type(before)(location=str(tmp_path)) if hasattr(before, "location") else before
    yield tmp_path
    default_storage._wrapped = before


def test_bytes_are_kept_under_their_digest(own_folder):
    stored = storage.store([b"one ", b"two"])
    assert (stored.sha256, stored.size) == (sha256(b"one two").hexdigest(), 7)
    path = own_folder / storage.path_of(stored.sha256)
    assert path.read_bytes() == b"one two"
    assert stat.S_IMODE(path.stat().st_mode) == 0o440
    assert b"".join(storage.checked(stored.sha256)) == b"one two"
    assert list(storage.names()) == [stored.sha256]
    assert storage.leftovers() == []


def test_same_bytes_are_written_once(own_folder):
    first = storage.store([b"same"])
    path = own_folder / storage.path_of(first.sha256)
    before = path.stat().st_mtime_ns
    assert storage.store([b"sa", b"me"]) == first
    assert path.stat().st_mtime_ns == before


def test_half_written_file_of_the_same_name_is_replaced(own_folder):
    digest = sha256(b"whole").hexdigest()
    path = own_folder / storage.path_of(digest)
    path.parent.mkdir(parents=True)
    path.write_bytes(b"who")
    storage.store([b"whole"])
    assert path.read_bytes() == b"whole"


def test_nothing_is_left_when_the_sender_breaks_off(own_folder):
    def broken():
        yield b"first"
        raise ConnectionError

    with pytest.raises(ConnectionError):
        storage.store(broken())
    assert storage.leftovers() == []
    assert list(storage.names()) == []


def test_missing_and_altered_files_are_noticed(own_folder):
    with pytest.raises(Damaged, match="missing"):
        storage.verify("0" * 64)
    digest = storage.store([b"evidence"]).sha256
    path = own_folder / storage.path_of(digest)
    path.chmod(0o640)
    path.write_bytes(b"Evidence")
    with pytest.raises(Damaged, match="altered"):
        storage.verify(digest)


def test_removed_file_is_gone_and_removing_again_is_no_error():
    digest = storage.store([b"x"]).sha256
    storage.remove(digest)
    storage.remove(digest)
    assert list(storage.names()) == []


def test_age_of_files_is_known(own_folder):
    digest = storage.store([b"x"]).sha256
    now = clock.now()
    assert storage.settled(digest, now + timedelta(minutes=1))
    assert not storage.settled(digest, now - timedelta(hours=1))
    left = own_folder / "incoming" / "tmpabc"
    left.write_bytes(b"half")
    os.utime(left, (0, 0))
    assert storage.leftovers() == ["tmpabc"]
    assert storage.leftover_settled("tmpabc", now)
    storage.remove_leftover("tmpabc")
    assert not Path(left).exists()


def test_other_storages_work_too():
    before = default_storage._wrapped
    default_storage._wrapped = InMemoryStorage()
    try:
        assert list(storage.names()) == []
        assert storage.leftovers() == []
        digest = storage.store([b"far away"]).sha256
        assert b"".join(storage.checked(digest)) == b"far away"
    finally:
        default_storage._wrapped = before


def test_pieces_begin_at_the_beginning():
    file = BytesIO(b"abc")
    file.read()
    assert list(storage.chunks_of(file)) == [b"abc"]
