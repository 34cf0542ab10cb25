"""Each rule finds its planted fault and is silent on the near miss; together they miss none."""

import pytest

from aims import clock, consistency
from aims.registry import registry
from organization.states import Role
from tests.consistency.planted import PLANTS
from tests.factories import person, root_unit

pytestmark = pytest.mark.django_db


def found(rule: str) -> list[int]:
    """Records on which the rule finds a breach."""
    return [breach.record for breach in registry.rules[rule].find(clock.today())]


def test_every_rule_has_its_plants():
    """A rule comes with one fault that it finds and one near miss that it lets be."""
    assert set(PLANTS) == set(registry.rules)


def test_every_rule_says_who_may_mend_it():
    """Its verb is held by some role, so that the page never names nobody."""
    assert [rule.id for rule in registry.rules.values() if rule.verb and not registry.roles_of(rule.verb)] == []


def test_there_are_many_rules():
    assert len(registry.rules) >= 20


@pytest.mark.parametrize("rule", PLANTS)
def test_planted_fault_is_found(rule):
    record = PLANTS[rule][0]()
    assert found(rule) == [record.pk]


@pytest.mark.parametrize("rule", PLANTS)
def test_near_miss_is_silent(rule):
    PLANTS[rule][1]()
    assert found(rule) == []


@pytest.mark.parametrize("rule", PLANTS)
def test_breach_is_told_in_words_that_name_every_fact(rule):
    """The sentence takes its facts by name; a name it lacks would be an error on the page."""
    PLANTS[rule][0]()
    everywhere = person(Role.AIMS_MANAGER, root_unit())
    (one,) = consistency.findings(everywhere, on=clock.today(), rules=[registry.rules[rule]])
    assert "%(" not in one.told
    assert one.rule.clause


def test_all_faults_planted_together_are_all_found():
    """A synthetic AIMS with every fault: none is missed, whoever else stumbles over it."""
    planted = {(rule, plant().pk) for rule, (plant, _near) in PLANTS.items()}
    manager = person(Role.AIMS_MANAGER, root_unit())
    told = {(one.rule.id, one.record.pk) for one in consistency.findings(manager, on=clock.today())}
    assert planted - told == set()
