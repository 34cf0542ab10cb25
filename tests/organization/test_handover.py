"""Who leaves hands over what they hold, in the same step."""

import time
from html import unescape

import pytest

from aims.models import Task
from aims.trail import recording
from organization import services
from organization.models import Unit, User
from organization.services.handover import holdings
from tests.factories import person, root_unit, unit
from tests.factories.inventory import supplier, system

pytestmark = pytest.mark.django_db


@pytest.fixture
def manager():
    return person("aims_manager", root_unit())


@pytest.fixture
def leaver():
    """Owns two systems and a supplier, heads a unit, leads a colleague, has a task."""
    where = unit("Shop")
    found = person("system_owner", where, name="Lea Leaver")
    first = system(unit=where, owner=found)
    system(unit=where, owner=found)
    supplier(unit=where, owner=found)
    person("reader", where, manager=found)
    with recording(None, "test"):
        Unit.objects.filter(pk=where.pk).update(head=found)
        Task.objects.create(
            record_id=first.pk, sort="extra", due_on="2026-12-01", day="2026-12-01", assignee=found, asked="Look."
        )
    return found


@pytest.fixture
def heir(leaver):
    return person("system_owner", leaver.unit, name="Hanna Heir")


def sure(client):
    """Somebody who has just shown who they are."""
    session = client.session
    session["account_authentication_methods"] = [{"method": "password", "at": time.time()}]
    session["account_authentication_methods_user"] = session["_auth_user_id"]
    session.save()
    return client


def text(response):
    return unescape(response.content.decode())


def test_everything_held_is_listed(leaver):
    assert {(one.label, one.number) for one in holdings(leaver)} == {
        ("AI systems", 2),
        ("Suppliers", 1),
        ("Open tasks", 1),
        ("Units headed", 1),
        ("People reporting", 1),
    }


def test_page_lists_it_and_asks_who_takes_over(client_of, manager, leaver, heir):
    browser, url = sure(client_of(manager)), f"{leaver.get_absolute_url()}deactivate/"
    page = text(browser.get(url))
    assert "What Lea Leaver holds" in page
    assert f"/systems/?owner={leaver.pk}" in page
    wrong = browser.post(url, {"reason": "Left."})
    assert wrong.context["form"].errors["successor"]
    assert browser.post(url, {"reason": "Left.", "successor": heir.email}).status_code == 302
    leaver.refresh_from_db()
    assert not leaver.is_active
    assert holdings(leaver) == []
    assert {one.label: one.number for one in holdings(heir)}["AI systems"] == 2


def test_who_holds_nothing_just_leaves(client_of, manager):
    nobody = person("reader", unit())
    browser, url = sure(client_of(manager)), f"{nobody.get_absolute_url()}deactivate/"
    assert "successor" not in browser.get(url).context["form"].fields
    assert browser.post(url, {"reason": "Left."}).status_code == 302


@pytest.mark.parametrize("who", ["self", "gone", "program"])
def test_successor_is_somebody_else_who_is_here(manager, leaver, who):
    found = {
        "self": lambda: leaver,
        "gone": lambda: person("reader", leaver.unit, is_active=False),
        "program": lambda: person("integration", leaver.unit, is_program=True),
    }[who]()
    from aims import clock

    with pytest.raises(Exception, match="somebody else"):
        services.deactivate_person(
            leaver, by=manager, reason="Left.", at=clock.now(), on=clock.today(), successor=found
        )
    assert User.objects.get(pk=leaver.pk).is_active


def test_by_program(api_of, manager, leaver, heir):
    api, url = sure(api_of(manager)), f"/api/v1/people/{leaver.pk}/deactivate/"
    match = f'"{leaver.version}"'
    wrong = api.post(url, {"reason": "Left.", "successor": "nobody@example.org"}, HTTP_IF_MATCH=match)
    assert wrong.json()["errors"][0]["pointer"] == "/successor"
    assert api.post(url, {"reason": "Left.", "heir": "x"}, HTTP_IF_MATCH=match).status_code == 400
    assert api.post(url, {"reason": "Left.", "successor": heir.email}, HTTP_IF_MATCH=match).status_code == 204
    assert holdings(leaver) == []
