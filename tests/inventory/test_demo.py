"""The demo's systems, suppliers and components are made by the services, in order of time."""

from datetime import date
from typing import Any

import pytest

from aims import clock
from aims.demo import DemoStep, World, read
from aims.history import history
from inventory import demo
from inventory.models import AISystem, Component, Supplier, SystemVersion
from inventory.states import SystemStage
from organization.models import Unit, User
from organization.states import Role
from tests.factories.organization import hold, person, root

pytestmark = pytest.mark.django_db


@pytest.fixture
def world(db: None) -> World:
    """The demo's units and people, each an AIMS manager and approver so that only the inventory is tried here."""
    made = World(date(2026, 11, 20))
    data = read("organization", "people")
    units = {row["key"]: row for row in data["units"]}
    for key, row in units.items():
        made.put(key, _unit(row, made))
    for row in data["people"]:
        someone = person("", root(), name=row["name"], email=row["email"])
        for role in (Role.AIMS_MANAGER, Role.APPROVER):
            hold(someone, role, root())
        made.put(row["key"], someone)
    return made


def _unit(row: dict[str, Any], made: World) -> Unit:
    if row["parent"] is None:
        return root()
    found: Unit = Unit.objects.create(name=row["name"], kind=row["kind"], parent=made.get(row["parent"]))
    return found


def replay(made: World) -> None:
    steps: list[DemoStep] = sorted(demo.steps(made), key=lambda step: (step.day, step.at))
    for step in steps:
        with clock.at(made.moment(step.day, step.at)):
            step.run(made)


def test_the_demo_becomes_what_its_file_tells(world: World) -> None:
    data = read("inventory", "systems")
    replay(world)
    assert AISystem.objects.count() == len(data["systems"]) == 5
    assert Supplier.objects.count() == len(data["suppliers"])
    assert Component.objects.count() == len(data["components"])
    for row in data["systems"]:
        system = world.get(row["key"])
        told = [row["register"]["stage"], *(stage["stage"] for stage in row["stages"])]
        assert [entry.stage for entry in system.stages.order_by("id")] == told
        assert system.state == told[-1] in SystemStage.values
        assert system.versions.count() == len(row["versions"])
        assert system.roles.count() == len(row["iso_roles"]) and system.law_roles.count() == len(row["ai_act_roles"])
    for row in (version for system in data["systems"] for version in system["versions"]):
        version: SystemVersion = world.get(row["key"])
        assert (version.live_from, version.live_until) == (world.day(row["live_from"]), world.day(row["live_until"]))


def test_components_are_shared_as_the_file_says(world: World) -> None:
    replay(world)
    for row in read("inventory", "systems")["components"]:
        component = world.get(row["key"])
        used = set(component.uses.values_list("system_id", flat=True))
        assert used == {world.get(key).pk for key in row["systems"]}
        assert component.system == world.get(row["systems"][0])


def test_the_history_reads_back_over_fourteen_months(world: World) -> None:
    replay(world)
    told = history(world.get("sys-fraud"), limit=200)
    assert told[-1].at.date() < world.day(-400) and told[0].at.date() > world.day(-90)  # type: ignore[operator]
    assert not any(entry.outside for entry in told)
    assert {entry.actor for entry in told} <= set(User.objects.values_list("name", flat=True))
