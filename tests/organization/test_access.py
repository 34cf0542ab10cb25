"""How grants become access: live, by date, over the tree; and that the two forms of the rule are one rule."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.contrib.auth.models import Group, Permission
from hypothesis import given
from hypothesis import strategies as st

from aims.access import NOBODY, access_of
from aims.registry import registry
from aims.states import Confidentiality
from aims.trail import recording
from organization.models import CaseListing, Membership, Unit, UnitGrant, UnitGroupGrant, User
from organization.querysets import resolve_access
from organization.states import CLEARED, Role
from tests.factories.organization import LONG_AGO, PersonFactory, UnitFactory, hold, person, root
from tests.factories.sample import sample
from tests.organization.seen import fresh
from tests.sample.models import Sample

pytestmark = pytest.mark.django_db
MIDDAY = datetime(2026, 3, 10, 12, tzinfo=UTC)


def permission(role: str) -> Permission:
    return Permission.objects.get(content_type__app_label="organization", codename=role)


def test_a_role_reaches_everything_below_its_unit_and_nothing_else():
    site = UnitFactory()
    below = UnitFactory(parent=UnitFactory(parent=site))
    beside = UnitFactory()
    who = person(Role.READER, site)
    assert who.access.units[Role.READER] == {site.pk, below.parent_id, below.pk}
    assert beside.pk not in who.access.seen_units
    assert not who.access.all_units


def test_a_role_on_the_root_reaches_all():
    UnitFactory()
    who = person(Role.AIMS_MANAGER)
    assert who.access.all_units
    assert who.access.units[Role.AIMS_MANAGER] == set(Unit.objects.values_list("pk", flat=True))


def test_nobody_without_grants_sees_a_unit():
    assert PersonFactory().access.seen_units == frozenset()
    assert resolve_access(PersonFactory(is_active=False)) is NOBODY
    assert resolve_access(User()) is NOBODY


@pytest.mark.parametrize(
    ("starts", "ends", "counts"),
    [(0, None, True), (0, 0, True), (-5, 5, True), (1, None, False), (-5, -1, False), (1, 5, False)],
)
def test_a_grant_counts_from_its_first_to_its_last_day(at: Any, starts: int, ends: int | None, counts: bool):
    at(MIDDAY)
    today, unit = MIDDAY.date(), UnitFactory()
    until = None if ends is None else today + timedelta(days=ends)
    who = PersonFactory()
    hold(who, Role.READER, unit, valid_from=today + timedelta(days=starts), valid_until=until)
    assert (unit.pk in who.access.seen_units) is counts


def test_a_grant_ended_early_counts_no_more(at: Any):
    at(MIDDAY)
    unit = UnitFactory()
    who = person(Role.READER, unit)
    with recording(None, "test"):
        UnitGrant.objects.filter(user=who).update(ended_at=MIDDAY, end_reason="over")
    assert fresh(who).access.seen_units == frozenset()


def test_a_deactivated_person_has_nothing_although_the_grants_stay():
    who = person(Role.AIMS_MANAGER)
    made = sample(unit=root())
    assert Sample.objects.visible_to(who).exists()
    with recording(None, "test"):
        User.objects.filter(pk=who.pk).update(is_active=False)
    gone = fresh(who)
    assert UnitGrant.objects.filter(user=who).exists()
    assert access_of(gone) is NOBODY
    assert not Sample.objects.visible_to(gone).exists()
    assert not gone.access.sees(made)
    assert not User.objects.visible_to(gone).exists()


def test_the_grants_of_a_deleted_unit_die_with_it():
    """Guardian's generic rows stay and pass to the next object with the key; ours are foreign keys."""
    unit = UnitFactory()
    who = person("", unit=root())
    hold(who, Role.AIMS_MANAGER, unit)
    key = unit.pk
    with recording(None, "test"):
        unit.delete()
        Unit.objects.create(pk=key, name="Another", kind="site", parent=root())
    assert not UnitGrant.objects.filter(user=who).exists()
    assert fresh(who).access.seen_units == frozenset()


def test_a_global_permission_opens_neither_lists_nor_objects():
    """Roles are permissions on units; holding one as a group's global permission means nothing."""
    who, group = PersonFactory(), Group.objects.create(name="All")
    group.permissions.add(permission(Role.AIMS_MANAGER))
    Membership.objects.create(user=who, group=group)
    made = sample(unit=root())
    assert fresh(who).access == resolve_access(who)
    assert not Sample.objects.visible_to(fresh(who)).exists()
    assert not fresh(who).access.sees(made)


def test_a_group_gives_its_roles_to_its_members_while_they_are_members():
    unit, who, group = UnitFactory(), PersonFactory(), Group.objects.create(name="Pricing")
    UnitGroupGrant.objects.create(
        group=group, permission=permission(Role.READER), content_object=unit, reason="test", valid_from=LONG_AGO
    )
    assert fresh(who).access.seen_units == frozenset()
    membership = Membership.objects.create(user=who, group=group)
    assert fresh(who).access.units == {Role.READER: {unit.pk}}
    membership.delete()
    assert fresh(who).access.seen_units == frozenset()


def test_grants_on_single_records_are_read_from_the_registered_models(monkeypatch: pytest.MonkeyPatch):
    who, unit = PersonFactory(), UnitFactory()
    hold(who, Role.SYSTEM_OWNER, unit)
    monkeypatch.setattr(registry, "grant_models", [UnitGrant])
    access = fresh(who).access
    assert access.records == {Role.SYSTEM_OWNER: {unit.pk}}
    assert access.seen_anchors == {unit.pk}


def test_access_is_resolved_once_an_instance_and_again_when_asked():
    who, unit = PersonFactory(), UnitFactory()
    assert who.access is who.access
    hold(who, Role.READER, unit)
    assert unit.pk in who.access.seen_units


def test_a_token_keeps_its_limits_when_access_is_resolved_again():
    who = person(Role.AIMS_MANAGER)
    who.token_scopes = frozenset({"read"})
    assert who.access.scopes == frozenset({"read"})
    who.forget_access()
    assert who.access.scopes == frozenset({"read"})
    assert who.access.capacity("person.create") == ""


def test_deciding_verbs_are_refused_to_every_token():
    who = person(Role.AIMS_MANAGER)
    who.token_scopes = frozenset({"*", "grant.give"})
    assert who.access.capacity("person.create") == Role.AIMS_MANAGER
    assert who.access.capacity("grant.give") == ""


def test_clearance_comes_with_the_roles_that_need_it():
    unit = UnitFactory()
    for role in Role:
        assert (unit.pk in person(role, unit).access.clearance) is (role in CLEARED)


# -- the property: what a list shows is what a page opens ------------------------------------------------------------

ROLES = [Role.AIMS_MANAGER, Role.READER, Role.APPROVER, Role.SYSTEM_OWNER]
HELD = st.tuples(st.sampled_from(ROLES), st.integers(0, 4), st.sampled_from([None, -1, 0, 3]))


def _tree() -> list[Unit]:
    top = root()
    left, right = UnitFactory(parent=top), UnitFactory(parent=top)
    return [top, left, right, UnitFactory(parent=left), UnitFactory(parent=right)]


def _records(units: list[Unit], who: User) -> list[Sample]:
    return [
        sample(unit=unit, confidentiality=level, owner=owner, holder_id=number % 3)
        for number, unit in enumerate(units)
        for level in Confidentiality
        for owner in (None, who)
    ]


@given(held=st.lists(HELD, max_size=4), single=st.sets(st.integers(0, 2), max_size=2), cases=st.sets(st.integers(0, 9)))
def test_a_list_shows_exactly_what_can_be_opened(held: Any, single: set[int], cases: set[int]):
    units, who = _tree(), PersonFactory()
    records = _records(units, who)
    for role, where, until in dict.fromkeys(held):
        last = None if until is None else date.today() + timedelta(days=until)
        if not UnitGrant.objects.filter(user=who, permission=permission(role), content_object=units[where]).exists():
            hold(who, role, units[where], valid_until=last)
    confidential = [one for one in records if one.confidentiality == Confidentiality.CASE]
    for number in cases:
        CaseListing.objects.create(record_id=confidential[number].pk, person=who, reason="test")
    resolved, made = resolve_access(who), Sample.objects.filter(pk__in=[one.pk for one in records])
    who.__dict__["access"] = type(resolved)(**{**resolved.__dict__, "records": {Role.READER: frozenset(single)}})
    listed = set(made.visible_to(who).values_list("pk", flat=True))
    opened = {one.pk for one in made if who.access.sees(one)}
    assert listed == opened


# -- people ----------------------------------------------------------------------------------------------------------


def seen_by(who: User) -> set[str]:
    return set(User.objects.visible_to(fresh(who)).values_list("name", flat=True))


def test_people_of_the_units_one_sees_are_visible_and_no_others():
    mine, other = UnitFactory(), UnitFactory()
    me = person(Role.READER, mine, name="Me")
    PersonFactory(unit=mine, name="Colleague")
    PersonFactory(unit=UnitFactory(parent=mine), name="Below")
    PersonFactory(unit=other, name="Stranger")
    PersonFactory(unit=mine, name="Left", is_active=False)
    assert seen_by(me) == {"Me", "Colleague", "Below"}


def test_those_who_answer_for_a_unit_from_above_are_visible_there():
    mine, other = UnitFactory(), UnitFactory()
    me = person(Role.READER, mine, name="Me")
    person(Role.AIMS_MANAGER, name="Manager")
    person(Role.APPROVER, other, name="Elsewhere")
    ended = person(Role.AIMS_MANAGER, name="Former")
    with recording(None, "test"):
        UnitGrant.objects.filter(user=ended).update(valid_until=date.today() - timedelta(days=1))
    assert seen_by(me) == {"Me", "Manager"}


def test_who_reviews_people_also_sees_those_who_left():
    mine = UnitFactory()
    PersonFactory(unit=mine, name="Left", is_active=False)
    assert "Left" in seen_by(person(Role.AIMS_MANAGER))
    assert "Left" in seen_by(person(Role.INTERNAL_AUDITOR, mine))
    assert "Left" not in seen_by(person(Role.TOP_MANAGEMENT))


def test_without_a_role_one_sees_oneself():
    PersonFactory()
    assert seen_by(PersonFactory(name="Me")) == {"Me"}


def test_people_are_found_by_words_of_name_or_address():
    PersonFactory(name="Amira Haddad", email="ah@example.org")
    assert [p.name for p in User.objects.matching("had ami")] == ["Amira Haddad"]
    assert [p.name for p in User.objects.matching("ah@example")] == ["Amira Haddad"]
    assert User.objects.get_by_natural_key("AH@Example.org").name == "Amira Haddad"


def test_grants_show_where_they_reach_a_unit_one_sees():
    mine, other = UnitFactory(), UnitFactory()
    me = person(Role.READER, mine)
    above, beside = hold(PersonFactory(), Role.APPROVER, root()), hold(PersonFactory(), Role.APPROVER, other)
    shown = set(UnitGrant.objects.visible_to(me))
    assert above in shown
    assert beside not in shown
    assert set(UnitGrant.objects.visible_to(person(Role.AIMS_MANAGER))) >= {above, beside}
    assert set(UnitGrant.objects.of_role(Role.APPROVER)) == {above, beside}


def test_units_show_where_one_holds_a_role():
    mine = UnitFactory()
    UnitFactory()
    assert list(Unit.objects.visible_to(person(Role.READER, mine))) == [mine]
    assert Unit.objects.visible_to(person(Role.READER)).count() == Unit.objects.count()
    assert list(Unit.objects.below([mine.pk])) == [mine]
