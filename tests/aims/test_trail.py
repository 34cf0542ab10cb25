"""The trail: every change is kept with who, as what, why and how; nothing kept can be changed."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection, transaction
from psycopg.sql import SQL

from aims import clock
from aims.history import event_model
from aims.trail import recording, request_id
from tests.factories import person, unit
from tests.factories.sample import sample, slice_of
from tests.sample.models import Note, Sample

pytestmark = pytest.mark.django_db
MOMENT = datetime(2025, 3, 4, 5, 6, 7, tzinfo=UTC)


def events(row):
    return list(event_model(type(row)).objects.filter(pgh_obj_id=row.pk).order_by("pgh_id"))


@pytest.fixture
def row():
    return sample(unit=unit())


def test_insert_update_and_delete_are_kept(row):
    row.purpose = "new"
    row.save()
    Sample.objects.filter(pk=row.pk).delete()
    kept = event_model(Sample).objects.filter(pgh_obj_id=row.pk).order_by("pgh_id")
    assert [e.pgh_label for e in kept] == ["insert", "update", "delete"]
    assert [e.purpose for e in kept] == ["", "new", "new"]


def test_bulk_and_raw_changes_are_kept(row):
    Sample.objects.filter(pk=row.pk).update(purpose="bulk")
    with connection.cursor() as cursor:
        cursor.execute("UPDATE sample_sample SET purpose = 'raw' WHERE id = %s", [row.pk])
    assert [e.purpose for e in events(row)] == ["", "bulk", "raw"]


def test_a_raised_version_alone_is_no_event_of_the_root(row):
    slice_of(row)
    assert len(events(row)) == 1


def test_excluded_columns_are_never_kept():
    note = Note.objects.create(text="seen", secret="hidden")
    assert not hasattr(events(note)[0], "secret")
    Note.objects.filter(pk=note.pk).update(secret="other")
    assert len(events(note)) == 1


@pytest.mark.parametrize("change", ["UPDATE {} SET purpose = 'forged'", "DELETE FROM {}", "TRUNCATE {}"])
def test_events_are_append_only(row, change):
    table = event_model(Sample)._meta.db_table
    with pytest.raises(Exception, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(change.format(table))
    assert [e.purpose for e in events(row)] == [""]


def test_truncating_everything_is_refused_too(row):
    with pytest.raises(Exception, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("TRUNCATE aims_record, sample_sample, sample_sampleevent CASCADE")


def test_context_names_actor_capacity_service_reason_and_request(row):
    who = person()
    token = request_id.set("abc")
    with recording(who, "change_sample", capacity="system_owner", reason="because"):
        Sample.objects.filter(pk=row.pk).update(purpose="told")
    request_id.reset(token)
    assert events(row)[-1].pgh_context == {
        "actor": who.pk,
        "capacity": "system_owner",
        "service": "change_sample",
        "reason": "because",
        "request": "abc",
    }


def test_more_context_is_kept_as_given(row):
    with recording(None, "import_samples", file="a.csv"):
        Sample.objects.filter(pk=row.pk).update(purpose="told")
    assert events(row)[-1].pgh_context == {"service": "import_samples", "file": "a.csv"}


def test_change_without_a_verb_has_no_context(row):
    Sample.objects.filter(pk=row.pk).update(purpose="psql")
    assert not events(row)[-1].pgh_context


def test_inner_verb_is_recorded_under_the_outer(row):
    who = person()
    with recording(who, "outer", capacity="approver", reason="why", file="a.csv"):
        with recording(who, "inner"):
            Sample.objects.filter(pk=row.pk).update(purpose="inner")
        Sample.objects.filter(pk=row.pk).update(purpose="outer")
    inner, outer = events(row)[-2:]
    assert inner.pgh_context["service"] == "outer"
    assert inner.pgh_context["via"] == "inner"
    assert (inner.pgh_context["capacity"], inner.pgh_context["reason"]) == ("approver", "why")
    assert inner.pgh_context["file"] == "a.csv"
    assert "via" not in outer.pgh_context


def test_context_ends_with_the_verb(row):
    with recording(person(), "verb"):
        pass
    Sample.objects.filter(pk=row.pk).update(purpose="after")
    assert not events(row)[-1].pgh_context


def test_failed_inner_verb_leaves_the_outer_context(row):
    with recording(None, "outer"):
        with pytest.raises(ZeroDivisionError), recording(None, "inner"):
            Sample.objects.filter(pk=row.pk).update(purpose="lost")
            raise ZeroDivisionError
        Sample.objects.filter(pk=row.pk).update(purpose="kept")
    assert [e.purpose for e in events(row)] == ["", "kept"]
    assert events(row)[-1].pgh_context == {"service": "outer"}


def test_failed_verb_changes_and_records_nothing(row):
    with pytest.raises(ZeroDivisionError), recording(None, "verb"):
        Sample.objects.filter(pk=row.pk).update(purpose="lost")
        raise ZeroDivisionError
    row.refresh_from_db()
    assert row.purpose == ""
    assert len(events(row)) == 1
    with recording(None, "next"):
        Sample.objects.filter(pk=row.pk).update(purpose="kept")
    assert events(row)[-1].pgh_context == {"service": "next"}


def test_two_times_the_told_and_the_databases(row):
    with clock.at(MOMENT), recording(None, "verb"):
        Sample.objects.filter(pk=row.pk).update(purpose="then")
    event = events(row)[-1]
    row.refresh_from_db()
    assert event.pgh_created_at == row.updated_at == MOMENT
    assert abs(event.recorded_at - datetime.now(UTC)) < timedelta(minutes=1)


def test_clock_stands_and_goes_on():
    with clock.at(MOMENT):
        assert clock.now() == MOMENT
        assert clock.today() == MOMENT.date()
        assert clock.override() == MOMENT
    assert clock.override() is None
    assert abs(clock.now() - datetime.now(UTC)) < timedelta(minutes=1)


def test_clock_of_a_real_installation_is_refused(settings):
    settings.INSTALLATION_KIND = "real"
    with pytest.raises(RuntimeError), clock.at(MOMENT):
        pass


def test_event_carries_its_transaction(row):
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_current_xact_id()::text")
        (current,) = cursor.fetchone()
    assert str(events(row)[0].xid) == current


def test_a_verb_costs_no_statement_of_its_own(row, queries):
    def verb():
        with recording(None, "change_sample"):
            Sample.objects.filter(pk=row.pk).update(purpose="once")

    # One update, and what a verb inside another transaction adds: its savepoint, and nothing left behind.
    assert queries(verb) == 4
    assert events(row)[-1].pgh_context == {"service": "change_sample"}


def test_the_context_outlives_a_savepoint_that_was_rolled_back(row):
    with recording(None, "verb"):
        with pytest.raises(ZeroDivisionError), transaction.atomic():
            Sample.objects.filter(pk=row.pk).update(purpose="lost")
            raise ZeroDivisionError
        Sample.objects.filter(pk=row.pk).update(purpose="kept")
    assert (events(row)[-1].purpose, events(row)[-1].pgh_context) == ("kept", {"service": "verb"})


def test_a_verb_that_failed_leaves_no_context(row):
    with pytest.raises(ZeroDivisionError), recording(None, "verb"):
        Sample.objects.filter(pk=row.pk).update(purpose="lost")
        raise ZeroDivisionError
    Sample.objects.filter(pk=row.pk).update(purpose="after")
    assert not events(row)[-1].pgh_context


@pytest.mark.parametrize(
    "write",
    [
        lambda cursor, pk: cursor.execute(f"UPDATE sample_sample SET purpose = '50%' WHERE id = {pk}"),
        lambda cursor, pk: cursor.execute("UPDATE sample_sample SET purpose = '50%%' WHERE id = %s", [pk]),
        lambda cursor, pk: cursor.execute("UPDATE sample_sample SET purpose = '50%%' WHERE id = %(pk)s", {"pk": pk}),
        lambda cursor, pk: cursor.execute(SQL("UPDATE sample_sample SET purpose = '50%%' WHERE id = %s"), [pk]),
        lambda cursor, pk: cursor.executemany("UPDATE sample_sample SET purpose = '50%%' WHERE id = %s", [[pk]]),
    ],
    ids=["plain", "values", "named", "composed", "many"],
)
def test_every_way_to_write_tells_the_context(row, write):
    with recording(None, "verb", reason="100 % sure; 'quoted' \\ and so on"), connection.cursor() as cursor:
        write(cursor, row.pk)
    assert events(row)[-1].purpose == "50%"
    assert events(row)[-1].pgh_context["reason"] == "100 % sure; 'quoted' \\ and so on"


def test_rows_and_counts_are_those_of_the_statement(row):
    with recording(None, "verb"):
        assert Sample.objects.filter(pk=row.pk).update(purpose="one") == 1
    with recording(None, "verb"):
        assert Sample.objects.get(pk=row.pk).purpose == "one"
    with recording(None, "verb"):
        assert [found.pk for found in Sample.objects.filter(pk=row.pk).iterator()] == [row.pk]
        Sample.objects.filter(pk=row.pk).update(purpose="after a cursor of the server's")
    assert events(row)[-1].pgh_context == {"service": "verb"}


def test_no_session_may_switch_triggers_off(row):
    """What pgtrigger offers for that is taken away: else a change could go unrecorded."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT array_agg(tgname) FROM pg_trigger WHERE tgrelid = 'sample_sample'::regclass")
        names = cursor.fetchone()[0]
        cursor.execute("SELECT set_config('pgtrigger.ignore', %s, true)", ["{" + ",".join(names) + "}"])
    Sample.objects.filter(pk=row.pk).update(purpose="in silence")
    assert events(row)[-1].purpose == "in silence"
