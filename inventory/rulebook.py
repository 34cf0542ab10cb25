"""Reading the rules that are data: editions in the database, first filled from `inventory/data/rules/*.yaml`."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from django.conf import settings
from django.utils.translation import gettext as _

from aims.errors import WrongState
from aims.trail import recording
from inventory.models import RuleEdition
from inventory.states import RuleSort

ALL = "all"


@dataclass(frozen=True)
class Item:
    """What the gate into a stage asks for, and the controls it serves."""

    id: str
    stage: str
    text: str
    controls: Sequence[str]


def _folder() -> Path:
    return Path(settings.BASE_DIR) / "inventory" / "data"


@cache
def items() -> Mapping[str, Sequence[Item]]:
    """Stage → every item of its gate, from the vocabulary."""
    data = yaml.load((_folder() / "vocabulary.yaml").read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
    return {
        row["id"]: tuple(Item(one["id"], row["id"], one["text"], one["controls"]) for one in row["needs"])
        for row in data["stages"]
    }


def load_rules(folder: Path | None = None) -> list[str]:
    """Bring in every edition among the data files that is not stored yet; answers their names.

    Overlapping editions are refused by the database, and nothing is changed.
    """
    stored = set(RuleEdition.objects.values_list("digest", flat=True))
    made = []
    for path in sorted((folder or _folder() / "rules").glob("*.yaml")):
        content = path.read_bytes()
        digest = hashlib.sha256(content).hexdigest()
        if digest not in stored:
            made.append(_store(yaml.load(content, Loader=yaml.CSafeLoader), digest))
    return made


def _store(data: Mapping[str, Any], digest: str) -> str:
    names = ("sort", "edition", "valid_from", "content")
    row = RuleEdition(**{name: data[name] for name in names}, valid_until=data.get("valid_until"), digest=digest)
    row.reason = data.get("reason", "")
    with recording(None, "load_rules", reason=f"{row.sort} {row.edition}"):
        row.full_clean(exclude=["id", "made_at"])
        row.save(force_insert=True)
    return str(row)


def rules(sort: str, on: date) -> RuleEdition:
    """The edition in force on a day; WrongState where none is."""
    found = RuleEdition.objects.in_force(sort, on)
    if found is None:
        raise WrongState(_("No rules for “%(sort)s” are in force on that day.") % {"sort": RuleSort(sort).label})
    return found  # type: ignore[no-any-return]


def known_then(sort: str, on: date) -> bool:
    """Whether rules of this sort were there: a past before the first edition was recorded had none."""
    return RuleEdition.objects.in_force(sort, on) is not None


def tier_rules(tier: str, on: date) -> Mapping[str, Any]:
    """What a tier asks on a day: `form`, `sections`, `approver`, `committee`, `cadence_months`, `items` …"""
    found: Mapping[str, Any] = rules(RuleSort.TIERS, on).content["tiers"][tier]
    return found


def asked(stage: str, tier: str, on: date) -> list[Item]:
    """The items that the gate into a stage asks of a tier on a day."""
    named = tier_rules(tier, on)["items"].get(stage, ALL)
    return [item for item in items().get(stage, ()) if named == ALL or item.id in named]
