"""The thread behind an AI system: everything that belongs to it on one page, with the gaps."""

import pytest
from django.test.utils import CaptureQueriesContext

from aims import clock
from organization.states import Role
from tests.factories import person, unit
from tests.factories import risk as make

pytestmark = pytest.mark.django_db


def page(client, record, **params):
    return client.get(f"{record.get_absolute_url()}thread/", params)


class TestOfASystem:
    def test_an_untouched_system_is_full_of_gaps(self, client_of):
        text = page(client_of(person(Role.READER)), make.system()).content.decode()
        for sentence in ("No risk is registered.", "No evidence is linked.", "Nothing was decided."):
            assert sentence in text
        assert "gaps on this thread" in text

    def test_tells_risks_decisions_and_actions_in_order(self, client_of):
        row = make.accepted()
        answer = page(client_of(person(Role.READER)), row.system)
        stretches = {one.id: one for one in answer.context["stretches"]}
        assert [knot.title for knot in stretches["risks"].knots] == [row.title]
        assert [knot.badge.label for knot in stretches["approvals"].knots] == ["Approved", "Effective", "Accepted"]
        assert list(stretches) == sorted(stretches, key=list(stretches).index)
        order = list(stretches)
        assert order.index("risks") < order.index("evidence") < order.index("approvals")

    def test_says_what_a_risk_lacks(self, client_of):
        make.in_force()
        row = make.risk()
        reader = client_of(person(Role.READER))
        assert "It is not assessed." in page(reader, row.system).content.decode()
        make.assess(row)
        assert "It has no treatment plan." in page(reader, row.system).content.decode()
        make.assess(make.fresh(row), likelihood=5, individual=5)
        assert "Its level is accepted by nobody." in page(reader, row.system).content.decode()

    def test_reads_the_past(self, client_of):
        row = make.assessed()
        before = clock.now()
        make.plan(row)
        reader = client_of(person(Role.READER))
        assert "It has no treatment plan." not in page(reader, row.system).content.decode()
        then = page(reader, row.system, as_of=before.isoformat()).content.decode()
        assert "It has no treatment plan." in then

    def test_does_not_exist_for_who_sees_nothing_of_it(self, client_of):
        elsewhere = person(Role.READER, unit())
        assert page(client_of(elsewhere), make.system()).status_code == 404

    def test_queries_do_not_grow(self, client_of, django_assert_max_num_queries):
        row = make.accepted()
        reader = client_of(person(Role.READER))
        page(reader, row.system)
        with django_assert_max_num_queries(40) as one:
            page(reader, row.system)
        for _ in range(2):
            make.assessed(system=row.system, unit=row.unit)
        with CaptureQueriesContext(one.connection) as three:
            page(reader, row.system)
        assert len(three) == len(one)


class TestOfARisk:
    def test_tells_assessments_plans_and_late_actions(self, client_of, at):
        row = make.treated()
        at(clock.now() + make.timedelta(days=40))
        answer = page(client_of(person(Role.READER)), row)
        stretches = {one.id: one for one in answer.context["stretches"]}
        assert stretches["assessments"].knots[0].title == "Assessment 1: High 12"
        assert [knot.gap for knot in stretches["plans"].knots] == [False, True]
