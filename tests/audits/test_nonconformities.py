"""A nonconformity from detection to closing: what each step asks, who may, what the database refuses (10.2)."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from aims.errors import Hidden, NotPermitted, Stale, WrongState
from aims.models import Decision
from aims.registry import registry
from aims.services import unmet_checks
from aims.trail import recording
from audits import services
from audits.models import CorrectiveAction, EffectivenessReview, Nonconformity
from audits.states import WAIT, Grade, NcState
from inventory.facts import GateBypassed
from organization.states import Role
from tests.factories import audits as make
from tests.factories import person, root_unit, unit

pytestmark = pytest.mark.django_db


def test_it_is_raised_where_its_system_stands():
    where = unit()
    system = make.system(where)
    row = make.nonconformity(system=system, unit=None)
    assert (row.unit, row.state, row.round) == (where, NcState.OPEN, 1)
    assert row.due_on == make.soon(90)


@pytest.mark.parametrize("name", ["title", "requirement", "description"])
def test_it_says_what_is_the_case(name):
    with pytest.raises(ValidationError) as refused:
        make.nonconformity(**{name: " "})
    assert name in refused.value.error_dict


def test_it_needs_a_place():
    with pytest.raises(ValidationError) as refused:
        services.raise_nonconformity(by=make.manager(), data={"title": "A"}, on=make.today())
    assert "unit" in refused.value.error_dict


def test_a_reader_raises_none():
    with pytest.raises(NotPermitted):
        services.raise_nonconformity(by=person(Role.READER), data={"unit": root_unit(), "title": "A"}, on=make.today())


def test_a_system_one_does_not_see_cannot_be_named():
    here, there = unit(), unit()
    row = make.nonconformity(here)
    with pytest.raises((Hidden, NotPermitted)):
        services.change_nonconformity(row, by=make.manager(here), data={"system": make.system(there)})


def test_a_stale_save_is_told():
    row = make.nonconformity()
    services.change_nonconformity(row, by=make.manager(), data={"title": "First"}, version=row.version)
    with pytest.raises(Stale):
        services.change_nonconformity(row, by=make.manager(), data={"title": "Second"}, version=row.version)


def test_containment_lies_not_ahead():
    row = make.nonconformity()
    with pytest.raises(ValidationError):
        services.contain(
            row, by=row.owner, on=make.today(), containment="A", consequences="B", contained_on=make.soon(1)
        )


def test_three_whys_are_the_least():
    row = make.contained()
    with pytest.raises(ValidationError) as refused:
        make.analyse(row, cause_method="five_whys", cause_steps=["Late", "No owner"])
    assert "cause_steps" in refused.value.error_dict
    analysed = make.analyse(row, cause_method="five_whys", cause_steps=["Late", "No owner", "Nobody asked"])
    assert (analysed.state, len(analysed.cause_steps)) == (NcState.ANALYSED, 3)


def test_a_fishbone_has_a_bone():
    with pytest.raises(ValidationError):
        make.analyse(make.contained(), cause_method="fishbone")


def test_similar_ones_are_tied_once():
    other = make.nonconformity()
    row = make.analyse(make.contained(), similar=[other, other])
    make.analyse(row, similar=[other])
    assert [one.other for one in row.related.all()] == [other]


def test_the_reviewer_carries_out_nothing():
    doer = person(Role.CONTRIBUTOR)
    with pytest.raises(ValidationError) as refused:
        make.planned(doer=doer, reviewer=doer)
    assert "reviewer" in refused.value.error_dict


def test_the_owner_does_not_review():
    row = make.analyse(make.contained())
    with pytest.raises(ValidationError):
        make.planned(row=row, reviewer=row.owner)


def test_a_plan_names_an_action_or_says_why_none():
    row = make.analyse(make.contained())
    same = {"by": row.owner, "on": make.today(), "effect_criteria": "None is late.", "reviewer": person(Role.APPROVER)}
    with pytest.raises(ValidationError):
        services.plan_correction(row, action_needed=True, proportionality="Small.", **same)
    with pytest.raises(ValidationError):
        services.plan_correction(row, action_needed=False, **same)
    found = services.plan_correction(row, action_needed=False, no_action_reason="Happened once.", **same)
    assert (found.state, found.effect_from) == (NcState.DONE, make.soon(30))


def test_an_action_says_who_and_when():
    row = make.analyse(make.contained())
    with pytest.raises(ValidationError):
        services.plan_correction(
            row, by=row.owner, on=make.today(), action_needed=True, proportionality="Small.", effect_criteria="None late.",
            reviewer=person(Role.APPROVER), actions=[{"title": "Do it"}],
        )  # fmt: skip


@pytest.mark.parametrize("grade", list(Grade))
def test_the_wait_follows_the_grade(grade):
    row = make.done(make.planned(grade=grade))
    assert (row.state, row.effect_from) == (NcState.DONE, make.soon(WAIT[grade]))


def test_a_later_day_may_be_wished():
    row = make.planned()
    with recording(None, "test"):
        Nonconformity.objects.filter(pk=row.pk).update(effect_from=make.soon(200))
    assert make.done(make.fresh(row)).effect_from == make.soon(200)


def test_actions_are_added_changed_and_dropped():
    row = make.planned()
    first = row.actions.get()
    with pytest.raises(WrongState):
        services.drop_corrective_action(first, by=row.owner, on=make.today(), reason="No")
    data = {"title": "Second", "owner": person(), "due_on": make.soon()}
    second = services.add_corrective_action(row, by=row.owner, data=data, on=make.today())
    services.change_corrective_action(second, by=row.owner, data={"title": "Other"})
    with pytest.raises(ValidationError):
        services.change_corrective_action(second, by=row.owner, data={"owner": row.reviewer})
    with pytest.raises(ValidationError):
        services.add_corrective_action(row, by=row.owner, data={**data, "owner": row.reviewer}, on=make.today())
    services.complete_corrective_action(first, by=first.owner, on=make.today(), result="Done.")
    services.drop_corrective_action(second, by=row.owner, on=make.today(), reason="Not needed")
    assert make.fresh(row).state == NcState.DONE


def test_who_carried_it_out_does_not_judge():
    row = make.awaiting()
    doer = row.actions.get().owner
    make.nonconformity()
    with pytest.raises(NotPermitted):
        services.judge_effect(row, by=row.owner, on=row.effect_from, effective=True, findings="Fine")
    from_role = person(Role.APPROVER)
    with recording(None, "test"):
        CorrectiveAction.objects.filter(owner=doer).update(owner=from_role)
    with pytest.raises(NotPermitted):
        services.judge_effect(row, by=from_role, on=row.effect_from, effective=True, findings="Fine")


def test_the_database_refuses_a_verdict_by_a_doer():
    row = make.awaiting()
    with pytest.raises(IntegrityError), transaction.atomic(), recording(None, "test"):
        EffectivenessReview.objects.create(
            nonconformity=row, round=1, effective=True, criteria="A", findings="B", reviewed_by=row.actions.get().owner,
            reviewed_on=make.today(),
        )  # fmt: skip


def test_the_database_refuses_closing_without_a_positive_verdict():
    row = make.awaiting()
    with pytest.raises(IntegrityError), transaction.atomic(), recording(None, "test"):
        Nonconformity.objects.filter(pk=row.pk).update(state="closed", closed_by=row.owner, closed_on=make.today())
    services.judge_effect(row, by=row.reviewer, on=row.effect_from, effective=False, findings="No")
    verdict = EffectivenessReview.objects.get()
    with pytest.raises(IntegrityError), transaction.atomic(), recording(None, "test"):
        Nonconformity.objects.filter(pk=row.pk).update(
            state="closed", closed_by=row.owner, closed_on=make.today(), verdict=verdict
        )


def test_too_early_is_refused_and_twice_too():
    row = make.awaiting()
    with pytest.raises(WrongState, match="can be judged from"):
        services.judge_effect(row, by=row.reviewer, on=make.today(), effective=True, findings="Fine")
    services.judge_effect(row, by=row.reviewer, on=row.effect_from, effective=True, findings="Fine")
    with pytest.raises(WrongState, match="judged already"):
        services.judge_effect(make.fresh(row), by=row.reviewer, on=row.effect_from, effective=True, findings="Fine")


def test_a_negative_verdict_reopens_and_keeps_the_history():
    row = make.awaiting()
    services.judge_effect(row, by=row.reviewer, on=row.effect_from, effective=False, findings="Late again.")
    again = make.fresh(row)
    assert (again.state, again.round, again.verdict, again.reviewer) == (NcState.REOPENED, 2, None, None)
    assert [one.findings for one in again.reviews.all()] == ["Late again."]
    assert Decision.objects.filter(record=row.pk, refused=True).exists()


def test_what_an_earlier_round_found_does_not_count_in_the_next():
    row = make.awaiting()
    services.judge_effect(row, by=row.reviewer, on=row.effect_from, effective=False, findings="Late again.")
    again = make.fresh(row)

    def missing():
        return {one["id"] for one in unmet_checks(make.fresh(again), "nonconformity", "close")}

    assert again.root_cause, "the form begins with it"
    assert {"nc_contained", "nc_cause", "nc_similar"} <= missing()
    services.contain(
        again,
        by=again.owner,
        on=make.today(),
        containment="Stopped it again",
        consequences="None",
        version=again.version,
    )
    assert "nc_contained" not in missing() and {"nc_cause", "nc_similar"} <= missing()
    make.analyse(make.fresh(again))
    assert not {"nc_contained", "nc_cause", "nc_similar"} & missing()


def test_a_closed_one_is_reopened_and_a_new_one_like_it_is_tied():
    row = make.awaiting(clause=make.clause())
    services.judge_effect(row, by=row.reviewer, on=row.effect_from, effective=True, findings="Fine")
    manager = make.manager()
    closed = services.close_nonconformity(make.fresh(row), by=manager, on=row.effect_from, reason="It works.")
    assert (closed.state, closed.due_on) == (NcState.CLOSED, None)
    with pytest.raises(WrongState):
        services.change_nonconformity(closed, by=manager, data={"title": "B"})
    later = make.nonconformity(clause=make.clause())
    assert [(one.other, one.tie) for one in later.related.all()] == [(row, "recurrence")]
    again = services.reopen_nonconformity(closed, by=manager, on=make.today(), reason="It came back.")
    assert (again.state, again.round, again.closed_on) == (NcState.REOPENED, 2, None)


def test_who_is_neither_owner_nor_keeper_does_not_close():
    with pytest.raises(NotPermitted):
        services.close_nonconformity(make.nonconformity(), by=person(Role.READER), on=make.today(), reason="A")


def test_a_bypassed_gate_becomes_one():
    system = make.system()
    fact = GateBypassed(system, None, "without_authority", "Released without its gate.", make.manager(), make.today())
    with recording(fact.by, "bypass"):
        registry.announce(fact)
    row = Nonconformity.objects.get(system=system)
    assert (row.source, row.owner, row.detected_by) == ("gate_bypass", system.owner, fact.by)


def test_overdue_and_like_are_found():
    row = make.nonconformity(clause=make.clause())
    other = make.nonconformity(clause=make.clause())
    late = make.today() + timedelta(days=100)
    assert set(Nonconformity.objects.open().overdue(on=late)) == {row, other}
    assert list(Nonconformity.objects.like(row)) == [other]
