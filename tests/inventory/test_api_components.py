"""/api/v1/components/ and /api/v1/suppliers/."""

from typing import Any

import pytest

from inventory import services
from inventory.models import Component, Supplier
from organization.models import User
from organization.states import Role
from tests.factories import inventory as make
from tests.factories.organization import UnitFactory, person, root
from tests.inventory.test_api_systems import pointers

pytestmark = pytest.mark.django_db
COMPONENTS, SUPPLIERS = "/api/v1/components/", "/api/v1/suppliers/"


@pytest.fixture
def owner() -> User:
    return person(Role.SYSTEM_OWNER)


def component_body(by: User, **more: Any) -> dict[str, Any]:
    return {"title": "Orders", "kind": "data_set", "owner": by.email, "unit": root().pk, **more}


def supplier_body(by: User, **more: Any) -> dict[str, Any]:
    return {"title": "Nubila", "kind": "hosting", "owner": by.email, "unit": root().pk, **more}


def test_a_component_is_registered_for_a_system(api_of: Any, owner: User) -> None:
    system = make.system(UnitFactory())
    fields = component_body(owner, system=system.ref, rights="Contract", personal_data=False, last_updated="2026-01-01")
    del fields["unit"]
    answer = api_of(owner).post(COMPONENTS, fields)
    told = answer.json()
    assert answer.status_code == 201 and answer["Location"] == f"{COMPONENTS}{told['ref']}/"
    assert (told["system"], told["used_by"], told["unit"]) == (system.ref, [system.ref], system.unit.pk)
    assert told["rights"] == "Contract" and "limits" not in told and "rights" not in told["missing"]


def test_a_component_is_registered_once_a_key(api_of: Any, owner: User) -> None:
    api = api_of(owner)
    refs = [api.post(COMPONENTS, component_body(owner), HTTP_IDEMPOTENCY_KEY="c").json()["ref"] for _n in range(2)]
    assert len(set(refs)) == Component.objects.count() == 1


@pytest.mark.parametrize(
    ("fields", "wrong"),
    [
        ({"kind": "wild"}, {"/kind"}),
        ({"limits": "x"}, {"/limits"}),
        ({"title": ""}, {"/title"}),
        ({"unit": None}, {"/unit"}),
        ({"stages": ["wild"]}, {"/stages/0"}),
        ({"personal_data": "perhaps"}, {"/personal_data"}),
        ({"system": "SYS-999999"}, {"/system"}),
        ({"wild": 1}, {"/wild"}),
    ],
)
def test_a_component_that_makes_no_sense_is_refused(
    api_of: Any, owner: User, fields: dict[str, Any], wrong: set[str]
) -> None:
    answer = api_of(owner).post(COMPONENTS, component_body(owner, **fields))
    assert answer.status_code == 400 and pointers(answer) == wrong


def test_a_component_changes_but_neither_kind_nor_home(api_of: Any, owner: User) -> None:
    component, api = make.component(None), api_of(owner)
    url = f"{COMPONENTS}{component.ref}/"
    assert api.patch(url, {"rights": "x"}).status_code == 428
    told = api.patch(url, {"rights": "Contract"}, HTTP_IF_MATCH='"1"')
    assert told.json()["rights"] == "Contract" and told["ETag"] == '"2"'
    assert api.patch(url, {"rights": "x"}, HTTP_IF_MATCH='"1"').status_code == 412
    refused = api.patch(url, {"kind": "tool", "system": make.system().ref}, HTTP_IF_MATCH='"2"')
    assert pointers(refused) == {"/kind", "/system"}
    put = api.put(url, {"title": "Renamed", "owner": owner.email}, HTTP_IF_MATCH='"2"')
    assert (put.status_code, put.json()["title"], put.json()["rights"]) == (200, "Renamed", "Contract")


def test_a_component_is_withdrawn_and_comes_back(api_of: Any, owner: User) -> None:
    component, api = make.component(None), api_of(owner)
    url = f"{COMPONENTS}{component.ref}/"
    assert api.post(f"{url}withdraw/", {"reason": "Old"}, HTTP_IF_MATCH='"1"').json()["state"] == "withdrawn"
    assert api.post(f"{url}withdraw/", {"reason": "Old"}, HTTP_IF_MATCH='"2"').status_code == 409
    assert api.post(f"{url}reinstate/", {"reason": "New"}, HTTP_IF_MATCH='"2"').json()["state"] == "in_use"


def test_only_systems_one_sees_are_named(api_of: Any) -> None:
    here, there = UnitFactory(), UnitFactory()
    home, other = make.system(here), make.system(there)
    component = make.component(home)
    services.use_component(other, component, by=make.manager())
    told = api_of(person(Role.READER, there)).get(f"{COMPONENTS}{component.ref}/").json()
    assert (told["system"], told["used_by"]) == (None, [other.ref])
    assert api_of(person(Role.READER, UnitFactory())).get(f"{COMPONENTS}{component.ref}/").status_code == 404


def test_seeing_through_use_is_not_changing(api_of: Any) -> None:
    here, there = UnitFactory(), UnitFactory()
    other = make.system(there)
    component = make.component(make.system(here))
    services.use_component(other, component, by=make.manager())
    api = api_of(person(Role.SYSTEM_OWNER, there))
    assert api.patch(f"{COMPONENTS}{component.ref}/", {"rights": "x"}, HTTP_IF_MATCH='"1"').status_code == 403


@pytest.mark.parametrize(
    ("query", "found"),
    [("kind=data_set", 1), ("kind=tool", 1), ("personal_data=yes", 1), ("personal_data=no", 0), ("quality=met", 1),
     ("state=withdrawn", 0), ("q=orders", 1), ("sort=last_updated", 2)],
)  # fmt: skip
def test_components_are_filtered(api_of: Any, owner: User, query: str, found: int) -> None:
    make.component(None, title="Orders", personal_data=True, quality_state="met")
    make.component(None, kind="tool")
    assert len(api_of(owner).get(f"{COMPONENTS}?{query}").json()["results"]) == found


@pytest.mark.parametrize("url", [COMPONENTS, SUPPLIERS])
def test_a_list_takes_the_same_queries_for_one_and_three(api_of: Any, queries: Any, url: str) -> None:
    api = api_of(person(Role.READER))

    def add() -> None:
        make.supplier()
        make.component(make.system(), supplier=make.supplier())

    add()
    one = queries(lambda: api.get(url))
    add()
    add()
    assert queries(lambda: api.get(url)) == one <= 12


# Suppliers


def test_a_supplier_is_registered_changed_ended_and_resumed(api_of: Any, owner: User) -> None:
    api = api_of(owner)
    made = api.post(SUPPLIERS, supplier_body(owner, country="FR"))
    url = made["Location"]
    assert made.status_code == 201 and made.json()["kind"] == "hosting"
    assert api.patch(url, {"contract": "2217"}, HTTP_IF_MATCH=made["ETag"]).json()["contract"] == "2217"
    assert api.put(url, supplier_body(owner, title="New"), HTTP_IF_MATCH='"2"').json()["title"] == "New"
    assert api.post(f"{url}end/", {"reason": "Over"}, HTTP_IF_MATCH='"3"').json()["state"] == "ended"
    assert api.post(f"{url}resume/", {"reason": "New"}, HTTP_IF_MATCH='"4"').json()["state"] == "active"


@pytest.mark.parametrize(
    ("fields", "wrong"),
    [({"kind": "wild"}, {"/kind"}), ({"country": "ZZ"}, {"/country"}), ({"state": "ended"}, {"/state"})],
)
def test_a_supplier_that_makes_no_sense_is_refused(
    api_of: Any, owner: User, fields: dict[str, Any], wrong: set[str]
) -> None:
    assert pointers(api_of(owner).post(SUPPLIERS, supplier_body(owner, **fields))) == wrong
    assert not Supplier.objects.exists()


def test_a_supplier_still_needed_is_not_ended(api_of: Any, owner: User) -> None:
    supplier = make.supplier()
    make.component(None, supplier=supplier)
    answer = api_of(owner).post(f"{SUPPLIERS}{supplier.ref}/end/", {"reason": "x"}, HTTP_IF_MATCH='"1"')
    assert answer.status_code == 409


@pytest.mark.parametrize("url", [COMPONENTS, SUPPLIERS])
def test_readers_register_nothing(api_of: Any, url: str) -> None:
    reader = person(Role.READER)
    fields = component_body(reader) if url == COMPONENTS else supplier_body(reader)
    assert api_of(reader).post(url, fields).status_code == 403
