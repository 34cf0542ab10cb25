"""The demo organization's control statements: opened together, decided one by one, brought up to date over the year.

Two versions of the Statement of Applicability are approved: one before stage 1, one after what stage 1 found.
"""

from collections.abc import Iterable, Iterator, Mapping
from functools import partial
from typing import Any

from aims.demo import DemoStep, World, read
from aims.models import Record
from controls import policies, services
from controls.models import Clause, ControlStatement, SoaVersion
from controls.states import Applicability
from evidence.models import EvidenceLink
from evidence.services import link_evidence

MANAGER = "p-lena"
ROOT = "u-group"
OPENED = "09:00"
LATER, LATEST = "16:30", "16:45"
OPENING = "Certification is decided: every control of Annex A gets a decision"


def statement_steps(world: World) -> Iterable[DemoStep]:
    """Every act on the demo's statements, with the links to their evidence."""
    told = read("controls", "statements")
    rows = told["statements"]
    yield DemoStep(min(row["day"] for row in rows), OPENED, _open)
    evidence = {item["key"]: item for item in read("evidence", "evidence")["evidence"]}
    for row in rows:
        yield DemoStep(row["day"], row.get("at") or "", lambda world, row=row: _decide(world, row))  # type: ignore[misc]
        for one in row.get("changes", []):
            yield DemoStep(one["day"], one.get("at") or "", lambda world, row=row, one=one: _change(world, row, one))  # type: ignore[misc]
        yield from _links(row, evidence)
    for one in told["versions"]:
        yield DemoStep(one["submitted"]["day"], one["submitted"]["at"], partial(_submit, one["submitted"]))
        yield DemoStep(one["approved"]["day"], one["approved"]["at"], partial(_approve, one["approved"]))


def answer_steps(world: World) -> Iterator[DemoStep]:
    """What the gap assessment found, and what became of it."""
    for row in read("controls", "answers")["answers"]:
        yield DemoStep(row["day"], row.get("at") or LATER, partial(_answer, row))
        for one in row["changes"]:
            yield DemoStep(one["day"], one.get("at") or LATER, partial(_bring_up_to_date, row["clause"], one))
        for link in row["evidence"]:
            yield DemoStep(link["day"], link.get("at") or LATEST, partial(_show, row["clause"], link))


def _answer(row: Mapping[str, Any], world: World) -> None:
    clause = Clause.objects.get(number=row["clause"])
    given = {
        "state": row["state"],
        "found": row["found"],
        "owner": world.get(row["owner"]),
        "due_on": world.day(row["due"]),
    }
    world.put(
        f"answer-{row['clause']}",
        services.answer_clause(world.get("scope"), clause, by=world.get(row["by"]), data=given),
    )


def _bring_up_to_date(clause: str, one: Mapping[str, Any], world: World) -> None:
    data = {"due_on" if name == "due" else name: value for name, value in one["set"].items()}
    if "due_on" in data:
        data["due_on"] = world.day(data["due_on"])
    services.change_answer(
        world.get(f"answer-{clause}"), by=world.get(one["by"]), data=data, version=None, reason=one["reason"]
    )


def _show(clause: str, link: Mapping[str, Any], world: World) -> None:
    record = Record.objects.get(pk=world.get(f"answer-{clause}").pk)
    link_evidence(world.get(link["item"]), by=world.get(MANAGER), record=record, proves=link["proves"])


def _submit(row: Mapping[str, Any], world: World) -> None:
    services.submit_soa(
        _version(world), by=world.get(row["by"]), reason=row["reason"], version=None, **_now(world, row)
    )


def _approve(row: Mapping[str, Any], world: World) -> None:
    services.approve_soa(
        _version(world), by=world.get(row["by"]), reason=row["reason"], version=None, **_now(world, row)
    )


def _version(world: World) -> SoaVersion:
    """The version that is being written or decided on."""
    found: SoaVersion = SoaVersion.objects.of_scope(world.get("scope")).open().get()
    return found


def _now(world: World, row: Mapping[str, Any]) -> dict[str, Any]:
    return {"at": world.moment(row["day"], row["at"]), "on": world.day(row["day"])}


def _open(world: World) -> None:
    world.put("scope", services.open_scope(world.get(ROOT), by=world.get(MANAGER), reason=OPENING))
    for statement in ControlStatement.objects.select_related("control"):
        world.put(statement.control.number, statement)


def _decide(world: World, row: Mapping[str, Any]) -> None:
    """The manager records the decision and names the owner, who then says how it is implemented."""
    decided = {name: row[name] for name in ("applicable", "justification", "basis", "systems", "owner", "risks")}
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
    """The file's fields as the service takes them; a risk that comes later links itself with its treatment."""
    for name, value in values.items():
        if name == "applicable":
            yield "applicability", Applicability.INCLUDED if value else Applicability.EXCLUDED
        elif name == "owner":
            yield name, world.get(value)
        elif name == "systems":
            yield name, [world.get(key) for key in value]
        elif name == "risks":
            yield (
                "records",
                list(Record.objects.filter(pk__in=[world.made[key].pk for key in value if key in world.made])),
            )
        elif name in _DATES:
            yield _DATES[name], world.day(value)
        elif name == "procedure":
            yield name, value or ""
        elif name != "evidence":
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
