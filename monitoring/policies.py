"""Who may do what to a concern. Each answers with the role that allows it, or "" (control A.3.3)."""

from collections.abc import Collection
from datetime import date
from typing import Any

from aims.access import access_of
from monitoring.models import Concern
from monitoring.states import HANDLERS, ConcernState
from organization.models import Unit, UnitGrant, UnitGroupGrant, User
from organization.states import Role

VERBS: dict[str, tuple[str, ...]] = {
    "concern.handle": HANDLERS,
    # Numbers alone; the cases themselves show to nobody by role.
    "concern.count": (
        Role.CONCERN_HANDLER, Role.AIMS_MANAGER, Role.TOP_MANAGEMENT, Role.INTERNAL_AUDITOR, Role.APPROVER, Role.READER,
        Role.EXTERNAL_AUDITOR,
    ),
}  # fmt: skip
REPORTER = "reporter"  # the capacity of who raises a concern


def can_raise(user: Any) -> str:
    """Everybody who is here, signed in as a person."""
    access = access_of(user)
    return REPORTER if access.person_id is not None and access.scopes is None and not user.is_program else ""


def can_write_to_handlers(user: Any, concern: Concern) -> str:
    """Who raised it by name, until it is closed."""
    own = can_raise(user) and concern.raised_by_id == user.pk
    return REPORTER if own and concern.state != ConcernState.CLOSED else ""


def can_handle(user: Any, concern: Concern) -> str:
    """Who is on the case list and has a role that handles concerns; never who raised it."""
    access = access_of(user)
    if not access.sees(concern) or concern.raised_by_id == user.pk:
        return ""
    return access.capacity("concern.handle", concern)


def may_know_reporter(user: Any, concern: Concern) -> bool:
    """A name that is kept shows to those who handle it alone."""
    return not concern.name_kept or bool(can_handle(user, concern))


def can_count(user: Any) -> str:
    return access_of(user).capacity("concern.count")


def units_counted(user: Any) -> frozenset[int]:
    """Units of which the person may know how many concerns there are."""
    access = access_of(user)
    return access.units_for("concern.count") | (access.opened_units if can_count(user) else frozenset())


def handlers_of(unit: Unit, *, on: date, without: Collection[int]) -> list[User]:
    """Whom a concern of the unit is given to: those of the first role of `HANDLERS` of whom anybody is left."""
    for role in HANDLERS:
        found = [one for one in holders(role, unit, on) if one.pk not in without]
        if found:
            return found
    return []


def holders(role: str, unit: Unit, on: date) -> list[User]:
    """Active people who hold the role on the unit or above it, by themselves or in a group."""
    here = {"content_object__in": unit.path}
    own = UnitGrant.objects.in_force(on).of_role(role).filter(**here).values("user")
    groups = UnitGroupGrant.objects.in_force(on).of_role(role).filter(**here).values("group")
    people = User.objects.active().filter(is_program=False)
    return list((people.filter(pk__in=own) | people.filter(groups__in=groups)).distinct().order_by("pk"))


def possible_handlers(concern: Concern, *, on: date) -> list[User]:
    """Who holds a role that handles concerns here, did not raise it and is not named in it."""
    apart = {concern.raised_by_id, *concern.people.values_list("person_id", flat=True)}
    found = {one.pk: one for role in HANDLERS for one in holders(role, concern.unit, on)}
    return [one for pk, one in found.items() if pk not in apart]
