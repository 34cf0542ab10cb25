"""People, units and roles as of a day: what counted then, read with today's permissions."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from aims import asof, clock
from aims.trail import recording
from organization.models import Unit, UnitGrant, User
from organization.states import Role
from tests.factories.organization import PersonFactory, UnitFactory, hold, person

pytestmark = pytest.mark.django_db
THEN = datetime(2025, 3, 1, 12, tzinfo=UTC)
BETWEEN = (THEN + timedelta(days=5)).date().isoformat()


def text(answer: Any) -> str:
    return str(answer.content.decode())


@pytest.fixture
def place(client: Client) -> Unit:
    """A unit that moved since, in which Ada held a role that is over since, under a title she lost since."""
    with clock.at(THEN):
        viewer = person(Role.AIMS_MANAGER, name="Viewer")
        unit = UnitFactory(name="Care", parent=UnitFactory(name="Lyon"))
        ada = PersonFactory(name="Ada", job_title="Apprentice", unit=unit)
        hold(ada, Role.READER, unit, valid_from=THEN.date(), valid_until=(THEN + timedelta(days=9)).date())
    with clock.at(THEN + timedelta(days=20)), recording(None, "test"):
        Unit.objects.filter(pk=unit.pk).update(parent=UnitFactory(name="Paris"))
        User.objects.filter(pk=ada.pk).update(job_title="Chief")
    client.force_login(viewer)
    return unit


def test_people_show_the_title_and_the_roles_of_then(client: Client, place: Unit):
    now, then = text(client.get("/people/")), text(client.get(f"/people/?as_of={BETWEEN}"))
    assert "Chief" in now
    assert "Reader (Care)" not in now
    assert "Apprentice" in then
    assert "Reader (Care)" in then
    assert "Add a person" not in then


def test_a_person_then_holds_the_role_in_force_and_nothing_can_be_ended(client: Client, place: Unit):
    ada = User.objects.get(name="Ada")
    then = text(client.get(f"/people/{ada.pk}/?as_of={BETWEEN}"))
    assert "In force" in then
    assert "/end/" not in then
    assert "Deactivate" not in then
    assert "Over" in text(client.get(f"/people/{ada.pk}/"))


def test_a_unit_stood_elsewhere_then(client: Client, place: Unit):
    then = text(client.get(f"/units/{place.pk}/?as_of={BETWEEN}"))
    assert "Lyon" in then
    assert "Paris" not in then
    assert "Ada" in then
    assert "Viewer" in then
    assert "Paris" in text(client.get(f"/units/{place.pk}/"))


def test_who_sees_what_is_decided_by_today(client: Client, place: Unit):
    client.force_login(person(Role.READER, UnitFactory()))
    assert "Ada" not in text(client.get(f"/people/?as_of={BETWEEN}"))
    assert client.get(f"/units/{place.pk}/?as_of={BETWEEN}").status_code == 404
    client.force_login(person(Role.READER, place))
    assert "Ada" in text(client.get(f"/people/?as_of={BETWEEN}"))


def test_nothing_is_written_into_the_past(client: Client, place: Unit):
    held = UnitGrant.objects.get(user__name="Ada")
    assert client.post(f"/people/{held.user_id}/change/?as_of={BETWEEN}", {"name": "X"}).status_code == 409


def test_the_past_knows_the_tree_of_then(place: Unit):
    root, lyon, paris = (Unit.objects.get(**which) for which in ({"parent": None}, {"name": "Lyon"}, {"name": "Paris"}))
    with asof.reading(THEN + timedelta(days=5)):
        then = Unit.objects.get(pk=place.pk)
        assert then.path == [root.pk, lyon.pk, place.pk]
        assert set(Unit.objects.below([lyon.pk])) == {lyon, place}
        assert not Unit.objects.filter(pk=paris.pk).exists()
    place.refresh_from_db()
    assert place.path == [root.pk, paris.pk, place.pk]
