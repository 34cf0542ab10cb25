"""Classifying a system under the law by rules that are data (EU AI Act). Pure: rules and answers in, outcome out."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

YES, NO, UNSURE = "yes", "no", "unsure"
Answers = Mapping[str, str]


def asked(rules: Mapping[str, Any], answers: Answers) -> list[Mapping[str, Any]]:
    """The questions that the answers so far lead to."""
    return [question for question in rules["questions"] if _holds(question.get("asked_when", {}), answers)]


def classify(rules: Mapping[str, Any], answers: Answers, on: date) -> dict[str, Any]:
    """What the answers come to on a day: `classes` (strongest first), `reasons` with provision, date from which they
    apply and confidence, `undetermined` (ids of questions left open) and `stops` (no way to deployment).

    A class that stops stands whatever else is open; any other one only when nothing is.
    """
    found = [rule for rule in rules["rules"] if _holds(rule["when"], answers)]
    stops = [rule for rule in found if rules["classes"][rule["class"]].get("stops")]
    open_questions = [one["id"] for one in asked(rules, answers) if answers.get(one["id"]) not in (YES, NO)]
    kept = stops or ([] if open_questions else found)
    return {
        "classes": _ranked(rules, kept),
        "reasons": [_reason(rules, rule, on) for rule in kept],
        "undetermined": [] if stops else open_questions,
        "stops": bool(stops),
        "on": on.isoformat(),
    }


def _holds(when: Mapping[str, str], answers: Answers) -> bool:
    return all(answers.get(question) == answer for question, answer in when.items())


def _ranked(rules: Mapping[str, Any], kept: Sequence[Mapping[str, Any]]) -> list[str]:
    """Classes without repetition, strongest first."""
    names = {rule["class"] for rule in kept}
    return sorted(names, key=lambda name: (-rules["classes"][name]["rank"], name))


def _reason(rules: Mapping[str, Any], rule: Mapping[str, Any], on: date) -> dict[str, Any]:
    questions = {question["id"]: question["text"] for question in rules["questions"]}
    return {
        "class": rule["class"],
        "name": rules["classes"][rule["class"]]["name"],
        "provision": rule["provision"],
        "applies_from": rule["applies_from"],
        "applies": date.fromisoformat(rule["applies_from"]) <= on,
        "confidence": rule["confidence"],
        "duties": list(rule["duties"]),
        "because": [{"question": questions[id], "answer": answer} for id, answer in rule["when"].items()],
    }
