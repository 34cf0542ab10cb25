"""Makers of test data. Those of an app's records are in the module named after it; units, people and grants are here."""

from datetime import date
from itertools import count
from typing import Any

from django.contrib.auth.models import Permission

from aims.trail import recording
from organization.models import Unit, UnitGrant, User

_numbers = count(1)
LONG_AGO = date(2020, 1, 1)


def root_unit() -> Unit:
    """The one root, made when it is not there."""
    with recording(None, "test"):
        return Unit.objects.filter(parent=None).first() or Unit.objects.create(name="Whole", kind="group")


def unit(name: str = "", *, parent: Unit | None = None, kind: str = "department", **more: Any) -> Unit:
    """A unit below `parent` (the root when none is named)."""
    with recording(None, "test"):
        made = Unit.objects.create(
            name=name or f"Unit {next(_numbers)}", parent=parent or root_unit(), kind=kind, **more
        )
    made.refresh_from_db()
    return made


def person(role: str = "", where: Unit | None = None, **more: Any) -> User:
    """A person, with one role on one unit when given."""
    number = next(_numbers)
    values = {"email": f"person{number}@example.org", "name": f"Person {number}", "unit": where or root_unit(), **more}
    with recording(None, "test"):
        made = User(**values)
        made.set_password("correct horse battery")
        made.save()
        if role:
            grant(made, role, where or root_unit())
    return made


def grant(who: User, role: str, where: Unit, **more: Any) -> UnitGrant:
    """A role for a person on a unit and all below it."""
    values = {"reason": "test", "valid_from": LONG_AGO, **more}
    permission = Permission.objects.get(content_type__app_label="organization", codename=role)
    with recording(None, "test"):
        made = UnitGrant.objects.create(user=who, permission=permission, content_object=where, **values)
    who.__dict__.pop("access", None)
    return made
