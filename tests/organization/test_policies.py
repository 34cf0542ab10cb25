"""Who may do what, on one page: role × verb, and the rules that are more than a role."""

import pytest

from aims.access import access_of
from aims.registry import registry
from organization import policies
from organization.models import ApiToken, User
from organization.states import SENTENCES, Role, role_cards
from tests.factories.organization import PersonFactory, UnitFactory, hold, person, root
from tests.factories.sample import sample

pytestmark = pytest.mark.django_db

M, T, A, C, S, R, I = (
    Role.AIMS_MANAGER,
    Role.TOP_MANAGEMENT,
    Role.APPROVER,
    Role.COMMITTEE_MEMBER,
    Role.SYSTEM_OWNER,
    Role.RISK_OWNER,
    Role.INTERNAL_AUDITOR,
)
TABLE = {
    "person.create": {M},
    "person.change": {M},
    "person.deactivate": {M},
    "person.review": {M, I},
    "unit.create": {M},
    "unit.change": {M},
    "grant.give": {M},
    "grant.end": {M},
    "token.issue": {M},
    "token.revoke": {M},
    "case.list": {M, T, A, C, S, R, I, Role.CONCERN_HANDLER},
    "trail.read": {M, T, A, I, Role.EXTERNAL_AUDITOR},
    "trail.erase": {M, T},
}


def test_the_table_is_complete():
    ours = {verb for verb in policies.VERBS if verb.partition(".")[0] in ("person", "unit", "grant", "token", "case")}
    assert ours <= set(TABLE) <= set(policies.VERBS)
    assert set(policies.DECIDING) <= registry.deciding


@pytest.mark.parametrize("role", list(Role))
def test_a_role_may_do_its_verbs_in_its_units_and_no_others(role: Role):
    here, there = UnitFactory(), UnitFactory()
    access = person(role, here).access
    for verb, roles in TABLE.items():
        assert bool(access.capacity(verb, unit_id=here.pk)) is (role in roles), verb
        assert access.capacity(verb, unit_id=there.pk) == "", verb


def test_every_role_says_what_it_is_for():
    cards = role_cards()
    assert [card.id for card in cards] == Role.values
    assert all(card.sentence == SENTENCES[Role(card.id)] for card in cards)
    assert {card.id for card in cards if card.watched} == {Role.EXTERNAL_AUDITOR}


def test_who_manages_a_unit_manages_its_people():
    here, there = UnitFactory(), UnitFactory()
    manager, mine, other = person(M, here), PersonFactory(unit=here), PersonFactory(unit=there)
    for ask in (policies.can_change_person, policies.can_review_person, policies.can_deactivate_person):
        assert ask(manager, mine) == M
        assert ask(manager, other) == ""
    assert policies.can_create_person(manager, here) == M
    assert policies.can_create_person(manager, there) == ""


def test_a_person_with_a_role_elsewhere_is_not_deactivated_from_here():
    """Else the manager of a small unit could lock out the manager of the whole."""
    here = UnitFactory()
    manager, boss = person(M, here), PersonFactory(unit=here)
    hold(boss, M, root())
    assert policies.can_deactivate_person(manager, boss) == ""
    assert policies.can_deactivate_person(person(M), boss) == M


def test_nobody_deactivates_themselves():
    manager = person(M)
    assert policies.can_deactivate_person(manager, manager) == ""


def test_units_are_made_and_changed_by_who_manages_them():
    here, there = UnitFactory(), UnitFactory()
    manager = person(M, here)
    assert policies.can_create_unit(manager, here) == policies.can_change_unit(manager, here) == M
    assert policies.can_create_unit(manager, there) == policies.can_change_unit(manager, there) == ""


def test_a_unit_moves_only_where_both_ends_are_managed():
    left, right = UnitFactory(), UnitFactory()
    moving = UnitFactory(parent=left)
    assert policies.can_move_unit(person(M), moving, right) == M
    assert policies.can_move_unit(person(M, moving), moving, right) == ""
    assert policies.can_move_unit(person(M, left), moving, right) == ""
    both = person(M, left)
    hold(both, M, right)
    assert policies.can_move_unit(both, moving, right) == M
    assert policies.can_move_unit(person(M), root(), right) == ""


def test_roles_are_given_to_others_where_one_manages():
    here, there = UnitFactory(), UnitFactory()
    manager, other = person(M, here), PersonFactory()
    assert policies.can_grant(manager, here, other) == M
    assert policies.can_grant(manager, there, other) == ""
    assert policies.can_grant(manager, here, manager) == ""
    assert policies.can_grant(person(Role.TOP_MANAGEMENT), here, other) == ""


def test_a_role_is_ended_by_who_manages_there_or_by_its_holder():
    here = UnitFactory()
    holder = PersonFactory()
    held = hold(holder, Role.READER, here)
    assert policies.can_end_grant(person(M, here), held) == M
    assert policies.can_end_grant(holder, held) == Role.READER
    assert policies.can_end_grant(PersonFactory(), held) == ""
    holder.token_scopes = frozenset({"grant.end"})
    holder.forget_access()
    assert policies.can_end_grant(holder, held) == ""


def test_tokens_are_issued_for_oneself_and_for_programs_one_manages():
    here, there = UnitFactory(), UnitFactory()
    manager, program = person(M, here), PersonFactory(unit=here, is_program=True)
    reader = person(Role.READER, here)
    assert policies.can_issue_token(reader, reader) == Role.READER
    assert policies.can_issue_token(PersonFactory(), reader) == ""
    assert policies.can_issue_token(manager, program) == M
    assert policies.can_issue_token(manager, reader) == ""
    hold(program, Role.INTEGRATION, there)
    assert policies.can_issue_token(manager, program) == ""
    nobody = PersonFactory()
    assert policies.can_issue_token(nobody, nobody) == ""


def test_a_token_issues_and_revokes_no_token():
    reader = person(Role.AIMS_MANAGER)
    token = ApiToken(owner=reader)
    assert policies.can_revoke_token(reader, token) == M
    reader.token_scopes = frozenset({"token.issue", "token.revoke"})
    reader.forget_access()
    assert policies.can_issue_token(reader, reader) == ""
    assert policies.can_revoke_token(reader, token) == ""


def test_tokens_are_revoked_by_their_owner_or_a_manager():
    here = UnitFactory()
    owner = PersonFactory(unit=here)
    token = ApiToken(owner=owner)
    assert policies.can_revoke_token(owner, token) == "owner"
    assert policies.can_revoke_token(person(M, here), token) == M
    assert policies.can_revoke_token(person(M, UnitFactory()), token) == ""


def test_a_case_opens_to_whom_its_owner_or_a_listed_person_brings_in():
    here = UnitFactory()
    owner, outsider = person(Role.SYSTEM_OWNER, here), person(M)
    record = sample(unit=here, owner=owner, confidentiality="case")
    assert policies.can_list_on_case(owner, record) == Role.SYSTEM_OWNER
    assert policies.can_list_on_case(outsider, record) == ""
    owner_elsewhere = person(Role.APPROVER, UnitFactory())
    assert policies.can_list_on_case(owner_elsewhere, sample(unit=here, owner=owner_elsewhere)) == Role.APPROVER
    reader = person(Role.READER, here)
    assert policies.can_list_on_case(reader, sample(unit=here, owner=reader)) == ""


def test_capacity_is_the_strongest_role_held():
    who = person(Role.READER)
    hold(who, Role.APPROVER, UnitFactory())
    assert policies.own_capacity(who.access) == Role.APPROVER
    assert policies.own_capacity(access_of(User())) == ""
