"""The questions of screening and assessment as versioned data: read once, by edition."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from django.conf import settings

from impact.states import Tier, Use

YES, NO, UNSURE = "yes", "no", "unsure"
_ORDER = [str(tier.value) for tier in Tier]


@dataclass(frozen=True)
class Question:
    """One question of the form; `short`: also in the short form; `mandatory`: never left out."""

    id: str
    label: str
    ask: str = ""
    short: bool = False
    mandatory: bool = False


@dataclass(frozen=True)
class Section:
    """A step of the form. `kind` names what it holds beside its questions."""

    id: str
    number: int
    title: str
    clause: str
    lead: str
    short: bool
    questions: Sequence[Question] = ()
    kind: str = ""


@dataclass(frozen=True)
class Judgement:
    """What follows from the answers of a screening."""

    tier: str
    use: str
    reasons: Sequence[str]


@cache
def _file(name: str) -> dict[int, dict[str, Any]]:
    path = Path(settings.BASE_DIR) / "impact" / "data" / f"{name}.yaml"
    found = yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
    return {row["edition"]: row for row in found["editions"]}


def latest(name: str) -> int:
    """The edition that new records take: of "screening" or "form"."""
    return max(_file(name))


@cache
def sections_of(edition: int, tier: str) -> tuple[Section, ...]:
    """The steps of the form for a tier: twelve sections, or those of the short form with its questions."""
    short = tier == Tier.STANDARD
    found = [_section(row, short) for row in _file("form")[edition]["sections"]]
    return tuple(one for one in found if one.short or not short)


def _section(row: Mapping[str, Any], short: bool) -> Section:
    asked = [Question(**one) for one in row["questions"]]
    kept = tuple(one for one in asked if one.short or not short)
    same = {name: row[name] for name in ("id", "number", "title", "clause", "lead", "short")}
    return Section(**same, questions=kept, kind=row.get("kind", ""))


def questions_of(edition: int, tier: str) -> dict[str, Question]:
    """Every question of the form for a tier, by id."""
    return {one.id: one for section in sections_of(edition, tier) for one in section.questions}


def screening_questions(edition: int) -> list[Mapping[str, str]]:
    """The questions of a screening: id, title, about, help."""
    return list(_file("screening")[edition]["questions"])


def unanswered(edition: int, answers: Mapping[str, Sequence[str]]) -> list[str]:
    """Ids of questions that have no answer yet."""
    known = (YES, NO, UNSURE)
    ids = [one["id"] for one in screening_questions(edition)]
    return [one for one in ids if not answers.get(one) or answers[one][0] not in known]


def judge(edition: int, answers: Mapping[str, Sequence[str]]) -> Judgement:
    """Tier and use that follow from the answers, with the reason of each rule that speaks. "Unsure" counts as yes."""
    rules = _file("screening")[edition]
    said = {name for name, given in answers.items() if given and given[0] in (YES, UNSURE)}
    uses = [row for row in rules["uses"] if said.issuperset(row["when"])]
    tiers = [row for row in rules["tiers"] if said.issuperset(row["when"])]
    use = uses[0]["use"] if uses else str(Use.ORDINARY.value)
    tier = higher(row["tier"] for row in tiers) if not uses else str(Tier.SENSITIVE.value)
    reasons = [row["reason"] for row in [*uses, *tiers]] or [rules["least"]]
    return Judgement(tier, use, reasons)


def higher(tiers: Iterable[str]) -> str:
    """The highest of several tiers; the lowest there is when none is given."""
    return max(tiers, key=_ORDER.index, default=_ORDER[0])


def lower(tier: str, than: str) -> bool:
    """Whether a tier asks less than another."""
    return bool(than) and _ORDER.index(tier) < _ORDER.index(than)
