"""The verbs of risk: what each does, and what it refuses."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError

from aims.errors import Hidden, NotPermitted, Stale, WrongState
from aims.models import Decision
from organization.services.mandates import end_authority, grant_authority
from organization.states import Role
from risk import services
from risk.models import Risk, RiskCriteria
from tests.factories import grant, person, root_unit, unit
from tests.factories import risk as make

pytestmark = pytest.mark.django_db


class TestWholeWay:
    def test_from_finding_to_closing(self):
        row = make.accepted()
        assert (row.state, row.level, row.score, row.evaluation) == ("accepted", "medium", 6, "treat")
        assert (row.inherent_likelihood, row.inherent_consequence) == (4, 3)
        closed = services.close_risk(row, by=row.owner, reason="Nothing is left to do.", on=make.today())
        assert (closed.state, closed.due_on) == ("closed", None)
        sorts = set(Decision.objects.filter(record_id=row.pk).values_list("sort", flat=True))
        assert sorts == {"risk_plan", "risk_effectiveness", "risk_acceptance"}
        again = services.reopen_risk(closed, by=row.owner, reason="It came back.", on=make.today())
        assert (again.state, again.acceptance, again.due_on) == ("assessed", None, make.today())


class TestAssessing:
    def test_needs_criteria(self):
        row = make.risk()
        with pytest.raises(WrongState, match="criteria"):
            make.assess(row)

    def test_score_and_level_follow_from_the_formula(self):
        row = make.assessed()
        one = row.assessment
        assert (one.consequence, one.score, one.level, one.number, one.predecessor) == (3, 12, "high", 1, None)
        assert (row.state, row.level, row.due_on) == ("assessed", "high", make.soon())
        assert [a.person for a in one.assessors.all()] == [row.owner]

    @pytest.mark.parametrize("name", ["organization", "individual", "group", "society"])
    def test_every_dimension_is_rated_or_reasoned_away(self, name):
        make.in_force()
        with pytest.raises(ValidationError) as refused:
            make.assess(make.risk(), **{name: None, f"{name}_reason": " "})
        assert set(refused.value.message_dict) == {f"{name}_reason"}

    @pytest.mark.parametrize(
        ("ratings", "field"),
        [
            ({"likelihood": 6}, "likelihood"),
            ({"likelihood": None}, "likelihood"),
            ({"society": 0}, "society"),
            ({"likelihood_reason": ""}, "likelihood_reason"),
            (dict.fromkeys(("organization", "individual", "group", "society")), "organization"),
        ],
    )
    def test_unknown_steps_are_refused(self, ratings, field):
        make.in_force()
        with pytest.raises(ValidationError) as refused:
            make.assess(make.risk(), **ratings)
        assert field in refused.value.message_dict

    @pytest.mark.parametrize("day", [None, -1, 0])
    def test_next_review_lies_ahead(self, day):
        make.in_force()
        row = make.risk()
        due = None if day is None else make.soon(day)
        with pytest.raises(ValidationError, match="next_review_on"):
            services.assess_risk(row, by=row.owner, data=make.RATINGS, on=make.today(), next_review_on=due)

    def test_a_later_one_follows_and_lapses_the_acceptance(self):
        row = make.accepted()
        two = make.assess(row, likelihood=3)
        row = make.fresh(row)
        assert (two.number, two.predecessor.number) == (2, 1)
        assert (row.state, row.acceptance, row.score) == ("verified", None, 9)
        assert (row.inherent_likelihood, row.inherent_consequence) == (4, 3)

    def test_lapses_to_where_it_stood(self):
        row = make.assessed(ratings=make.LOW)
        make.accept(row)
        make.assess(make.fresh(row))
        assert make.fresh(row).state == "assessed"
        other = make.treated(ratings=make.MEDIUM)
        make.accept(other)
        make.assess(make.fresh(other))
        assert make.fresh(other).state == "treating"

    def test_refused_to_others_when_closed_and_when_stale(self):
        row = make.assessed()
        with pytest.raises(NotPermitted):
            make.assess(row, by=person(Role.APPROVER))
        with pytest.raises(Stale):
            services.assess_risk(
                row, by=row.owner, data=make.RATINGS, on=make.today(), next_review_on=make.soon(), version=1
            )
        done = make.accepted()
        services.close_risk(done, by=done.owner, reason="Done.", on=make.today())
        with pytest.raises(WrongState, match="reopen"):
            make.assess(make.fresh(done))


class TestRegistering:
    def test_stands_in_its_systems_unit_and_follows_it(self):
        where, there = unit(), unit()
        row = make.risk(unit=where)
        assert row.unit == where
        type(row.system).objects.filter(pk=row.system_id).update(unit=there)
        assert make.fresh(row).unit == there

    def test_family_is_stated_once(self):
        one, two = make.system(), make.system(title="Prices")
        row = services.register_risk(
            by=(owner := person(Role.RISK_OWNER)),
            data={"title": "t", "cause": "c", "event": "e", "consequences": "k", "owner": owner, "system": one},
            family=[one, two],
        )
        assert [part.system for part in row.family.all()] == [two]
        assert list(Risk.objects.of_system(two)) == list(Risk.objects.of_system(one)) == [row]
        services.change_risk(row, by=owner, data={}, family=[])
        assert not row.family.exists()

    @pytest.mark.parametrize("name", ["title", "cause", "event", "consequences"])
    def test_is_told_whole(self, name):
        with pytest.raises(ValidationError, match=name):
            make.risk(**{name: " "})
        row = make.risk()
        with pytest.raises(ValidationError, match=name):
            services.change_risk(row, by=row.owner, data={name: ""})

    def test_owner_is_here(self):
        with pytest.raises(ValidationError, match="owner"):
            make.risk(owner=person(is_active=False))
        row = make.risk()
        with pytest.raises(ValidationError, match="owner"):
            services.change_risk(row, by=row.owner, data={"owner": None})
        changed = services.change_risk(row, by=row.owner, data={"owner": row.owner})
        assert changed.owner == row.owner

    def test_only_what_one_sees_is_linked(self):
        far = make.system(unit())
        mine = person(Role.RISK_OWNER, unit())
        with pytest.raises(Hidden):
            services.register_risk(
                by=mine,
                data={"title": "t", "cause": "c", "event": "e", "consequences": "k", "owner": mine, "unit": mine.unit},
                family=[far],
            )

    def test_refused_where_one_has_no_role(self):
        with pytest.raises(NotPermitted):
            make.risk(by=person(Role.READER))
        row, there = make.risk(unit=unit(), system=None), unit()
        with pytest.raises(NotPermitted):
            services.change_risk(row, by=row.owner, data={"unit": there})
        with pytest.raises(ValidationError, match="unit"):
            services.change_risk(row, by=row.owner, data={"unit": None})
        grant(row.owner, Role.RISK_OWNER, there)
        row.owner.forget_access()
        assert services.change_risk(row, by=row.owner, data={"unit": there}).unit == there

    def test_inheritance_has_no_cycle(self):
        one = make.risk()
        two = make.risk(by=one.owner, inherits_from=one)
        three = make.risk(by=one.owner, inherits_from=two)
        with pytest.raises(ValidationError, match="inherits_from"):
            services.change_risk(one, by=one.owner, data={"inherits_from": three})
        assert services.change_risk(three, by=one.owner, data={"inherits_from": one}).inherits_from == one

    def test_closed_risk_stays(self):
        row = make.accepted()
        services.close_risk(row, by=row.owner, reason="Done.", on=make.today())
        with pytest.raises(WrongState):
            services.change_risk(make.fresh(row), by=row.owner, data={"title": "other"})


class TestCriteria:
    def test_first_comes_from_the_starter_and_the_next_copies(self):
        one = make.criteria()
        assert (one.edition, one.state, one.kept_apart) == (1, "approved", "kept")
        two = make.draft(appetite="Less.")
        assert (two.edition, two.levels, two.appetite) == (2, one.levels, "Less.")
        with pytest.raises(WrongState, match="draft"):
            make.draft()

    def test_author_does_not_approve(self):
        row = make.draft()
        grant(row.drafted_by, Role.TOP_MANAGEMENT, root_unit())
        row.drafted_by.forget_access()
        with pytest.raises(NotPermitted, match="drafted"):
            services.approve_criteria(
                row, by=row.drafted_by, reason="Mine.", at=make.now(), on=make.today(), version=None
            )

    def test_who_changes_a_draft_is_its_author(self):
        row, other = make.draft(), make.manager(Role.AIMS_MANAGER)
        changed = services.change_criteria(row, by=other, data={"appetite": "None."}, version=row.version)
        assert (changed.drafted_by, changed.appetite) == (other, "None.")

    def test_approved_never_changes(self):
        row = make.draft()
        stale = make.fresh(row)
        services.approve_criteria(row, by=make.manager(), reason="So.", at=make.now(), on=make.today(), version=None)
        for one in (stale, make.fresh(row)):
            with pytest.raises(WrongState, match="new edition"):
                services.change_criteria(one, by=make.manager(Role.AIMS_MANAGER), data={"appetite": "x"}, version=None)

    @pytest.mark.parametrize(
        ("field", "value"),
        [
            ("likelihood", []),
            ("likelihood", [{"rating": 1}] * 5),
            ("likelihood", ["a", "b", "c"]),
            ("consequence", {}),
            ("levels", [{"id": "low"}]),
            ("levels", "low"),
            ("authority", {"low": ["risk_owner"]}),
        ],
    )
    def test_scales_and_levels_hold_together(self, field, value):
        with pytest.raises(ValidationError) as refused:
            make.draft(**{field: value})
        assert field in refused.value.message_dict

    def test_each_score_is_in_one_level_and_the_top_is_nobodys(self):
        one = make.in_force()
        gap = [dict(level) for level in one.levels]
        gap[0]["to"] = 3
        twice = [*one.levels[:3], {**one.levels[3], "id": "high"}]
        for levels in (gap, twice):
            with pytest.raises(ValidationError, match="levels"):
                make.draft(levels=levels)
        for table in ({**one.authority, "unacceptable": ["approver"]}, {**one.authority, "low": []}):
            with pytest.raises(ValidationError, match="authority"):
                make.draft(authority=table)

    def test_one_in_force(self):
        one, two = make.criteria(), make.criteria()
        assert make.fresh(one).state == "superseded"
        assert RiskCriteria.objects.in_force() == two


class TestTreating:
    def test_plan_answers_an_assessment(self):
        make.in_force()
        with pytest.raises(WrongState, match="Assess"):
            make.plan(make.risk())

    def test_a_threat_is_not_taken(self):
        with pytest.raises(ValidationError, match="option"):
            make.plan(make.assessed(), option="take")
        assert make.plan(make.assessed(nature="opportunity"), option="take").option == "take"

    def test_actions_have_owner_and_date(self):
        row = make.assessed()
        with pytest.raises(ValidationError, match="actions"):
            services.propose_treatment(
                row, by=row.owner, data={"rationale": "r", **make.LOW}, actions=[{"title": "t", "owner": None}]
            )
        with pytest.raises(WrongState, match="plan"):
            services.add_action(row, by=row.owner, data={})

    def test_author_does_not_approve(self):
        row = make.assessed()
        make.plan(row)
        grant(row.owner, Role.APPROVER, root_unit())
        row.owner.forget_access()
        with pytest.raises(NotPermitted, match="proposed"):
            make.approve(row, by=row.owner)
        assert make.approve(row, by=row.owner, approved=False).approved is False
        assert make.fresh(row).state == "assessed"

    def test_decided_once(self):
        row = make.assessed()
        make.plan(row)
        make.approve(row)
        with pytest.raises(WrongState, match="decided already"):
            make.approve(row)

    def test_a_new_plan_supersedes_and_takes_open_actions_along(self):
        row = make.treated(actions=2)
        first = row.treatment
        second = make.plan(row, actions=0)
        first.refresh_from_db()
        assert (first.state, second.number, second.actions.count()) == ("superseded", 2, 2)
        make.approve(row, approved=False)
        assert make.plan(row, actions=0).number == 3

    def test_effective_only_when_all_is_done(self):
        row = make.treated()
        with pytest.raises(WrongState, match="still open"):
            make.verify(row)
        assert make.verify(row, "partly").verdict == "partly"

    def test_who_does_it_does_not_verify(self):
        row = make.treated()
        action = row.actions.get()
        grant(action.owner, Role.APPROVER, root_unit())
        with pytest.raises(NotPermitted, match="carries out"):
            make.verify(make.done(row), by=type(action.owner).objects.get(pk=action.owner.pk))

    def test_not_effective_reopens_and_lapses(self):
        row = make.accepted()
        make.verify(row, "not_effective", likelihood=5, individual=4)
        row = make.fresh(row)
        assert (row.state, row.acceptance, row.evaluation) == ("planned", None, "unacceptable")
        assert (row.treatment.number, row.treatment.state) == (2, "proposed")
        assert row.treatments.get(number=1).state == "failed"

    def test_verified_again_while_accepted_lapses(self):
        row = make.accepted()
        make.verify(row, "partly")
        row = make.fresh(row)
        assert (row.state, row.acceptance, row.due_on) == ("verified", None, make.soon(90))

    def test_only_an_approved_plan_is_verified(self):
        row = make.assessed()
        with pytest.raises(WrongState):
            make.verify(row)

    def test_actions_are_done_or_dropped_once(self):
        row = make.treated(actions=2)
        one, two = row.actions.order_by("pk")
        services.complete_action(one, by=one.owner, on=make.today(), result="Done.")
        for verb in (
            lambda: services.complete_action(one, by=one.owner, on=make.today()),
            lambda: services.drop_action(one, by=row.owner, reason="no"),
            lambda: services.change_action(one, by=row.owner, data={"title": "x"}, version=None),
        ):
            with pytest.raises(WrongState):
                verb()
        assert services.change_action(two, by=row.owner, data={"title": "x"}, version=None).title == "x"
        assert services.drop_action(two, by=row.owner, reason="Not needed.").state == "dropped"
        added = services.add_action(row, by=row.owner, data={"title": "y", "owner": row.owner, "due_on": make.soon()})
        with pytest.raises(NotPermitted):
            services.complete_action(added, by=person(Role.READER), on=make.today())


class TestAccepting:
    def test_needs_authority_for_the_level(self):
        row = make.verified()
        with pytest.raises(NotPermitted, match="Medium"):
            make.accept(row, by=make.manager(Role.RISK_OWNER))
        with pytest.raises(NotPermitted):
            make.accept(row, by=make.manager(Role.READER))
        assert make.accept(row).capacity == "approver"

    def test_never_by_an_assessor(self):
        approver = make.manager(Role.APPROVER)
        row = make.assessed(ratings=make.LOW)
        make.assess(row, assessors=[approver], **make.LOW)
        with pytest.raises(NotPermitted, match="assessed"):
            make.accept(make.fresh(row), by=approver)

    def test_never_by_the_sole_doer(self):
        row, approver = make.assessed(), make.manager(Role.APPROVER)
        step = {"title": "s", "owner": approver, "due_on": make.soon()}
        services.propose_treatment(
            row, by=row.owner, data={"rationale": "r", "option": "modify", **make.MEDIUM}, actions=[step]
        )
        make.approve(row)
        make.verify(row, "partly")
        with pytest.raises(NotPermitted, match="alone"):
            make.accept(row, by=approver)
        services.add_action(row, by=row.owner, data={"title": "o", "owner": row.owner, "due_on": make.soon()})
        assert make.accept(row, by=approver)

    def test_the_unacceptable_by_nobody(self):
        row = make.assessed(ratings={"likelihood": 5, "individual": 5})
        make.plan(row)
        make.approve(row)
        for role in (Role.TOP_MANAGEMENT, Role.APPROVER):
            with pytest.raises(WrongState, match="nobody"):
                make.accept(row, by=make.manager(role))

    def test_what_is_to_be_treated_needs_a_plan(self):
        row = make.assessed(ratings=make.MEDIUM)
        with pytest.raises(WrongState, match="plan"):
            make.accept(row)

    @pytest.mark.parametrize("days", [0, -1, 367, None])
    def test_ends_within_a_year(self, days):
        row = make.verified()
        with pytest.raises(ValidationError, match="until"):
            make.accept(row, until=None if days is None else make.soon(days))

    def test_given_again_only_near_its_end(self):
        row = make.accepted()
        with pytest.raises(WrongState, match="already"):
            make.accept(row)
        late = make.soon(280)
        assert make.accept(row, on=late, until=late + timedelta(days=300)).until == late + timedelta(days=300)

    def test_not_before_it_is_assessed(self):
        make.in_force()
        with pytest.raises(WrongState):
            make.accept(make.risk())

    def test_under_new_criteria_the_new_level_counts(self):
        row = make.assessed(ratings={"likelihood": 2, "organization": 2})
        old = row.criteria
        levels = [dict(level) for level in old.levels]
        levels[0]["to"], levels[1]["from"] = 2, 3
        make.criteria(levels=levels)
        assert (make.fresh(row).level, make.fresh(row).outdated) == ("low", True)
        assert list(Risk.objects.outdated()) == [row]
        with pytest.raises(WrongState, match="Medium"):
            make.accept(row)

    def test_by_an_authority_of_ones_own(self):
        row, expert = make.verified(), make.manager(Role.READER)
        chief = make.manager(Role.TOP_MANAGEMENT)
        given = grant_authority(
            by=chief,
            data={
                "owner": expert, "act": "accept_risk", "level": "medium", "unit": root_unit(),
                "valid_from": make.today(), "reason": "Stands in.",
            },
        )  # fmt: skip
        made = make.accept(row, by=expert)
        assert made.capacity == "authority"
        end_authority(given, by=chief, reason="Over.", on=make.today())
        other = make.verified()
        with pytest.raises(NotPermitted):
            make.accept(other, by=expert)

    def test_ends_with_its_time(self):
        row = make.accepted()
        assert services.lapse_acceptances(on=make.today()) == 0
        assert services.lapse_acceptances(on=make.soon(301)) == 1
        assert services.lapse_acceptances(on=make.soon(301)) == 0
        assert (make.fresh(row).state, make.fresh(row).acceptance) == ("verified", None)

    def test_many_each_by_itself(self):
        good, own = make.assessed(ratings=make.LOW), make.assessed(ratings=make.LOW)
        unplanned = make.assessed(ratings=make.MEDIUM)
        chief = make.manager()
        rows = [(good, good.version), (own, 1), (unplanned, None)]
        found = services.accept_many(rows, by=chief, reason="Within the band.", until=make.soon(), on=make.today())
        assert [bool(one.acceptance) for one in found] == [True, False, False]
        assert [bool(one.refusal) for one in found] == [False, True, True]
        bad = services.accept_many([(own, None)], by=chief, reason="", until=make.soon(), on=make.today())
        assert bad[0].refusal


class TestClosing:
    def test_needs_acceptance_and_finished_actions(self):
        row = make.treated()
        with pytest.raises(WrongState) as refused:
            services.close_risk(row, by=row.owner, reason="Done.", on=make.today())
        assert {one["id"] for one in refused.value.extra["unmet"]} == {"residual_accepted", "actions_done"}

    def test_not_on_an_acceptance_that_ran_out(self):
        row = make.accepted()
        with pytest.raises(WrongState, match="ran out"):
            services.close_risk(row, by=row.owner, reason="Done.", on=make.soon(301))
