"""Pages of units and roles."""

from collections import Counter
from typing import Any

import pytest
from django.test import Client

from organization.models import Unit, User
from organization.states import Role
from organization.views.units import tree_of
from tests.factories.organization import PersonFactory, UnitFactory, hold, person, root

pytestmark = pytest.mark.django_db
M = Role.AIMS_MANAGER


@pytest.fixture
def manager(client: Client) -> User:
    who = person(M, name="Manager")
    client.force_login(who)
    return who


def text(answer: Any) -> str:
    return str(answer.content.decode())


def test_the_tree_shows_units_with_their_people(client: Client, manager: User):
    PersonFactory(unit=UnitFactory(name="Care", country="DE", head=manager))
    PersonFactory(unit=Unit.objects.get(name="Care"), is_active=False)
    shown = text(client.get("/units/"))
    assert "Care" in shown
    assert "1 person" in shown
    assert "Add a unit" in shown


def test_the_tree_begins_where_one_sees(client: Client):
    here = UnitFactory(name="Here", parent=UnitFactory(name="Canaryland"))
    UnitFactory(name="Below", parent=here)
    client.force_login(person(Role.READER, here))
    shown = text(client.get("/units/"))
    assert "Here" in shown
    assert "Below" in shown
    assert "Canaryland" not in shown
    assert "Whole" not in shown
    assert "Add a unit" not in shown
    (top,) = tree_of(list(Unit.objects.visible_to(User.objects.get(pk=here.grants.get().user_id))), Counter())  # type: ignore[arg-type]
    assert (top.unit, [branch.unit.name for branch in top.below]) == (here, ["Below"])


def test_the_tree_of_nobody_is_empty(client: Client):
    client.force_login(PersonFactory())
    assert "No unit to show" in text(client.get("/units/"))


def test_the_tree_takes_the_same_queries_for_one_and_three(client: Client, manager: User, queries: Any):
    UnitFactory()
    few = queries(lambda: client.get("/units/"))
    for _ in range(3):
        PersonFactory(unit=UnitFactory(parent=UnitFactory(head=manager)))
    assert queries(lambda: client.get("/units/")) == few


def test_the_page_of_a_unit_says_who_answers_for_it(client: Client, manager: User):
    unit = UnitFactory(name="Care", parent=UnitFactory(name="Lyon"))
    hold(PersonFactory(name="Ada", unit=unit), Role.SYSTEM_OWNER, unit)
    hold(PersonFactory(name="Gone", is_active=False), Role.APPROVER, unit)
    UnitFactory(name="Evening shift", parent=unit)
    shown = text(client.get(f"/units/{unit.pk}/"))
    for words in ("Ada", "System owner", "Manager", "Lyon", "Evening shift", "Add a unit below", "History"):
        assert words in shown
    assert "Gone" not in shown
    assert "The whole" not in shown
    assert "whole organization" in text(client.get(f"/units/{root().pk}/"))


def test_the_page_of_a_unit_hides_what_lies_above(client: Client):
    here = UnitFactory(name="Here", parent=UnitFactory(name="Canaryland"))
    client.force_login(person(Role.READER, here))
    shown = text(client.get(f"/units/{here.pk}/"))
    assert "Canaryland" not in shown
    assert "Not shown" in shown
    assert "Change</a>" not in shown
    assert client.get(f"/units/{here.parent_id}/").status_code == 404
    assert client.get(f"/units/{here.pk}/history/").status_code == 404


def test_the_page_of_a_unit_takes_the_same_queries_for_one_and_three(client: Client, manager: User, queries: Any):
    unit = UnitFactory()
    person(Role.READER, unit)
    address = f"/units/{unit.pk}/"
    few = queries(lambda: client.get(address))
    for _ in range(3):
        person(Role.READER, unit)
        UnitFactory(parent=unit)
    assert queries(lambda: client.get(address)) == few


def test_the_history_of_a_unit_tells_its_roles(client: Client, manager: User):
    unit = UnitFactory(name="Care")
    hold(PersonFactory(name="Ada"), Role.READER, unit)
    shown = text(client.get(f"/units/{unit.pk}/history/"))
    assert "ave Ada the role Reader in Care" in shown
    assert "dded the unit" in shown


def test_a_manager_adds_changes_and_moves_a_unit(client: Client, manager: User):
    root()
    assert 'value="Whole"' in text(client.get("/units/new/?parent=Whole"))
    form = {"name": "Care", "kind": "site", "country": "fr", "parent": "Whole"}
    client.post("/units/new/", form)
    made = Unit.objects.get(name="Care")
    assert made.country == "FR"
    UnitFactory(name="Lyon")
    address = f"/units/{made.pk}/change/"
    assert 'value="Whole"' in text(client.get(address))
    assert client.post(address, {**form, "parent": "Lyon", "version": made.version}).status_code == 302
    assert str(Unit.objects.get(pk=made.pk).parent) == "Lyon"
    assert client.post(address, {**form, "name": "Late", "version": made.version}).status_code == 412
    below = UnitFactory(name="Below", parent=made)
    circle = client.post(address, {**form, "parent": below.name})
    assert circle.status_code == 400
    assert "part of itself" in text(circle)


@pytest.mark.parametrize(("field", "value"), [("name", ""), ("kind", "planet"), ("country", "D3"), ("parent", "")])
def test_a_bad_unit_comes_back(client: Client, manager: User, field: str, value: str):
    root()
    form = {"name": "Care", "kind": "site", "country": "FR", "parent": "Whole", field: value}
    assert client.post("/units/new/", form).status_code == 400
    assert not Unit.objects.filter(name="Care").exists()


def test_the_root_keeps_its_place(client: Client, manager: User):
    top = root()
    form = {"name": "All of us", "kind": "group", "country": "", "parent": "", "version": top.version}
    assert client.post(f"/units/{top.pk}/change/", form).status_code == 302
    assert root().name == "All of us"


def test_nobody_else_changes_units(client: Client):
    client.force_login(person(Role.TOP_MANAGEMENT))
    unit = UnitFactory()
    assert client.get("/units/new/").status_code == 403
    assert client.get(f"/units/{unit.pk}/change/").status_code == 403
    assert client.post(f"/units/{unit.pk}/change/", {"name": "X", "kind": "site"}).status_code == 403


def test_two_units_of_one_name_are_told_apart_by_number(client: Client, manager: User):
    first, second = UnitFactory(name="Sales", parent=UnitFactory()), UnitFactory(name="Sales", parent=UnitFactory())
    options = client.get("/pick/units/?q=sales").json()["options"]
    assert {option["value"] for option in options} == {str(first.pk), str(second.pk)}
    form = {"name": "New", "kind": "site", "parent": str(second.pk)}
    client.post("/units/new/", form)
    assert Unit.objects.get(name="New").parent == second
    assert client.post("/units/new/", {**form, "name": "Newer", "parent": "Sales"}).status_code == 400


def test_pickers_and_jump_box_find_what_one_sees(client: Client):
    here, there = UnitFactory(name="Here"), UnitFactory(name="There")
    client.force_login(person(Role.READER, here, name="Me", email="me@example.org"))
    PersonFactory(name="Robin Here", unit=here, job_title="Engineer")
    PersonFactory(name="Robin There", unit=there)
    PersonFactory(name="Robin Left", unit=here, is_active=False)
    people = client.get("/pick/people/?q=robin").json()["options"]
    assert [(p["label"], p["hint"]) for p in people] == [("Robin Here", "Engineer")]
    assert [u["label"] for u in client.get("/pick/units/?q=here").json()["options"]] == ["Here"]
    found = text(client.get("/jump/?q=here"))
    assert "Robin Here · Engineer" in found
    assert "Unit Here" in found
    assert "There" not in found
    assert client.get("/pick/nothing/?q=x").status_code == 404


def test_the_roles_page_is_read_from_the_registry(client: Client, manager: User):
    person(Role.READER, UnitFactory(name="Care"), name="Ada")
    shown = text(client.get("/roles/"))
    assert "Runs the AI management system" in shown
    assert "Ada (Care)" in shown
    assert "deactivate" in shown
    assert "asks for the password" in shown


def test_the_roles_page_names_nobody_one_does_not_see(client: Client):
    person(Role.READER, UnitFactory(name="Canaryland"), name="Stranger")
    client.force_login(person(Role.READER, UnitFactory()))
    shown = text(client.get("/roles/"))
    assert "Stranger" not in shown
    assert "Canaryland" not in shown
