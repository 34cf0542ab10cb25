"""Roles given and ended, and the lists of cases."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import transaction

from aims.errors import NotPermitted, Stale, WrongState
from aims.history import event_model
from aims.trail import recording
from organization import services
from organization.models import CaseListing, Unit, UnitGrant, User
from organization.states import Role
from tests.factories.organization import PersonFactory, UnitFactory, hold, person, root
from tests.factories.sample import sample
from tests.organization.seen import fields, fresh, last_event

pytestmark = pytest.mark.django_db
TODAY = date.today()
NOW = datetime.now(UTC)
M = Role.AIMS_MANAGER.value


def give(who: User, by: User, unit: Unit, role: str = Role.READER, **more: Any) -> UnitGrant:
    return services.grant_role(who, role=role, unit=unit, by=by, on=TODAY, **{"reason": "needed", **more})


def test_a_role_is_given_with_who_why_and_until_when():
    manager, who, unit = person(M), PersonFactory(), UnitFactory()
    until = TODAY + timedelta(days=30)
    grant = give(who, manager, unit, valid_until=until, reason=" needed ")
    assert (grant.granted_by, grant.reason, grant.valid_from, grant.valid_until) == (manager, "needed", TODAY, until)
    assert unit.pk in who.access.seen_units
    assert last_event(UnitGrant, grant.pk).pgh_context["service"] == "grant_role"


@pytest.mark.parametrize(
    ("field", "more"),
    [
        ("role", {"role": "emperor"}),
        ("valid_from", {"valid_from": TODAY - timedelta(days=1)}),
        ("valid_until", {"role": Role.EXTERNAL_AUDITOR}),
        ("reason", {"reason": " "}),
    ],
)
def test_a_bad_grant_is_refused_at_its_field(field: str, more: dict[str, Any]):
    with pytest.raises(ValidationError) as said:
        give(PersonFactory(), person(M), UnitFactory(), **more)
    assert fields(said) == {field}


def test_an_end_before_the_start_is_refused():
    with pytest.raises(ValidationError):
        give(PersonFactory(), person(M), UnitFactory(), valid_from=TODAY, valid_until=TODAY - timedelta(days=1))


def test_who_left_and_programs_get_no_deciding_role():
    manager, unit = person(M), UnitFactory()
    with pytest.raises(ValidationError) as said:
        give(PersonFactory(is_active=False), manager, unit)
    assert fields(said) == {"person"}
    with pytest.raises(ValidationError) as said:
        give(PersonFactory(is_program=True), manager, unit, Role.APPROVER)
    assert fields(said) == {"role"}
    assert give(PersonFactory(is_program=True), manager, unit, Role.INTEGRATION)


@pytest.mark.parametrize(
    ("first", "second", "clash"),
    [
        ((0, None), (5, None), True),
        ((0, 10), (10, 20), True),
        ((0, 10), (11, 20), False),
        ((10, 20), (0, 9), False),
        ((10, None), (0, 9), False),
        ((10, 20), (0, None), True),
    ],
)
def test_the_same_role_twice_at_one_time_is_refused(first: Any, second: Any, clash: bool):
    manager, who, unit = person(M), PersonFactory(), UnitFactory()

    def period(days: tuple[int, int | None]) -> dict[str, Any]:
        begin, end = days
        last = None if end is None else TODAY + timedelta(days=end)
        return {"valid_from": TODAY + timedelta(days=begin), "valid_until": last}

    give(who, manager, unit, **period(first))
    if not clash:
        assert give(who, manager, unit, **period(second))
        return
    with pytest.raises(ValidationError) as said:
        give(who, manager, unit, **period(second))
    assert fields(said) == {"role"}


def test_nobody_gives_what_they_do_not_manage():
    here, there = UnitFactory(), UnitFactory()
    local = person(M, here)
    with pytest.raises(NotPermitted):
        give(PersonFactory(), local, there)
    with pytest.raises(NotPermitted):
        give(PersonFactory(), local, root(), M)
    for role in Role:
        if role != M:
            with pytest.raises(NotPermitted):
                give(PersonFactory(), person(role, here), here)


def test_nobody_adds_to_their_own_power():
    manager = person(M)
    for role in (Role.APPROVER, Role.AIMS_MANAGER):
        with pytest.raises(NotPermitted):
            give(manager, manager, UnitFactory(), role)


def test_a_manager_for_a_time_makes_no_manager_for_longer():
    unit, stand_in = UnitFactory(), PersonFactory()
    hold(stand_in, M, root(), valid_until=TODAY + timedelta(days=10))
    with pytest.raises(NotPermitted):
        give(PersonFactory(), stand_in, unit, M)
    with pytest.raises(NotPermitted):
        give(PersonFactory(), stand_in, unit, M, valid_until=TODAY + timedelta(days=11))
    assert give(PersonFactory(), stand_in, unit, M, valid_until=TODAY + timedelta(days=10))
    assert give(PersonFactory(), stand_in, unit, Role.READER)
    assert give(PersonFactory(), person(M), unit, M)
    later = {"valid_from": TODAY + timedelta(days=20), "valid_until": TODAY + timedelta(days=21)}
    with pytest.raises(NotPermitted):
        give(PersonFactory(), stand_in, unit, M, **later)


def test_ending_a_role_is_at_once_and_keeps_why():
    manager, who, unit = person(M), PersonFactory(), UnitFactory()
    grant = give(who, manager, unit)
    ended = services.end_grant(grant, by=manager, reason=" moved ", at=NOW, on=TODAY, version=grant.version)
    assert (ended.ended_at, ended.end_reason, ended.version) == (NOW, "moved", 2)
    assert fresh(who).access.seen_units == frozenset()
    with pytest.raises(WrongState):
        services.end_grant(ended, by=manager, reason="again", at=NOW, on=TODAY)
    assert give(who, manager, unit)


def test_ending_refuses_strangers_stale_versions_and_silence():
    manager, who, unit = person(M), PersonFactory(), UnitFactory()
    grant = give(who, manager, unit)
    with pytest.raises(NotPermitted):
        services.end_grant(grant, by=PersonFactory(), reason="x", at=NOW, on=TODAY)
    with pytest.raises(Stale):
        services.end_grant(grant, by=manager, reason="x", at=NOW, on=TODAY, version=7)
    with pytest.raises(ValidationError):
        services.end_grant(grant, by=manager, reason="", at=NOW, on=TODAY)
    over = hold(PersonFactory(), Role.READER, unit, valid_until=TODAY - timedelta(days=1))
    with pytest.raises(WrongState):
        services.end_grant(over, by=manager, reason="x", at=NOW, on=TODAY)


# -- case lists ------------------------------------------------------------------------------------------------------


def test_a_case_exists_for_the_listed_alone():
    unit, owner, friend = UnitFactory(), PersonFactory(), PersonFactory()
    hold(owner, Role.SYSTEM_OWNER, unit)
    record = sample(unit=unit, owner=owner, confidentiality="case")
    listing = services.list_on_case(record, person=friend, by=owner, reason="helps")
    assert fresh(friend).access.sees(record)
    assert not person(M).access.sees(record)
    with pytest.raises(NotPermitted):
        services.list_on_case(record, person=PersonFactory(), by=person(M), reason="curious")
    with pytest.raises(ValidationError):
        services.list_on_case(record, person=PersonFactory(is_active=False), by=owner, reason="x")
    with pytest.raises(WrongState):
        services.unlist_from_case(listing, by=owner, reason="x")
    services.list_on_case(record, person=owner, by=owner, reason="leads")
    services.unlist_from_case(listing, by=owner, reason="done")
    assert not CaseListing.objects.filter(person=friend).exists()
    with pytest.raises(NotPermitted):
        services.unlist_from_case(CaseListing.objects.get(), by=friend, reason="x")


def test_only_a_case_has_a_list():
    owner = person(Role.SYSTEM_OWNER)
    with pytest.raises(WrongState):
        services.list_on_case(sample(unit=root(), owner=owner), person=PersonFactory(), by=owner, reason="x")


def test_a_refused_verb_leaves_nothing_behind():
    manager, who = person(M), PersonFactory()
    before = (UnitGrant.objects.count(), event_model(UnitGrant).objects.count())
    with pytest.raises(ValidationError), transaction.atomic():
        give(who, manager, UnitFactory(), Role.EXTERNAL_AUDITOR)
    assert (UnitGrant.objects.count(), event_model(UnitGrant).objects.count()) == before
    with recording(None, "test"):
        assert not UnitGrant.objects.filter(user=who).exists()
