"""People, units and roles: `UnitFactory()`, `PersonFactory(roles={Role.READER: unit})`, `person(role, unit)`."""

import time
from collections.abc import Mapping
from datetime import date
from typing import Any

import factory
from django.contrib.auth.models import Permission

from aims.trail import recording
from organization.models import Unit, UnitGrant, User
from organization.services.people import add_person

PASSWORD = "correct horse battery"
LONG_AGO = date(2020, 1, 1)


def root() -> Unit:
    """The one root, made when it is not there."""
    found = Unit.objects.filter(parent=None).first()
    if found is None:
        with recording(None, "test"):
            found = Unit.objects.create(name="Whole", kind="group")
        found.refresh_from_db()
    return found


class UnitFactory(factory.django.DjangoModelFactory[Unit]):
    """A unit below the root, or below `parent`."""

    class Meta:
        model = Unit

    name = factory.Sequence(lambda n: f"Department {n}")
    kind = "department"
    parent = factory.LazyFunction(root)

    @classmethod
    def _create(cls, model_class: type[Unit], *args: Any, **kwargs: Any) -> Unit:
        with recording(None, "test"):
            made = super()._create(model_class, *args, **kwargs)
        made.refresh_from_db()
        return made


class PersonFactory(factory.django.DjangoModelFactory[User]):
    """A person who can sign in with `PASSWORD`; `roles` maps roles to the unit on which they hold them."""

    class Meta:
        model = User

    name = factory.Sequence(lambda n: f"Robin Number{n}")
    email = factory.Sequence(lambda n: f"robin{n}@example.org")
    unit = factory.LazyFunction(root)
    password = PASSWORD
    roles: Mapping[str, Unit] = {}

    @classmethod
    def _create(cls, model_class: type[User], *args: Any, **kwargs: Any) -> User:
        roles, password = kwargs.pop("roles", {}), kwargs.pop("password")
        made = model_class(**kwargs)
        made.set_password(password)
        with recording(None, "test"):
            add_person(made)
            for role, unit in roles.items():
                hold(made, role, unit)
        return made


def hold(who: User, role: str, unit: Unit, **more: Any) -> UnitGrant:
    """A role for a person on a unit and all below it, in force since long ago."""
    permission = Permission.objects.get(
        content_type__app_label="organization", content_type__model="unit", codename=str(role)
    )
    values = {"reason": "test", "valid_from": LONG_AGO, **more}
    with recording(None, "test"):
        made = UnitGrant.objects.create(user=who, permission=permission, content_object=unit, **values)
    made.refresh_from_db()
    who.forget_access()
    return made


def person(role: str = "", unit: Unit | None = None, **more: Any) -> User:
    """A person of a unit, holding one role there (and below) when one is given."""
    where = unit or root()
    made: User = PersonFactory(**{"unit": where, "roles": {role: where} if role else {}, **more})
    return made


def sign_in_again(client: Any, who: User) -> None:
    """Let the client's session count as signed in just now, as deciding verbs ask for."""
    session = client.session
    session["account_authentication_methods"] = [{"method": "password", "at": time.time()}]
    session["account_authentication_methods_user"] = str(who.pk)
    session.save()


def sure(client_of: Any, who: User) -> Any:
    """A session of somebody who entered the password just now, as deciding asks for it (fixture `client_of` or `api_of`)."""
    client = client_of(who)
    sign_in_again(client, who)
    return client
