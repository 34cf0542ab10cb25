"""Components, who uses them, and suppliers."""

from functools import partial
from typing import Any

import pytest
from django.core.exceptions import ValidationError

from aims.errors import NotPermitted, Stale, WrongState
from aims.history import history
from inventory import services
from inventory.models import AISystem, Component, Supplier
from organization.states import Role
from tests.factories import inventory as make
from tests.factories.organization import UnitFactory, person

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("open_gate")]


def wrong_fields(act: Any) -> set[str]:
    with pytest.raises(ValidationError) as error:
        act()
    return set(error.value.message_dict)


# Registering and changing


def test_a_component_of_a_system_takes_its_unit_and_is_used_by_it() -> None:
    unit = UnitFactory()
    system = make.system(unit)
    component = make.component(system, title="Orders", unit=UnitFactory())
    assert (component.unit, component.system) == (unit, system)
    assert [use.component for use in system.uses.all()] == [component]
    assert history(system)[0].sentence == f"added the use of a component “{component}”"


def test_a_component_of_a_unit_belongs_to_no_system() -> None:
    unit = UnitFactory()
    component = make.component(None, unit=unit)
    assert (component.unit, component.system, component.uses.count()) == (unit, None, 0)


def test_a_component_is_kept_by_a_unit() -> None:
    by = make.manager()
    data = {"title": "x", "owner": by, "component_kind": "tool"}
    assert wrong_fields(lambda: services.register_component(by=by, data=data)) == {"unit"}


@pytest.mark.parametrize(
    ("kind", "fields", "wrong"),
    [
        ("tool", {"rights": "x", "limits": "y"}, {"rights", "limits"}),
        ("data_set", {"used_for": "x"}, {"used_for"}),
        ("people", {"stages": ["wild"]}, {"stages"}),
        ("data_set", {"category": "wild"}, {"category"}),
        ("data_set", {"owner": None}, {"owner"}),
        ("wild", {}, {"component_kind"}),
    ],
)
def test_what_makes_no_sense_is_refused(kind: str, fields: dict[str, Any], wrong: set[str]) -> None:
    assert wrong_fields(lambda: make.component(None, kind=kind, **fields)) == wrong


def test_who_works_on_a_system_registers_its_components() -> None:
    system, someone = make.system(UnitFactory()), person("", UnitFactory())
    services.grant_on_system(
        system, person=someone, role=Role.CONTRIBUTOR, by=make.manager(), reason="Data", on=make.TODAY
    )
    someone.__dict__.pop("access", None)
    data = {"title": "x", "owner": someone, "component_kind": "tool", "system": system}
    assert services.register_component(by=someone, data=data).unit == system.unit


def test_registering_needs_a_role() -> None:
    someone = person(Role.READER)
    data = {"title": "x", "owner": someone, "component_kind": "tool", "unit": someone.unit}
    with pytest.raises(NotPermitted):
        services.register_component(by=someone, data=data)


def test_a_retired_system_gets_no_component() -> None:
    system = services.retire_system(make.system(retirement_plan="x"), by=make.manager(), reason="x", on=make.TODAY)
    with pytest.raises(WrongState):
        make.component(system)


def test_a_component_changes() -> None:
    component = make.component(None)
    changed = services.change_component(
        component,
        by=make.manager(),
        data={"rights": "Contract", "component_kind": "data_set"},
        on=make.TODAY,
        version=1,
    )
    assert (changed.rights, changed.version) == ("Contract", 2)
    with pytest.raises(Stale):
        services.change_component(component, by=make.manager(), data={"rights": "x"}, on=make.TODAY, version=1)


def test_a_component_keeps_its_kind_and_has_only_fields_of_it() -> None:
    component = make.component(None, kind="tool")
    by = make.manager()
    change = partial(services.change_component, on=make.TODAY)
    assert wrong_fields(lambda: change(component, by=by, data={"component_kind": "model"})) == {"component_kind"}
    assert wrong_fields(lambda: change(component, by=by, data={"limits": "x"})) == {"limits"}


def test_a_component_of_a_system_moves_with_it_only() -> None:
    component, there = make.component(make.system(UnitFactory())), UnitFactory()
    change = partial(services.change_component, on=make.TODAY)
    assert wrong_fields(lambda: change(component, by=make.manager(), data={"unit": there})) == {"unit"}


def test_a_component_of_a_unit_moves_where_one_may_register() -> None:
    here, there = UnitFactory(), UnitFactory()
    component, someone = make.component(None, unit=here), person(Role.CONTRIBUTOR, here)
    with pytest.raises(NotPermitted):
        services.change_component(component, by=someone, data={"unit": there}, on=make.TODAY)
    moved = services.change_component(component, by=make.manager(), data={"unit": there}, on=make.TODAY)
    assert moved.unit == there


def test_changing_needs_a_role() -> None:
    with pytest.raises(NotPermitted):
        services.change_component(make.component(None), by=person(Role.READER), data={"rights": "x"}, on=make.TODAY)


# Use


def test_systems_share_a_component() -> None:
    component = make.component(make.system())
    other = make.system()
    services.use_component(other, component, by=make.manager())
    assert AISystem.objects.filter(uses__component=component).count() == 2
    assert component.system != other


def test_a_withdrawn_component_is_not_used() -> None:
    component = services.withdraw_component(make.component(None), by=make.manager(), reason="Old")
    with pytest.raises(WrongState, match="withdrawn"):
        services.use_component(make.system(), component, by=make.manager())


def test_a_system_uses_a_component_once() -> None:
    system = make.system()
    component = make.component(system)
    with pytest.raises(ValidationError, match="already uses"):
        services.use_component(system, component, by=make.manager())


def test_a_component_stays_with_the_unit_when_its_home_stops_using_it() -> None:
    system = make.system(UnitFactory())
    component = make.component(system)
    left = services.stop_using(system, component, by=make.manager(), reason="Replaced")
    assert (left.system, left.unit) == (None, system.unit)
    assert not system.uses.exists()


def test_another_system_stops_using_a_component() -> None:
    home, other = make.system(), make.system()
    component = make.component(home)
    services.use_component(other, component, by=make.manager())
    assert services.stop_using(other, component, by=make.manager(), reason="x").system == home


def test_only_what_is_used_is_stopped() -> None:
    with pytest.raises(WrongState, match="does not use"):
        services.stop_using(make.system(), make.component(None), by=make.manager(), reason="x")


@pytest.mark.parametrize("verb", ["use", "stop"])
def test_using_needs_a_role_on_the_system(verb: str) -> None:
    system, someone = make.system(), person(Role.READER)
    component = make.component(system)
    act: Any = services.use_component if verb == "use" else services.stop_using
    with pytest.raises(NotPermitted):
        act(system, component, by=someone, reason="x")


# Life


def test_a_component_is_withdrawn_and_comes_back() -> None:
    component = services.withdraw_component(make.component(None), by=make.manager(), reason="Old")
    assert component.state == "withdrawn"
    with pytest.raises(WrongState):
        services.withdraw_component(component, by=make.manager(), reason="Old")
    assert services.reinstate_component(component, by=make.manager(), reason="Needed").state == "in_use"


def test_a_component_in_use_is_not_withdrawn() -> None:
    with pytest.raises(WrongState, match="still use"):
        services.withdraw_component(make.component(make.system()), by=make.manager(), reason="x")


def test_withdrawing_needs_an_owners_role_and_a_reason() -> None:
    component = make.component(None)
    with pytest.raises(NotPermitted):
        services.withdraw_component(component, by=person(Role.CONTRIBUTOR), reason="x")
    assert wrong_fields(lambda: services.withdraw_component(component, by=make.manager(), reason="")) == {"reason"}


# Suppliers


def test_a_supplier_is_registered_changed_ended_and_resumed() -> None:
    supplier = make.supplier(title="Nubila", country="FR")
    assert supplier.ref.startswith("SUP-")
    by = make.manager()
    services.change_supplier(supplier, by=by, data={"contract": "2217"}, version=1)
    assert services.end_supplier(supplier, by=by, reason="Contract over").state == "ended"
    assert services.resume_supplier(supplier, by=by, reason="New contract").state == "active"


@pytest.mark.parametrize("fields", [{"country": "ZZ"}, {"supplier_kind": "wild"}, {"owner": None}, {"title": ""}])
def test_a_supplier_that_makes_no_sense_is_refused(fields: dict[str, Any]) -> None:
    assert wrong_fields(lambda: make.supplier(**fields)) == set(fields)


def test_a_supplier_moves_where_one_may_register() -> None:
    here, there = UnitFactory(), UnitFactory()
    supplier, someone = make.supplier(here), person(Role.CONTRIBUTOR, here)
    with pytest.raises(NotPermitted):
        services.change_supplier(supplier, by=someone, data={"unit": there})
    assert services.change_supplier(supplier, by=make.manager(), data={"unit": there}).unit == there


@pytest.mark.parametrize("stands", ["system", "component"])
def test_a_supplier_still_needed_is_not_ended(stands: str) -> None:
    supplier = make.supplier()
    if stands == "system":
        make.system(third_party=True, vendor_product="Desk", supplier=supplier)
    else:
        make.component(None, supplier=supplier)
    with pytest.raises(WrongState, match="still come"):
        services.end_supplier(supplier, by=make.manager(), reason="x")


@pytest.mark.parametrize("verb", ["register", "change", "end"])
def test_suppliers_need_a_role(verb: str) -> None:
    supplier, someone = make.supplier(), person(Role.READER)
    data = {"title": "x", "owner": someone, "unit": someone.unit, "supplier_kind": "data"}
    acts: dict[str, Any] = {
        "register": lambda: services.register_supplier(by=someone, data=data),
        "change": lambda: services.change_supplier(supplier, by=someone, data={"contract": "x"}),
        "end": lambda: services.end_supplier(supplier, by=someone, reason="x"),
    }
    with pytest.raises(NotPermitted):
        acts[verb]()
    assert Supplier.objects.count() == 1 and Component.objects.count() == 0
