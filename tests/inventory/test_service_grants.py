"""Roles on one system."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError

from aims.errors import NotPermitted, WrongState
from inventory import services
from inventory.models import AISystem, SystemGrant
from organization.models import User
from organization.states import Role
from tests.factories import inventory as make
from tests.factories.organization import UnitFactory, person, sign_in_again

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)


def grant(system: AISystem, someone: User, **more: Any) -> SystemGrant:
    fields = {"role": Role.READER, "by": make.manager(), "reason": "Helps", "on": make.TODAY, **more}
    return services.grant_on_system(system, person=someone, **fields)


def sees(someone: User, system: AISystem) -> bool:
    return bool(AISystem.objects.visible_to(User.objects.get(pk=someone.pk)).filter(pk=system.pk).exists())


def test_a_grant_opens_one_system_until_it_ends() -> None:
    system, other, someone = make.system(UnitFactory()), make.system(UnitFactory()), person("", UnitFactory())
    given = grant(system, someone)
    assert sees(someone, system) and not sees(someone, other)
    ended = services.end_system_grant(given, by=make.manager(), reason="Done", at=NOW)
    assert (ended.ended_at, ended.end_reason) == (NOW, "Done")
    assert not sees(someone, system)
    with pytest.raises(WrongState):
        services.end_system_grant(given, by=make.manager(), reason="Again", at=NOW)


def test_a_grant_opens_what_hangs_on_the_system() -> None:
    system, someone = make.system(UnitFactory()), person("", UnitFactory())
    component = make.component(system)
    grant(system, someone)
    found = type(component).objects.visible_to(User.objects.get(pk=someone.pk))
    assert list(found) == [component]


@pytest.mark.parametrize(
    ("fields", "wrong"),
    [
        ({"role": Role.AIMS_MANAGER}, {"role"}),
        ({"role": "wild"}, {"role"}),
        ({"reason": ""}, {"reason"}),
        ({"valid_until": make.TODAY - timedelta(days=1)}, {"__all__"}),
        ({"valid_from": make.TODAY - timedelta(days=1)}, {"valid_from"}),
        ({"role": Role.EXTERNAL_AUDITOR}, {"valid_until"}),
    ],
)
def test_a_grant_that_makes_no_sense_is_refused(fields: dict[str, Any], wrong: set[str]) -> None:
    with pytest.raises(ValidationError) as error:
        grant(make.system(), person(), **fields)
    assert set(error.value.message_dict) == wrong


def test_who_left_gets_no_grant() -> None:
    with pytest.raises(ValidationError) as error:
        grant(make.system(), person(is_active=False))
    assert set(error.value.message_dict) == {"person"}


def test_a_program_holds_only_what_decides_nothing() -> None:
    program = person(is_program=True)
    with pytest.raises(ValidationError) as error:
        grant(make.system(), program, role=Role.SYSTEM_OWNER)
    assert set(error.value.message_dict) == {"role"}
    assert grant(make.system(), program, role=Role.INTEGRATION).role == Role.INTEGRATION


def test_nobody_gives_themselves_a_role() -> None:
    with pytest.raises(NotPermitted):
        grant(make.system(), make.manager())


def test_a_role_is_held_once() -> None:
    system, someone = make.system(), person()
    grant(system, someone)
    with pytest.raises(ValidationError, match="already"):
        grant(system, someone)


@pytest.mark.parametrize("role", [Role.SYSTEM_OWNER, Role.READER])
def test_only_the_aims_manager_grants(role: str) -> None:
    system, someone = make.system(), person()
    given = grant(system, someone)
    other = person(role)
    with pytest.raises(NotPermitted):
        grant(system, other, by=other)
    with pytest.raises(NotPermitted):
        services.end_system_grant(given, by=other, reason="x", at=NOW)


def test_a_grant_goes_with_its_system() -> None:
    """guardian's trap: a deleted row's grant must not pass to the next row with its key."""
    system = make.system()
    grant(system, person())
    field = SystemGrant._meta.get_field("content_object")
    assert field.remote_field.on_delete.__name__ == "CASCADE"
    assert field.db_constraint


# Pages


def signed_in(client_of: Any, someone: User) -> Any:
    """A session in which the person proved who they are just now."""
    client = client_of(someone)
    sign_in_again(client, someone)
    return client


def test_a_role_is_given_and_ended_on_the_page(client_of: Any) -> None:
    system, someone = make.system(UnitFactory()), person("", UnitFactory())
    client = signed_in(client_of, make.manager())
    url = f"/systems/{system.ref}/access/"
    assert client.get(f"{url}new/").status_code == 200
    today = date.today().isoformat()
    sent = {"person": someone.email, "role": "reader", "valid_from": today, "reason": "Helps"}
    assert client.post(f"{url}new/", {**sent, "role": "aims_manager"}).status_code == 400
    assert client.post(f"{url}new/", sent)["Location"] == f"/systems/{system.ref}/roles/"
    given = SystemGrant.objects.get()
    assert someone.name in client.get(f"/systems/{system.ref}/roles/").content.decode()
    assert client.get(f"{url}{given.pk}/end/").status_code == 200
    assert client.post(f"{url}{given.pk}/end/", {"reason": "Done", "version": 9}).status_code == 412
    assert client.post(f"{url}{given.pk}/end/", {"reason": "Done"}).status_code == 302
    assert client.get(f"/systems/{make.system().ref}/access/{given.pk}/end/").status_code == 404
    assert someone.name not in client.get(f"/systems/{system.ref}/roles/").content.decode()


def test_giving_a_role_asks_who_one_is_again(client_of: Any) -> None:
    system = make.system()
    assert client_of(make.manager()).get(f"/systems/{system.ref}/access/new/").status_code == 302


def test_only_the_aims_manager_sees_and_gives_single_roles(client_of: Any) -> None:
    system = make.system()
    client = signed_in(client_of, person(Role.SYSTEM_OWNER))
    assert client.get(f"/systems/{system.ref}/access/new/").status_code == 403
    assert "on this system alone" not in client.get(f"/systems/{system.ref}/roles/").content.decode()
