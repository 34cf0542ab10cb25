"""The words that rules are made of, and ways to fill the arguments of an address.

A rule is one of the words below, or a verb: then the roles that the registry grants the verb may, others who see the
record get 403. API rules are by action name under the route's prefix.
"""

from collections.abc import Callable
from typing import Any

from django.apps import apps

from tests.walk.world import FOREIGN, OPEN, World

ANYBODY = "anybody"  # no sign-in asked
SIGNED_IN = "signed in"  # every signed-in person; what it shows is scanned for canaries
SEEN = "seen"  # who sees the record
ANYBODY_WITH_SECRET = "anybody with the secret"  # no sign-in; a wrong secret finds nothing
OWN = "own"  # one's own account: any answer but a server error
ADDRESSED = "addressed"  # the address names things; who may not see them gets 404

READ = {"list": SIGNED_IN, "retrieve": SEEN}


def writes(verb: str) -> dict[str, str]:
    """A rule for changing a record."""
    return {"update": verb, "partial_update": verb}


Pairs = list[tuple[dict[str, Any], Any]]
Fill = Callable[[World, str], Pairs]


def catalogue(model: str) -> Fill:
    def fill(world: World, condition: str) -> Pairs:
        first = apps.get_model(model)._default_manager.order_by("pk").first()
        return [({"number": first.number}, None)] if condition == OPEN and first else []

    return fill


def once(*values: dict[str, Any]) -> Fill:
    return lambda world, condition: [(one, None) for one in values] if condition == OPEN else []


def organization_row(name: str, tabs: tuple[str, ...] = ()) -> Fill:
    """A row of the organization in the two conditions it can have; a number that does not exist."""

    def fill(world: World, condition: str) -> Pairs:
        if condition == "missing":
            number: Any = 99999999
            row = None
        elif condition in world.rows[name]:
            row = world.rows[name][condition]
            number = row.pk
        else:
            return []
        return [({"ref": number, **({"tab": tab} if tab else {})}, row) for tab in (tabs or ("",))]

    return fill


def pieces(kind: str, part: str, argument: str = "pk") -> Fill:
    """A record with one of its parts; and, crossed, with a part of a record one may not see."""

    def fill(world: World, condition: str) -> Pairs:
        model = apps.get_model(part)
        if condition == "crossed":
            record, other = world.records[kind][OPEN], world.records[kind][FOREIGN]
        else:
            record = other = world.records[kind].get(condition) if condition != "gap" else None
        piece = record and model._default_manager.filter(**{model.root: other}).order_by("pk").first()
        if not piece:
            return []
        value = piece.component.ref if argument == "component" else piece.pk
        return [({"ref": record.ref, argument: value}, record)]

    return fill
