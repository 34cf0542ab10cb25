"""The demo organization's files, read once, with what tests ask of them: who was there, who held which role, when."""

from collections.abc import Iterator
from datetime import time
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).resolve().parents[2]
USUAL = "10:00"

Moment = tuple[int, time]


def listed(text: str) -> set[str]:
    return set(text.split())


def read(path: str) -> Any:
    return yaml.safe_load((ROOT / path).read_text(encoding="utf-8"))


catalogue = read("controls/data/iso42001.yaml")
words = read("inventory/data/vocabulary.yaml")
people_file = read("organization/data/demo/people.yaml")
systems_file = read("inventory/data/demo/systems.yaml")
statements = read("controls/data/demo/statements.yaml")["statements"]
audits = read("audits/data/demo/audits.yaml")["acts"]
evidence = read("evidence/data/demo/evidence.yaml")["evidence"]

units = {row["key"]: row for row in people_file["units"]}
people = {row["key"]: row for row in people_file["people"]}
grants = people_file["grants"]
suppliers = {row["key"]: row for row in systems_file["suppliers"]}
systems = {row["key"]: row for row in systems_file["systems"]}
components = {row["key"]: row for row in systems_file["components"]}
versions = {row["key"]: (system, row) for system in systems.values() for row in system["versions"]}
by_control = {row["control"]: row for row in statements}
evidence_by_key = {row["key"]: row for row in evidence}


def ids(name: str) -> set[str]:
    return {row["id"] for row in words[name]}


def moment(row: Any) -> Moment:
    return row["day"], time.fromisoformat(row.get("at", USUAL))


def chain(unit: str | None) -> Iterator[str]:
    """The unit and every unit above it."""
    while unit is not None:
        yield unit
        unit = units[unit]["parent"]


def roles(person: str, unit: str, when: Moment) -> set[str]:
    """Roles a person holds on a unit at a moment."""
    held = set()
    for grant in grants:
        until = grant["revoked"]["day"] if "revoked" in grant else grant["valid_until"]
        begun = moment(grant) <= when and grant["valid_from"] <= when[0]
        if grant["person"] == person and begun and (until is None or when[0] <= until) and grant["unit"] in chain(unit):
            held.add(grant["role"])
    return held


def active(person: str, when: Moment) -> bool:
    row = people[person]
    return moment(row) <= when and (row["active_until"] is None or when[0] <= row["active_until"])


def history(first: Any, changes: list[Any]) -> Iterator[tuple[Moment, dict[str, Any]]]:
    """Each state of a record with its moment; fails when changes are out of order."""
    state, last = dict(first), moment(first)
    yield last, dict(state)
    for change in changes:
        assert moment(change) > last, (first, change)
        last = moment(change)
        state |= change["set"]
        yield last, dict(state)


def owned_throughout(first: Any, changes: list[Any]) -> bool:
    """Whether the owner of each state was there from its first moment until the next change (or until today)."""
    states = list(history(first, changes))
    ends = [when for when, _ in states[1:]] + [(0, time.min)]
    return all(
        active(state["owner"], when) and active(state["owner"], end)
        for (when, state), end in zip(states, ends, strict=True)
    )


def prose(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for item in value.values():
            yield from prose(item)
    elif isinstance(value, list):
        for item in value:
            yield from prose(item)
