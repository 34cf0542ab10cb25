"""AC-08: a significant change asks for reassessment once, linked to the change; the gate waits for it."""

import pytest
from django.db import IntegrityError, transaction

from aims import clock
from aims.models import Record, Task
from aims.registry import registry
from aims.trail import recording
from inventory.facts import SignificantChange
from inventory.gate import GateQuestion
from inventory.models import AISystem
from inventory.services import set_tier, settle
from organization.states import Role
from risk import gate, services
from risk.models import Reassessment
from tests.factories import impact, inventory, person
from tests.factories import risk as make

pytestmark = pytest.mark.django_db


def announce(system, record=None):
    """As the inventory announces a significant change, recorded in `record`."""
    by = person(Role.SYSTEM_OWNER)
    fact = SignificantChange(system, ("purpose",), "It scores credit now.", record or system, by, clock.today())
    registry.announce(fact)


def asked(system):
    return GateQuestion(system, None, "production", clock.today())


class TestSignificantChange:
    def test_asks_the_owners_once_and_links_the_change(self):
        row = make.accepted()
        announce(row.system)
        announce(row.system)
        found = Reassessment.objects.get()
        assert (found.risk, found.record, found.trigger) == (
            row,
            Record.objects.get(pk=row.system_id),
            "change_proposed",
        )
        task = Task.objects.get(record=row.pk)
        assert (task.assignee, task.sort, "It scores credit now." in task.asked) == (row.owner, "extra", True)

    def test_reaches_family_and_component_but_neither_closed_nor_unrated_risks(self):
        make.in_force()
        system = make.system()
        family = make.assessed()
        services.change_risk(family, by=family.owner, data={}, family=[system])
        make.risk(system=system)
        done = make.accepted(system=system)
        services.close_risk(done, by=done.owner, reason="Done.", on=make.today())
        assert services.affected_by(system) == [make.fresh(family)]

    def test_another_change_asks_again(self):
        row = make.accepted()
        announce(row.system)
        announce(row.system, make.system())
        assert Reassessment.objects.count() == Task.objects.filter(record=row.pk).count() == 2

    def test_the_next_assessment_answers_it_and_closes_the_task(self):
        row = make.accepted()
        announce(row.system)
        made = make.assess(make.fresh(row), trigger="change_proposed")
        assert Reassessment.objects.get().assessment == made
        task = Task.objects.get(record=row.pk)
        assert (task.state, task.done_by) == ("done", row.owner)
        assert "version 2" in task.looked_at

    def test_shows_on_the_page_of_the_risk(self, client_of):
        row = make.accepted()
        announce(row.system)
        assert "It scores credit now." in client_of(person(Role.READER)).get(row.get_absolute_url()).content.decode()

    @pytest.mark.parametrize("broken", [{"cause": " "}, {"trigger": "mood"}])
    def test_the_database_refuses(self, broken):
        row = make.accepted()
        announce(row.system)
        with pytest.raises(IntegrityError), transaction.atomic():
            Reassessment.objects.update(**broken)


class TestSettling:
    """A flagged system keeps its flag while a risk of it waits to be assessed again, and loses it with the last one."""

    def flagged(self, system):
        """In change, with its impact assessed again already."""
        set_tier(system, by=inventory.manager(), tier="standard", reasons="As the test wants it", on=make.today())
        impact.approved(make.fresh(system))
        with recording(None, "test"):
            AISystem.objects.filter(pk=system.pk).update(flag="Purpose changed.")

    def test_the_flag_stays_until_the_last_risk_is_assessed_again(self):
        first = make.accepted()
        second = make.accepted(system=first.system, unit=first.unit)
        announce(first.system)
        self.flagged(first.system)
        assert not settle(first.system, on=make.today())
        make.assess(make.fresh(first))
        assert make.fresh(first.system).flag
        make.assess(make.fresh(second))
        assert not make.fresh(first.system).flag

    def test_a_risk_of_the_family_settles_each_member(self):
        row, member = make.accepted(), make.system()
        services.change_risk(row, by=row.owner, data={}, family=[member])
        announce(row.system)
        self.flagged(member)
        assert not settle(member, on=make.today())
        make.assess(make.fresh(row))
        assert not make.fresh(member).flag


class TestGate:
    def test_asks_for_risks_that_are_assessed(self):
        make.in_force()
        system = make.system()
        assert "No risk" in gate.risk_assessed(asked(system))["reason"]
        row = make.risk(system=system)
        assert row.ref in gate.risk_assessed(asked(system))["reason"]
        make.assess(row)
        assert gate.risk_assessed(asked(system)) is None

    def test_waits_for_the_reassessment_of_a_change(self):
        row = make.accepted()
        for check in (gate.risk_assessed, gate.reassessed):
            assert check(asked(row.system)) is None
        announce(row.system)
        for check in (gate.risk_assessed, gate.reassessed):
            missing = check(asked(row.system))
            assert "It scores credit now." in missing["reason"]
            assert missing["url"] == f"{row.get_absolute_url()}assess/"
        make.assess(make.fresh(row))
        assert gate.risk_assessed(asked(row.system)) is None

    def test_asks_that_every_residual_is_accepted_on_the_day(self):
        row = make.accepted()
        assert gate.residual_accepted(asked(row.system)) is None
        late = GateQuestion(row.system, None, "production", make.soon(301))
        assert row.ref in gate.residual_accepted(late)["reason"]
        other = make.assessed(system=row.system, unit=row.unit)
        assert other.ref in gate.residual_accepted(asked(row.system))["reason"]

    def test_the_unacceptable_fails_in_every_tier(self):
        row = make.assessed(ratings={"likelihood": 5, "individual": 5})
        assert gate.residual_accepted(asked(row.system))["failed"] is True

    def test_is_registered_for_its_items(self):
        items = {(check.id, check.transition) for check in registry.checks if check.workflow == "gate"}
        assert {("risk_assessed", "verification_validation"), ("residual_accepted", "deployment")} <= items
