"""What the jump box and the pickers find: people and units the person sees."""

from typing import Any

from django.utils.translation import gettext as _

from aims.ui import Link
from organization.models import Unit, User

FOUND = 12


def find_people(user: Any, text: str) -> list[Link]:
    """People by name or e-mail."""
    people = User.objects.visible_to(user).matching(text).order_by("name")[:FOUND]
    return [Link(f"{p.name} · {p.job_title}" if p.job_title else p.name, p.get_absolute_url()) for p in people]


def find_units(user: Any, text: str) -> list[Link]:
    """Units by name."""
    units = Unit.objects.visible_to(user).filter(name__icontains=text)[:FOUND]
    return [Link(_("Unit %(name)s") % {"name": unit.name}, unit.get_absolute_url()) for unit in units]


def pick_people(user: Any, text: str) -> list[dict[str, str]]:
    """Active people to choose from."""
    people = User.objects.visible_to(user).active().matching(text).order_by("name")[:FOUND]
    return [{"value": p.email, "label": p.name, "hint": p.job_title or p.email} for p in people]


def pick_units(user: Any, text: str) -> list[dict[str, str]]:
    """Units to choose from."""
    units = Unit.objects.visible_to(user).filter(name__icontains=text).select_related("parent")[:FOUND]
    return [{"value": unit_value(u), "label": u.name, "hint": str(u.parent or u.get_kind_display())} for u in units]


def unit_value(unit: Unit) -> str:
    """What names one unit in a form: its name, or its number where the name is not enough."""
    alone = not Unit.objects.filter(name__iexact=unit.name).exclude(pk=unit.pk).exists()
    return unit.name if alone else str(unit.pk)
