"""What documents show for a certificate: read from records, never stated. Clauses 5.2 and 7.3."""

from datetime import timedelta

import pytest

from aims import clock
from aims.readiness import stock_of
from evidence.conditions import known, policy
from evidence.services.reading import READ_WITHIN
from organization.states import Role
from tests.factories import person
from tests.factories.documents import document, in_force, manager

pytestmark = pytest.mark.django_db


def stock(days=0, by=None):
    return stock_of(by or manager(), clock.today() + timedelta(days=days))


def test_a_policy_is_there_once_it_is_in_force():
    made = document(sort="ai_policy")
    assert not policy(stock()).met
    in_force(made)
    assert (policy(stock()).met, policy(stock()).url) == (True, made.get_absolute_url())


def test_what_is_in_force_is_known_while_nobody_is_late():
    assert not known(stock()).met
    in_force()
    assert not known(stock()).met
    in_force(document(audience="everybody"))
    assert known(stock()).met
    late = known(stock(READ_WITHIN + 5))
    assert not late.met
    assert "overdue" in late.why


def test_what_one_may_not_see_counts_for_nothing():
    in_force(document(sort="ai_policy", audience="everybody"))
    blind = person(Role.EMPLOYEE)
    assert not policy(stock(by=blind)).met
    assert not known(stock(by=blind)).met
