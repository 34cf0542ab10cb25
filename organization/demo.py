"""The demo's units, people and roles, and how to sign in as each of them. Only where the installation is a demo."""

from collections.abc import Iterable, Iterator, Mapping
from functools import cache, partial
from typing import Any

from django.conf import settings
from django.contrib.auth.hashers import make_password

from aims import clock
from aims.demo import DemoStep, World, read
from organization import services
from organization.models import User
from organization.states import Role

# One password for everybody, printed with the sign-ins; a demo holds no secrets.
PASSWORD = "marketplace lamps at noon"  # noqa: S105


def steps(world: World) -> Iterable[DemoStep]:
    """Every act of organization/data/demo/people.yaml."""
    data = read("organization", "people")
    yield from (_unit(row) for row in data["units"])
    for row in data["people"]:
        yield from _person(row)
    for row in data["grants"]:
        yield from _grant(row)
    yield from (DemoStep(row["day"], "09:00", partial(_name_head, row)) for row in data["heads"])


def _unit(row: Mapping[str, Any]) -> DemoStep:
    def run(world: World) -> None:
        data = {"name": row["name"], "kind": row["kind"], "country": row["country"] or ""}
        data["parent"] = world.get(row["parent"])
        world.put(row["key"], services.create_unit(by=world.get(row["by"]), data=data))

    return DemoStep(row["day"], row.get("at", "08:00"), run)


def _name_head(row: Mapping[str, Any], world: World) -> None:
    data = {"head": world.get(row["head"])}
    services.change_unit(world.get(row["unit"]), by=_manager(world), data=data, reason="Answers for the unit")


def _person(row: Mapping[str, Any]) -> Iterator[DemoStep]:
    def come(world: World) -> None:
        languages = dict(settings.LANGUAGES)
        data = {
            "name": row["name"],
            "email": row["email"],
            "job_title": row["title"],
            "unit": world.get(row["unit"]),
            "language": row["language"] if row["language"] in languages else "en",
            "time_zone": row["time_zone"],
            "is_program": row["account"] == "service",
        }
        person = services.create_person(by=world.get(row["by"]), data=data, invite=False)
        _give_password(person)
        world.put(row["key"], person)

    def leave(world: World) -> None:
        services.deactivate_person(
            world.get(row["key"]),
            by=_manager(world),
            reason="Left the company",
            successor=world.get(row["successor"]) if "successor" in row else None,
            at=clock.now(),
            on=clock.today(),
        )

    yield DemoStep(row["day"], row.get("at", "08:10"), come)
    if row["active_until"] is not None:
        yield DemoStep(row["active_until"], "18:00", leave)


def _give_password(person: User) -> None:
    """As if the person had followed the link of the invitation."""
    if not person.is_program:
        person.password = _hash()
        person.save(update_fields=["password"])


@cache
def _hash() -> str:
    """Made once: a good hash takes long on purpose."""
    return make_password(PASSWORD)


def _manager(world: World) -> User:
    """Who runs the AIMS in the demo: the first person of its file."""
    found: User = world.get(read("organization", "people")["people"][0]["key"])
    return found


def _grant(row: Mapping[str, Any]) -> Iterator[DemoStep]:
    def give(world: World) -> None:
        grant = services.grant_role(
            world.get(row["person"]),
            role=row["role"],
            unit=world.get(row["unit"]),
            by=world.get(row["by"]),
            reason=row["reason"],
            on=clock.today(),
            valid_from=world.day(row["valid_from"]),
            valid_until=world.day(row["valid_until"]),
        )
        world.put(row["key"], grant)

    yield DemoStep(row["day"], row.get("at", "08:20"), give)
    ended = row.get("revoked")
    if ended:

        def end(world: World) -> None:
            services.end_grant(
                world.get(row["key"]),
                by=world.get(ended["by"]),
                reason=ended["reason"],
                at=clock.now(),
                on=clock.today(),
            )

        yield DemoStep(ended["day"], ended.get("at", "17:00"), end)


def sign_ins() -> list[tuple[str, str, str]]:
    """(who, e-mail, password) of everybody who can sign in; nothing outside a demo."""
    if settings.INSTALLATION_KIND != "demo":
        return []
    first = User.objects.active().order_by("pk").first()
    people = User.objects.active().filter(is_program=False).with_roles(first)
    return [(_what(person), person.email, PASSWORD) for person in people.order_by("joined_at", "pk")]


def _what(person: User) -> str:
    roles = dict.fromkeys(str(Role(grant.role).label) for grant in person.held)  # type: ignore[attr-defined]
    return ", ".join(roles) or person.job_title
