"""The formula: score = likelihood × highest consequence; the level follows from the criteria. Pure functions."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _

from risk.states import Dimension, Evaluation

DIMENSIONS: tuple[str, ...] = tuple(Dimension.values)
Level = Mapping[str, Any]
Step = Mapping[str, Any]


def consequence_of(ratings: Mapping[str, int | None]) -> int:
    """The highest consequence over the dimensions; 0 when none is rated."""
    return max((ratings.get(name) or 0 for name in DIMENSIONS), default=0)


def score_of(ratings: Mapping[str, int | None]) -> int:
    return (ratings.get("likelihood") or 0) * consequence_of(ratings)


def level_of(levels: Sequence[Level], score: int) -> Level:
    """The level whose band holds the score. Errors: LookupError for a score no band holds."""
    for level in levels:
        if level["from"] <= score <= level["to"]:
            return level
    raise LookupError(score)


def word(scale: Sequence[Step], rating: int | None) -> str:
    """The scale's word for a rating, "" for none."""
    return next((str(step["label"]) for step in scale if step["rating"] == rating), "")


def problems(
    likelihood: Any, consequence: Any, levels: Any, authority: Any, roles: Sequence[str]
) -> Iterator[tuple[str, str]]:
    """What is wrong with scales, levels and authority table: pairs of field and sentence."""
    if not _is_scale(likelihood):
        yield "likelihood", _("Give 3 to 7 steps, rated 1, 2, 3 …, each with a word and what it means.")
    if set(_mapping(consequence)) != set(DIMENSIONS) or not all(_is_scale(s) for s in consequence.values()):
        yield "consequence", _("Give a scale for the organization, individuals, groups and society.")
        return
    yield from _level_problems(likelihood, consequence, levels)
    yield from _authority_problems(levels, authority, roles)


def _mapping(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}


def _is_scale(steps: Any) -> bool:
    if not isinstance(steps, list) or not 3 <= len(steps) <= 7:
        return False
    return all(_told(step, number) for number, step in enumerate(steps, 1))


def _told(step: Any, number: int) -> bool:
    if not isinstance(step, dict) or set(step) != {"rating", "label", "definition"} or step["rating"] != number:
        return False
    return all(isinstance(step[name], str) and step[name].strip() for name in ("label", "definition"))


def _level_problems(likelihood: Any, consequence: Any, levels: Any) -> Iterator[tuple[str, str]]:
    if not isinstance(levels, list) or not all(_is_level(level) for level in levels):
        yield "levels", _("Give each level an id, a name, a band of scores and what it means.")
        return
    ids = [level["id"] for level in levels]
    if len(ids) != len(set(ids)):
        yield "levels", _("Two levels have one id.")
    tops = [len(scale) for scale in consequence.values()]
    likelihoods = len(likelihood) if isinstance(likelihood, list) else 0
    scores = {one * other for one in range(1, likelihoods + 1) for other in range(1, max(tops) + 1)}
    loose = [score for score in sorted(scores) if sum(lv["from"] <= score <= lv["to"] for lv in levels) != 1]
    if loose:
        yield (
            "levels",
            _("Each score belongs to one level; look at %(scores)s.") % {"scores": ", ".join(map(str, loose))},
        )


def _is_level(level: Any) -> bool:
    keys = {"id", "name", "from", "to", "evaluation"}
    if not isinstance(level, dict) or set(level) != keys or level["evaluation"] not in Evaluation.values:
        return False
    numbers = all(isinstance(level[name], int) for name in ("from", "to"))
    return numbers and all(isinstance(level[name], str) and 0 < len(level[name]) <= 40 for name in ("id", "name"))


def _authority_problems(levels: Any, authority: Any, roles: Sequence[str]) -> Iterator[tuple[str, str]]:
    if not isinstance(levels, list) or not all(_is_level(level) for level in levels):
        return
    table = _mapping(authority)
    if set(table) != {level["id"] for level in levels} or not all(set(named) <= set(roles) for named in table.values()):
        yield "authority", _("Say for each level which roles may accept it.")
        return
    for level in levels:
        nobody = level["evaluation"] == Evaluation.UNACCEPTABLE
        if nobody and table[level["id"]]:
            yield "authority", _("What is unacceptable is accepted by nobody: “%(name)s”.") % {"name": level["name"]}
        if not nobody and not table[level["id"]]:
            yield "authority", _("Somebody must be able to accept “%(name)s”.") % {"name": level["name"]}
