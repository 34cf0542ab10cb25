"""The first administrator of an empty installation, and the demo's people."""

from datetime import date, timedelta
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from aims import clock
from aims.demo import World, read
from organization import demo
from organization.models import Unit, UnitGrant, User
from organization.states import Role

pytestmark = pytest.mark.django_db


def first_admin(**more: str) -> str:
    out = StringIO()
    call_command("first_admin", **{"email": "ada@example.org", "name": "Ada", **more}, stdout=out)
    return out.getvalue()


def test_the_first_administrator_gets_the_whole_and_a_link_that_works(client: Any):
    said = first_admin(organization="Lamps & Co")
    who = User.objects.get()
    assert Unit.objects.get().name == "Lamps & Co"
    assert who.access.all_units
    assert UnitGrant.objects.get().role == Role.AIMS_MANAGER
    url = said.split()[-1]
    place = client.get(url[url.index("/account/") :], follow=True).redirect_chain[-1][0]
    password = "a lamp beside the window"
    client.post(place, {"password1": password, "password2": password})
    client.post("/account/login/", {"login": "ada@example.org", "password": password})
    assert client.get("/people/").status_code == 200


def test_there_is_one_first_administrator():
    first_admin()
    with pytest.raises(CommandError, match="There is an AIMS manager"):
        first_admin(email="second@example.org")
    assert User.objects.count() == 1


def test_a_bad_address_makes_nothing():
    with pytest.raises(CommandError):
        first_admin(email="no address")
    assert not Unit.objects.exists()


# -- the demo --------------------------------------------------------------------------------------------------------


@pytest.fixture
def world(db: None) -> World:
    made = World(date.today())
    steps = sorted(enumerate(demo.steps(made)), key=lambda pair: (pair[1].day, pair[1].at, pair[0]))
    for _number, step in steps:
        with clock.at(made.moment(step.day, step.at)):
            step.run(made)
    return made


def test_the_demo_has_its_units_people_and_roles(world: World):
    data = read("organization", "people")
    assert Unit.objects.count() == len(data["units"])
    assert User.objects.count() == len(data["people"])
    assert UnitGrant.objects.count() == len(data["grants"])
    lena = world.get("p-lena")
    assert lena.access.all_units
    assert lena.check_password(demo.PASSWORD)
    assert lena.joined_at.date() < date.today() - timedelta(days=400)


def test_who_left_the_demo_left_and_their_roles_ended_before(world: World):
    jonas = world.get("p-jonas")
    assert not jonas.is_active
    assert jonas.unit_grants.get().ended_at is not None


def test_the_demos_program_has_no_password_and_deciders_are_people(world: World):
    program = world.get("svc-ci")
    assert program.is_program
    assert not program.has_usable_password()


def test_the_sign_ins_are_told_in_a_demo_alone(world: World, settings: Any):
    assert demo.sign_ins() == []
    settings.INSTALLATION_KIND = "demo"
    told = demo.sign_ins()
    assert ("AIMS manager", "lena.hartwig@marktlicht.example", demo.PASSWORD) in told
    assert len(told) == User.objects.active().filter(is_program=False).count()
    UnitGrant.objects.filter(user=world.get("p-elise")).delete()
    assert any(what.startswith("Quality Analyst") for what, _email, _password in demo.sign_ins())
