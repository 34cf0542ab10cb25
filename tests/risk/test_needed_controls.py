"""AC-03, the part of risk: what a treatment names as necessary is not excluded, and is called for in the Statement."""

import pytest

from aims.services import unmet_checks
from controls.models import Control, SoaProposal
from risk import services
from tests.factories import controls as made
from tests.factories import risk as make
from tests.factories import root_unit, unit

pytestmark = pytest.mark.django_db


def unmet(statement):
    return [one for one in unmet_checks(statement, "statement", "exclude") if one["id"] == "treatment_needs_it"]


@pytest.fixture
def control(db):
    return Control.objects.order_by("position").first()


class Stated:
    """A statement about a control in a unit, as far as the check reads it."""

    def __init__(self, control, where):
        self.control, self.control_id, self.unit_id = control, control.pk, where.pk


def test_refused_with_a_link_to_the_treatment(control):
    row = make.assessed()
    make.plan(row, controls=[control])
    (missing,) = unmet(Stated(control, root_unit()))
    assert row.ref in missing["sentence"]
    assert missing["url"] == f"{row.get_absolute_url()}#plan"


def test_free_elsewhere_and_once_the_plan_is_gone(control):
    row = make.assessed(ratings=make.LOW)
    make.plan(row, controls=[control], actions=0)
    assert not unmet(Stated(control, unit()))
    make.approve(row, approved=False)
    assert not unmet(Stated(control, root_unit()))


def test_free_once_the_risk_is_closed(control):
    row = make.assessed()
    make.plan(row, controls=[control])
    make.approve(row)
    row = make.done(make.fresh(row))
    make.verify(row)
    make.accept(make.fresh(row))
    services.close_risk(make.fresh(row), by=row.owner, reason="Done.", on=make.today())
    assert not unmet(Stated(control, root_unit()))


class TestCalledForByApproval:
    def test_an_undecided_control_is_proposed_in_the_draft(self, control):
        row = made.statements()[control.number]
        risk = make.assessed()
        plan = make.plan(risk, controls=[control])
        assert not SoaProposal.objects.exists()
        approval = make.approve(risk)
        (proposal,) = SoaProposal.objects.open()
        assert (proposal.statement, proposal.wanted, proposal.record_id) == (row, "include", risk.pk)
        assert (proposal.soa.state, proposal.noted_by) == ("draft", approval.decided_by)
        assert f"plan {plan.number} of {risk.ref}" in proposal.reason

    def test_an_included_control_rests_on_the_risk_at_once(self, control):
        row = made.included(control.number)
        risk = make.assessed()
        make.plan(risk, controls=[control])
        make.approve(risk)
        assert [one.record_id for one in row.basis_rows.all()] == [risk.pk]
        assert not SoaProposal.objects.open().exists()

    def test_the_next_plan_does_not_call_for_it_again(self, control):
        made.statements()
        risk = make.assessed()
        for _plan in range(2):
            make.plan(make.fresh(risk), controls=[control])
            make.approve(make.fresh(risk))
        assert SoaProposal.objects.open().count() == 1

    def test_a_returned_plan_calls_for_nothing(self, control):
        made.statements()
        risk = make.assessed()
        make.plan(risk, controls=[control])
        make.approve(risk, approved=False)
        assert not SoaProposal.objects.exists()

    def test_where_no_scope_is_in_use_the_plan_is_approved_all_the_same(self, control):
        risk = make.assessed()
        make.plan(risk, controls=[control])
        make.approve(risk)
        assert make.fresh(risk).treatment.state == "approved"
        assert not SoaProposal.objects.exists()
