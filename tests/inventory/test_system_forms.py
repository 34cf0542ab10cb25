"""Forms about a system: register, change, move; its roles, versions and components."""

from datetime import date
from typing import Any

import pytest

from inventory import services
from inventory.models import AISystem
from organization.models import Unit, User
from organization.states import Role
from tests.factories import inventory as make
from tests.factories.organization import UnitFactory, person, root
from tests.inventory.test_system_pages import page

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("open_gate")]


@pytest.fixture
def owner() -> User:
    return person(Role.SYSTEM_OWNER)


def four(by: User, **more: Any) -> dict[str, Any]:
    return {"title": "Routing", "purpose": "Sorts mail", "owner": by.email, "unit": root().name, **more}


def everything(system: AISystem, **more: Any) -> dict[str, Any]:
    """What the change form sends when nothing is changed."""
    current = AISystem.objects.get(pk=system.pk)
    return {
        "title": current.title, "purpose": current.purpose, "owner": current.owner.email, "unit": current.unit.name,
        "live_since": current.live_since or "", "confidentiality": current.confidentiality, "third_party": "unknown",
        "version": current.version, **more,
    }  # fmt: skip


# Register


def test_four_fields_register_a_system(client_of: Any, owner: User) -> None:
    client = client_of(owner)
    shown = page(client.get("/systems/new/"))
    assert owner.email in shown and root().name in shown
    answer = client.post("/systems/new/", four(owner))
    system = AISystem.objects.get()
    assert answer.status_code == 302 and answer["Location"] == f"/systems/{system.ref}/"
    assert (system.title, system.owner, system.unit, system.state) == ("Routing", owner, root(), "inception")


def test_a_system_in_use_says_since_when(client_of: Any, owner: User) -> None:
    client = client_of(owner)
    answer = client.post("/systems/new/", four(owner, stage="operation_monitoring"))
    assert answer.status_code == 400 and "since when" in page(answer) and "Sorts mail" in page(answer)
    client.post("/systems/new/", four(owner, stage="operation_monitoring", live_since="2024-05-01"))
    assert AISystem.objects.get().live_since == date(2024, 5, 1)


def test_a_likely_duplicate_is_shown_before_it_is_made(client_of: Any, owner: User) -> None:
    twin = make.system(title="Mail routing")
    make.system(UnitFactory(), title="Far away")
    client = client_of(owner)
    answer = client.post("/systems/new/", four(owner, title="Routing of mail"))
    assert answer.status_code == 400 and twin.ref in page(answer) and "It is another system" in page(answer)
    assert client.post("/systems/new/", four(owner, title="Routing of mail", another="on")).status_code == 302


def test_a_duplicate_one_may_not_see_is_not_told(client_of: Any) -> None:
    here = UnitFactory(name="Here")
    twin = make.system(UnitFactory(), title="Mail routing")
    someone = person(Role.SYSTEM_OWNER, here)
    answer = client_of(someone).post("/systems/new/", four(someone, title="Mail routing", unit="Here"))
    assert answer.status_code == 302 and twin.ref not in page(answer)


@pytest.mark.parametrize("missing", ["title", "purpose", "owner", "unit"])
def test_the_four_fields_are_asked(client_of: Any, owner: User, missing: str) -> None:
    answer = client_of(owner).post("/systems/new/", four(owner, **{missing: ""}))
    assert answer.status_code == 400 and f'href="#id_{missing}"' in page(answer)
    assert not AISystem.objects.exists()


def test_a_unit_where_one_has_no_role_is_not_on_the_list(client_of: Any) -> None:
    here = UnitFactory(name="Here")
    someone, elsewhere = person(Role.SYSTEM_OWNER, here), UnitFactory(name="Elsewhere")
    for unit in (elsewhere.name, str(elsewhere.pk)):
        answer = client_of(someone).post("/systems/new/", four(someone, unit=unit))
        assert answer.status_code == 400 and "Nothing here is called" in page(answer)


def test_registering_needs_a_role(client_of: Any) -> None:
    reader = person(Role.READER)
    assert client_of(reader).get("/systems/new/").status_code == 403
    assert client_of(reader).post("/systems/new/", four(reader)).status_code == 403


# Change


def test_the_form_changes_what_was_typed(client_of: Any, owner: User) -> None:
    system = make.system()
    client = client_of(owner)
    shown = page(client.get(f"/systems/{system.ref}/change/"))
    assert "An auditor will ask" in shown or "auditor" in shown.lower()
    answer = client.post(
        f"/systems/{system.ref}/change/",
        everything(
            system, decisions="Who waits", affected_groups="Customers\n\nAgents\nCustomers", regions="Germany, fr",
            languages="de, French", autonomy="automatic", criticality="low", criticality_reason="Little harm",
            third_party="false",
        ),
    )  # fmt: skip
    assert answer.status_code == 302, page(answer)
    changed = AISystem.objects.get(pk=system.pk)
    assert (changed.decisions, changed.affected_groups) == ("Who waits", ["Customers", "Agents"])
    assert (changed.regions, changed.languages, changed.third_party) == (["DE", "FR"], ["de", "fr"], False)


def test_an_unchanged_form_changes_nothing(client_of: Any, owner: User) -> None:
    system = make.complete()
    before = AISystem.objects.get(pk=system.pk)
    client = client_of(owner)
    form = client.get(f"/systems/{system.ref}/change/").context["form"]
    sent = {bound.html_name: bound.value() for bound in form if bound.value() is not None}
    sent["third_party"] = "false"
    assert client.post(f"/systems/{system.ref}/change/", sent).status_code == 302
    assert AISystem.objects.get(pk=system.pk).version == before.version


@pytest.mark.parametrize(
    ("fields", "wrong"),
    [
        ({"regions": "Atlantis"}, "regions"),
        ({"languages": "Klingon"}, "languages"),
        ({"criticality": "high"}, "criticality_reason"),
        ({"third_party": "true"}, "vendor_product"),
        ({"vendor_product": "Desk"}, "vendor_product"),
        ({"affected_groups": "x" * 201}, "affected_groups"),
        ({"owner": "nobody@example.org"}, "owner"),
        ({"supplier": "SUP-999999"}, "supplier"),
        ({"autonomy": "wild"}, "autonomy"),
    ],
)
def test_an_error_stands_at_its_field_and_nothing_typed_is_lost(
    client_of: Any, owner: User, fields: dict[str, str], wrong: str
) -> None:
    system = make.system()
    answer = client_of(owner).post(
        f"/systems/{system.ref}/change/", everything(system, decisions="Typed by hand", **fields)
    )
    assert answer.status_code == 400
    assert f'href="#id_{wrong}' in page(answer) and "Typed by hand" in page(answer)


def test_two_people_saving_lose_nobodys_text(client_of: Any, owner: User) -> None:
    system = make.system(decisions="As opened", user_information="As opened")
    mine = everything(system, decisions="My words", user_information="As opened")
    services.change_system(
        system, by=make.manager(), on=make.TODAY, data={"decisions": "Their words", "user_information": "Also theirs"}
    )
    client = client_of(owner)
    answer = client.post(f"/systems/{system.ref}/change/", mine)
    shown = page(answer)
    assert answer.status_code == 412 and all(words in shown for words in ("My words", "Their words", "Also theirs"))
    again = everything(system, decisions="My words and theirs", user_information="Also theirs")
    assert client.post(f"/systems/{system.ref}/change/", again).status_code == 302
    assert AISystem.objects.get(pk=system.pk).user_information == "Also theirs"


def test_what_is_typed_into_the_unit_does_not_decide_who_may(client_of: Any) -> None:
    mine, theirs = UnitFactory(name="Mine"), UnitFactory(name="Theirs")
    system = make.system(theirs)
    someone = person("", mine, roles={Role.SYSTEM_OWNER: mine, Role.READER: theirs})
    answer = client_of(someone).post(f"/systems/{system.ref}/change/", everything(system, unit="Mine"))
    assert answer.status_code == 403 and AISystem.objects.get(pk=system.pk).unit == theirs


def test_a_hidden_supplier_is_neither_shown_nor_lost(client_of: Any) -> None:
    here = UnitFactory()
    hidden = make.supplier(UnitFactory())
    system = make.system(here, third_party=True, vendor_product="Desk", supplier=hidden)
    client = client_of(person(Role.SYSTEM_OWNER, here))
    shown = page(client.get(f"/systems/{system.ref}/change/"))
    assert hidden.ref not in shown and "id_supplier" not in shown
    sent = everything(system, third_party="true", vendor_product="Desk", decisions="x")
    assert client.post(f"/systems/{system.ref}/change/", sent).status_code == 302
    assert AISystem.objects.get(pk=system.pk).supplier == hidden


@pytest.mark.parametrize("verb", ["change", "move"])
def test_changing_and_moving_need_a_role_and_the_unit(client_of: Any, verb: str) -> None:
    here = UnitFactory()
    url = f"/systems/{make.system(here).ref}/{verb}/"
    assert client_of(person(Role.READER, here)).get(url).status_code == 403
    assert client_of(person(Role.SYSTEM_OWNER, UnitFactory())).get(url).status_code == 404


# Move


def test_a_system_moves_to_the_next_stage(client_of: Any, owner: User) -> None:
    system, client = make.system(), client_of(owner)
    url = f"/systems/{system.ref}/move/"
    shown = page(client.get(url))
    assert "Design and development" in shown and "A retirement plan says" in shown and "Deployment" not in shown
    assert client.post(url, {"stage": "deployment", "reason": "x"}).status_code == 400
    assert client.post(url, {"stage": "design_development", "reason": ""}).status_code == 400
    sent = {"stage": "design_development", "reason": "Approved", "version": AISystem.objects.get().version}
    assert client.post(url, sent).status_code == 302
    assert AISystem.objects.get().state == "design_development"


def test_a_closed_gate_is_told(client_of: Any, owner: User) -> None:
    system = make.system()
    answer = client_of(owner).post(f"/systems/{system.ref}/move/", {"stage": "retirement", "reason": "x"})
    assert answer.status_code == 409 and "A retirement plan says" in page(answer)


def test_moving_after_somebody_saved_asks_again(client_of: Any, owner: User) -> None:
    system = make.system()
    services.change_system(system, by=make.manager(), on=make.TODAY, data={"decisions": "x"})
    sent = {"stage": "design_development", "reason": "My reason", "version": system.version}
    answer = client_of(owner).post(f"/systems/{system.ref}/move/", sent)
    assert answer.status_code == 412 and "My reason" in page(answer) and "Somebody saved in between" in page(answer)
    assert f'name="version" value="{system.version + 1}"' in page(answer)


def test_a_retired_system_is_at_its_end(client_of: Any, owner: User) -> None:
    system = services.retire_system(make.system(retirement_plan="x"), by=owner, reason="x", on=make.TODAY)
    assert "end of its life cycle" in page(client_of(owner).get(f"/systems/{system.ref}/move/"))


# Roles


@pytest.fixture
def entity() -> Unit:
    made: Unit = UnitFactory(kind="legal_entity", name="Marktlicht GmbH")
    return made


@pytest.mark.parametrize(
    ("path", "fields", "relation"),
    [
        ("roles", {"role": "ai_customer", "sub_role": "ai_user"}, "roles"),
        ("law-roles", {"role": "deployer"}, "law_roles"),
    ],
)
def test_a_role_is_stated_corrected_and_taken_away(
    client_of: Any, owner: User, entity: Unit, path: str, fields: dict[str, str], relation: str
) -> None:
    system, client = make.system(), client_of(owner)
    url = f"/systems/{system.ref}/{path}/"
    assert client.get(f"{url}new/").status_code == 200
    sent = {**fields, "legal_entity": "Marktlicht GmbH", "rationale": "Uses it"}
    answer = client.post(f"{url}new/", sent)
    assert answer.status_code == 302 and answer["Location"] == f"/systems/{system.ref}/roles/"
    role = getattr(system, relation).get()
    assert role.legal_entity == entity
    assert "Uses it" in page(client.get(f"{url}{role.pk}/"))
    assert client.post(f"{url}{role.pk}/", {**sent, "rationale": "Works with it"}).status_code == 302
    assert getattr(system, relation).get().rationale == "Works with it"
    assert "Marktlicht GmbH" in page(client.get(f"{url}{role.pk}/remove/"))
    assert client.post(f"{url}{role.pk}/remove/", {"reason": ""}).status_code == 400
    assert client.post(f"{url}{role.pk}/remove/", {"reason": "Sold"}).status_code == 302
    assert not getattr(system, relation).exists()


def test_a_role_that_makes_no_sense_stands_at_its_field(client_of: Any, owner: User, entity: Unit) -> None:
    url = f"/systems/{make.system().ref}/roles/new/"
    sent = {"role": "ai_customer", "sub_role": "ai_developer", "legal_entity": entity.name, "rationale": "x"}
    answer = client_of(owner).post(url, sent)
    assert answer.status_code == 400 and "belongs to another role" in page(answer)
    answer = client_of(owner).post(url, {**sent, "sub_role": "", "legal_entity": "Nobody", "rationale": ""})
    assert 'href="#id_legal_entity"' in page(answer) and 'href="#id_rationale"' in page(answer)


def test_correcting_a_role_after_somebody_saved_asks_again(client_of: Any, owner: User, entity: Unit) -> None:
    system = make.system()
    data = {"role": "ai_customer", "legal_entity": entity, "rationale": "x"}
    role = services.add_role(system, by=owner, data=data)
    sent = {"role": "ai_customer", "legal_entity": entity.name, "rationale": "Mine", "version": system.version}
    answer = client_of(owner).post(f"/systems/{system.ref}/roles/{role.pk}/", sent)
    assert answer.status_code == 412 and "Mine" in page(answer)


def test_roles_need_a_role_and_their_system(client_of: Any, entity: Unit) -> None:
    here = UnitFactory()
    system = make.complete(here)
    url = f"/systems/{system.ref}/roles/"
    role = system.roles.get()
    for path in ("new/", f"{role.pk}/", f"{role.pk}/remove/"):
        assert client_of(person(Role.CONTRIBUTOR, here)).get(url + path).status_code == 403
    other = make.system(here)
    client = client_of(person(Role.SYSTEM_OWNER, here))
    assert client.get(f"/systems/{other.ref}/roles/{role.pk}/").status_code == 404
    assert client.get(f"/systems/{other.ref}/roles/{role.pk}/remove/").status_code == 404


# Versions


def test_a_version_is_recorded_corrected_released_and_ended(client_of: Any, owner: User) -> None:
    system, client = make.system(stage="operation_monitoring"), client_of(owner)
    url = f"/systems/{system.ref}/versions/"
    make.version(system, "0.9", live_from=date(2025, 6, 1))
    assert client.post(f"{url}new/", {"number": "1.0", "digest": make.DIGEST.upper()}).status_code == 302
    version = system.versions.get(number="1.0")
    assert version.digest == make.DIGEST
    assert client.get(f"{url}{version.pk}/").status_code == 200
    assert client.post(f"{url}{version.pk}/", {"number": "1.0", "digest": "", "notes": "New"}).status_code == 302
    assert "0.9, in use until now" in page(client.get(f"{url}{version.pk}/release/"))
    assert client.post(f"{url}{version.pk}/release/", {"day": "2026-01-02", "reason": "Passed"}).status_code == 302
    version.refresh_from_db()
    assert (version.live_from, version.digest, version.notes) == (date(2026, 1, 2), None, "New")
    assert "no version in use" in page(client.get(f"{url}{version.pk}/end/"))
    assert client.post(f"{url}{version.pk}/end/", {"day": "2026-01-03", "reason": "Fault"}).status_code == 302
    version.refresh_from_db()
    assert version.live_until == date(2026, 1, 3)


@pytest.mark.parametrize(("fields", "wrong"), [({"digest": "abc"}, "digest"), ({"number": ""}, "number")])
def test_a_version_that_makes_no_sense_is_refused(
    client_of: Any, owner: User, fields: dict[str, str], wrong: str
) -> None:
    url = f"/systems/{make.system().ref}/versions/new/"
    answer = client_of(owner).post(url, {"number": "1", "notes": "Typed", **fields})
    assert answer.status_code == 400 and f'href="#id_{wrong}"' in page(answer) and "Typed" in page(answer)


def test_a_release_in_the_future_or_of_the_wrong_stage_is_refused(client_of: Any, owner: User) -> None:
    system = make.system(stage="operation_monitoring")
    url = f"/systems/{system.ref}/versions/{make.version(system).pk}/release/"
    assert client_of(owner).post(url, {"day": "2999-01-01", "reason": "x"}).status_code == 400
    early = make.system()
    url = f"/systems/{early.ref}/versions/{make.version(early).pk}/release/"
    assert client_of(owner).post(url, {"day": "2026-01-01", "reason": "x"}).status_code == 409


def test_a_contributor_records_and_releases_no_version(client_of: Any) -> None:
    system = make.system(stage="operation_monitoring")
    version = make.version(system)
    client = client_of(person(Role.CONTRIBUTOR))
    assert client.get(f"/systems/{system.ref}/versions/new/").status_code == 200
    for verb in ("release", "end"):
        assert client.get(f"/systems/{system.ref}/versions/{version.pk}/{verb}/").status_code == 403
    assert client_of(person(Role.READER)).get(f"/systems/{system.ref}/versions/new/").status_code == 403


# Components


def test_a_component_is_used_and_left(client_of: Any, owner: User) -> None:
    system, component = make.system(), make.component(None)
    client = client_of(owner)
    url = f"/systems/{system.ref}/components/"
    assert client.get(f"{url}use/").status_code == 200
    assert client.post(f"{url}use/", {"component": "CMP-999999"}).status_code == 400
    assert client.post(f"{url}use/", {"component": component.ref}).status_code == 302
    assert client.post(f"{url}use/", {"component": component.ref}).status_code == 400
    assert client.get(f"{url}{component.ref}/stop/").status_code == 200
    assert client.post(f"{url}{component.ref}/stop/", {"reason": "Replaced"}).status_code == 302
    assert client.get(f"{url}{component.ref}/stop/").status_code == 404


def test_using_a_component_needs_a_role_and_sight(client_of: Any) -> None:
    here, there = UnitFactory(), UnitFactory()
    system, hidden = make.system(here), make.component(None, unit=there)
    url = f"/systems/{system.ref}/components/use/"
    assert client_of(person(Role.READER, here)).get(url).status_code == 403
    answer = client_of(person(Role.CONTRIBUTOR, here)).post(url, {"component": hidden.ref})
    assert answer.status_code == 400 and not system.uses.exists()
