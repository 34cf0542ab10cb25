"""What the first week must come to, however it was done."""

from datetime import date

from aims.models import Import, OwnField
from inventory.models import AISystem
from organization.models import User


def assert_clean() -> None:
    """294 systems, each with an owner and a unit, levels of the scale with a reason, dates of the calendar."""
    run = Import.objects.latest("pk")
    assert (run.state, run.counts) == ("done", {"made": 294, "twice": 6})
    systems = list(AISystem.objects.select_related("owner", "unit"))
    assert len({one.title.lower() for one in systems}) == len(systems) == 294
    assert {one.owner.email for one in systems} == {"olga@lampenhaus.example", "nia.neu@lampenhaus.example"}
    assert {one.unit.name for one in systems} == {"Lampenhaus GmbH", "Lampenhaus France"}
    assert {one.criticality for one in systems} == {"high", "medium", "low", ""}
    assert all(bool(one.criticality) == bool(one.criticality_reason) for one in systems)
    assert {one.live_since for one in systems} == {date(2024, 3, 31), date(2024, 3, 25), None}
    (own,) = OwnField.objects.all()
    assert {one.own[own.key] for one in systems} == {str(1000 + n) for n in range(7)}
    invited = User.objects.get(email="nia.neu@lampenhaus.example")
    assert (invited.name, invited.has_usable_password()) == ("Nia Neu", False)
