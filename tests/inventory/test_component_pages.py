"""Components and suppliers: registers, pages, forms, pickers."""

from datetime import date
from typing import Any

import pytest

from inventory import services
from inventory.models import Component, Supplier
from inventory.states import ComponentKind
from organization.models import User
from organization.states import Role
from tests.factories import inventory as make
from tests.factories.organization import UnitFactory, person, root
from tests.inventory.test_system_pages import page

pytestmark = pytest.mark.django_db


@pytest.fixture
def owner() -> User:
    return person(Role.SYSTEM_OWNER)


def sent(by: User, **more: Any) -> dict[str, Any]:
    return {"title": "Orders", "owner": by.email, "unit": root().name, "confidentiality": "normal", **more}


# Components


def test_the_register_of_components_teaches_and_shows(client_of: Any, owner: User) -> None:
    client = client_of(owner)
    assert "No component is recorded yet" in page(client.get("/components/"))
    component = make.component(None, title="Orders", quality_state="met", personal_data=True)
    shown = page(client.get("/components/?kind=data_set&personal_data=yes"))
    assert component.ref in shown and "Requirements met" in shown and "gaps" in shown
    assert component.ref not in page(client.get("/components/?kind=tool"))
    assert "/components/new/" not in page(client_of(person(Role.READER)).get("/components/"))


def test_a_component_asks_first_which_kind(client_of: Any, owner: User) -> None:
    client = client_of(owner)
    shown = page(client.get("/components/new/?system=" + make.system().ref))
    assert all(f"kind={kind}" in shown for kind in ComponentKind.values) and "A.4.6" in shown
    for query in ("", "?kind=wild"):
        answer = client.post(f"/components/new/{query}", sent(owner))
        assert answer.status_code == 400 and "What kind of component is it?" in page(answer)
    assert not Component.objects.exists()


@pytest.mark.parametrize("kind", ComponentKind.values)
def test_each_kind_has_its_form(client_of: Any, owner: User, kind: str) -> None:
    client = client_of(owner)
    shown = page(client.get(f"/components/new/?kind={kind}"))
    assert ("id_rights" in shown) is (kind == "data_set") and ("id_limits" in shown) is (kind == "model")
    answer = client.post(f"/components/new/?kind={kind}", sent(owner))
    component = Component.objects.get()
    assert answer["Location"] == f"/components/{component.ref}/" and component.component_kind == kind
    assert client.get(f"/components/{component.ref}/").status_code == 200


def test_a_data_set_is_registered_for_its_system(client_of: Any, owner: User) -> None:
    system = make.system(UnitFactory())
    url = f"/components/new/?kind=data_set&system={system.ref}"
    client = client_of(owner)
    assert "id_unit" not in page(client.get(url))
    fields = {"category": "training", "rights": "Contract", "personal_data": "true", "last_updated": "2026-01-02"}
    answer = client.post(url, sent(owner, **fields))
    assert answer["Location"] == f"/systems/{system.ref}/components/"
    component = Component.objects.get()
    assert (component.unit, component.category, component.personal_data) == (system.unit, "training", True)
    assert component.last_updated == date(2026, 1, 2)


def test_a_system_one_may_not_see_is_no_home(client_of: Any) -> None:
    hidden = make.system(UnitFactory())
    client = client_of(person(Role.SYSTEM_OWNER, UnitFactory()))
    assert client.get(f"/components/new/?kind=tool&system={hidden.ref}").status_code == 404


def test_the_page_names_what_one_sees(client_of: Any) -> None:
    here, there = UnitFactory(), UnitFactory()
    home, other = make.system(here, title="Home system"), make.system(there, title="Other system")
    component = make.component(home, supplier=make.supplier(here, title="Nubila"), rights="Contract")
    services.use_component(other, component, by=make.manager())
    url = f"/components/{component.ref}/"
    shown = page(client_of(person(Role.SYSTEM_OWNER, there)).get(url))
    assert "Other system" in shown and "Contract" in shown
    assert "Home system" not in shown and "Nubila" not in shown and f"{url}change/" not in shown
    whole = page(client_of(person(Role.SYSTEM_OWNER)).get(url))
    assert "Home system" in whole and "Nubila" in whole and f"{url}change/#field-provenance" in whole
    assert client_of(person(Role.READER, UnitFactory())).get(url).status_code == 404


def test_people_work_in_stages(client_of: Any, owner: User) -> None:
    component = make.component(None, kind="people", stages=["deployment"])
    client = client_of(owner)
    assert "Deployment" in page(client.get(f"/components/{component.ref}/"))
    fields = sent(owner, stages=["deployment", "retirement"], roles="Two engineers", version=component.version)
    assert client.post(f"/components/{component.ref}/change/", fields).status_code == 302
    component.refresh_from_db()
    assert (component.stages, component.roles) == (["deployment", "retirement"], "Two engineers")


def test_a_component_changed_by_two_people_loses_nobodys_text(client_of: Any, owner: User) -> None:
    component = make.component(None)
    services.change_component(component, by=make.manager(), data={"rights": "Theirs"}, on=make.TODAY)
    fields = sent(owner, rights="Mine", personal_data="unknown", version=component.version)
    answer = client_of(owner).post(f"/components/{component.ref}/change/", fields)
    assert answer.status_code == 412 and "Theirs" in page(answer) and "Mine" in page(answer)


def test_a_component_is_withdrawn_and_comes_back(client_of: Any, owner: User) -> None:
    component, client = make.component(None), client_of(owner)
    url = f"/components/{component.ref}/"
    assert "Withdraw" in page(client.get(f"{url}withdraw/"))
    assert client.post(f"{url}withdraw/", {"reason": "Old", "version": 9}).status_code == 412
    assert client.post(f"{url}withdraw/", {"reason": "Old", "version": 1}).status_code == 302
    assert client.post(f"{url}withdraw/", {"reason": "Old"}).status_code == 409
    assert "Take back into use" in page(client.get(url))
    assert client.post(f"{url}reinstate/", {"reason": "Needed"}).status_code == 302


@pytest.mark.parametrize("verb", ["change", "withdraw", "reinstate"])
def test_a_readers_component_stays(client_of: Any, verb: str) -> None:
    component = make.component(None)
    assert client_of(person(Role.READER)).get(f"/components/{component.ref}/{verb}/").status_code == 403


def test_readers_register_no_component(client_of: Any) -> None:
    client, system = client_of(person(Role.READER)), make.system()
    assert client.get("/components/new/").status_code == 403
    assert client.get(f"/components/new/?system={system.ref}").status_code == 403


# Suppliers


def test_a_supplier_is_registered_shown_changed_ended_and_resumed(client_of: Any, owner: User) -> None:
    client = client_of(owner)
    assert "No supplier is recorded yet" in page(client.get("/suppliers/"))
    assert client.get("/suppliers/new/").status_code == 200
    fields = sent(owner, title="Nubila", supplier_kind="hosting", country="FR")
    assert client.post("/suppliers/new/", {**fields, "title": ""}).status_code == 400
    answer = client.post("/suppliers/new/", fields)
    supplier = Supplier.objects.get()
    url = f"/suppliers/{supplier.ref}/"
    assert answer["Location"] == url
    assert "Nubila" in page(client.get("/suppliers/?kind=hosting")) and "France" in page(client.get(url))
    changed = {**fields, "contract": "2217", "version": 1}
    assert client.post(f"{url}change/", changed).status_code == 302
    assert client.post(f"{url}change/", {**changed, "contract": "x"}).status_code == 412
    assert client.get(f"{url}end/").status_code == 200
    assert client.post(f"{url}end/", {"reason": "Over"}).status_code == 302
    assert "Resume" in page(client.get(url))
    assert client.post(f"{url}resume/", {"reason": "New"}).status_code == 302
    assert client.get(f"{url}history/").status_code == 200


def test_a_suppliers_page_names_what_stands_on_it_and_one_sees(client_of: Any) -> None:
    here = UnitFactory()
    supplier = make.supplier(here)
    seen = make.system(here, title="Seen", third_party=True, vendor_product="x", supplier=supplier)
    make.system(UnitFactory(), title="Hidden", third_party=True, vendor_product="x", supplier=supplier)
    component = make.component(seen, supplier=supplier)
    shown = page(client_of(person(Role.READER, here)).get(f"/suppliers/{supplier.ref}/"))
    assert "Seen" in shown and component.ref in shown and "Hidden" not in shown


@pytest.mark.parametrize("verb", ["change", "end", "resume"])
def test_suppliers_need_a_role_and_the_unit(client_of: Any, verb: str) -> None:
    here = UnitFactory()
    url = f"/suppliers/{make.supplier(here).ref}/{verb}/"
    assert client_of(person(Role.READER, here)).get(url).status_code == 403
    assert client_of(person(Role.SYSTEM_OWNER, UnitFactory())).get(url).status_code == 404
    assert client_of(person(Role.READER)).get("/suppliers/new/").status_code == 403


# Pickers


def options(client: Any, source: str, text: str) -> list[dict[str, str]]:
    found: list[dict[str, str]] = client.get(f"/pick/{source}/", {"q": text}).json()["options"]
    return found


@pytest.mark.parametrize("source", ["system-units", "component-units", "supplier-units"])
def test_units_are_offered_where_one_may_register(client_of: Any, source: str) -> None:
    here = UnitFactory(name="Payments")
    UnitFactory(name="Payroll")
    client = client_of(person(Role.SYSTEM_OWNER, here))
    assert options(client, source, "pay") == [{"value": "Payments", "label": "Payments", "hint": "Whole"}]
    assert options(client_of(person(Role.READER, here)), source, "pay") == []


def test_units_of_one_name_are_offered_by_number(client_of: Any, owner: User) -> None:
    one, other = UnitFactory(parent=UnitFactory(name="Lyon")), UnitFactory(parent=UnitFactory(name="Hamburg"))
    for unit in (one, other):
        unit.name = "Care"
        unit.save()
    found = options(client_of(owner), "system-units", "care")
    assert {row["value"] for row in found} == {str(one.pk), str(other.pk)}
    answer = client_of(owner).post(
        "/systems/new/", {"title": "x", "purpose": "y", "owner": owner.email, "unit": str(one.pk)}
    )
    assert answer.status_code == 302
    form = client_of(owner).get(f"{answer['Location']}change/").context["form"]
    assert form["unit"].value() == str(one.pk) or form.fields["unit"].prepare_value(one.pk) == str(one.pk)


def test_legal_entities_above_are_offered(client_of: Any) -> None:
    company = UnitFactory(name="Marktlicht GmbH", kind="legal_entity")
    UnitFactory(name="Marktlicht SAS", kind="legal_entity")
    client = client_of(person(Role.SYSTEM_OWNER, UnitFactory(parent=company)))
    assert [row["label"] for row in options(client, "legal-entities", "markt")] == ["Marktlicht GmbH"]


def test_countries_and_languages_are_offered_by_code_and_name(client_of: Any, owner: User) -> None:
    client = client_of(owner)
    assert options(client, "countries", "germ")[0] == {"value": "DE", "label": "Germany", "hint": "DE"}
    assert options(client, "countries", "de")[0]["value"] == "DE"
    assert {"value": "de", "label": "German", "hint": "de"} in options(client, "languages", "german")
