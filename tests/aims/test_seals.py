"""Sealing and verifying: nothing is missed, and whatever is altered, added, removed or cut is named."""

import io
import json

import pytest
from django.core.management import call_command
from django.db import connection
from hypothesis import given, seed
from hypothesis import settings as examples
from hypothesis import strategies as st

from aims import keys, merkle, seals, verify
from aims.models import Leaf, Seal, SealKey
from tests.aims.sealing import seal
from tests.factories import unit
from tests.factories.sample import sample, slice_of
from tests.sample.models import Sample

EVENTS = "sample_sampleevent"


# One after the other: each waits for the transactions of other tests.
pytestmark = pytest.mark.xdist_group("seals")


@pytest.fixture(autouse=True)
def own_key(tmp_path, settings):
    settings.SEAL_KEY_FILE = str(tmp_path / "keys" / "seal.pem")
    settings.SEAL_KEY = ""


@pytest.fixture
def rows(committed_db):
    where = unit()
    return [sample(unit=where) for _number in range(3)]


def as_owner(*statements):
    """Behind the application's back: the triggers of every table off."""
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        for statement in statements:
            cursor.execute(statement)
        cursor.execute("SET session_replication_role = DEFAULT")


def found():
    return {(finding.sort, finding.source) for finding in verify.verify()}


def test_everything_finished_is_sealed_once(rows):
    first = seal()
    assert first.size == Leaf.objects.count() >= len(rows)
    assert seals.seal_new_events() is None
    slice_of(rows[0])
    second = seal()
    assert (second.size, second.previous) == (first.size + 1, seals.digest(first))
    assert verify.verify() == []


def test_more_than_a_batch_is_sealed_in_one_run(rows, monkeypatch):
    monkeypatch.setattr(seals, "BATCH", 2)
    last = seal()
    assert last.size == Leaf.objects.count()
    assert last.number > 1
    assert verify.verify() == []


def test_a_transaction_that_commits_late_is_not_skipped(rows, second_connection):
    late = "UPDATE sample_sample SET purpose = 'late' WHERE id = %s"
    second_connection.execute(late, [rows[0].pk])
    Sample.objects.filter(pk=rows[1].pk).update(purpose="early")
    seals.seal_new_events()
    before = Leaf.objects.count()
    second_connection.commit()
    assert seal().size >= before + 1
    sealed = Leaf.objects.filter(source=EVENTS).count()
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM {EVENTS}")
        assert cursor.fetchone()[0] == sealed


def test_two_sealers_at_once_do_not_seal_twice(rows, second_connection):
    second_connection.execute("SELECT pg_advisory_xact_lock(%s)", [seals._LOCK])
    assert seals.seal_new_events() is None
    second_connection.rollback()
    assert seal().size == Leaf.objects.count()


@pytest.mark.parametrize(
    ("statement", "sort"),
    [
        (f"UPDATE {EVENTS} SET purpose = 'forged' WHERE pgh_id = (SELECT min(pgh_id) FROM {EVENTS})", "altered"),
        (f"UPDATE {EVENTS} SET pgh_context = '{{}}' WHERE pgh_id = (SELECT min(pgh_id) FROM {EVENTS})", "altered"),
        (f"DELETE FROM {EVENTS} WHERE pgh_id = (SELECT max(pgh_id) FROM {EVENTS})", "removed"),
        (
            f"INSERT INTO {EVENTS} (pgh_created_at, pgh_label, pgh_obj_id, xid, id) "
            f"SELECT pgh_created_at, 'update', pgh_obj_id, xid, id FROM {EVENTS} LIMIT 1",
            "added",
        ),
    ],
)
def test_a_forged_event_is_named(rows, statement, sort):
    seal()
    as_owner(statement)
    assert (sort, EVENTS) in found()


def test_a_row_changed_with_the_trail_off_is_named(rows):
    seal()
    as_owner(f"UPDATE sample_sample SET purpose = 'quietly' WHERE id = {rows[0].pk}")
    named = [finding for finding in verify.verify() if finding.sort == "state"]
    assert [finding.ref for finding in named] == [rows[0].ref]


def test_a_row_deleted_with_the_trail_off_is_named(rows):
    as_owner(f"DELETE FROM sample_sample WHERE id = {rows[0].pk}")
    assert ("state", EVENTS) in found()


def test_a_row_put_in_with_the_trail_off_is_named(rows):
    columns = "title, unit_id, state, confidentiality, version, purpose, colours, kept"
    as_owner(f"INSERT INTO sample_sample ({columns}) SELECT {columns} FROM sample_sample LIMIT 1")
    assert ("state", EVENTS) in found()


def test_the_last_ten_events_removed_are_named(rows):
    for number in range(10):
        Sample.objects.filter(pk=rows[0].pk).update(purpose=str(number))
    seal()
    as_owner(f"DELETE FROM {EVENTS} WHERE pgh_id IN (SELECT pgh_id FROM {EVENTS} ORDER BY pgh_id DESC LIMIT 10)")
    removed = [finding for finding in verify.verify() if finding.sort == "removed"]
    assert len(removed) == 10


@pytest.mark.parametrize(
    ("statement", "sort"),
    [
        ("DELETE FROM aims_seal WHERE number = (SELECT max(number) FROM aims_seal)", "truncated"),
        ("DELETE FROM aims_seal WHERE number = 1", "seal"),
        ("UPDATE aims_seal SET root = repeat('0', 64) WHERE number = 1", "seal"),
        ("UPDATE aims_seal SET signature = repeat('0', 128) WHERE number = 2", "seal"),
        ("UPDATE aims_seal SET sealed_at = sealed_at - interval '1 day' WHERE number = 1", "seal"),
        ("DELETE FROM aims_leaf WHERE position = 0", "seal"),
        ("UPDATE aims_leaf SET hash = sha256('x') WHERE position = 0", "seal"),
    ],
)
def test_a_forged_chain_is_named(rows, statement, sort):
    seal()
    slice_of(rows[0])
    seal()
    as_owner(statement)
    assert sort in {finding.sort for finding in verify.verify()}


def test_a_log_cut_with_its_seals_is_found_by_what_was_exported(rows):
    seal()
    slice_of(rows[0])
    last = seal()
    anchors = [*seals.exported(), ""]
    assert verify.verify(anchors) == []
    kept = Seal.objects.get(number=last.number - 1).size
    as_owner(
        f"DELETE FROM aims_seal WHERE number = {last.number}",
        f"DELETE FROM aims_leaf WHERE position >= {kept}",
        "DELETE FROM sample_sliceevent",
        "DELETE FROM sample_slice",
    )
    assert {finding.sort for finding in verify.verify(anchors)} == {"truncated"}


def test_a_chain_written_again_is_found_by_what_was_exported(rows, tmp_path, settings):
    seal()
    anchors = list(seals.exported())
    as_owner("DELETE FROM aims_seal", "DELETE FROM aims_leaf", "DELETE FROM aims_sealkey")
    settings.SEAL_KEY_FILE = str(tmp_path / "other.pem")
    seal()
    assert verify.verify() == []
    assert "seal" in {finding.sort for finding in verify.verify(anchors)}


def test_keys_rotate_and_the_chain_holds(rows):
    seal()
    new = keys.rotate()
    slice_of(rows[0])
    assert seal().key == new
    assert verify.verify() == []
    as_owner(f"UPDATE aims_sealkey SET vouched = repeat('0', 128) WHERE id = {new.pk}")
    assert {"key", "seal"} <= {finding.sort for finding in verify.verify()}


def test_an_unknown_key_signs_nothing(rows, tmp_path, settings):
    seal()
    slice_of(rows[0])
    settings.SEAL_KEY_FILE = str(tmp_path / "stranger.pem")
    with pytest.raises(RuntimeError, match="unknown"):
        seal()


def test_the_key_may_come_from_the_environment(rows, settings):
    keys.signing_key()
    settings.SEAL_KEY = keys.key_file().read_text()
    public = keys.public_hex(keys.signing_key())
    assert seal().key.public == public
    with pytest.raises(RuntimeError, match="SEAL_KEY"):
        keys.rotate()


def test_a_key_of_another_kind_is_refused(tmp_path, settings):
    from cryptography.hazmat.primitives import serialization as s
    from cryptography.hazmat.primitives.asymmetric import ec

    pem = ec.generate_private_key(ec.SECP256R1()).private_bytes(s.Encoding.PEM, s.PrivateFormat.PKCS8, s.NoEncryption())
    settings.SEAL_KEY = pem.decode()
    with pytest.raises(RuntimeError, match="Ed25519"):
        keys.signing_key()


def test_the_key_file_is_the_owners_alone(rows):
    keys.signing_key()
    assert keys.key_file().stat().st_mode & 0o777 == 0o600


def test_transaction_numbers_may_begin_anew_after_a_restore(rows):
    seal()
    slice_of(rows[0])
    as_owner("UPDATE aims_seal SET horizon = '9000000000000'", f"UPDATE {EVENTS} SET xid = '9000000000001'")
    assert seal().number > 1
    assert seals.seal_new_events() is None
    assert found() == set()


def test_the_commands_say_what_they_did(rows):
    def run(*words):
        said = io.StringIO()
        call_command(*words, stdout=said)
        return said.getvalue()

    assert run("seal").startswith("Seal 1:")
    seal()  # and what another test's open transaction held back
    assert run("seal") == "Nothing to seal.\n"
    assert json.loads(run("export_seals").splitlines()[0])["number"] == 1
    assert "holds" in run("verify_trail")
    as_owner(f"UPDATE {EVENTS} SET purpose = 'forged'")
    with pytest.raises(SystemExit) as exit_status:
        run("verify_trail")
    assert exit_status.value.code == 1
    assert "Seals are signed by" in run("rotate_seal_key")


def test_every_event_table_can_be_proven_by_its_leaf(rows):
    last = seal()
    hashes = seals.leaf_hashes(last.size)
    leaf = Leaf.objects.get(source=EVENTS, event_id=_first_event())
    proof = merkle.inclusion_proof(hashes, leaf.position)
    assert merkle.root_from_inclusion(bytes(leaf.hash), leaf.position, last.size, proof).hex() == last.root


def _first_event():
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT min(pgh_id) FROM {EVENTS}")
        return cursor.fetchone()[0]


@seed(1)
@examples(max_examples=25)
@given(st.data())
def test_any_altered_column_of_any_event_is_found(altered, data):
    table, columns = data.draw(st.sampled_from(altered))
    column, kind = data.draw(st.sampled_from(columns))
    other = {
        "text": "'#'",
        "character varying": "'#'",
        "bigint": "-1",
        "integer": "999",
        "boolean": f'NOT COALESCE("{column}", false)',
        "date": "'1999-01-01'",
        "timestamp with time zone": "'1999-01-01'",
        "jsonb": "'[1]'",
        "numeric": "-1",
    }.get(kind)
    if other is None:
        return
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        cursor.execute(f'SELECT "{column}" FROM {table} WHERE pgh_id = (SELECT min(pgh_id) FROM {table})')
        before = cursor.fetchone()[0]
        cursor.execute(f'UPDATE {table} SET "{column}" = {other} WHERE pgh_id = (SELECT min(pgh_id) FROM {table})')
    try:
        assert (("altered", table) in found()) or column == "pgh_id"
    finally:
        with connection.cursor() as cursor:
            value = json.dumps(before) if kind == "jsonb" and before is not None else before
            cursor.execute(
                f'UPDATE {table} SET "{column}" = %s WHERE pgh_id = (SELECT min(pgh_id) FROM {table})', [value]
            )
            cursor.execute("SET session_replication_role = DEFAULT")


@pytest.fixture
def altered(rows):
    """(table, [(column, type)]) of the event tables that have rows, sealed."""
    slice_of(rows[0])
    seal()
    tables = (EVENTS, "sample_sliceevent", "organization_unitevent")
    unsealed = ("pgh_id", "xid", "pgh_salt", "pgh_redacted")
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT table_name, column_name, data_type FROM information_schema.columns "
            "WHERE table_schema = 'public' AND table_name = ANY(%s) AND NOT column_name = ANY(%s)",
            [list(tables), list(unsealed)],
        )
        columns = cursor.fetchall()
    return [(table, [(c, kind) for t, c, kind in columns if t == table]) for table in tables]


def test_seal_keys_are_introduced_once(rows):
    key = keys.signing_key()
    assert keys.current(key) == keys.current(key)
    assert SealKey.objects.count() == 1
