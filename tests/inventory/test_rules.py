"""Rules as data: editions, their days, what tiers ask."""

from datetime import date
from pathlib import Path

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from aims.errors import WrongState
from aims.trail import recording
from inventory.models import RuleEdition
from inventory.rulebook import asked, items, load_rules, rules, tier_rules
from inventory.states import RuleSort, Tier

pytestmark = pytest.mark.django_db
DAY = date(2026, 1, 1)

FILE = """
sort: tiers
edition: "{edition}"
valid_from: {start}
valid_until: {end}
content: {{tiers: {{}}}}
"""


def bring(folder: Path, edition: str, start: str, end: str) -> list[str]:
    (folder / "tiers.yaml").write_text(FILE.format(edition=edition, start=start, end=end))
    return load_rules(folder)


def test_editions_come_once() -> None:
    assert load_rules() == []


def test_the_edition_of_the_day_is_asked(tmp_path: Path) -> None:
    bring(tmp_path, "0", "2020-01-01", "2020-12-31")
    assert rules(RuleSort.TIERS, date(2020, 6, 1)).edition == "0"
    assert rules(RuleSort.TIERS, DAY).edition == "1"


def test_a_day_without_an_edition_says_so() -> None:
    with pytest.raises(WrongState, match="Tiers"):
        rules(RuleSort.TIERS, date(1999, 1, 1))


def test_overlapping_dates_are_refused(tmp_path: Path) -> None:
    with pytest.raises(ValidationError, match="Another edition"):
        bring(tmp_path, "2", "2025-01-01", "2025-12-31")
    assert not RuleEdition.objects.filter(edition="2").exists()


def test_an_edition_ends_after_its_start(tmp_path: Path) -> None:
    with pytest.raises(ValidationError, match="end comes before"):
        bring(tmp_path, "2", "2020-02-01", "2020-01-01")


def test_an_edition_never_changes() -> None:
    rows = RuleEdition.objects.filter(sort="tiers")
    for write in (lambda: rows.update(content={}), rows.delete):
        with pytest.raises(IntegrityError, match="never changes"), transaction.atomic(), recording(None, "test"):
            write()


@pytest.mark.parametrize("tier", ["", *Tier.values])
def test_every_tier_says_what_it_asks(tier: str) -> None:
    said = tier_rules(tier, DAY)
    assert said["form"] and said["approver"] and said["cadence_months"] > 0 and said["catch_up_days"] > 0
    known = {item.id for some in items().values() for item in some}
    assert {one for some in said["items"].values() if some != "all" for one in some} <= known


def test_higher_tiers_ask_more() -> None:
    asks = [len(asked("deployment", tier, DAY)) for tier in (Tier.MINIMAL, Tier.STANDARD, Tier.HIGH)]
    assert asks[0] < asks[1] <= asks[2] == len(items()["deployment"])


def test_a_stage_without_a_gate_asks_nothing() -> None:
    assert asked("operation_monitoring", Tier.HIGH, DAY) == []
