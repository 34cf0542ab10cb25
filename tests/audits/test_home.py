"""The home page's panels of audits: the way into their rooms for people from outside, nonconformities for ours."""

from datetime import timedelta

import pytest
from django.test import RequestFactory

from aims import clock
from aims.access import access_of
from audits import home
from tests.factories import audits as make
from tests.factories import controls, root_unit, unit

pytestmark = pytest.mark.django_db


def rooms(client):
    """Titles and addresses of the engagements that the home page shows first; None without the panel."""
    context = client.get("/").context
    assert "audits/_home_rooms.html" not in [one["template"] for one in context["panels"]]
    found = context["firsts"]
    assert [one["template"] for one in found] in ([], ["audits/_home_rooms.html"])
    return [row.title for row in found[0]["rows"]] if found else None


def test_somebody_from_outside_finds_their_rooms_first(client_of, at):
    late, soon = make.engagement(ends_on=make.soon(20)), make.engagement(ends_on=make.soon(5))
    make.engagement(make.audit(unit(), sort="gap"))  # another body's
    who = make.member(late)
    make.member(soon, who)
    client = client_of(who)
    assert rooms(client) == [soon.title, late.title]
    page = client.get("/").content.decode()
    assert f'href="{soon.get_absolute_url()}room/"' in page
    at(clock.now() + timedelta(days=6))
    assert rooms(client) == [late.title]
    at(clock.now() + timedelta(days=21))
    assert client.get("/").status_code == 403


def test_our_people_see_no_rooms(client_of):
    make.engagement()
    assert rooms(client_of(make.manager())) is None


def test_what_to_do_this_week_is_told_to_our_people_alone(client_of):
    controls.scope(root_unit())
    who = make.member(make.engagement(units=[root_unit()]))
    assert client_of(make.manager()).get("/").context["week"]
    shown = client_of(who).get("/").context
    assert shown["clauses"] and not shown["week"]


@pytest.mark.parametrize("many", [1, 3])
def test_the_rooms_cost_one_query(many, queries):
    who = make.guest()
    for _number in range(many):
        make.member(make.engagement(), who)
    request = RequestFactory().get("/")
    request.user = who
    access_of(who)
    assert queries(lambda: home.rooms(request)) == 1
    assert len(home.rooms(request)["rows"]) == many
