"""Reading the past: whatever happened, the reading as of T is what stood at T; writes fail; permissions are today's."""

from contextlib import suppress
from datetime import UTC, datetime, timedelta

import pytest
from django.db import DatabaseError, transaction
from hypothesis import given
from hypothesis import strategies as st

from aims import asof, clock, differences, querysets
from aims.errors import WrongState
from aims.models import Record
from aims.trail import recording
from inventory.models import AISystem
from organization.states import Role
from tests.factories import person, unit
from tests.factories.sample import sample, slice_of
from tests.sample import services
from tests.sample.models import Sample, Slice

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.sample.urls")]
START = datetime(2025, 1, 1, 12, tzinfo=UTC)
FIELDS = ("id", "ref", "title", "purpose", "unit_id", "state", "confidentiality", "kept")
ACTS = st.sampled_from(["add", "rename", "bulk", "slice", "drop", "move", "create", "change", "use"])


def snapshot():
    return (
        sorted(Sample.objects.values_list(*FIELDS)),
        sorted(Slice.objects.values_list("id", "sample_id", "label")),
        sorted(Record.objects.filter(kind="sample").values_list("id", "ref", "title", "unit_id", "kind")),
    )


def serve(what, number, units, by):
    """A verb of the application, as a person calls it; what its state forbids changes nothing."""
    first = Sample.objects.order_by("pk").first()
    if what == "create" or first is None:
        services.create_sample(by=by, data={"title": f"Made {number}", "unit": units[number % 2], "owner": by})
    elif what == "change":
        services.change_sample(first, by=by, data={"purpose": f"Told {number}", "kept": bool(number % 2)})
    else:
        with suppress(WrongState):
            services.use_sample(first, by=by)


def act(what, number, units, by):
    rows = Sample.objects.order_by("pk")
    first = rows.first()
    if what == "add" or first is None:
        sample(unit=units[number % 2], owner=by)
    elif what == "rename":
        Sample.objects.filter(pk=first.pk).update(title=f"Renamed {number}")
    elif what == "bulk":
        rows.update(purpose=f"Bulk {number}")
    elif what == "slice":
        slice_of(first)
    elif what == "move":
        Sample.objects.filter(pk=first.pk).update(unit=units[number % 2])
    else:
        Slice.objects.filter(sample=first).delete()
        Sample.objects.filter(pk=first.pk).delete()


@given(st.lists(ACTS, min_size=1, max_size=12), st.data())
def test_the_past_reads_as_it_stood(acts, data):
    with transaction.atomic():
        whole = unit()
        units, stood = (unit(parent=whole), unit(parent=whole)), {}
        by = person(Role.AIMS_MANAGER, whole)
        for number, what in enumerate(acts):
            moment = START + timedelta(hours=number)
            with clock.at(moment):
                if what in ("create", "change", "use"):
                    serve(what, number, units, by)
                else:
                    with recording(None, what):
                        act(what, number, units, by)
            stood[moment] = snapshot()
        moment = data.draw(st.sampled_from(sorted(stood)))
        with asof.reading(moment + timedelta(minutes=30)):
            assert snapshot() == stood[moment]
        assert snapshot() == stood[max(stood)]
        transaction.set_rollback(True)


@pytest.fixture
def row():
    with clock.at(START):
        return sample(unit=unit(), title="Then")


@pytest.fixture
def later(row):
    with clock.at(START + timedelta(days=30)), recording(None, "rename"):
        Sample.objects.filter(pk=row.pk).update(title="Later", kept=True)
    return row


def test_writing_the_past_fails(row):
    with asof.reading(START + timedelta(days=1)):
        with pytest.raises(DatabaseError), transaction.atomic():
            Sample.objects.filter(pk=row.pk).update(title="Rewritten")
        with pytest.raises(DatabaseError), transaction.atomic():
            Sample.objects.create(title="New", unit_id=row.unit_id)
    assert Sample.objects.get(pk=row.pk).title == "Then"
    assert asof.moment() is None


def test_permissions_are_todays(later):
    """A record that moved away since is not shown to those who saw it then, but to those who see it now."""
    before, elsewhere = later.unit, unit()
    left, came = person(Role.READER, before), person(Role.READER, elsewhere)
    with recording(None, "move"):
        Sample.objects.filter(pk=later.pk).update(unit=elsewhere)
    for who, sees in ((left, False), (came, True), (person(), False)):
        assert who.access is not None
        with asof.reading(START + timedelta(days=1)):
            assert Sample.objects.visible_to(who).exists() is sees
            assert Record.objects.visible_to(who).filter(kind="sample").exists() is sees


def test_a_deleted_record_shows_to_those_of_its_last_unit(later):
    reader = person(Role.READER, later.unit)
    assert reader.access is not None
    Sample.objects.filter(pk=later.pk).delete()
    with asof.reading(START + timedelta(days=31)):
        assert Sample.objects.visible_to(reader).get().title == "Later"


@pytest.mark.parametrize("few", [0, querysets.FEW], ids=["many", "few"])
def test_few_and_many_rows_read_alike(later, few, monkeypatch):
    """Whether keys are handed over or asked for, and however rows are counted: the same rows, their number, places."""
    monkeypatch.setattr(querysets, "FEW", few)
    reader, elsewhere = person(Role.READER, later.unit), person(Role.READER, unit())
    assert reader.access is not None and elsewhere.access is not None
    with clock.at(START + timedelta(days=20)):
        second = sample(unit=later.unit)
    with clock.at(START + timedelta(days=40)), recording(None, "drop"):
        Sample.objects.filter(pk=later.pk).delete()
    stood = {10: {later.pk}, 20: {later.pk, second.pk}, 39: {later.pk, second.pk}, 40: {second.pk}, -1: set()}
    for days, keys in stood.items():
        with asof.reading(START + timedelta(days=days)):
            rows = Sample.objects.visible_to(reader)
            assert (set(rows.values_list("pk", flat=True)), rows.total()) == (keys, len(keys))
            assert rows.filter(title="Later").total() == rows.filter(title="Later").count()
            assert Sample.objects.visible_to(elsewhere).total() == 0
            assert set(Sample.objects.places(reader).values_list("unit_id", flat=True)) <= {later.unit_id}
            assert not Sample.objects.places(elsewhere).exists()
    assert set(Sample.objects.places(reader)) == {second}


def test_a_record_is_called_by_its_reference(later):
    """Now and then, of its kind and among all, gone or alive; never under another's, nor of another kind."""
    reader, stranger = person(Role.READER, later.unit), person()
    assert reader.access is not None and stranger.access is not None
    called = [rows.visible_to(reader).called for rows in (Sample.objects, Record.objects)]
    assert [find(later.ref).get().title for find in called] == ["Later", "Later"]
    Sample.objects.filter(pk=later.pk).delete()
    for days, title in ((1, "Then"), (31, "Later")):
        with asof.reading(START + timedelta(days=days)):
            called = [rows.visible_to(reader).called for rows in (Sample.objects, Record.objects)]
            assert [find(later.ref).get().title for find in called] == [title, title]
            assert not any(find("SMP-9999").exists() for find in called)
            assert not Sample.objects.visible_to(stranger).called(later.ref).exists()
            assert not AISystem.objects.called(later.ref).exists()


def test_two_dates_compared_in_words(later):
    reader = person(Role.READER, later.unit)
    with clock.at(START + timedelta(days=20)):
        added = sample(unit=later.unit)
    found = differences.between(Sample, reader, START + timedelta(days=1), START + timedelta(days=31))
    assert {(one.sort, one.ref) for one in found} == {("changed", later.ref), ("added", added.ref)}
    changed = next(one for one in found if one.sort == "changed")
    assert {(c.label, c.before, c.after) for c in changed.changes} == {("Name", "Then", "Later"), ("Kept", "no", "yes")}
    back = differences.between(Sample, reader, START + timedelta(days=19), START + timedelta(days=19, hours=1))
    assert back == []


def test_what_was_removed_is_told(later):
    reader = person(Role.READER, later.unit)
    Sample.objects.filter(pk=later.pk).delete()
    found = differences.between(Sample, reader, START + timedelta(days=1), clock.now())
    assert [(one.sort, one.ref) for one in found] == [("removed", later.ref)]


@pytest.mark.parametrize("text", ["", "nonsense", "2025-13-01", "2999-01-01", "25-1-1"])
def test_a_date_that_makes_no_sense_is_refused(text):
    with pytest.raises(Exception, match=r"date|future"):
        asof.parse(text)


def test_dates_mean_their_end_and_moments_themselves():
    assert asof.parse("2025-03-31").isoformat() == "2025-03-31T23:59:59.999999+00:00"
    assert asof.parse("2025-03-31T10:00:00").isoformat() == "2025-03-31T10:00:00+00:00"
    assert asof.parse("2025-03-31T10:00:00 02:00") == asof.parse("2025-03-31T08:00:00Z")


def test_links_stay_in_the_past():
    assert asof.carry("/samples/") == "/samples/"
    with asof.reading(START, "2025-01-01"):
        assert asof.carry("/samples/") == "/samples/?as_of=2025-01-01"
        assert asof.carry("/samples/?q=a") == "/samples/?q=a&as_of=2025-01-01"


@pytest.fixture
def officer(later):
    return person(Role.AIMS_MANAGER, later.unit)


def test_pages_read_the_past_and_write_nothing(later, officer, client_of):
    client = client_of(officer)
    page = client.get("/samples/?as_of=2025-01-02")
    assert page.status_code == 200
    assert "Then" in page.content.decode()
    assert "Later" not in page.content.decode()
    assert f"/samples/{later.ref}/?as_of=2025-01-02" in page.content.decode()
    assert client.get("/samples/?as_of=soon").status_code == 400
    assert client.post(f"/samples/{later.ref}/change/?as_of=2025-01-02", {}).status_code == WrongState.status


def test_the_api_reads_the_past_and_writes_nothing(later, officer, api_of):
    api = api_of(officer)
    assert api.get(f"/samples-api/samples/{later.ref}/?as_of=2025-01-02").json()["title"] == "Then"
    assert api.get("/samples-api/samples/?as_of=2024-12-31").json()["count"] == 0
    assert api.get(f"/samples-api/samples/{later.ref}/?as_of=2024-12-31").status_code == 404
    refused = api.patch(
        f"/samples-api/samples/{later.ref}/?as_of=2025-01-02", {"title": "x"}, headers={"If-Match": '"1"'}
    )
    assert refused.status_code == WrongState.status
    assert api.get(f"/samples-api/samples/{later.ref}/").json()["title"] == "Later"
