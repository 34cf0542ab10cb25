"""What the gate answers: every item of a stage met, unmet with a reason and a link, waived, or backlog. Reads only."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from aims.registry import Check, registry
from inventory.gate import WORKFLOW, GateQuestion
from inventory.models import AISystem, GateMode, GateStatement
from inventory.rulebook import Item, asked, items
from inventory.states import Mode, Said

MET, UNMET, WAIVED, BACKLOG = "met", "unmet", "waived", "backlog"


@dataclass(frozen=True)
class Answered:
    """One item with its answer. `never`: nothing lets it pass, neither mode nor exception nor bypass."""

    id: str
    text: str
    controls: Sequence[str]
    state: str
    reason: str = ""
    url: str = ""
    never: bool = False

    def plain(self) -> dict[str, Any]:
        return {**asdict(self), "controls": list(self.controls)}

    def as_unmet(self) -> dict[str, str]:
        """As refusals list it."""
        return {"id": self.id, "sentence": f"{self.text}: {self.reason}" if self.reason else self.text, "url": self.url}


@dataclass(frozen=True)
class Passage:
    """Every answer of the gate, and what follows from them in the mode in force."""

    mode: str
    answers: Sequence[Answered]

    @property
    def unmet(self) -> list[Answered]:
        return [one for one in self.answers if one.state == UNMET]

    @property
    def never(self) -> bool:
        return any(one.never for one in self.answers)

    @property
    def allowed(self) -> bool:
        return not self.never and (not self.unmet or self.mode != Mode.ENFORCE)


def passage(question: GateQuestion, stage: str, beside: Iterable[Answered] = ()) -> Passage:
    """Ask every item of the gate into a stage. `beside`: answers about what was brought (its digest)."""
    system = question.system
    mode = GateMode.objects.of(system.unit, system.tier, question.on)
    return Passage(mode, [*beside, *_all(question, asked(stage, system.tier, question.on), stage)])


def passage_of(question: GateQuestion, named: Sequence[str], beside: Iterable[Answered] = ()) -> Passage:
    """Ask the items named (a pilot's), whichever stage they belong to."""
    found = [item for some in items().values() for item in some if item.id in named]
    mode = GateMode.objects.of(question.system.unit, question.system.tier, question.on)
    statements = _statements(question)
    return Passage(mode, [*beside, *(_answer(question, item, statements) for item in found)])


def _all(question: GateQuestion, asked_items: Sequence[Item], stage: str) -> list[Answered]:
    """The tier's items, checks that are no item, and whatever was looked at and found wrong."""
    statements = _statements(question)
    found = [_answer(question, item, statements) for item in asked_items]
    ids = {item.id for item in asked_items}
    listed = {item.id: item for item in items().get(stage, ())}
    for check in _others(stage, ids):
        item = listed.get(check.id) or Item(check.id, stage, str(check.sentence), ())
        answer = _answer(question, item, statements)
        if check.id not in listed or (answer.state == UNMET and _failed(question, check)):
            found.append(answer)
    return found


def _others(stage: str, ids: set[str]) -> list[Check]:
    """One check for each further id."""
    return list({check.id: check for check in registry.checks_of(WORKFLOW, stage) if check.id not in ids}.values())


def _failed(question: GateQuestion, check: Check) -> bool:
    answers = [one.ask(question) for one in registry.checks_of(WORKFLOW, check.transition) if one.id == check.id]
    return any(answer and answer.get("failed") for answer in answers)


def _statements(question: GateQuestion) -> Mapping[tuple[str, str], GateStatement]:
    """(sort, item) → the statement in force, for this version or for the system as a whole."""
    known: Any = GateStatement.objects
    rows = known.in_force(question.on).filter(system=question.system).select_related("said_by")
    here = [row for row in rows if row.release_id in (None, getattr(question.version, "pk", None))]
    return {(row.said, row.item): row for row in sorted(here, key=lambda row: row.pk)}


def _answer(question: GateQuestion, item: Item, statements: Mapping[tuple[str, str], GateStatement]) -> Answered:
    checks = [check for check in registry.checks_of(WORKFLOW, item.stage) if check.id == item.id]
    missing = _asked_of(question, checks) if checks else _attested(question, item, statements)
    if missing is None:
        said = None if checks else statements.get((Said.ATTESTATION, item.id))
        return _made(item, MET, _vouched(said) if said else "")
    reason, url = str(missing.get("reason", "")), str(missing.get("url", ""))
    if missing.get("never"):
        return _made(item, UNMET, reason, url, never=True)
    exception = statements.get((Said.EXCEPTION, item.id))
    if exception is not None:
        return _made(item, WAIVED, _excepted(exception), url)
    if in_backlog(question.system, question.on) and not missing.get("failed"):
        return _made(item, BACKLOG, reason, url)
    return _made(item, UNMET, reason, url)


def _made(item: Item, state: str, reason: str = "", url: str = "", *, never: bool = False) -> Answered:
    return Answered(item.id, _(item.text), item.controls, state, reason, url, never)


def _asked_of(question: GateQuestion, checks: Sequence[Check]) -> Mapping[str, Any] | None:
    """The first check that is not met; one that found something wrong comes before one that found nothing."""
    answers = [answer for answer in (check.ask(question) for check in checks) if answer]
    return next((one for one in answers if one.get("failed")), answers[0] if answers else None)


def _attested(
    question: GateQuestion, item: Item, statements: Mapping[tuple[str, str], GateStatement]
) -> Mapping[str, Any] | None:
    """Without a check only a person's attestation with evidence meets an item."""
    if (Said.ATTESTATION, item.id) in statements:
        return None
    url = f"/systems/{question.system.ref}/gate/attest/?item={item.id}"
    return {"reason": _("Nobody vouches for it yet."), "url": url}


def _vouched(row: GateStatement) -> str:
    return _("%(person)s vouches for it: %(text)s") % {"person": row.said_by, "text": row.text}


def _excepted(row: GateStatement) -> str:
    assert row.until is not None
    day = date_format(row.until, "SHORT_DATE_FORMAT")
    return _("Exception until %(day)s: %(text)s") % {"day": day, "text": row.text}


def in_backlog(system: AISystem, on: date) -> bool:
    """Whether the system ran before the AIMS and its catch-up date has not come."""
    return system.backlog_until is not None and on <= system.backlog_until
