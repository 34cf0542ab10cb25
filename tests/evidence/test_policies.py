"""Who may do what: every role against every verb, on one page."""

import pytest

from evidence import policies
from evidence.services import withdraw_evidence
from organization.states import Role
from tests.factories import person, unit
from tests.factories.evidence import file_evidence, keeper, pack

KEEPING = {Role.AIMS_MANAGER, Role.SYSTEM_OWNER, Role.RISK_OWNER, Role.CONTRIBUTOR, Role.INTEGRATION}
MAY = {
    "add": KEEPING | {Role.INTERNAL_AUDITOR, Role.APPROVER},
    "change": KEEPING,
    "supersede": KEEPING,
    "link": KEEPING,
    "withdraw": {Role.AIMS_MANAGER, Role.SYSTEM_OWNER},
    "ask": {Role.AIMS_MANAGER, Role.APPROVER, Role.TOP_MANAGEMENT, Role.INTERNAL_AUDITOR, Role.SYSTEM_OWNER},
    "run": {Role.AIMS_MANAGER},
    "attest": KEEPING - {Role.CONTRIBUTOR, Role.INTEGRATION} | {Role.APPROVER, Role.INTERNAL_AUDITOR},
    "redact": {Role.AIMS_MANAGER, Role.SYSTEM_OWNER},
    "request": KEEPING - {Role.CONTRIBUTOR, Role.INTEGRATION} | {Role.APPROVER, Role.INTERNAL_AUDITOR},
}
ASK = {
    "add": lambda who, item, found: policies.can_add_evidence(who, item.unit_id),
    "change": lambda who, item, found: policies.can_change_evidence(who, item),
    "supersede": lambda who, item, found: policies.can_supersede_evidence(who, item),
    "link": lambda who, item, found: policies.can_link_evidence(who, item),
    "withdraw": lambda who, item, found: policies.can_withdraw_evidence(who, item),
    "ask": lambda who, item, found: policies.can_ask_pack(who, item.unit_id),
    "run": lambda who, item, found: policies.can_run_pack(who, found),
    "attest": lambda who, item, found: policies.can_attest_evidence(who, item),
    "redact": lambda who, item, found: policies.can_redact_evidence(who, item),
    "request": lambda who, item, found: policies.can_request_evidence(who, item.unit_id),
}


@pytest.mark.parametrize("role", list(Role))
def test_role_against_verb(db, role):
    item, found, who = file_evidence(), pack(), person(role)
    assert {verb for verb, ask in ASK.items() if ask(who, item, found)} == {
        v for v, roles in MAY.items() if role in roles
    }


def test_capacity_is_the_role_that_allows_it(db):
    assert policies.can_add_evidence(person(Role.CONTRIBUTOR), None) == Role.CONTRIBUTOR


def test_role_elsewhere_allows_nothing_here(db):
    there = unit()
    item, found, who = file_evidence(), pack(), person(Role.AIMS_MANAGER, there)
    assert not [verb for verb, ask in ASK.items() if ask(who, item, found)]
    assert policies.can_add_evidence(who, there.pk)
    assert policies.can_ask_pack(who)


def test_nobody_changes_what_is_not_current(db):
    by = keeper()
    item = withdraw_evidence(file_evidence(by), by=by, reason="wrong", version=None)
    assert not policies.can_change_evidence(by, item)


def test_contributors_withdraw_their_own(db):
    who = person(Role.CONTRIBUTOR)
    assert policies.can_withdraw_evidence(who, file_evidence(who)) == Role.CONTRIBUTOR
    assert not policies.can_withdraw_evidence(person(Role.CONTRIBUTOR), file_evidence(who))


def test_askers_run_their_own_pack_while_they_may_ask(db):
    who = person(Role.APPROVER)
    found = pack(who)
    assert policies.can_run_pack(who, found) == Role.APPROVER
    assert not policies.can_run_pack(person(Role.APPROVER), found)
    who.is_active = False
    assert not policies.can_run_pack(who, found)
