"""What the demo organization did at the gate and with its changes, replayed through the services."""

from collections.abc import Callable, Iterator, Mapping
from datetime import date
from functools import partial
from typing import Any

from aims import clock
from aims.demo import USUAL, DemoStep, World, read
from evidence.services import add_evidence
from inventory import services
from inventory.models import ChangeRequest
from inventory.services.changes import questions

Row = Mapping[str, Any]


def steps(world: World) -> Iterator[DemoStep]:
    """Every act of inventory/data/demo/gate.yaml, each by its verb; last what beat does each hour."""
    for row in read("inventory", "gate"):
        yield DemoStep(day=row["day"], at=row.get("at") or USUAL, run=partial(ACTS[row["do"]], row))
    yield DemoStep(day=-1, at="23:00", run=_beat)


def _on(row: Row, world: World) -> date:
    found = world.day(row["day"])
    assert found is not None
    return found


def _mode(row: Row, world: World) -> None:
    services.set_mode(
        by=world.get(row["by"]), unit=world.get(row["unit"]), mode=row["mode"], tier=row.get("tier", ""),
        valid_from=_on(row, world), reason=row["reason"], on=_on(row, world),
    )  # fmt: skip


def _ask(row: Row, world: World) -> None:
    release = world.get(row["version"])
    brought = services.Brought(release.number, digest=release.digest, commit=row["commit"])
    services.ask_gate(world.get(row["system"]), brought, by=world.get(row["by"]), at=clock.now())


def _attest(row: Row, world: World) -> None:
    system, by, proof = world.get(row["system"]), world.get(row["by"]), row["proof"]
    data = {"title": proof["title"], "proves": proof["proves"], "unit": system.unit, "owner": system.owner}
    evidence = add_evidence(by=by, data=data, url=proof["url"])
    said = {"item": row["item"], "text": row["text"], "evidence": evidence}
    services.attest(system, by=by, data=said, on=_on(row, world))


def _except(row: Row, world: World) -> None:
    """An exception, countersigned the same day."""
    on, signed = _on(row, world), row["countersign"]
    said = {"item": row["item"], "text": row["text"], "until": world.day(row["until"])}
    made = services.ask_exception(world.get(row["system"]), by=world.get(row["by"]), data=said, on=on)
    services.countersign(made, by=world.get(signed["by"]), reason=signed["reason"], on=on)


def _running(row: Row, world: World) -> None:
    running = [{"version": one.number, "digest": one.digest} for one in map(world.get, row["versions"])]
    system, by = world.get(row["system"]), world.get(row["by"])
    services.report_running(system, by=by, environment="production", running=running, at=clock.now())


def _renew(row: Row, world: World) -> None:
    component, data = world.get(row["component"]), {"release": row["release"]}
    services.change_component(component, by=world.get(row["by"]), data=data, on=_on(row, world), reason=row["reason"])


def _changes(row: Row, world: World) -> Any:
    return ChangeRequest.objects.filter(system=world.get(row["system"])).order_by("pk")


def _answer(row: Row, world: World) -> None:
    """Answer the questions of every change that waits: nothing that was assessed is touched."""
    by, on = world.get(row["by"]), _on(row, world)
    answers = {question["id"]: "no" for question in questions(on)}
    for waiting in _changes(row, world).filter(state="asked"):
        services.assess_change(waiting, by=by, answers=answers, reason=row["reason"], on=on)
        services.carry_out_change(waiting, by=by, on=on)


def _sample(row: Row, world: World) -> None:
    last = _changes(row, world).to_sample().last()
    services.sample_change(last, by=world.get(row["by"]), note=row["note"], on=_on(row, world))


def _beat(world: World) -> None:
    services.settle_flagged(on=clock.today())


ACTS: dict[str, Callable[[Row, World], None]] = {
    "mode": _mode, "ask": _ask, "attest": _attest, "running": _running, "renew": _renew, "answer": _answer,
    "sample": _sample, "except": _except,
}  # fmt: skip
