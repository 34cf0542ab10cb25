"""All apps' demo files in one world, as the first start loads them: what one of them names fits the others."""

from datetime import date

import pytest

from aims import consistency, demo
from aims.models import Record
from aims.registry import registry
from organization.models import User

pytestmark = pytest.mark.django_db


def test_every_act_of_every_file_happens() -> None:
    world = demo.load(date(2026, 11, 27))
    assert set(Record.objects.values_list("kind", flat=True)) >= {"system", "risk", "impact", "statement", "audit"}
    lena = User.objects.get(email="lena.hartwig@marktlicht.example")
    gone = [one for one in consistency.findings(lena, on=world.today) if one.rule.id == "owner-gone"]
    assert not gone
    assert len(world.made) > len(registry.demo_steps)


def test_two_rows_of_one_key_are_refused(root_unit) -> None:  # type: ignore[no-untyped-def]
    world = demo.World(date(2026, 11, 27))
    world.put("u-group", root_unit)
    world.put("u-group", root_unit)
    with pytest.raises(ValueError, match="u-group"):
        world.put("u-group", User(pk=0))
