"""What the database keeps by itself for every governed row: reference, version, spine, immutable columns."""

from datetime import date

import pytest
from django.db import IntegrityError, connection, transaction

from aims.models import Record
from tests.factories import person, unit
from tests.factories.sample import sample, slice_of
from tests.sample.models import Sample, Slice

pytestmark = pytest.mark.django_db


def version_of(row: Sample) -> int:
    return Sample.objects.values_list("version", flat=True).get(pk=row.pk)


@pytest.fixture
def row() -> Sample:
    return sample(unit=unit())


def test_references_come_from_a_sequence_of_the_kind(row):
    other = sample(unit=row.unit)
    first, second = (int(one.ref.removeprefix("SMP-")) for one in (row, other))
    assert second == first + 1
    assert len(row.ref) >= len("SMP-0001")


def test_reference_of_a_bad_prefix_is_refused():
    with pytest.raises(Exception, match="bad reference prefix"), connection.cursor() as cursor:
        cursor.execute("SELECT aims_reference('sys; drop')")


def test_keys_are_shared_by_all_governed_rows(row):
    assert slice_of(row).pk > row.pk


def test_save_raises_version(row):
    row.purpose = "another"
    row.save()
    assert version_of(row) == 2


def test_bulk_update_raises_every_version(row):
    other = sample(unit=row.unit)
    Sample.objects.filter(pk__in=[row.pk, other.pk]).update(purpose="bulk")
    assert (version_of(row), version_of(other)) == (2, 2)


def test_bulk_update_method_raises_every_version(row):
    row.purpose = "bulk"
    Sample.objects.bulk_update([row], ["purpose"])
    assert version_of(row) == 2


def test_raw_sql_raises_version_and_cannot_set_it(row):
    with connection.cursor() as cursor:
        cursor.execute("UPDATE sample_sample SET purpose = 'raw', version = 77 WHERE id = %s", [row.pk])
    assert version_of(row) == 2


def test_update_sets_the_time_of_change(row):
    before = row.updated_at
    Sample.objects.filter(pk=row.pk).update(purpose="later")
    row.refresh_from_db()
    assert row.updated_at > before


@pytest.mark.parametrize(
    "change", ["id = id + 1000000", "ref = 'SMP-9999999'", "created_at = now() + interval '1 day'"]
)
def test_identity_never_changes(row, change):
    with pytest.raises(IntegrityError, match="never change"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"UPDATE sample_sample SET {change} WHERE id = %s", [row.pk])


def test_adding_changing_and_removing_a_part_raises_the_root(row):
    piece = slice_of(row)
    assert version_of(row) == 2
    Slice.objects.filter(pk=piece.pk).update(size=4)
    assert version_of(row) == 3
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM sample_slice WHERE id = %s", [piece.pk])
    assert version_of(row) == 4


def test_moving_a_part_raises_both_roots(row):
    other = sample(unit=row.unit)
    piece = slice_of(row)
    Slice.objects.filter(pk=piece.pk).update(sample=other)
    assert (version_of(row), version_of(other)) == (3, 2)


def test_spine_repeats_the_row(row):
    found = Record.objects.get(pk=row.pk)
    same = ("ref", "title", "unit_id", "owner_id", "state", "confidentiality", "due_on", "version", "updated_at")
    assert {name: getattr(found, name) for name in same} == {name: getattr(row, name) for name in same}
    assert (found.kind, found.anchor_id, found.created_at) == ("sample", None, row.created_at)


def test_spine_follows_bulk_changes(row):
    elsewhere = unit()
    Sample.objects.filter(pk=row.pk).update(
        title="Other", unit=elsewhere, owner=person(), due_on=date(2030, 1, 2), confidentiality="case", holder_id=5
    )
    row.refresh_from_db()
    found = Record.objects.get(pk=row.pk)
    assert (found.title, found.unit, found.owner, found.due_on) == ("Other", elsewhere, row.owner, date(2030, 1, 2))
    assert (found.confidentiality, found.anchor_id, found.version) == ("case", 5, row.version)


def test_spine_row_goes_with_the_record(row):
    Sample.objects.filter(pk=row.pk).delete()
    assert not Record.objects.filter(pk=row.pk).exists()


def test_spine_row_links_to_the_page_of_its_kind(row):
    assert Record.objects.get(pk=row.pk).get_absolute_url() == row.get_absolute_url() == f"/samples/{row.ref}/"


def test_record_says_its_reference_and_name(row):
    assert str(row) == f"{row.ref} {row.title}"


def test_constraint_of_the_kind_holds_against_raw_sql(row):
    with pytest.raises(IntegrityError), transaction.atomic():
        Sample.objects.filter(pk=row.pk).update(amount=-1)


def test_queryset_readings(row):
    someone = person()
    late = sample(unit=row.unit, due_on=date(2026, 1, 1), owner=someone)
    assert list(Sample.objects.overdue(on=date(2026, 1, 2))) == [late]
    assert list(Sample.objects.overdue(on=date(2026, 1, 1))) == []
    assert list(Sample.objects.owned_by(someone)) == [late]


def test_spine_matches_every_word(row):
    sample(unit=row.unit, title="Fraud detection of orders")
    found = Record.objects.matching("order fraud")
    assert [one.title for one in found] == ["Fraud detection of orders"]
    assert not Record.objects.matching("order pricing").exists()


def test_installation_mark_is_sealed():
    for statement in ("UPDATE aims_installation SET kind = 'real'", "DELETE FROM aims_installation"):
        with (
            pytest.raises(Exception, match="Cannot update or delete"),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(statement)
