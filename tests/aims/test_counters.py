"""Kept counters: exact for everybody whatever happens, no row waits for them, drift is found and put right."""

from collections import Counter

import pytest
from django.db import connection, transaction
from hypothesis import given
from hypothesis import strategies as st

from aims import asof, clock, counters, tasks
from aims.access import Access
from aims.models import Count, Record
from tests.aims.test_access import ROLES, Somebody
from tests.factories import person, unit
from tests.factories.sample import sample
from tests.sample.models import Sample

LEVELS = ("normal", "restricted", "case")
CELLS = "sample.kept"


@pytest.fixture
def field(db):
    units, people = [unit(), unit()], [person(), person()]
    rows = [
        sample(unit=where, owner=owner, confidentiality=level, holder_id=holder, kept=kept)
        for where in units
        for owner in people
        for level in LEVELS
        for holder, kept in ((None, False), (7, True))
    ]
    return units, people, rows


def some_access(data, units, people, rows):
    ids = [one.pk for one in units]
    some = st.frozensets(st.sampled_from(ids))
    held = data.draw(st.dictionaries(st.sampled_from(ROLES), some), label="units")
    return Access(
        person_id=data.draw(st.sampled_from([None, *(one.pk for one in people)]), label="person"),
        units=held,
        records=data.draw(st.dictionaries(st.sampled_from(ROLES), st.just(frozenset({7}))), label="records"),
        clearance=data.draw(some, label="clearance"),
        cases=data.draw(st.frozensets(st.sampled_from([one.pk for one in rows])), label="cases"),
        all_units=data.draw(st.booleans(), label="all") and frozenset(ids) in held.values(),
        above=data.draw(some, label="above"),
    )


@given(data=st.data())
def test_the_total_is_what_a_count_would_say(field, data):
    units, people, rows = field
    who = Somebody(some_access(data, units, people, rows))
    with transaction.atomic():
        moved = data.draw(st.sampled_from(rows))
        Sample.objects.filter(pk=moved.pk).update(
            unit=data.draw(st.sampled_from(units)), confidentiality=data.draw(st.sampled_from(LEVELS))
        )
        Sample.objects.filter(pk=data.draw(st.sampled_from(rows)).pk).delete()
        seen = Sample.objects.visible_to(who)
        assert seen.total() == seen.count()
        records = Record.objects.visible_to(who)
        kept = records.kept_by_kind_and_state()
        assert kept is None or kept == Counter(records.values_list("kind", "state"))
        assert (kept is not None) == who.access.all_units
        assert seen.cells(CELLS) == Counter(
            ("true" if kept else "false", state)
            for kept, state in seen.filter(state="draft").values_list("kept", "state")
        )
        transaction.set_rollback(True)


def test_who_sees_everything_costs_one_sum(field, django_assert_num_queries):
    officer = Somebody(Access(units={"reader": frozenset({1})}, clearance=frozenset({1}), all_units=True))
    with django_assert_num_queries(1) as seen:
        Sample.objects.visible_to(officer).order_by("title").total()
    assert "aims_count" in seen.captured_queries[0]["sql"]


def test_who_sees_everything_gets_all_kinds_by_state_from_the_counters(field, django_assert_num_queries):
    officer = Somebody(Access(units={"reader": frozenset({1})}, clearance=frozenset({1}), all_units=True))
    with django_assert_num_queries(2) as seen:
        assert Record.objects.visible_to(officer).kept_by_kind_and_state()
    assert all("aims_count" in one["sql"] for one in seen.captured_queries)


def test_the_spine_is_counted_where_it_is_narrowed_or_read_as_of_a_day(field):
    whole = Access(units={"reader": frozenset({1})}, clearance=frozenset({1}), all_units=True)
    rows = Record.objects.visible_to(Somebody(whole))
    for some in (rows.filter(kind="sample"), rows.exclude(state="draft"), rows.none()):
        assert some.kept_by_kind_and_state() is None
    with asof.reading(clock.now()):
        then = Record.objects.visible_to(Somebody(whole))
        assert then.kept_by_kind_and_state() is None


@pytest.mark.parametrize(
    "narrowed",
    [
        lambda rows: rows.filter(kept=True),
        lambda rows: rows.exclude(kept=True),
        lambda rows: rows.filter(kept=True).order_by("title"),
        lambda rows: rows.distinct(),
        lambda rows: rows[:3],
        lambda rows: rows.none(),
        lambda rows: rows.filter(kept=True).union(rows.filter(kept=False)),
    ],
    ids=["filter", "exclude", "ordered", "distinct", "slice", "none", "union"],
)
def test_whatever_is_narrowed_is_counted(field, narrowed):
    rows = narrowed(Sample.objects.visible_to(Somebody(_everything(field))))
    assert rows.total() == len(list(rows))


def test_a_filter_before_the_rule_is_counted_too(field):
    rows = Sample.objects.filter(kept=True).visible_to(Somebody(_everything(field)))
    assert rows.total() == rows.count()


def test_the_past_is_counted_as_it_was(field):
    who = Somebody(_everything(field))
    with asof.reading(clock.now()):
        rows = Sample.objects.visible_to(who)
        assert rows.total() == rows.count()


def test_a_change_of_anything_else_notes_nothing(field):
    before = Count.objects.count()
    Sample.objects.update(title="Other")
    assert Count.objects.count() == before


def test_many_rows_at_once_are_one_note_a_cell(db):
    where, before = unit(), Count.objects.count()
    Sample.objects.bulk_create([Sample(title=f"Row {n}", unit=where, ref=f"SMP-9{n:03}") for n in range(50)])
    assert Count.objects.count() - before == 4, "two counters, in the unit and in all together"


def test_folding_keeps_the_numbers(field):
    who = Somebody(_everything(field))
    total, rows = Sample.objects.visible_to(who).total(), Count.objects.count()
    assert counters.fold() > 0
    tasks.fold_counts()
    assert Sample.objects.visible_to(who).total() == total
    assert Count.objects.count() < rows
    assert not Count.objects.filter(fresh=True).exists()


def test_two_do_not_fold_at_once(committed_db, second_connection):
    sample(unit=unit())
    second_connection.execute("SELECT pg_advisory_xact_lock(%s)", [counters._LOCK])
    assert counters.fold() == 0
    second_connection.rollback()
    sample(unit=unit())
    assert counters.fold() > 0


def test_drift_is_found_told_and_put_right(field, caplog):
    assert counters.put_right() == []
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute("DELETE FROM sample_sample WHERE id = %s", [field[2][0].pk])
        cursor.execute("SET LOCAL session_replication_role = DEFAULT")
    who = Somebody(_everything(field))
    assert Sample.objects.visible_to(who).total() != Sample.objects.visible_to(who).count()
    tasks.check_counts()
    assert "counter" in caplog.text
    assert Sample.objects.visible_to(who).total() == Sample.objects.visible_to(who).count()
    assert counters.put_right() == []


def _everything(field):
    everything = frozenset(one.pk for one in field[0])
    return Access(units={"reader": everything}, clearance=everything, person_id=field[1][0].pk)
