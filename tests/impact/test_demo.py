"""The demo organization's assessments, replayed: they end as the story says, each decision by somebody else."""

from datetime import date

import pytest

from aims import clock
from aims.demo import World
from impact import demo
from impact.models import Condition, ImpactAssessment, ImpactDecision, Opinion, Screening
from inventory.demo import steps as inventory_steps
from inventory.models import ChangeRequest, GateAttempt
from organization.committees import Committee, Sitting, Vote
from organization.demo import steps as organization_steps

pytestmark = pytest.mark.django_db
TODAY = date(2026, 4, 1)


@pytest.fixture
def world():
    """People, systems and assessments of the demo, in the order of time."""
    found = World(TODAY)
    acts = [*organization_steps(found), *inventory_steps(found), *demo.steps(found)]
    for _number, step in sorted(enumerate(acts), key=lambda pair: (pair[1].day, pair[1].at or "10:00", pair[0])):
        if step.day <= 0:
            with clock.at(found.moment(step.day, step.at or "10:00")):
                step.run(found)
    return found


def test_the_story_ends_as_the_file_says(world):
    states = {row.system.title: [] for row in ImpactAssessment.objects.select_related("system")}
    for row in ImpactAssessment.objects.select_related("system").order_by("pk"):
        states[row.system.title].append(row.state)
    assert states["Product recommendations"] == ["superseded", "approved"]
    assert states["Dynamic pricing"] == ["superseded", "approved", "in_review"]
    assert states["Fraud detection"] == ["superseded", "approved", "draft"]
    assert states["Customer-service routing"] == ["approved"]
    tiers = dict(Screening.objects.in_force().values_list("system__title", "tier"))
    assert tiers["Dynamic pricing"] == "sensitive" and tiers["Customer-service routing"] == "standard"
    for row in ImpactDecision.objects.filter(kept_apart="kept").select_related("assessment"):
        assert not row.assessment.authors.filter(person=row.decided_by).exists()
    assert (Sitting.objects.filter(state="closed").count(), Sitting.objects.filter(state="planned").count()) == (2, 1)
    assert Vote.objects.count() == 7 and Committee.objects.get().members.count() == 5
    assert Opinion.objects.dissenting().exists() and Opinion.objects.missing().exists()
    assert Condition.objects.open().exists()
    the_gate_stops_what_is_not_done_and_lets_it_pass_once_it_is()


def the_gate_stops_what_is_not_done_and_lets_it_pass_once_it_is():
    """One system is stopped and unblocked by doing the work, one is stopped still, one stays inside its envelope."""

    def asked(title):
        return list(GateAttempt.objects.filter(system__title=title, way="release").order_by("pk"))

    first, second, third = asked("Product recommendations")
    assert (first.state, second.state, third.state) == ("refused", "refused", "allowed")
    assert {"verified", "impact_approved", "sign_offs"} <= {one["id"] for one in first.unmet}
    assert {"impact_approved", "sign_offs"} <= {one["id"] for one in second.unmet}
    assert "verified" not in {one["id"] for one in second.unmet}
    assert not third.unmet and third.permit
    for one in asked("Dynamic pricing"):
        assert one.state == "refused" and "French overseas departments" in str(one.unmet)
        assert {"verified", "data_quality", "impact_approved"} <= {item["id"] for item in one.unmet}
    assert ChangeRequest.objects.get(significance="inside").system.title == "Fraud detection"
    waiting = ChangeRequest.objects.filter(state="asked").values_list("system__title", flat=True)
    assert set(waiting) == {"Reply suggestions in the helpdesk"}
