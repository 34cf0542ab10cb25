"""How far each clause is, for stage 1 and stage 2: computed from facts, never stated (clauses 4 to 10 and Annex A).

A clause's facts are the registered conditions about it; where none is, evidence on its answer in the gap assessment
that has not run out. What answers a clause and is past its date counts against it, and so does a gap that is open.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from aims.readiness import Reading, Stock, in_time, stock_of
from aims.registry import registry
from aims.states import Confidentiality
from controls import policies
from controls.conditions import ANNEX_A
from controls.models import AimsScope, Clause, ClauseAnswer
from controls.models.catalogue import OURS
from evidence.freshness import with_freshness

STAGES = (1, 2)
# Clauses that are read where documents are reviewed; all others where the operation is.
FIRST = ("4", "5", "6.1", "6.2", "7.1", "7.4", "7.5", "9")
TOP = 3


@dataclass(frozen=True)
class Fact:
    """One fact a clause asks for, as it was read."""

    id: str
    clause: str
    stage: int
    sentence: str
    reading: Reading

    @property
    def met(self) -> bool:
        return self.reading.met


@dataclass(frozen=True)
class ClauseReading:
    """A clause (None: Annex A as a whole) with its facts and what the gap assessment says of it."""

    clause: Clause | None
    facts: Sequence[Fact]
    answer: ClauseAnswer | None = None

    @property
    def ready(self) -> bool:
        return all(fact.met for fact in self.facts)


class Counted:
    """What has `facts`, and how many of them hold."""

    facts: Any

    @property
    def done(self) -> int:
        return sum(fact.met for fact in self.facts)

    @property
    def total(self) -> int:
        return len(self.facts)


@dataclass(frozen=True)
class Chapter(Counted):
    """One of the clauses 4 to 10, or Annex A: a bar."""

    number: str
    title: str
    clauses: Sequence[ClauseReading]

    @property
    def facts(self) -> list[Fact]:
        return [fact for one in self.clauses for fact in one.facts]

    @property
    def url(self) -> str:
        return f"/readiness/#chapter-{self.number}"


@dataclass(frozen=True)
class Stage(Counted):
    """Whether everything holds that a stage of certification asks for; stage 2 asks for all of stage 1 too."""

    number: int
    facts: Sequence[Fact]

    @property
    def ready(self) -> bool:
        return self.done == self.total


@dataclass(frozen=True)
class Readiness:
    """All chapters in order."""

    scope: AimsScope | None
    chapters: Sequence[Chapter]

    @property
    def facts(self) -> list[Fact]:
        return [fact for chapter in self.chapters for fact in chapter.facts]

    @property
    def stages(self) -> list[Stage]:
        return [Stage(n, [fact for fact in self.facts if fact.stage <= n]) for n in STAGES]

    @property
    def missing(self) -> list[Fact]:
        """What does not hold, that of stage 1 first, then in the order of the clauses."""
        return sorted((fact for fact in self.facts if not fact.met), key=lambda fact: fact.stage)

    @property
    def steps(self) -> list[tuple[str, Fact]]:
        """The clauses that hold the certificate back most, each by name with the first fact that is missing of it."""
        names = {
            one.clause.number: str(one.clause) for chapter in self.chapters for one in chapter.clauses if one.clause
        }
        first: dict[str, Fact] = {}
        for fact in self.missing:
            first.setdefault(fact.clause, fact)
        return [(names.get(number, _("Annex A")), fact) for number, fact in first.items()][:TOP]


def scope_named(user: Any, ref: str = "") -> AimsScope | None:
    """The scope of that reference, else the widest in use that the person sees."""
    rows = AimsScope.objects.visible_to(user).select_related("unit").order_by("unit__path", "pk")
    found: AimsScope | None = rows.filter(ref=ref.upper()).first() if ref else rows.in_use().first()
    return found


def read(user: Any, scope: AimsScope | None, on: date, *, cases: bool = True) -> Readiness:
    """Read every fact as the person sees it; a dozen statements, however many records there are.

    Without `cases`, what is known to few is not counted even for who sees it: what is read goes to others.
    """
    stock = stock_of(user, on, _within(scope) if cases else _outside_cases(scope))
    clauses = list(Clause.objects.filter(framework__key=OURS).in_order())
    answers = _answers(user, scope, on)
    may = may_answer(user, scope)
    facts = {number: list(found) for number, found in _registered(stock)}
    chapters = [
        Chapter(top.number, top.title, [
            ClauseReading(one, list(_facts(one, facts.get(one.number, []), stock, answers.get(one.pk), may)), answers.get(one.pk))
            for one in clauses if not one.heading and one.number.split(".")[0] == top.number
        ])
        for top in clauses if "." not in top.number
    ]  # fmt: skip
    annex = Chapter(ANNEX_A, _("Annex A"), [ClauseReading(None, facts.get(ANNEX_A, []))])
    return Readiness(scope, [*chapters, annex])


def _within(scope: AimsScope | None) -> Q | None:
    """Records in the scope's units, those above that hold for all below, and those of the systems it lists."""
    if scope is None or len(scope.unit.path) == 1:
        return None
    listed = scope.listed.values("system")
    return Q(unit__path__contains=[scope.unit_id]) | Q(unit__in=scope.unit.path) | Q(anchor_id__in=listed)


def _outside_cases(scope: AimsScope | None) -> Q:
    return (_within(scope) or Q()) & ~Q(confidentiality=Confidentiality.CASE)


def _answers(user: Any, scope: AimsScope | None, on: date) -> dict[int, ClauseAnswer]:
    rows = ClauseAnswer.objects.visible_to(user).of_scope(scope).select_related("owner")
    return {row.clause_id: row for row in with_freshness(rows, on=on, user=user)}


def _registered(stock: Stock) -> Iterator[tuple[str, Iterable[Fact]]]:
    for number in {condition.clause for condition in registry.conditions}:
        yield number, [
            Fact(one.id, number, one.stage, str(one.sentence), one.ask(stock))
            for one in registry.conditions if one.clause == number
        ]  # fmt: skip


def stage_of(number: str) -> int:
    """The stage at which a clause is opened."""
    return 1 if any(f"{number}.".startswith(f"{first}.") for first in FIRST) else 2


def _facts(
    clause: Clause, registered: Sequence[Fact], stock: Stock, answer: ClauseAnswer | None, may: bool
) -> Iterator[Fact]:
    stage = stage_of(clause.number)
    yield from registered or [_shown(clause, stage, answer, may)]
    for kind in registry.kinds.values():
        if clause.number in kind.clauses and kind.model is not ClauseAnswer and stock.count(kind.name):
            said = _("%(kinds)s are in time.") % {"kinds": kind.plural}
            yield Fact(f"in_time_{kind.name}", clause.number, 2, said, in_time(kind.name)(stock))
    if answer is not None and answer.open:
        why = _("%(state)s: %(found)s") % {"state": answer.get_state_display(), "found": answer.found}
        reading = Reading(False, why, answer.get_absolute_url())
        yield Fact("gap", clause.number, stage, _("No gap is open."), reading)


def _shown(clause: Clause, stage: int, answer: ClauseAnswer | None, may: bool) -> Fact:
    """What no record of the application shows is shown by evidence on the clause's answer."""
    said = _("Evidence that holds shows how this is done.")
    if answer is None:
        none = _("Nothing here records it yet: answer the clause and link what shows it.")
        where = answer_url(clause) if may else clause.get_absolute_url()
        return Fact("shown", clause.number, stage, said, Reading(False, none, where))
    url, standing = f"{answer.get_absolute_url()}evidence/", answer.evidence_freshness  # type: ignore[attr-defined]
    why = {
        "": _("No evidence is linked to its answer."),
        "expired": _("The evidence on its answer ran out."),
        "unknown": _("The evidence on its answer says no date."),
    }
    return Fact("shown", clause.number, stage, said, Reading(standing not in why, why.get(standing, ""), url))


def may_answer(user: Any, scope: AimsScope | None) -> bool:
    """Whether the person may say what is there of the clauses."""
    return scope is not None and scope.in_use and bool(policies.can_answer_clause(user, scope.unit))


def answer_url(clause: Clause) -> str:
    return f"/gaps/answer/{clause.number}/"
