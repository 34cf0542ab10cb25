"""Risk sources and objectives of Annex C, by id; the organization adds its own words."""

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext_lazy as _

SOURCES: dict[str, Any] = {
    "C.3.1": _("Complexity of environment"),
    "C.3.2": _("Lack of transparency and explainability"),
    "C.3.3": _("Level of automation"),
    "C.3.4": _("Risk sources related to machine learning"),
    "C.3.5": _("System hardware issues"),
    "C.3.6": _("System life cycle issues"),
    "C.3.7": _("Technology readiness"),
}
OBJECTIVES: dict[str, Any] = {
    "C.2.1": _("Accountability"),
    "C.2.2": _("AI expertise"),
    "C.2.3": _("Availability and quality of training and test data"),
    "C.2.4": _("Environmental impact"),
    "C.2.5": _("Fairness"),
    "C.2.6": _("Maintainability"),
    "C.2.7": _("Privacy"),
    "C.2.8": _("Robustness"),
    "C.2.9": _("Safety"),
    "C.2.10": _("Security"),
    "C.2.11": _("Transparency and explainability"),
}
NAMES = {**SOURCES, **OBJECTIVES}


def named(values: Iterable[str]) -> list[str]:
    """Ids with their names; own words as they are."""
    return [f"{value} {NAMES[value]}" if value in NAMES else value for value in values]
