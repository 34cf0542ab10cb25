"""Erasing a person's data: two people, values gone everywhere, seals unbroken. Logs go when their time is over."""

from datetime import UTC, datetime, timedelta

import pytest
from allauth.account.models import EmailAddress
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import DatabaseError, connection, transaction

from aims import asof, clock, erasures, readings, tasks, verify
from aims.errors import NotPermitted, WrongState
from aims.history import event_model
from aims.models import Disposal, Erasure, Reading
from organization import services
from organization.models import User
from organization.states import Role
from tests.aims.sealing import seal
from tests.factories import person, unit
from tests.factories.sample import sample

# One after the other: each waits for the transactions of other tests.
pytestmark = pytest.mark.xdist_group("seals")


@pytest.fixture(autouse=True)
def own_key(tmp_path, settings):
    settings.SEAL_KEY_FILE = str(tmp_path / "seal.pem")


@pytest.fixture
def people(committed_db):
    where = unit()
    managers = [person(Role.AIMS_MANAGER, where) for _number in range(2)]
    return [*managers, person(name="Jane Roe", email="jane.roe@example.org", unit=where, is_active=False)]


def test_values_go_and_the_seals_hold(people):
    first, second, jane = people
    seal()
    asked = erasures.ask_erasure(jane, by=first, reason="She asked for it.")
    done = erasures.approve_erasure(asked, by=second, at=clock.now())
    assert done.done_at is not None
    assert User.objects.get(pk=jane.pk).name == f"erased-{jane.pk}"
    kept = list(event_model(User).objects.filter(pgh_obj_id=jane.pk))
    assert kept
    assert all(event.name is None and event.pgh_salt is None and event.pgh_redacted for event in kept)
    seal()
    assert verify.verify() == []
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM trail.every WHERE content ILIKE '%%Jane Roe%%'")
        assert cursor.fetchone()[0] == 0


def test_nobody_approves_alone(people):
    asked = erasures.ask_erasure(people[2], by=people[0], reason="asked")
    with pytest.raises(ValidationError, match="second person"):
        erasures.approve_erasure(asked, by=people[0], at=clock.now())
    with pytest.raises(DatabaseError, match="two people"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT aims_erase(%s, 'x')", [asked.pk])
    assert User.objects.get(pk=people[2].pk).name == "Jane Roe"


def test_an_erasure_happens_once(people):
    asked = erasures.ask_erasure(people[2], by=people[0], reason="asked")
    erasures.approve_erasure(asked, by=people[1], at=clock.now())
    with pytest.raises(WrongState, match="already"):
        erasures.approve_erasure(asked, by=people[1], at=clock.now())


def test_only_what_is_marked_may_be_erased(people):
    with pytest.raises(WrongState, match="Nothing"):
        erasures.ask_erasure(sample(unit=unit()), by=people[0], reason="asked")
    with pytest.raises(NotPermitted):
        erasures.ask_erasure(people[0], by=people[2], reason="asked")


def test_a_refused_erasure_erases_nothing_and_may_be_asked_for_again(people):
    first, second, jane = people
    asked = erasures.ask_erasure(jane, by=first, reason="She asked for it.")
    with pytest.raises(WrongState, match="already"):
        erasures.ask_erasure(jane, by=second, reason="again")
    with pytest.raises(ValidationError, match="why"):
        erasures.refuse_erasure(asked, by=second, at=clock.now(), reason=" ")
    erasures.refuse_erasure(asked, by=second, at=clock.now(), reason="A case is open.")
    with pytest.raises(WrongState, match="refused"):
        erasures.approve_erasure(asked, by=second, at=clock.now())
    assert User.objects.get(pk=jane.pk).name == "Jane Roe"
    erasures.ask_erasure(jane, by=first, reason="The case is closed.")


def test_who_can_still_sign_in_is_not_erased(people):
    active = person(unit=people[0].unit)
    with pytest.raises(WrongState) as refused:
        erasures.ask_erasure(active, by=people[0], reason="asked")
    assert [one["id"] for one in refused.value.extra["unmet"]] == ["account_closed"]


def test_who_manages_another_unit_decides_nothing(people):
    stranger = person(Role.AIMS_MANAGER, unit())
    with pytest.raises(NotPermitted):
        erasures.ask_erasure(people[2], by=stranger, reason="asked")
    asked = erasures.ask_erasure(people[2], by=people[0], reason="asked")
    for act in (erasures.approve_erasure, lambda *a, **k: erasures.refuse_erasure(*a, reason="no", **k)):
        with pytest.raises(NotPermitted):
            act(asked, by=stranger, at=clock.now())
    assert erasures.erasures_of(stranger) == []
    assert [one.pk for one, _row in erasures.erasures_of(people[1])] == [asked.pk]


def test_the_account_goes_too_and_does_not_come_back(people):
    jane = people[2]
    EmailAddress.objects.create(user=jane, email=jane.email, primary=True, verified=True)
    erasures.approve_erasure(erasures.ask_erasure(jane, by=people[0], reason="asked"), by=people[1], at=clock.now())
    assert not EmailAddress.objects.filter(user=jane).exists()
    with pytest.raises(WrongState, match="erased"):
        services.reactivate_person(User.objects.get(pk=jane.pk), by=people[0], reason="back")


def test_the_past_shows_that_it_was_erased(people):
    erasures.approve_erasure(
        erasures.ask_erasure(people[2], by=people[0], reason="asked"), by=people[1], at=clock.now()
    )
    with asof.reading(clock.now()):
        assert User.objects.get(pk=people[2].pk).name == f"erased-{people[2].pk}"


@pytest.mark.parametrize(
    "values",
    [
        {"reason": ""},
        {"done_at": clock.now()},
        {"approved_at": clock.now()},
        {"refused_at": clock.now()},
        {"refusal": "x"},
    ],
)
def test_constraints_of_erasures(people, values):
    row = {"source": "x", "object_id": 1, "reason": "r", "asked_by": people[0], **values}
    with pytest.raises(DatabaseError):
        Erasure.objects.create(**row)


def test_reads_of_watched_people_and_every_download_are_recorded(people, rf):
    auditor = person(Role.EXTERNAL_AUDITOR, people[0].unit)
    request = rf.get("/samples/?q=a")
    for who in (people[0], auditor):
        request.user = who
        readings.note_view(request)
    assert list(Reading.objects.values_list("person", "what", "path")) == [(auditor.pk, "view", "/samples/?q=a")]
    request.user = people[0]
    readings.note_download(request, sample(unit=unit()), "a" * 64)
    assert Reading.objects.filter(person=people[0], what="download", digest="a" * 64).exists()


def test_old_reads_are_disposed_of_and_the_seals_hold(people, rf):
    request = rf.get("/a")
    request.user = person(Role.EXTERNAL_AUDITOR, people[0].unit)
    for _number in range(3):
        readings.note_view(request)
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        cursor.execute(
            "UPDATE aims_reading SET recorded_at = now() - interval '2 years' "
            "WHERE id IN (SELECT id FROM aims_reading ORDER BY id LIMIT 2)"
        )
        cursor.execute("SET session_replication_role = DEFAULT")
    assert readings.dispose(clock.now() - timedelta(days=400)) == [], "unsealed rows stay"
    seal()
    (gone,) = readings.dispose(clock.now() - timedelta(days=400))
    assert (gone.source, gone.rows, Reading.objects.count()) == ("aims_reading", 2, 1)
    seal()
    assert verify.verify() == []
    assert Disposal.objects.count() == 1


def test_more_gone_than_disposed_of_is_found(people, rf):
    request = rf.get("/a")
    request.user = person(Role.EXTERNAL_AUDITOR, people[0].unit)
    for _number in range(4):
        readings.note_view(request)
    seal()
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        cursor.execute("DELETE FROM aims_reading WHERE id = (SELECT min(id) FROM aims_reading)")
        cursor.execute("SET session_replication_role = DEFAULT")
    last = Reading.objects.order_by("-pk")[0].pk
    Disposal.objects.create(source="aims_reading", until_id=last, rows=0, digest="0" * 64, reason="a lie")
    assert any("disposed of, but 1 are gone" in one.sentence for one in verify.verify())


def test_every_night_what_is_old_enough_goes(people, monkeypatch):
    asked = []
    monkeypatch.setattr("aims.readings.dispose", lambda before: asked.append(before) or [])
    with clock.at(datetime(2026, 3, 31, 4, tzinfo=UTC)):
        tasks.dispose()
    assert asked == [datetime(2025, 2, 28, 4, tzinfo=UTC)]
    assert readings.kept_until(datetime(2026, 1, 15, tzinfo=UTC)) == datetime(2024, 12, 15, tzinfo=UTC)
    assert "aims.dispose" in {entry["task"] for entry in settings.CELERY_BEAT_SCHEDULE.values()}


def test_a_list_taken_away_is_recorded_once(people, client_of):
    client = client_of(people[0])
    client.get("/people/?format=csv")
    client.get("/people/")
    assert list(Reading.objects.values_list("person", "what", "path")) == [
        (people[0].pk, "download", "/people/?format=csv")
    ]


def test_reads_are_shown_to_oneself_and_to_who_reviews_people_there(people, client_of):
    reader, stranger = person(Role.READER, people[0].unit), person(Role.AIMS_MANAGER, unit())
    client_of(reader).get("/people/?format=csv")
    for who, sees in ((reader, True), (people[0], True), (stranger, False)):
        page = client_of(who).get("/readings/").content.decode()
        assert ("/people/?format=csv" in page) is sees
    told = client_of(reader).get("/recorded/").content.decode()
    assert "13 months" in told
    assert "External auditor" in told


def test_nothing_young_and_nothing_kept_for_ever_is_disposed_of(people):
    with pytest.raises(DatabaseError, match="at least"):
        readings.dispose(clock.now())
    with pytest.raises(DatabaseError, match="for ever"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT aims_dispose('sample_sampleevent', now() - interval '1 year')")
