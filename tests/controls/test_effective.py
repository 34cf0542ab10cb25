"""Which statement holds where: the rule in Python and in SQL, one table against both, then against each other."""

import random

import pytest
from django.db.models import OuterRef, Subquery

from controls.effective import Place, effective
from controls.models import AimsScope, Control, ControlStatement, ScopeSystem, StatementSystem
from controls.states import ScopeState
from inventory.models import AISystem
from organization.models import Unit
from tests.factories import person, root_unit, unit
from tests.factories.controls import system

pytestmark = pytest.mark.django_db


@pytest.fixture
def control():
    return Control.objects.get(number="A.7.4")


def scope(where, *listed, **data):
    made = AimsScope.objects.create(title=f"Scope of {where}", unit=where, owner=person("reader", where), **data)
    ScopeSystem.objects.bulk_create(ScopeSystem(scope=made, system=one) for one in listed)
    return made


def states(control, held, where=None, of=None, only=()):
    place = of.unit if of else where or held.unit
    row = ControlStatement.objects.create(
        control=control, scope=held, unit=place, system=of, title=f"{held} {place} {of}", state="undecided"
    )
    StatementSystem.objects.bulk_create(StatementSystem(statement=row, system=one) for one in only)
    return row


def both(control, where, of=None, held=None):
    """What Python and SQL find; they agree."""
    rows = ControlStatement.objects.filter(control=control)
    loaded = rows.select_related("scope__unit", "unit").prefetch_related("scope__listed", "reach")
    wanted = [row for row in loaded if held is None or row.scope_id == held.pk]
    by_rule, by_sql = effective(wanted, Place.of(where, of)), rows.holding(list(where.path), of, scope=held).first()
    assert by_rule == by_sql
    return by_sql


def test_nothing_holds_without_a_scope(control):
    assert both(control, root_unit()) is None


def test_the_scopes_own_holds_for_everything_below(control):
    below = unit()
    one = states(control, scope(root_unit()))
    assert both(control, root_unit()) == both(control, below) == both(control, below, system(below)) == one


def test_a_unit_that_differs_goes_before_what_is_above_it(control):
    department = unit()
    team, beside = unit(parent=department), unit()
    held = scope(root_unit())
    wide, own = states(control, held), states(control, held, department)
    assert both(control, team) == both(control, department, system(department)) == own
    assert both(control, beside) == wide


def test_a_system_that_differs_goes_before_its_unit(control):
    department = unit()
    one, other = system(department), system(department, title="Pricing")
    held = scope(root_unit())
    states(control, held)
    unit_own, own = states(control, held, department), states(control, held, of=one)
    assert both(control, department, one) == own
    assert both(control, department, other) == both(control, department) == unit_own


def test_the_closest_scope_goes_first(control):
    department = unit()
    wide, close = states(control, scope(root_unit())), states(control, scope(department))
    assert both(control, department, system(department)) == close
    assert both(control, root_unit()) == wide
    assert both(control, department, held=wide.scope) == wide


def test_a_scope_that_lists_the_system_goes_before_the_closest(control):
    here, there = unit(), unit()
    one = system(here)
    states(control, scope(here))
    lists = states(control, scope(there, one))
    assert both(control, here, one) == lists
    assert both(control, here) != lists


def test_a_statement_limited_to_systems_holds_for_no_other(control):
    department = unit()
    one, other = system(department), system(department, title="Pricing")
    held = scope(root_unit())
    wide = states(control, held)
    narrow = states(control, held, department, only=[one])
    assert both(control, department, one) == narrow
    assert both(control, department, other) == wide


def test_an_ended_scope_holds_nowhere(control):
    states(control, scope(root_unit(), state=ScopeState.ENDED))
    assert both(control, root_unit()) is None


@pytest.mark.parametrize("seed", range(5))
def test_both_agree_on_any_organization(control, seed):
    dice = random.Random(seed)  # the same organization each time
    units = [root_unit()]
    for number in range(5):
        units.append(unit(f"Unit {number}", parent=dice.choice(units)))
    systems = [system(dice.choice(units), title=f"System {number}") for number in range(5)]
    for where in dice.sample(units, 3):
        held = scope(where, *dice.sample(systems, dice.randint(0, 2)))
        states(control, held)
        inside = [one for one in units if where.pk in one.path and one != where]
        for below in dice.sample(inside, min(len(inside), 2)):
            states(control, held, below, only=dice.sample(systems, dice.randint(0, 1)))
        for one in (
            dice.sample([s for s in systems if where.pk in s.unit.path] or systems[:0], 0 if dice.random() < 0.3 else 1)
            if any(where.pk in s.unit.path for s in systems)
            else []
        ):
            states(control, held, of=one)
    for where in units:
        both(control, where)
    for one in systems:
        both(control, one.unit, one)


def test_it_is_an_expression_of_an_outer_query(control, django_assert_num_queries):
    department = unit()
    one, other = system(department), system(department, title="Pricing")
    held = scope(root_unit())
    wide, own = states(control, held), states(control, held, of=one)
    holding = ControlStatement.objects.filter(control=control).holding(OuterRef("unit__path"), OuterRef("pk"))
    with django_assert_num_queries(1):
        found = dict(AISystem.objects.annotate(held=Subquery(holding.values("pk")[:1])).values_list("pk", "held"))
    assert found == {one.pk: own.pk, other.pk: wide.pk}
    for_units = ControlStatement.objects.filter(control=control).holding(OuterRef("path"))
    rows = Unit.objects.filter(pk=department.pk).annotate(held=Subquery(for_units.values("pk")[:1]))
    assert rows.get().held == wide.pk
