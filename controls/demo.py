"""The demo organization's control statements: opened together, decided one by one, brought up to date over the year."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from aims.demo import DemoStep, World, read
from aims.models import Record
from controls import policies, services
from controls.models import ControlStatement
from controls.states import Applicability
from evidence.models import EvidenceLink
from evidence.services import link_evidence

MANAGER = "p-lena"
ROOT = "u-group"
OPENED = "09:00"
OPENING = "Certification is decided: every control of Annex A gets a decision"


def statement_steps(world: World) -> Iterable[DemoStep]:
    """Every act on the demo's statements, with the links to their evidence."""
    rows = read("controls", "statements")["statements"]
    yield DemoStep(min(row["day"] for row in rows), OPENED, _open)
    evidence = {item["key"]: item for item in read("evidence", "evidence")["evidence"]}
    for row in rows:
        yield DemoStep(row["day"], row.get("at") or "", lambda world, row=row: _decide(world, row))  # type: ignore[misc]
        for one in row.get("changes", []):
            yield DemoStep(one["day"], one.get("at") or "", lambda world, row=row, one=one: _change(world, row, one))  # type: ignore[misc]
        yield from _links(row, evidence)


def _open(world: World) -> None:
    world.put("scope", services.open_scope(world.get(ROOT), by=world.get(MANAGER), reason=OPENING))
    for statement in ControlStatement.objects.select_related("control"):
        world.put(statement.control.number, statement)


def _decide(world: World, row: Mapping[str, Any]) -> None:
    """The manager records the decision and names the owner, who then says how it is implemented."""
    decided = {name: row[name] for name in ("applicable", "justification", "basis", "systems", "owner")}
    _apply(world, row["control"], MANAGER, decided, row.get("reason") or "")
    if row["applicable"]:
        described = {name: row[name] for name in ("implementation", "procedure", "status", "due", "last_review")}
        _apply(world, row["control"], row["by"], described, "")


def _change(world: World, row: Mapping[str, Any], one: Mapping[str, Any]) -> None:
    _apply(world, row["control"], one["by"], one["set"], one.get("reason") or "")


def _apply(world: World, control: str, by: str, values: Mapping[str, Any], reason: str) -> None:
    statement, data = world.get(control), dict(_data(world, values))
    person = next(who for who in _willing(world, statement, by) if policies.can_change_statement(who, statement, data))
    services.change_statement(statement, by=person, data=data, version=statement.version, reason=reason)


def _willing(world: World, statement: ControlStatement, by: str) -> Iterator[Any]:
    """Who records it: the person named, else the statement's owner, else the manager."""
    yield world.get(by)
    if statement.owner is not None:
        yield statement.owner
    yield world.get(MANAGER)


def _data(world: World, values: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    """The file's fields as the service takes them; risks link themselves when they come."""
    for name, value in values.items():
        if name == "applicable":
            yield "applicability", Applicability.INCLUDED if value else Applicability.EXCLUDED
        elif name == "owner":
            yield name, world.get(value)
        elif name == "systems":
            yield name, [world.get(key) for key in value]
        elif name in _DATES:
            yield _DATES[name], world.day(value)
        elif name == "procedure":
            yield name, value or ""
        elif name not in ("evidence", "risks"):
            yield name, value


_DATES = {"due": "due_on", "last_review": "last_reviewed_on"}


def _links(row: Mapping[str, Any], evidence: Mapping[str, Mapping[str, Any]]) -> Iterator[DemoStep]:
    """Each piece of evidence is linked on its day, or on the statement's when that is later."""
    for key in row["evidence"]:
        item = evidence[key]
        day, at = max((item["day"], item.get("at") or ""), (row["day"], row.get("at") or ""))
        said = {link["to"]: link.get("proves") or "" for link in item["links"]}
        proves = said.get(row["control"], "")
        yield DemoStep(day, at, lambda world, key=key, proves=proves: _link(world, key, row["control"], proves))  # type: ignore[misc]


def _link(world: World, key: str, control: str, proves: str) -> None:
    """Nothing when the evidence came linked already."""
    item, statement = world.get(key), world.get(control)
    if not EvidenceLink.objects.filter(item=item, record_id=statement.pk).exists():
        record = Record.objects.get(pk=statement.pk)
        link_evidence(item, by=world.get(MANAGER), record=record, proves=proves)
