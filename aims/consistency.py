"""Do the recorded facts agree with each other? Rules that the apps registered, asked of all records at once.

A breach is mended; a question may also be answered, and rests until its facts change. Clauses 7.5, 9.1 and 10.2.
"""

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

import rfc8785
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from aims.access import access_of
from aims.asof import carry
from aims.errors import Hidden, WrongState, invalid
from aims.models import Answer, Record
from aims.registry import Breach, Rule, registry
from aims.services import create, require
from aims.states import FindingState
from aims.trail import recording

SEVERITY = (FindingState.BREACH, FindingState.QUESTION, FindingState.ANSWERED)


@dataclass(frozen=True)
class Finding:
    """A breach of a rule as one reader sees it: on which record, in words, and how it stands."""

    rule: Rule
    record: Record
    breach: Breach
    digest: str
    answer: Answer | None = None

    @property
    def state(self) -> FindingState:
        if self.answer is not None and self.answer.rests:
            return FindingState.ANSWERED
        return FindingState.QUESTION if self.answerable else FindingState.BREACH

    @property
    def answerable(self) -> bool:
        """Whether a reason may settle it; else only other facts do."""
        return self.rule.question or self.breach.backlog

    @property
    def told(self) -> str:
        """The facts in words."""
        return str(self.rule.told) % {name: in_words(value) for name, value in self.breach.facts.items()}

    @property
    def mend_url(self) -> str:
        """Where the facts can be put right."""
        return carry(f"{self.record.get_absolute_url().partition('?')[0]}{self.rule.form}")

    @property
    def roles(self) -> list[str]:
        """Roles that may put the facts right."""
        return [str(registry.roles[role].name) for role in registry.roles_of(self.rule.verb) if role in registry.roles]

    def get_absolute_url(self) -> str:
        return carry(f"/consistency/{self.rule.id}/{self.record.ref}/{self.digest[:16]}/")


def findings(user: Any, *, on: date, rules: Iterable[Rule] | None = None) -> list[Finding]:
    """Every breach that the person sees, gravest first. The number of statements follows from the rules alone."""
    found = [(rule, breach) for rule in rules or registry.rules.values() for breach in rule.find(on)]
    keys = {key for _rule, breach in found for key in (breach.record, *breach.also)}
    seen = Record.objects.visible_to(user).select_related("unit", "owner").in_bulk(keys)
    answers = _answers({breach.record for _rule, breach in found} & set(seen))
    shown = [
        Finding(rule, seen[breach.record], breach, mark, answers.get((rule.id, breach.record, mark)))
        for rule, breach in found
        if breach.record in seen and all(key in seen for key in breach.also)
        for mark in [digest_of(rule, breach)]
    ]
    places = {rule: place for place, rule in enumerate(registry.rules)}
    return sorted(shown, key=lambda one: (SEVERITY.index(one.state), places[one.rule.id], one.record.pk, one.digest))


def _answers(records: Iterable[int]) -> dict[tuple[str, int, str], Answer]:
    """The latest answer to each question."""
    rows = Answer.objects.filter(record__in=records).select_related("answered_by").order_by("pk")
    return {(row.rule, row.record_id, row.digest): row for row in rows}


def finding(user: Any, rule: str, ref: str, mark: str, *, on: date) -> Finding:
    """The one finding of an address. Hidden when there is none: mended meanwhile, or not for this person."""
    asked = registry.rules.get(rule)
    found = findings(user, on=on, rules=[asked]) if asked is not None else []
    for one in found:
        if one.record.ref == ref and one.digest.startswith(mark):
            return one
    raise Hidden


def digest_of(rule: Rule, breach: Breach) -> str:
    """What an answer holds for: the rule, the record and these very facts."""
    facts = {name: _plain(value) for name, value in breach.facts.items()}
    return hashlib.sha256(rfc8785.dumps([rule.id, breach.record, sorted(breach.also), facts])).hexdigest()


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, list | tuple):
        return [_plain(one) for one in value]
    return value if isinstance(value, int | float) or value is None else str(value)


def in_words(value: Any) -> str:
    """A fact as the sentence shows it."""
    if isinstance(value, datetime):
        return date_format(timezone.localtime(value), "SHORT_DATETIME_FORMAT")
    if isinstance(value, date):
        return date_format(value, "SHORT_DATE_FORMAT")
    if isinstance(value, list | tuple):
        return ", ".join(in_words(one) for one in value)
    return str(value)


def can_answer(user: Any, one: Finding) -> str:
    """In which capacity the person may settle a question; "" for none."""
    return access_of(user).capacity("consistency.answer", one.record) if one.answerable else ""


def can_reopen(user: Any, one: Finding) -> str:
    return access_of(user).capacity("consistency.reopen", one.record) if one.answer is not None else ""


def answer_question(one: Finding, *, by: Any, reason: str, on: date) -> Answer:
    """Say why facts that look odd are right. They rest until one of them changes.

    Errors: NotPermitted, WrongState for a breach (it is mended, not explained), for what changed or was answered
    meanwhile, ValidationError without a reason.
    """
    if not one.answerable:
        raise WrongState(_("A breach is mended, not explained."))
    return _settle(one, by=by, capacity=can_answer(by, one), reason=reason, on=on, rests=True)


def reopen_question(one: Finding, *, by: Any, reason: str, on: date) -> Answer:
    """Say that an answer does not hold: the question stands again. Errors as for answering."""
    return _settle(one, by=by, capacity=can_reopen(by, one), reason=reason, on=on, rests=False)


def _settle(one: Finding, *, by: Any, capacity: str, reason: str, on: date, rests: bool) -> Answer:
    require(capacity)
    service = "answer_question" if rests else "reopen_question"
    with recording(by, service, capacity=capacity, reason=reason):
        Record.objects.select_for_update(of=("self",)).get(pk=one.record.pk)
        now = _standing(by, one, on)
        if (now.state == FindingState.ANSWERED) == rests:
            raise WrongState(_("Somebody settled this meanwhile."))
        return create(
            Answer(
                rule=one.rule.id,
                record=one.record,
                digest=one.digest,
                rests=rests,
                reason=reason,
                answered_by=by,
                capacity=capacity,
            )
        )


def _standing(by: Any, one: Finding, on: date) -> Finding:
    """How it stands now, with the record locked."""
    try:
        return finding(by, one.rule.id, one.record.ref, one.digest, on=on)
    except Hidden as gone:
        raise WrongState(_("The facts changed meanwhile; look again.")) from gone


def chosen(
    found: Iterable[Finding], *, states: Sequence[str] = (), rules: Sequence[str] = (), text: str = ""
) -> list[Finding]:
    """Those of these states and rules (none: all) whose record or sentence has every word. ValidationError: unknown."""
    for name, asked, known in (("state", states, FindingState.values), ("rule", rules, list(registry.rules))):
        if not set(asked) <= set(known):
            raise invalid(**{name: _("Unknown value.")})
    words = text.lower().split()[:6]
    return [
        one
        for one in found
        if (not states or one.state in states)
        and (not rules or one.rule.id in rules)
        and all(word in f"{one.record} {one.told}".lower() for word in words)
    ]


def count_of(found: Sequence[Finding]) -> dict[str, int]:
    """How many of each state."""
    return {state: sum(one.state == state for one in found) for state in SEVERITY}


def breaches(rows: Iterable[Mapping[str, Any]], *, also: Sequence[str] = ()) -> Iterator[Breach]:
    """Breaches from rows of `.values(...)`: `record` is the record's key, `backlog` a mark, the rest are facts.

    `also` names those facts that are keys of further records: they are taken out of what is told.
    """
    for row in rows:
        facts = dict(row)
        record, backlog = facts.pop("record"), bool(facts.pop("backlog", False))
        others = tuple(facts.pop(name) for name in also)
        yield Breach(record, facts, also=tuple(key for key in others if key), backlog=backlog)


__all__ = [
    "Finding",
    "answer_question",
    "breaches",
    "can_answer",
    "can_reopen",
    "chosen",
    "count_of",
    "digest_of",
    "finding",
    "findings",
    "in_words",
    "reopen_question",
]
