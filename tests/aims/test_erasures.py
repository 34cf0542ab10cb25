"""Erasing a person's data: two people, values gone everywhere, seals unbroken. Logs go when their time is over."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import DatabaseError, connection, transaction

from aims import clock, erasures, readings, verify
from aims.errors import NotPermitted, WrongState
from aims.history import event_model
from aims.models import Disposal, Erasure, Reading
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
    return [*managers, person(name="Jane Roe", email="jane.roe@example.org")]


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


@pytest.mark.parametrize(
    "values",
    [{"reason": ""}, {"done_at": clock.now()}, {"approved_at": clock.now()}],
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


def test_nothing_young_and_nothing_kept_for_ever_is_disposed_of(people):
    with pytest.raises(DatabaseError, match="at least"):
        readings.dispose(clock.now())
    with pytest.raises(DatabaseError, match="for ever"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT aims_dispose('sample_sampleevent', now() - interval '1 year')")
