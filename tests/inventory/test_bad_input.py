"""Bad input gets a clear error and loses nothing."""

from typing import Any

import pytest

from inventory.models import AISystem
from organization.models import User
from organization.states import Role
from tests.factories import inventory as make
from tests.factories.organization import person, root
from tests.inventory.test_api_systems import URL, pointers, tag
from tests.inventory.test_system_forms import everything, four
from tests.inventory.test_system_pages import page

pytestmark = pytest.mark.django_db
HUGE = "x" * 10_000_000
STRANGE = "👩‍🔬 مرحبا \u202eabc ｆｕｌｌ Ω 'quoted' <b>bold</b> {{ 7 }} %s \t tab"


@pytest.fixture
def owner() -> User:
    return person(Role.SYSTEM_OWNER)


def api_body(by: User, **more: Any) -> dict[str, Any]:
    return {"title": "Routing", "purpose": "Sorts mail", "owner": by.email, "unit": root().pk, **more}


@pytest.mark.parametrize("field", ["title", "purpose", "decisions", "vendor_product"])
def test_ten_megabytes_are_refused_by_the_api(api_of: Any, owner: User, field: str) -> None:
    answer = api_of(owner).post(URL, api_body(owner, **{field: HUGE}))
    assert answer.status_code in (400, 413)
    if answer.status_code == 400:
        assert pointers(answer) == {f"/{field}"} and len(answer.content) < 2000
    assert not AISystem.objects.exists()


def test_a_text_just_too_long_names_its_field(api_of: Any, client_of: Any, owner: User) -> None:
    answer = api_of(owner).post(URL, api_body(owner, decisions="x" * 4001))
    assert pointers(answer) == {"/decisions"}
    system = make.system()
    shown = client_of(owner).post(f"/systems/{system.ref}/change/", everything(system, decisions="y" * 4001))
    assert shown.status_code == 400 and 'href="#id_decisions"' in page(shown) and "y" * 4001 in page(shown)


def test_ten_megabytes_are_refused_by_the_browsers_form(client_of: Any, owner: User) -> None:
    answer = client_of(owner).post("/systems/new/", four(owner, purpose=HUGE))
    assert answer.status_code in (400, 413)
    assert not AISystem.objects.exists()


@pytest.mark.parametrize(
    "many", [{"affected_groups": ["x"] * 51}, {"regions": ["DE"] * 251}, {"languages": ["de"] * 101}]
)
def test_too_many_entries_are_refused(api_of: Any, owner: User, many: dict[str, list[str]]) -> None:
    assert pointers(api_of(owner).post(URL, api_body(owner, **many))) == {f"/{next(iter(many))}"}


def test_signs_of_every_script_come_back_as_they_went_in(api_of: Any, client_of: Any, owner: User) -> None:
    ref = api_of(owner).post(URL, api_body(owner, title=STRANGE[:60], purpose=STRANGE)).json()["ref"]
    assert AISystem.objects.get().purpose == STRANGE.strip()
    client = client_of(owner)
    shown = page(client.get(f"/systems/{ref}/"))
    assert "👩‍🔬 مرحبا" in shown and "&lt;b&gt;bold" in shown and "<b>bold" not in shown and "{{ 7 }}" in shown
    assert client.get("/systems/?q=👩‍🔬").context["register"].total == 1
    system = AISystem.objects.get()
    assert client.post(f"/systems/{ref}/change/", everything(system, decisions=STRANGE)).status_code == 302
    assert AISystem.objects.get().decisions == STRANGE


@pytest.mark.parametrize("field", ["title", "purpose", "decisions"])
def test_a_nul_is_refused(api_of: Any, client_of: Any, owner: User, field: str) -> None:
    answer = api_of(owner).post(URL, api_body(owner, **{field: "a\x00b"}))
    assert answer.status_code == 400 and pointers(answer) == {f"/{field}"}
    if field != "decisions":
        assert client_of(owner).post("/systems/new/", four(owner, **{field: "a\x00b"})).status_code == 400
    assert client_of(owner).get("/systems/?q=a%00b").status_code == 200


@pytest.mark.parametrize("field", ["owner", "unit"])
def test_a_nul_in_a_picker_is_refused(client_of: Any, owner: User, field: str) -> None:
    assert client_of(owner).post("/systems/new/", four(owner, **{field: "a\x00b"})).status_code == 400


@pytest.mark.parametrize("sent", ["", "[]", '"text"', "{", "null", '{"title": {"x": 1}}'])
def test_a_body_that_is_no_object_is_refused(api_of: Any, owner: User, sent: str) -> None:
    api = api_of(owner)
    answer = api.generic("POST", URL, sent, content_type="application/json")
    assert answer.status_code == 400 and answer["Content-Type"] == "application/problem+json"


@pytest.mark.parametrize(
    ("field", "value"),
    [("third_party", "perhaps"), ("live_since", 5), ("affected_groups", "x"), ("affected_groups", [{"a": 1}]),
     ("confidentiality", "secret"), ("owner", 7), ("unit", [1]), ("unit", True), ("supplier", 5)],
)  # fmt: skip
def test_a_wrong_type_names_its_field(api_of: Any, owner: User, field: str, value: Any) -> None:
    system = make.system()
    answer = api_of(owner).patch(f"{URL}{system.ref}/", {field: value}, **tag(system))
    assert answer.status_code == 400
    assert {pointer.split("/")[1] for pointer in pointers(answer)} == {field}


@pytest.mark.parametrize(
    "path", ["/systems/SYS-1%00/", "/systems/'; drop/", "/systems/SYS-0001/roles/99999999999999999999/"]
)
def test_an_address_that_makes_no_sense_is_not_found(client_of: Any, owner: User, path: str) -> None:
    assert client_of(owner).get(path).status_code == 404
