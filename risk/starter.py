"""Criteria to begin with: five steps each, four levels, nobody accepts the top. Written to be changed."""

from typing import Any


def _scale(*steps: tuple[str, str]) -> list[dict[str, Any]]:
    return [{"rating": n, "label": label, "definition": told} for n, (label, told) in enumerate(steps, 1)]


STARTER: dict[str, Any] = {
    "appetite": "We accept loss of money sooner than harm to people. What is unacceptable is accepted by nobody.",
    "likelihood": _scale(
        ("Rare", "Not seen so far; less than once in ten years"),
        ("Unlikely", "Once in two to ten years"),
        ("Possible", "About once a year"),
        ("Likely", "Several times a year"),
        ("Almost certain", "Monthly or more, or measured"),
    ),
    "consequence": {
        "organization": _scale(
            ("Minor", "Nobody outside notices"),
            ("Noticeable", "Single complaints"),
            ("Serious", "Press, or a question of an authority"),
            ("Severe", "Proceedings, loss of partners"),
            ("Threatening", "The organization may not survive it"),
        ),
        "individual": _scale(
            ("Minor", "Annoyance without lasting effect"),
            ("Noticeable", "Loss of time or little money, put right easily"),
            ("Serious", "Loss of money, exclusion, exposure to some"),
            ("Severe", "Lasting disadvantage, harm to health"),
            ("Grave", "Serious injury, loss of livelihood or of a fundamental right"),
        ),
        "group": _scale(
            ("Minor", "No pattern"),
            ("Noticeable", "A group is served slightly worse"),
            ("Serious", "A group is clearly served worse"),
            ("Severe", "A weak group is systematically put at a disadvantage"),
            ("Grave", "A group is shut out"),
        ),
        "society": _scale(
            ("None", "No effect beyond those concerned"),
            ("Slight", "Adds to an existing trend"),
            ("Noticeable", "Visible effect on a market, a region or the environment"),
            ("Serious", "Lasting effect on trust, competition or environment"),
            ("Grave", "Harm to democratic life, health or environment at large"),
        ),
    },
    "levels": [
        {"id": "low", "name": "Low", "from": 1, "to": 4, "evaluation": "acceptable"},
        {"id": "medium", "name": "Medium", "from": 5, "to": 9, "evaluation": "treat"},
        {"id": "high", "name": "High", "from": 10, "to": 16, "evaluation": "treat"},
        {"id": "unacceptable", "name": "Unacceptable", "from": 17, "to": 25, "evaluation": "unacceptable"},
    ],
    "authority": {
        "low": ["risk_owner", "approver", "top_management"],
        "medium": ["approver", "top_management"],
        "high": ["top_management"],
        "unacceptable": [],
    },
}
