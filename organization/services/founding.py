"""The one moment without a manager, and the rule that there is always one afterwards."""

from collections.abc import Callable
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from aims.errors import NotPermitted, WrongState
from aims.services import require
from organization.models import Unit, UnitGrant, UnitGroupGrant, User
from organization.states import Role


def capacity_of(by: User | None, ask: Callable[[Any], str]) -> str:
    """The role in which `by` acts. None is the installation itself: allowed only until there is a first manager."""
    if by is not None:
        return require(ask(by))
    if not founding():
        raise NotPermitted(_("There is an AIMS manager: ask them."))
    return ""


def founding() -> bool:
    """Whether nobody was ever made AIMS manager of the whole organization."""
    roots = UnitGrant.objects.of_role(Role.AIMS_MANAGER).filter(content_object__parent=None)
    return not roots.exists()


def lock_tree() -> Unit | None:
    """The root unit, locked: moves in the tree and changes of its managers happen one after another."""
    root: Unit | None = Unit.objects.select_for_update().filter(parent=None).first()
    return root


def ensure_manager_left(*, on: date, without: UnitGrant | User) -> None:
    """Refuse (409) what would leave the organization without an AIMS manager. Call inside a verb.

    `without` is the grant that is about to end or the person who is about to leave.
    """
    lock_tree()
    direct = UnitGrant.objects.in_force(on).of_role(Role.AIMS_MANAGER).filter(content_object__parent=None)
    direct = direct.filter(user__is_active=True, user__is_program=False)
    groups = UnitGroupGrant.objects.in_force(on).of_role(Role.AIMS_MANAGER).filter(content_object__parent=None)
    members = User.objects.active().filter(memberships__group__in=groups.values("group"))
    if isinstance(without, User):
        direct, members = direct.exclude(user=without), members.exclude(pk=without.pk)
    else:
        direct = direct.exclude(pk=without.pk)
    if not direct.exists() and not members.exists():
        raise WrongState(_("This would leave nobody to manage the AIMS. Make somebody else AIMS manager first."))
