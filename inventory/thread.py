"""The inventory's stretches of the thread behind an AI system: purpose, roles, deployment."""

from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from aims.registry import ThreadEdge
from aims.ui import Badge, Knot
from inventory.models import AISystem


def purpose(user: Any, system: AISystem) -> Iterator[Knot]:
    """What it is for, how it is used, and who answers for it."""
    if system.purpose:
        owner = _("%(person)s, owner") % {"person": system.owner}
        yield Knot(_("Purpose"), system.get_absolute_url(), system.created_at, by=owner, text=system.purpose)
    if system.intended_use:
        yield Knot(_("Intended use"), text=system.intended_use)
    else:
        yield Knot(_("The intended use is not stated."), f"{system.get_absolute_url()}change/", gap=True)
    if system.human_oversight:
        yield Knot(_("Human oversight"), text=system.human_oversight)


def roles(user: Any, system: AISystem) -> Iterator[Knot]:
    """What the organization is to the system, in the words of the standard and of the law."""
    for row in [*system.roles.select_related("legal_entity"), *system.law_roles.select_related("legal_entity")]:
        yield Knot(f"{row}: {row.legal_entity}", text=row.rationale)


def deployment(user: Any, system: AISystem) -> Iterator[Knot]:
    """Steps of the life cycle and versions, by their days."""
    url = system.get_absolute_url()
    steps = [
        Knot(str(row), url, row.since, by=str(row.by or ""), text=row.reason)
        for row in system.stages.select_related("by").order_by("since", "pk")
    ]
    versions = [
        Knot(
            _("Version %(number)s in use") % {"number": row.number}, f"{url}versions/", row.live_from,
            Badge(_("In use"), "good") if row.live else Badge(_("Until %(day)s") % {"day": row.live_until}),
            text=row.notes,
        )
        for row in system.versions.exclude(live_from=None).order_by("live_from", "pk")
    ]  # fmt: skip
    yield from sorted([*steps, *versions], key=lambda knot: knot.on)


EDGES = (
    ThreadEdge("system", "purpose", gettext_lazy("Purpose"), purpose, order=10),
    ThreadEdge("system", "roles", gettext_lazy("Roles"), roles, gettext_lazy("Nobody's role is stated."), 20),
    ThreadEdge("system", "deployment", gettext_lazy("Deployment"), deployment, order=80),
)
