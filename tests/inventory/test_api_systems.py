"""/api/v1/systems/: list, one, register, change, act."""

from datetime import date
from typing import Any

import pytest

from inventory import services
from inventory.models import AISystem
from organization.models import User
from organization.states import Role
from tests.factories import inventory as make
from tests.factories.organization import UnitFactory, person, root

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("open_gate")]
URL = "/api/v1/systems/"


@pytest.fixture
def owner() -> User:
    return person(Role.SYSTEM_OWNER)


def body(by: User, **more: Any) -> dict[str, Any]:
    return {"title": "Routing", "purpose": "Sorts mail", "owner": by.email, "unit": root().pk, **more}


def pointers(answer: Any) -> set[str]:
    return {error["pointer"] for error in answer.json()["errors"]}


def tag(system: AISystem) -> dict[str, str]:
    return {"HTTP_IF_MATCH": f'"{AISystem.objects.get(pk=system.pk).version}"'}


# Reading


def test_a_system_reads_with_all_its_parts(api_of: Any, owner: User) -> None:
    system = make.complete(
        stage="operation_monitoring", third_party=True, vendor_product="Desk", supplier=make.supplier()
    )
    version = make.version(system, live_from=date(2026, 1, 1))
    answer = api_of(owner).get(f"{URL}{system.ref}/")
    told = answer.json()
    assert answer.status_code == 200 and answer["ETag"] == f'"{told["version"]}"'
    assert (told["stage"], told["unit_name"], told["owner"]) == ("operation_monitoring", "Whole", make.manager().email)
    assert told["supplier"] == AISystem.objects.get(pk=system.pk).supplier.ref
    assert [role["role"] for role in told["roles"]] == ["ai_producer"]
    assert [role["role"] for role in told["law_roles"]] == ["provider"]
    assert [(row["id"], row["live_from"]) for row in told["versions"]] == [(version.pk, "2026-01-01")]
    assert [entry["stage"] for entry in told["stages"]] == ["operation_monitoring"]
    assert len(told["components"]) == 5
    assert [gap["id"] for gap in told["missing"]] == ["vendor_version"]


def test_the_list_gives_what_one_sees(api_of: Any) -> None:
    here, there = UnitFactory(), UnitFactory()
    seen, _hidden = make.system(here), make.system(there)
    answer = api_of(person(Role.READER, here)).get(URL).json()
    assert [row["ref"] for row in answer["results"]] == [seen.ref] and answer["count"] == 1


def test_a_system_of_another_unit_does_not_exist(api_of: Any) -> None:
    hidden, reader = make.system(UnitFactory()), person(Role.READER, UnitFactory())
    assert api_of(reader).get(f"{URL}{hidden.ref}/").status_code == 404
    assert api_of(reader).get(f"{URL}SYS-999999/").status_code == 404


def test_a_hidden_link_reads_as_nothing(api_of: Any) -> None:
    here = UnitFactory()
    hidden = make.supplier(UnitFactory())
    system = make.system(here, third_party=True, vendor_product="Desk", supplier=hidden)
    restricted = make.component(system, confidentiality="restricted")
    told = api_of(person(Role.READER, here)).get(f"{URL}{system.ref}/").json()
    assert told["supplier"] is None and told["components"] == []
    assert hidden.ref not in str(told) and restricted.ref not in str(told)


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("stage=inception", 1),
        ("stage=operation_monitoring", 1),
        ("criticality=low", 1),
        ("role=ai_producer", 1),
        ("third_party=no", 1),
        ("third_party=unknown", 1),
        ("third_party=unknown&third_party=no", 2),
        ("third_party=yes", 0),
        ("complete=complete", 0),
        ("complete=gaps", 2),
        ("complete=gaps&complete=complete", 2),
        ("q=mail+sort", 1),
        ("sort=-title", 2),
        ("limit=1", 1),
    ],
)
def test_the_list_is_filtered_as_the_register_is(api_of: Any, owner: User, query: str, found: int) -> None:
    make.system(title="Mail sorter")
    make.complete(stage="operation_monitoring")
    assert len(api_of(owner).get(f"{URL}?{query}").json()["results"]) == found


def test_owner_and_unit_filter_by_number(api_of: Any, owner: User) -> None:
    unit = UnitFactory()
    system = make.system(unit)
    make.system()
    for query in (f"unit={unit.pk}", f"owner={system.owner.pk}&unit={unit.pk}"):
        assert [row["ref"] for row in api_of(owner).get(f"{URL}?{query}").json()["results"]] == [system.ref]


@pytest.mark.parametrize("query", ["stage=wild", "unit=999999", "wild=1", "sort=wild", "limit=0", "limit=x", "after=x"])
def test_an_unknown_parameter_is_refused(api_of: Any, owner: User, query: str) -> None:
    assert api_of(owner).get(f"{URL}?{query}").status_code == 400


def test_the_list_takes_the_same_queries_for_one_and_three(api_of: Any, queries: Any) -> None:
    api = api_of(person(Role.READER))
    make.version(make.complete())
    one = queries(lambda: api.get(URL))
    for _number in range(2):
        make.version(make.complete())
    assert queries(lambda: api.get(URL)) == one <= 20


# Registering


def test_four_fields_register_a_system(api_of: Any, owner: User) -> None:
    answer = api_of(owner).post(URL, body(owner))
    told = answer.json()
    assert answer.status_code == 201 and answer["Location"] == f"{URL}{told['ref']}/"
    assert answer["ETag"] == f'"{told["version"]}"'
    assert (told["stage"], told["owner"]) == ("inception", owner.email)


def test_a_system_from_before_comes_with_stage_and_date(api_of: Any, owner: User) -> None:
    fields = {
        "stage": "operation_monitoring",
        "live_since": "2024-05-01",
        "criticality": "low",
        "criticality_reason": "x",
    }
    told = api_of(owner).post(URL, body(owner, **fields)).json()
    assert (told["stage"], told["live_since"], told["criticality"]) == ("operation_monitoring", "2024-05-01", "low")


def test_the_same_key_registers_once(api_of: Any, owner: User) -> None:
    api = api_of(owner)
    first = api.post(URL, body(owner), HTTP_IDEMPOTENCY_KEY="k1")
    again = api.post(URL, body(owner), HTTP_IDEMPOTENCY_KEY="k1")
    assert (first.status_code, again.status_code) == (201, 201)
    assert again.json()["ref"] == first.json()["ref"] and again["ETag"] == first["ETag"]
    assert AISystem.objects.count() == 1
    assert api.post(URL, body(owner, title="Other"), HTTP_IDEMPOTENCY_KEY="k1").status_code == 409


@pytest.mark.parametrize(
    ("fields", "wrong"),
    [
        ({"title": ""}, {"/title"}),
        ({"title": None, "purpose": 3.5, "owner": "nobody@example.org"}, {"/title", "/owner"}),
        ({"title": ["x"]}, {"/title"}),
        ({"unit": "x"}, {"/unit"}),
        ({"unit": 999999}, {"/unit"}),
        ({"wild": 1}, {"/wild"}),
        ({"ref": "SYS-1", "version": 3, "retired_on": "2026-01-01"}, {"/ref", "/version", "/retired_on"}),
        ({"state": "operation_monitoring"}, {"/state"}),
        ({"stage": "operation_monitoring"}, {"/live_since"}),
        ({"stage": "wild"}, {"/stage"}),
        ({"regions": ["ZZ"]}, {"/regions/0"}),
        ({"regions": "DE"}, {"/regions"}),
        ({"live_since": "soon"}, {"/live_since"}),
        ({"third_party": True}, {"/vendor_product"}),
        ({"criticality": "low"}, {"/criticality_reason"}),
        ({"supplier": "SUP-999999"}, {"/supplier"}),
    ],
)
def test_a_body_that_makes_no_sense_is_refused_field_by_field(
    api_of: Any, owner: User, fields: dict[str, Any], wrong: set[str]
) -> None:
    answer = api_of(owner).post(URL, body(owner, **fields))
    assert answer.status_code == 400 and answer["Content-Type"] == "application/problem+json"
    assert pointers(answer) == wrong
    assert not AISystem.objects.exists()


@pytest.mark.parametrize("missing", ["title", "purpose", "owner", "unit"])
def test_the_four_fields_are_asked(api_of: Any, owner: User, missing: str) -> None:
    fields = body(owner)
    del fields[missing]
    assert pointers(api_of(owner).post(URL, fields)) == {f"/{missing}"}


def test_a_foreign_unit_person_or_supplier_does_not_exist(api_of: Any) -> None:
    here, there = UnitFactory(), UnitFactory()
    someone, stranger = person(Role.SYSTEM_OWNER, here), person(Role.READER, there)
    fields = {
        "title": "x", "purpose": "y", "unit": there.pk, "owner": stranger.email, "supplier": make.supplier(there).ref,
    }  # fmt: skip
    answer = api_of(someone).post(URL, fields)
    assert answer.status_code == 400 and pointers(answer) == {"/unit", "/owner", "/supplier"}


def test_registering_needs_a_role(api_of: Any) -> None:
    reader = person(Role.READER)
    assert api_of(reader).post(URL, body(reader)).status_code == 403


def test_nobody_signed_in_gets_401(api_of: Any) -> None:
    assert api_of().get(URL).status_code in (401, 403)


# Changing


def test_a_patch_sets_what_it_names(api_of: Any, owner: User) -> None:
    system = make.system()
    answer = api_of(owner).patch(
        f"{URL}{system.ref}/", {"decisions": "Who waits", "regions": ["DE", "FR"]}, **tag(system)
    )
    assert answer.status_code == 200
    assert (answer.json()["decisions"], answer.json()["regions"]) == ("Who waits", ["DE", "FR"])
    assert answer["ETag"] == f'"{system.version + 1}"'


def test_a_put_asks_for_the_required_fields(api_of: Any, owner: User) -> None:
    system, api = make.system(), api_of(owner)
    assert pointers(api.put(f"{URL}{system.ref}/", {"title": "x"}, **tag(system))) == {"/purpose", "/owner", "/unit"}
    assert api.put(f"{URL}{system.ref}/", body(owner), **tag(system)).json()["title"] == "Routing"


def test_without_if_match_nothing_changes(api_of: Any, owner: User) -> None:
    system = make.system()
    assert api_of(owner).patch(f"{URL}{system.ref}/", {"decisions": "x"}).status_code == 428


def test_a_weak_or_broken_tag_is_refused(api_of: Any, owner: User) -> None:
    system = make.system()
    for given in ("3", 'W/"3"', "*", '"x"'):
        answer = api_of(owner).patch(f"{URL}{system.ref}/", {"decisions": "x"}, HTTP_IF_MATCH=given)
        assert answer.status_code == 400


def test_a_stale_tag_gets_the_state_to_merge_with(api_of: Any, owner: User) -> None:
    system = make.system()
    old = tag(system)
    services.change_system(system, by=make.manager(), on=make.TODAY, data={"decisions": "theirs"})
    answer = api_of(owner).patch(f"{URL}{system.ref}/", {"decisions": "mine"}, **old)
    assert answer.status_code == 412 and answer.json()["current"]["decisions"] == "theirs"
    assert answer["ETag"] == f'"{system.version + 1}"'
    assert AISystem.objects.get(pk=system.pk).decisions == "theirs"


def test_changing_needs_a_role(api_of: Any) -> None:
    system, reader = make.system(), person(Role.READER)
    assert api_of(reader).patch(f"{URL}{system.ref}/", {"decisions": "x"}, **tag(system)).status_code == 403


def test_a_system_of_another_unit_cannot_be_changed(api_of: Any) -> None:
    system, someone = make.system(UnitFactory()), person(Role.SYSTEM_OWNER, UnitFactory())
    assert api_of(someone).patch(f"{URL}{system.ref}/", {"decisions": "x"}, **tag(system)).status_code == 404


def test_moving_to_a_unit_without_a_role_there_is_forbidden(api_of: Any) -> None:
    here, there = UnitFactory(), UnitFactory()
    system = make.system(here)
    someone = person("", here, roles={Role.SYSTEM_OWNER: here, Role.READER: there})
    assert api_of(someone).patch(f"{URL}{system.ref}/", {"unit": there.pk}, **tag(system)).status_code == 403


def test_a_hidden_supplier_is_not_lost_by_who_cannot_see_it(api_of: Any) -> None:
    here = UnitFactory()
    hidden = make.supplier(UnitFactory())
    system = make.system(here, third_party=True, vendor_product="Desk", supplier=hidden)
    api = api_of(person(Role.SYSTEM_OWNER, here))
    assert api.patch(f"{URL}{system.ref}/", {"supplier": None, "decisions": "x"}, **tag(system)).status_code == 200
    assert AISystem.objects.get(pk=system.pk).supplier == hidden


def test_a_visible_supplier_is_taken_away(api_of: Any, owner: User) -> None:
    system = make.system(third_party=True, vendor_product="Desk", supplier=make.supplier())
    assert api_of(owner).patch(f"{URL}{system.ref}/", {"supplier": None}, **tag(system)).json()["supplier"] is None


def test_systems_are_not_deleted(api_of: Any, owner: User) -> None:
    system = make.system()
    assert api_of(owner).delete(f"{URL}{system.ref}/", **tag(system)).status_code == 405


# Moving


def test_a_stage_moves_with_a_reason(api_of: Any, owner: User) -> None:
    system, api = make.system(), api_of(owner)
    url = f"{URL}{system.ref}/move/"
    assert api.post(url, {"stage": "design_development", "reason": "Go"}).status_code == 428
    assert pointers(api.post(url, {"stage": "wild"}, **tag(system))) == {"/stage", "/reason"}
    told = api.post(url, {"stage": "design_development", "reason": "Go"}, **tag(system)).json()
    assert told["stage"] == "design_development" and told["stages"][0]["reason"] == "Go"


def test_a_closed_gate_says_what_is_missing(api_of: Any, owner: User) -> None:
    system, api = make.system(), api_of(owner)
    answer = api.post(f"{URL}{system.ref}/move/", {"stage": "retirement", "reason": "x"}, **tag(system))
    assert answer.status_code == 409 and [one["id"] for one in answer.json()["unmet"]] == ["retirement_plan"]
    answer = api.post(f"{URL}{system.ref}/move/", {"stage": "deployment", "reason": "x"}, **tag(system))
    assert answer.status_code == 409 and "Inception" in answer.json()["detail"]
