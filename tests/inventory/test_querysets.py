"""Reads: what is missing, what is alike, who sees shared components."""

from typing import Any

import pytest

from aims.history import parts_of
from inventory import services
from inventory.completeness import missing, missing_of
from inventory.gaps import ASKED
from inventory.models import AISystem, Component
from inventory.querysets import likeness, tokens
from organization.states import Role
from tests.factories import inventory as make
from tests.factories.organization import UnitFactory, person

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("open_gate")]


def gaps(system: AISystem) -> list[str]:
    found: list[str] = AISystem.objects.with_gaps().get(pk=system.pk).gaps
    return found


# Completeness


def test_four_fields_leave_the_rest_open_with_the_place_to_state_it() -> None:
    system = make.system()
    found = {gap.id: gap for gap in missing(system)}
    assert set(found) == {
        "intended_use",
        "foreseeable_misuse",
        "decisions",
        "learning",
        "autonomy",
        "human_oversight",
        "affected_groups",
        "regions",
        "languages",
        "user_information",
        "criticality",
        "third_party",
        "role",
        "component_data_set",
        "component_model",
        "component_tool",
        "component_computing",
        "component_people",
    }
    assert found["decisions"].url == f"/systems/{system.ref}/change/#field-decisions"
    assert (found["role"].clause, found["role"].url) == ("4.1", f"/systems/{system.ref}/roles/")
    assert all(str(gap.sentence) and gap.clause for gap in found.values())


def test_a_complete_system_has_no_gap() -> None:
    system = make.complete()
    assert gaps(system) == missing(system) == []
    assert list(AISystem.objects.complete()) == [system] and not AISystem.objects.incomplete().exists()


TAKEN = dict.fromkeys(
    ("intended_use", "foreseeable_misuse", "decisions", "learning", "autonomy", "human_oversight", "user_information"),
    "",
) | {"affected_groups": [], "regions": [], "languages": []}


@pytest.mark.parametrize("name", TAKEN)
def test_a_field_taken_away_is_missing(name: str) -> None:
    system = services.change_system(make.complete(), by=make.manager(), on=make.TODAY, data={name: TAKEN[name]})
    assert gaps(system) == [name]
    assert list(AISystem.objects.incomplete()) == [system]


@pytest.mark.parametrize(
    ("change", "gap"),
    [
        ({"criticality": "", "criticality_reason": ""}, ["criticality"]),
        ({"third_party": None}, ["third_party"]),
        ({"third_party": True, "vendor_product": "Desk"}, ["supplier", "vendor_version"]),
    ],
)
def test_paired_fields_taken_away_are_missing(change: dict[str, Any], gap: list[str]) -> None:
    assert gaps(services.change_system(make.complete(), by=make.manager(), on=make.TODAY, data=change)) == gap


def test_a_law_role_is_asked_in_the_union_only() -> None:
    system = make.complete()
    services.remove_role(system.law_roles.get(), by=make.manager(), reason="x")
    assert gaps(system) == ["law_role"]
    services.change_system(system, by=make.manager(), on=make.TODAY, data={"regions": ["US", "JP"]})
    assert gaps(system) == []


def test_an_iso_role_is_asked() -> None:
    system = make.complete()
    services.remove_role(system.roles.get(), by=make.manager(), reason="x")
    assert gaps(system) == ["role"]


def test_a_system_in_use_has_a_version_in_use_bound_to_its_model() -> None:
    system = make.complete(stage="operation_monitoring")
    assert gaps(system) == ["version"]
    version = make.version(system, digest=None)
    assert gaps(system) == ["live_version"]
    services.release_version(version, by=make.manager(), on=make.TODAY)
    assert gaps(system) == ["digest"]
    services.change_version(version, by=make.manager(), data={"digest": make.DIGEST})
    assert gaps(system) == []


def test_a_vendors_version_needs_no_digest() -> None:
    system = make.complete(
        stage="operation_monitoring",
        third_party=True,
        vendor_product="Desk",
        vendor_version="52",
        supplier=make.supplier(),
    )
    make.version(system, digest=None, live_from=make.TODAY)
    assert gaps(system) == []


@pytest.mark.parametrize("kind", ["data_set", "model", "tool", "computing", "people"])
def test_each_kind_of_component_is_asked(kind: str) -> None:
    system = make.complete()
    component = system.uses.get(component__component_kind=kind).component
    services.stop_using(system, component, by=make.manager(), reason="x")
    assert gaps(system) == [f"component_{kind}"]


def test_of_a_third_partys_system_neither_tools_nor_computing_are_asked() -> None:
    system = make.system(third_party=True, vendor_product="Desk")
    assert not {"component_tool", "component_computing"} & set(gaps(system))


def test_every_gap_has_its_own_id() -> None:
    assert len({asked.id for asked in ASKED}) == len(ASKED) == 24


def test_gaps_are_read_with_the_list_in_one_query(queries: Any) -> None:
    for _number in range(3):
        make.system()
    assert queries(lambda: [missing(system) for system in AISystem.objects.with_gaps()]) == 1


ASKED_OF = {
    "data_set": 12,
    "model": 4,
    "tool": 3,
    "computing": 3,
    "people": 3,
}


@pytest.mark.parametrize("kind", ASKED_OF)
def test_a_bare_component_misses_what_is_asked_of_its_kind(kind: str) -> None:
    component = make.component(None, kind=kind)
    found = missing_of(component)
    assert len(found) == ASKED_OF[kind]
    assert found[0].url == f"/components/{component.ref}/change/#field-{found[0].id}"


def test_personal_data_ask_for_more() -> None:
    without = {gap.id for gap in missing_of(make.component(None, personal_data=False))}
    with_them = {gap.id for gap in missing_of(make.component(None, personal_data=True))}
    assert with_them - without == {"personal_data_note", "minimisation", "anonymisation", "encryption"}


# Likeness


@pytest.mark.parametrize(
    ("one", "other", "alike"),
    [
        ("Fraud detection", "Detection of fraud v2", True),
        ("Détection de fraude", "detection fraude", True),
        ("Dynamic pricing", "The dynamic pricing system", True),
        ("Dynamic pricing", "Dynamic routing of mails", False),
        ("Fraud detection", "Product recommendations", False),
    ],
)
def test_names_alike_share_their_telling_words(one: str, other: str, alike: bool) -> None:
    assert (likeness(tokens(one), tokens(other)) >= 0.5) is alike
    system = make.system(title=one)
    assert (system in AISystem.objects.alike(other)) is alike


def test_the_likeliest_comes_first() -> None:
    half, whole = make.system(title="Fraud detection orders accounts"), make.system(title="Fraud detection")
    assert AISystem.objects.alike("fraud detection") == [whole, half]


@pytest.mark.parametrize("title", ["", "AI", "42", "the of and", "مر"])
def test_a_name_without_telling_words_is_like_nothing(title: str) -> None:
    make.system(title="AI 42")
    assert AISystem.objects.alike(title) == [] and likeness(tokens(title), tokens(title)) == 0.0


# Other reads


def test_systems_by_iso_role_and_by_life() -> None:
    held, retired = make.complete(), make.system(retirement_plan="x")
    services.retire_system(retired, by=make.manager(), reason="x", on=make.TODAY)
    assert list(AISystem.objects.holding(["ai_producer", "ai_customer"])) == [held]
    assert not AISystem.objects.holding(["ai_customer"]).exists()
    assert list(AISystem.objects.in_life()) == [held]


def test_a_shared_component_shows_to_who_sees_a_system_that_uses_it() -> None:
    here, there = UnitFactory(), UnitFactory()
    home, user = make.system(here), make.system(there)
    shared, own = make.component(home), make.component(home)
    services.use_component(user, shared, by=make.manager())
    reader = person(Role.READER, there)
    assert list(Component.objects.visible_to(reader)) == [shared]
    assert set(Component.objects.visible_to(person(Role.READER, here))) == {shared, own}
    assert set(Component.objects.visible_to(person(Role.READER))) == {shared, own}
    assert not Component.objects.visible_to(person()).exists()
    assert list(Component.objects.visible_to(reader).used_in(user)) == [shared]


def test_a_restricted_component_does_not_show_through_its_use() -> None:
    here, there = UnitFactory(), UnitFactory()
    shared, user = make.component(make.system(here), confidentiality="restricted"), make.system(there)
    services.use_component(user, shared, by=make.manager())
    assert not Component.objects.visible_to(person(Role.READER, there)).exists()


def test_parts_of_a_system_are_what_its_history_tells() -> None:
    names = {part.__name__ for part in parts_of(AISystem)}
    assert names == {"SystemRole", "LawRole", "StageEntry", "SystemVersion", "ComponentUse", "GateStatement"}
