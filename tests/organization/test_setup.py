"""An empty installation: one link, used once, makes the organization and its first AIMS manager."""

from datetime import timedelta
from html import unescape

import pytest
import time_machine
from django.core import signing
from django.utils import timezone

from aims.registry import Step, registry
from organization.models import Unit, User
from organization.profile import Profile
from organization.registration import first_link
from organization.services.setup import setup_url
from organization.views.setup import panel
from tests.factories import person, root_unit

pytestmark = pytest.mark.django_db
FORM = {
    "organization": "Lampenhaus",
    "entities": "Lampenhaus GmbH, DE\nLampenhaus France\n\nLuce, Luci e Lampade SpA, IT",
    "language": "de",
    "time_zone": "Europe/Berlin",
    "certification_on": "2027-06-30",
    "name": "Olga Officer",
    "email": "Olga@lampenhaus.example",
    "password": "correct horse battery",
}


@pytest.fixture
def link():
    return "/" + setup_url().split("/", 3)[3]


def text(response):
    return unescape(response.content.decode())


def test_makes_the_organization_and_signs_in(client, link):
    assert "Set up AIMS" in text(client.get(link))
    answer = client.post(link, FORM)
    assert answer.url == "/first-steps/"
    olga = User.objects.get()
    assert (olga.email, olga.unit.name, olga.language) == ("olga@lampenhaus.example", "Lampenhaus", "de")
    entities = Unit.objects.filter(parent=olga.unit).order_by("pk").values_list("name", "country", "kind")
    assert list(entities) == [
        ("Lampenhaus GmbH", "DE", "legal_entity"),
        ("Lampenhaus France", "", "legal_entity"),
        ("Luce, Luci e Lampade SpA", "IT", "legal_entity"),
    ]
    assert str(Profile.objects.get().certification_on) == "2027-06-30"
    steps = client.get("/first-steps/")
    assert steps.status_code == 200
    assert [one["done"] for one in steps.context["steps"]][:2] == [True, False]
    assert client.get("/people/new/").status_code == 200


def test_works_once(client, link):
    client.post(link, FORM)
    assert client.get(link).status_code == 404
    assert client.post(link, {**FORM, "email": "second@example.org"}).status_code == 404
    assert setup_url() == ""
    assert User.objects.count() == 1


def test_forged_and_old_links_find_nothing(client, link):
    assert client.get("/setup/guess/").status_code == 404
    assert client.get(f"/setup/{signing.dumps('set up', salt='other')}/").status_code == 404
    with time_machine.travel(timezone.now() + timedelta(days=8)):
        assert client.get(link).status_code == 404


@pytest.mark.parametrize(
    ("field", "value", "told"),
    [
        ("password", "short", "15"),
        ("time_zone", "Mars/Olympus", "time zone"),
        ("organization", "", "required"),
        ("email", "olga", "valid email"),
        ("language", "tlh", "valid choice"),
        ("entities", "x" * 121, "at most 120"),
    ],
)
def test_bad_input_is_told_beside_the_field(client, link, field, value, told):
    answer = client.post(link, {**FORM, field: value})
    assert answer.status_code == 400
    assert told in " ".join(answer.context["form"].errors[field])
    assert User.objects.count() == 0


def test_what_the_service_refuses_is_told_in_the_form(client, link):
    person(email=FORM["email"].lower())
    answer = client.post(link, FORM)
    assert answer.status_code == 400
    assert "account with this e-mail" in " ".join(answer.context["form"].errors["email"])
    assert not Profile.objects.exists()


def test_terminal_shows_the_link_in_a_real_installation_alone(settings):
    assert first_link() == []
    settings.INSTALLATION_KIND = "real"
    assert first_link()[0][1].startswith(settings.PUBLIC_URL)
    person("aims_manager", root_unit())
    assert first_link() == []


def test_steps_show_on_the_home_page_until_they_are_done(client_of, monkeypatch, rf):
    manager, reader = person("aims_manager", root_unit()), person("reader", root_unit())
    waiting = Step(1, "Draw the units", "Because.", "/units/", lambda user: False)
    monkeypatch.setattr(registry, "first_steps", [waiting])
    assert "Draw the units" in text(client_of(manager).get("/"))
    assert "Draw the units" not in text(client_of(reader).get("/"))
    request = rf.get("/")
    request.user = User.objects.get(pk=manager.pk)
    monkeypatch.setattr(registry, "first_steps", [Step(1, "Done", "", "/", lambda user: True)])
    assert panel(request) == {}
