"""The demo organization's criteria and risks over fourteen months, replayed through the services."""

from collections.abc import Iterator, Mapping
from functools import partial
from typing import Any

from aims import clock
from aims.demo import USUAL, DemoStep, World, read
from aims.models import Record
from controls.models import Control
from evidence.models import EvidenceLink
from evidence.services import link_evidence
from impact.models import Impact, ImpactAssessment
from organization.duties import Override
from organization.mandates import DutyOverride
from organization.services.duties import review_override
from risk import services
from risk.models import Risk, RiskCriteria, TreatmentAction
from risk.scales import DIMENSIONS

Row = Mapping[str, Any]
RATINGS = ("likelihood", *DIMENSIONS)
TOLD = ("title", "cause", "event", "sources", "objectives", "stage", "existing_controls")
REVIEW = 180  # days to the next review, until the last assessment sets the file's own date


def steps(world: World) -> Iterator[DemoStep]:
    """Every act on the demo's criteria and risks."""
    data = read("risk", "risks")
    for row in data["criteria"]:
        yield _step(row, partial(_draft, row))
        yield _step(row["approved"], partial(_approve_criteria, row))
    for row in data["risks"]:
        yield from _risk(row)


def _step(row: Row, run: Any, at: str = USUAL) -> DemoStep:
    return DemoStep(row["day"], row.get("at") or at, run)


def _risk(row: Row) -> Iterator[DemoStep]:
    yield _step(row, partial(_register, row))
    for change in row.get("changes") or ():
        yield _step(change, partial(_change, row["key"], change))
    for one in row.get("harms", ()):
        yield _step(one, partial(_link, row["key"], one))
    for one in row["assessments"]:
        last = one is row["assessments"][-1]
        yield _step(one, partial(_assess, row, one, last), "10:05")
    if row["treatment"]:
        yield from _treatment(row["key"], row["treatment"])
    if "overridden" in row:
        yield from _overridden(row["key"], row["overridden"])
    if row["acceptance"]:
        yield _step(row["acceptance"], partial(_accept, row["key"], row["acceptance"]), "10:40")


def _draft(row: Row, world: World) -> None:
    names = ("appetite", "likelihood", "consequence", "levels", "authority")
    by = world.get(row["by"])
    made: RiskCriteria = services.draft_criteria(by=by, data={name: row[name] for name in names})
    world.put(row["key"], made)


def _approve_criteria(row: Row, world: World) -> None:
    given = row["approved"]
    day = world.day(given["day"])
    assert day is not None
    services.approve_criteria(
        world.get(row["key"]), by=world.get(given["by"]), reason="Decided by the management board",
        at=world.moment(given["day"], given.get("at") or USUAL), on=day, version=None,
    )  # fmt: skip


def _register(row: Row, world: World) -> None:
    data = {name: row[name] for name in TOLD if row[name] is not None}
    systems = [world.get(key) for key in row["systems"]]
    alone = len(systems) == 1
    data |= {"nature": row["kind"], "consequences": row["consequence"], "owner": world.get(row["owner"])}
    data |= {"system": systems[0] if alone else None, "unit": world.get(row["unit"])}
    made: Risk = services.register_risk(by=world.get(row["by"]), data=data, family=[] if alone else systems)
    world.put(row["key"], made)


def _change(key: str, row: Row, world: World) -> None:
    given = dict(row["set"])
    family = [world.get(one) for one in given.pop("systems")] if "systems" in given else None
    data = {name: world.get(value) if name == "owner" else value for name, value in given.items()}
    reason = row.get("reason") or ""
    services.change_risk(world.get(key), by=world.get(row["by"]), data=data, family=family, reason=reason)


def _link(key: str, row: Row, world: World) -> None:
    """The risk stands for a harm of the assessment that is being written."""
    risk = world.get(key)
    written = Impact.objects.filter(assessment__in=ImpactAssessment.objects.open(), assessment__system=risk.system)
    harm = written.get(description__startswith=row["harm"])
    services.link_harm(risk, by=world.get(row["by"]), harm=harm)


def _assess(risk: Row, row: Row, last: bool, world: World) -> None:
    reasons = {f"{name}_reason": text for name, text in (row["reasons"] or {}).items()}
    data = {**{name: row[name] for name in RATINGS}, **reasons}
    data |= {"trigger": row["trigger"], "likelihood_reason": row["likelihood_reason"]}
    on, due = world.day(row["day"]), world.day(risk["review_due"] if last else row["day"] + REVIEW)
    assert on is not None
    assessors = [world.get(key) for key in row["assessors"]]
    services.assess_risk(
        world.get(risk["key"]), by=world.get(row["by"]), data=data, assessors=assessors, on=on, next_review_on=due
    )


def _treatment(key: str, row: Row) -> Iterator[DemoStep]:
    yield _step(row, partial(_propose, key, row), "10:10")
    if row["approved"]:
        yield _step(row["approved"], partial(_approve, key, row["approved"]), "10:20")
    for one in row["actions"]:
        if one["done_on"] is not None:
            yield DemoStep(one["done_on"], "16:00", partial(_done, one))
    if row["verified"]:
        yield _step(row["verified"], partial(_verify, key, row["verified"]), "10:30")


def _propose(key: str, row: Row, world: World) -> None:
    risk = world.get(key)
    data = {"option": row["option"], "rationale": row["rationale"], "own_controls": row["own_controls"] or []}
    data |= {name: row["expected"][name] for name in RATINGS}
    controls = list(Control.objects.filter(number__in=row["controls"]))
    actions = [
        {"title": one["what"], "owner": world.get(one["owner"]), "due_on": world.day(one["due"])}
        for one in row["actions"]
    ]
    plan = services.propose_treatment(risk, by=world.get(row["by"]), data=data, controls=controls, actions=actions)
    for one, made in zip(row["actions"], plan.actions.order_by("pk"), strict=True):
        world.put(one["key"], made)


def _approve(key: str, row: Row, world: World) -> None:
    on = world.day(row["day"])
    assert on is not None
    reason = row.get("reason") or "The plan answers the cause, and its price is right"
    services.decide_plan(world.get(key), by=world.get(row["by"]), approved=True, reason=reason, on=on)


def _done(row: Row, world: World) -> None:
    action: TreatmentAction = world.get(row["key"])
    on = world.day(row["done_on"])
    assert on is not None and action.owner is not None
    by = action.owner if action.owner.is_active else action.risk.owner
    services.complete_action(action, by=by, on=on, result="Carried out")  # type: ignore[arg-type]
    record = Record.objects.get(pk=action.pk)
    for key in row["evidence"] or ():
        item = world.made.get(key)
        linked = item is not None and EvidenceLink.objects.filter(item_id=item.pk, record=record).exists()
        if item is not None and not linked:
            link_evidence(world.get(key), by=world.get("p-lena"), record=record, proves=action.title)


def _verify(key: str, row: Row, world: World) -> None:
    on = world.day(row["day"])
    assert on is not None
    data = {**{name: row[name] for name in RATINGS}, "verdict": row["verdict"], "method": row["method"]}
    services.verify_treatment(world.get(key), by=world.get(row["by"]), data=data, on=on)


def _accept(key: str, row: Row, world: World, override: Override | None = None) -> None:
    on, until = world.day(row["day"]), world.day(row["until"])
    assert on is not None and until is not None
    services.accept_residual_risk(
        world.get(key),
        by=world.get(row["by"]),
        reason=row["reason"],
        conditions=row["conditions"] or "",
        until=until,
        on=on,
        override=override,
    )


def _overridden(key: str, row: Row) -> Iterator[DemoStep]:
    """An acceptance by who assessed it, where the table of duties allows that; another person looks at it later."""

    def accept(world: World) -> None:
        override = Override(row["why"], row["safeguard"])
        _accept(key, row, world, override=override)

    def review(world: World) -> None:
        found = DutyOverride.objects.get(record=world.get(key).pk)
        seen = row["review"]
        review_override(found, by=world.get(seen["by"]), finding=seen["finding"], at=clock.now())

    yield _step(row, accept, "10:50")
    yield _step(row["review"], review)
