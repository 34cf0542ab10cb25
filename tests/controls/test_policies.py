"""Who may do what with control statements: role × verb on one page."""

import pytest

from controls import policies
from organization.states import Role
from tests.factories import person, root_unit, unit
from tests.factories.controls import included, statement

pytestmark = pytest.mark.django_db

MAY = {
    policies.can_decide_statement: {Role.AIMS_MANAGER},
    policies.can_assign_statement: {Role.AIMS_MANAGER},
    policies.can_describe_statement: {Role.AIMS_MANAGER, Role.SYSTEM_OWNER, Role.CONTRIBUTOR},
    policies.can_change_statement: {Role.AIMS_MANAGER, Role.SYSTEM_OWNER, Role.CONTRIBUTOR},
}


@pytest.mark.parametrize("role", list(Role))
@pytest.mark.parametrize("policy", list(MAY))
def test_by_role(policy, role):
    row = statement()
    assert policy(person(role, row.unit), row) == (role if role in MAY[policy] else "")


@pytest.mark.parametrize("role", list(Role))
def test_opening_by_role(role):
    root = root_unit()
    assert policies.can_open_statements(person(role, root), root) == (role if role == Role.AIMS_MANAGER else "")


def test_a_role_elsewhere_does_not_reach():
    row, elsewhere = statement(), unit()
    manager = person(Role.AIMS_MANAGER, elsewhere)
    assert policies.can_decide_statement(manager, row) == ""
    assert policies.can_open_statements(manager, row.unit) == ""
    assert policies.can_open_statements(manager, elsewhere) == Role.AIMS_MANAGER


def test_the_owner_may_describe_what_they_see():
    owner = person(Role.READER)
    row = included(owner=owner)
    assert policies.can_describe_statement(owner, row) == policies.OWNER
    assert policies.can_decide_statement(owner, row) == ""
    assert policies.open_fields(owner, row) == policies.DESCRIPTION


def test_an_owner_who_no_longer_sees_it_may_not():
    owner = person()
    assert policies.can_describe_statement(owner, included(owner=owner)) == ""


def test_the_owner_may_not_by_token(monkeypatch):
    owner = person(Role.READER)
    row = included(owner=owner)
    owner.__dict__["access"] = owner.access.limited(frozenset({"*"}))
    assert policies.can_describe_statement(owner, row) == ""


def test_each_field_needs_its_own_permission():
    row = included()
    contributor, manager = person(Role.CONTRIBUTOR), person(Role.AIMS_MANAGER)
    assert policies.can_change_statement(contributor, row, {"status", "implementation"}) == Role.CONTRIBUTOR
    assert policies.can_change_statement(contributor, row, {"status", "justification"}) == ""
    assert policies.can_change_statement(contributor, row, {"owner"}) == ""
    assert policies.can_change_statement(manager, row, {"status", "justification", "owner"}) == Role.AIMS_MANAGER
    assert policies.open_fields(contributor, row) == policies.DESCRIPTION
    assert policies.open_fields(person(Role.READER), row) == frozenset()


def test_the_deactivated_may_nothing():
    row = statement()
    assert policies.can_change_statement(person(Role.AIMS_MANAGER, is_active=False), row) == ""
