"""Roles on one system."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError

from aims.errors import NotPermitted, WrongState
from inventory import services
from inventory.models import AISystem, SystemGrant
from organization.models import User
from organization.states import Role
from tests.factories import inventory as make
from tests.factories.organization import UnitFactory, person

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)


def grant(system: AISystem, someone: User, **more: Any) -> SystemGrant:
    fields = {"role": Role.READER, "by": make.manager(), "reason": "Helps", "valid_from": make.TODAY, **more}
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
