"""Roles, versions and components of a system through the API."""

from typing import Any

import pytest

from inventory.models import AISystem, SystemVersion
from organization.models import Unit, User
from organization.states import Role
from tests.factories import inventory as make
from tests.factories.organization import UnitFactory, person
from tests.inventory.test_api_systems import URL, pointers, tag

pytestmark = pytest.mark.django_db


@pytest.fixture
def owner() -> User:
    return person(Role.SYSTEM_OWNER)


@pytest.fixture
def entity() -> Unit:
    made: Unit = UnitFactory(kind="legal_entity")
    return made


class Caller:
    """Acts on one system with the version as it stands."""

    def __init__(self, api: Any, system: AISystem) -> None:
        self.api, self.system = api, system

    def __call__(self, path: str, fields: dict[str, Any] | None = None, method: str = "post") -> Any:
        return getattr(self.api, method)(f"{URL}{self.system.ref}/{path}", fields or {}, **tag(self.system))


@pytest.mark.parametrize(
    ("path", "key", "fields"),
    [
        ("roles/", "roles", {"role": "ai_customer", "sub_role": "ai_user"}),
        ("law-roles/", "law_roles", {"role": "deployer"}),
    ],
)
def test_a_role_is_stated_corrected_and_taken_away(
    api_of: Any, owner: User, entity: Unit, path: str, key: str, fields: dict[str, str]
) -> None:
    act = Caller(api_of(owner), make.system())
    stated = act(path, {**fields, "legal_entity": entity.pk, "rationale": "Uses it"}).json()[key][0]
    assert (stated["role"], stated["legal_entity_name"]) == (fields["role"], entity.name)
    corrected = act(f"{path}{stated['id']}/", {"rationale": "Works with it"}, "patch").json()[key][0]
    assert corrected["rationale"] == "Works with it"
    assert act(f"{path}{stated['id']}/remove/").status_code == 400
    assert act(f"{path}{stated['id']}/remove/", {"reason": "Sold"}).json()[key] == []


@pytest.mark.parametrize(
    ("fields", "wrong"),
    [
        ({"role": "wild"}, {"/role"}),
        ({"sub_role": "ai_developer"}, {""}),
        ({"rationale": ""}, {"/rationale"}),
        ({"legal_entity": 999999}, {"/legal_entity"}),
        ({"wild": 1}, {"/wild"}),
    ],
)
def test_a_role_that_makes_no_sense_is_refused(
    api_of: Any, owner: User, entity: Unit, fields: dict[str, Any], wrong: set[str]
) -> None:
    act = Caller(api_of(owner), make.system())
    good = {"role": "ai_customer", "sub_role": "ai_user", "legal_entity": entity.pk, "rationale": "x"}
    answer = act("roles/", {**good, **fields})
    assert answer.status_code == 400 and pointers(answer) == wrong


def test_a_legal_entity_is_seen_or_above_the_system(api_of: Any) -> None:
    company = UnitFactory(kind="legal_entity")
    here, stranger = UnitFactory(parent=company), UnitFactory(kind="legal_entity")
    act = Caller(api_of(person(Role.SYSTEM_OWNER, here)), make.system(here))
    fields = {"role": "ai_customer", "rationale": "x"}
    assert pointers(act("roles/", {**fields, "legal_entity": stranger.pk})) == {"/legal_entity"}
    assert act("roles/", {**fields, "legal_entity": company.pk}).status_code == 200


def test_a_version_is_recorded_corrected_released_and_ended(api_of: Any, owner: User) -> None:
    act = Caller(api_of(owner), make.system(stage="operation_monitoring"))
    made = act("versions/", {"number": "1.0", "digest": make.DIGEST, "notes": "First"}).json()["versions"][0]
    assert (made["number"], made["live_from"]) == ("1.0", None)
    path = f"versions/{made['id']}/"
    assert act(path, {"notes": "The first"}, "patch").json()["versions"][0]["notes"] == "The first"
    assert act(f"{path}release/", {"live_from": "2026-01-05"}).json()["versions"][0]["live_from"] == "2026-01-05"
    assert act(f"{path}release/").status_code == 409
    assert act(path, {"digest": "f" * 64}, "patch").status_code == 409
    ended = act(f"{path}end/", {"reason": "Fault", "live_until": "2026-01-06"}).json()["versions"][0]
    assert ended["live_until"] == "2026-01-06"


@pytest.mark.parametrize(
    ("fields", "wrong"),
    [
        ({}, {"/number"}),
        ({"number": "1", "digest": "abc"}, {"/digest"}),
        ({"number": "1", "live_from": "2026-01-01"}, {"/live_from"}),
    ],
)
def test_a_version_that_makes_no_sense_is_refused(
    api_of: Any, owner: User, fields: dict[str, str], wrong: set[str]
) -> None:
    answer = Caller(api_of(owner), make.system())("versions/", fields)
    assert answer.status_code == 400 and pointers(answer) == wrong


def test_a_pipeline_records_a_version_and_releases_none(api_of: Any) -> None:
    system = make.system(stage="operation_monitoring")
    act = Caller(api_of(person(Role.INTEGRATION)), system)
    assert act("versions/", {"number": "2.0"}).status_code == 200
    version = SystemVersion.objects.get(system=system)
    assert act(f"versions/{version.pk}/release/").status_code == 403


def test_a_part_of_another_system_does_not_exist(api_of: Any, owner: User) -> None:
    other = make.complete()
    version, role = make.version(other), other.roles.get()
    act = Caller(api_of(owner), make.system())
    for path in (f"versions/{version.pk}/release/", f"roles/{role.pk}/remove/", f"law-roles/{role.pk}/remove/"):
        assert act(path, {"reason": "x"}).status_code == 404
    for path in (f"versions/{version.pk}/", f"roles/{role.pk}/"):
        assert act(path, {}, "patch").status_code == 404


def test_a_component_is_used_and_left(api_of: Any, owner: User) -> None:
    component = make.component(None)
    act = Caller(api_of(owner), make.system())
    assert act("components/", {"component": component.ref}).json()["components"][0]["ref"] == component.ref
    path = f"components/{component.ref}/stop/"
    assert pointers(act(path)) == {"/reason"}
    assert act(path, {"reason": "x"}).json()["components"] == []
    assert act(path, {"reason": "x"}).status_code == 404


def test_a_foreign_component_does_not_exist(api_of: Any) -> None:
    here, there = UnitFactory(), UnitFactory()
    act = Caller(api_of(person(Role.SYSTEM_OWNER, here)), make.system(here))
    hidden = make.component(None, unit=there)
    assert pointers(act("components/", {"component": hidden.ref})) == {"/component"}


@pytest.mark.parametrize("path", ["roles/", "law-roles/", "versions/", "components/", "move/"])
def test_acting_needs_if_match_and_the_version_that_stands(api_of: Any, owner: User, path: str) -> None:
    system = make.system()
    url = f"{URL}{system.ref}/{path}"
    assert api_of(owner).post(url, {}).status_code == 428
    entity, component = UnitFactory(kind="legal_entity"), make.component(None)
    fields = {
        "roles/": {"role": "ai_user", "legal_entity": entity.pk, "rationale": "x"} | {"role": "ai_customer"},
        "law-roles/": {"role": "deployer", "legal_entity": entity.pk, "rationale": "x"},
        "versions/": {"number": "1"},
        "components/": {"component": component.ref},
        "move/": {"stage": "design_development", "reason": "x"},
    }[path]
    answer = api_of(owner).post(url, fields, HTTP_IF_MATCH='"1"')
    assert answer.status_code == 412 and answer.json()["current"]["ref"] == system.ref
