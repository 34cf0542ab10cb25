"""The demo organization's evidence: files, links and results taken in over the year, some replaced, and one pack."""

import re
from collections.abc import Iterable, Mapping
from io import BytesIO
from typing import Any

from aims import clock
from aims.demo import DemoStep, World, read
from aims.models import Record
from evidence import services
from evidence.uploads import examine
from organization.models import Unit

DAY_IN_TEXT = re.compile(r"\{day:(-?\d+)\}")
PACK_AT = "08:30"
MANAGER = "p-lena"
PEOPLE = {"owner", "collector"}
DAYS = {"period_from": "period_from", "period_to": "period_to", "expires": "expires_on", "collected_on": "collected_on"}


def steps(world: World) -> Iterable[DemoStep]:
    """Every piece of evidence on its day with its later changes; the pack comes last."""
    for row in read("evidence", "evidence")["evidence"]:
        yield DemoStep(row["day"], row.get("at") or "", lambda world, row=row: _add(world, row))  # type: ignore[misc]
        for one in row.get("changes", []):
            yield DemoStep(one["day"], one.get("at") or "", lambda world, row=row, one=one: _change(world, row, one))  # type: ignore[misc]
    yield from _quality(read("evidence", "quality"))
    yield DemoStep(0, PACK_AT, _ask_pack)


def _quality(told: Mapping[str, Any]) -> Iterable[DemoStep]:
    """What came late, what was attested, redacted and asked for."""
    for row in told["late"]:
        yield DemoStep(row["day"], row["at"], lambda world, row=row: _add(world, row))  # type: ignore[misc]
    for row in told["attestations"]:
        yield DemoStep(row["day"], "15:20", lambda world, row=row: _attest(world, row))  # type: ignore[misc]
    for row in told["redacted"]:
        yield DemoStep(row["day"], "11:45", lambda world, row=row: _redact(world, row))  # type: ignore[misc]
    for row in told["requests"]:
        yield DemoStep(row["day"], "08:50", lambda world, row=row: _request(world, row))  # type: ignore[misc]
        for given in row.get("given", []):
            yield DemoStep(given["day"], "16:10", lambda world, row=row, given=given: _give(world, row, given))  # type: ignore[misc]


def _attest(world: World, row: Mapping[str, Any]) -> None:
    item, by = world.get(row["item"]), world.get(row["by"])
    services.attest_evidence(item, by=by, sufficient=row["sufficient"], reason=row["reason"], at=clock.now())


def _redact(world: World, row: Mapping[str, Any]) -> None:
    original, by = world.get(row["original"]), world.get(row["by"])
    file = _content(world, row)["file"]
    world.put(row["key"], services.add_redacted_copy(original, by=by, file=file, redaction=row["redaction"]))


def _request(world: World, row: Mapping[str, Any]) -> None:
    record = Record.objects.get(pk=world.get(row["record"]).pk)
    data = {name: row[name] for name in ("title", "wanted", "population", "number", "period") if name in row}
    data |= {"owner": world.get(row["owner"]), "due_on": world.day(row["due"])}
    world.put(row["key"], services.request_evidence(by=world.get(row["by"]), record=record, data=data))


def _give(world: World, row: Mapping[str, Any], given: Mapping[str, Any]) -> None:
    request, item = world.get(row["key"]), world.get(given["item"])
    services.answer_request(request, by=world.get(given["by"]), item=item, on=clock.today())


def _add(world: World, row: Mapping[str, Any]) -> None:
    item = services.add_evidence(
        by=world.get(row["by"]),
        data=_data(world, row),
        links=_links(world, row),
        supersedes=world.get(row.get("supersedes")),
        **_content(world, row),
    )
    world.put(row["key"], item)


def _data(world: World, row: Mapping[str, Any]) -> dict[str, Any]:
    """Fields of the file as the service names them."""
    texts = ("title", "proves", "method", "population", "confidentiality")
    data: dict[str, Any] = {name: row[name] for name in texts if row.get(name)}
    data |= {name: world.get(row[name]) for name in (*sorted(PEOPLE), "unit") if row.get(name)}
    return data | {field: world.day(row[name]) for name, field in DAYS.items() if name in row}


def _content(world: World, row: Mapping[str, Any]) -> dict[str, Any]:
    if "file" in row:
        text = DAY_IN_TEXT.sub(lambda found: str(world.day(int(found[1]))), row["file"]["content"])
        return {"file": examine(BytesIO(text.encode()), row["file"]["name"])}
    if "link" in row:
        return {"url": row["link"]["url"]}
    return {"result": _result(world, row["result"])}


def _result(world: World, given: Mapping[str, Any]) -> dict[str, Any]:
    """The result with keys and offsets put into words; `passed` is worked out by the service."""
    made = {name: value for name, value in given.items() if name != "passed"}
    for name in ("model_version", "data_set"):
        if made.get(name):
            made[name] = str(world.get(made[name]))
    if made.get("measured_on") is not None:
        made["measured_on"] = str(world.day(made["measured_on"]))
    return made


def _links(world: World, row: Mapping[str, Any]) -> list[tuple[Record, str]]:
    """Links to governed records; a version stands for its AI system. Statements link their evidence themselves."""
    found: dict[int, tuple[Record, str]] = {}
    for link in row.get("links", []):
        target = world.get(link["to"]) if link["to"] in world.made else None
        key = getattr(target, "system_id", None) if link["to"].startswith("v-") else getattr(target, "pk", None)
        record = Record.objects.filter(pk=key).first() if key else None
        if record is not None:
            found.setdefault(record.pk, (record, link.get("proves") or ""))
    return list(found.values())


def _change(world: World, row: Mapping[str, Any], one: Mapping[str, Any]) -> None:
    item = world.get(row["key"])
    by, reason = world.get(one["by"]), one.get("reason", "")
    services.change_evidence(item, by=by, data=_data(world, one["set"]), version=item.version, reason=reason)


def _ask_pack(world: World) -> None:
    """Ask for the organization's first pack; a worker builds it once the installation runs."""
    unit = Unit.objects.get(parent=None)
    pack = services.ask_pack(
        by=world.get(MANAGER), title="Evidence for the certification audit", unit=unit, at=clock.now()
    )
    world.put("pack", pack)
