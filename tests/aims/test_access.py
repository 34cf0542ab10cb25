"""Who sees what: the queryset's rule and the object's rule are twins; roles reach down the tree; deny by default."""

import pytest
from django.contrib.auth.models import AnonymousUser
from hypothesis import given
from hypothesis import strategies as st

from aims.access import NOBODY, Access, access_of
from aims.querysets import visibility
from aims.registry import registry
from tests.factories import grant, person, root_unit, unit
from tests.factories.sample import sample
from tests.sample.models import Sample

ROLES = ("aims_manager", "system_owner", "reader")


class Somebody:
    is_active = True

    def __init__(self, access: Access) -> None:
        self.access = access


@pytest.fixture
def field(db):
    """Two units × three confidentialities × with or without holder, two owners."""
    units, people = [unit(), unit()], [person(), person()]
    rows = [
        sample(unit=where, owner=owner, confidentiality=level, holder_id=holder)
        for where in units
        for owner in people
        for level in ("normal", "restricted", "case")
        for holder in (None, 7)
    ]
    return units, people, rows


@given(data=st.data())
def test_visible_to_is_the_twin_of_sees(field, data):
    units, people, rows = field
    ids = [one.pk for one in units]
    some_units = st.frozensets(st.sampled_from(ids))
    held = data.draw(st.dictionaries(st.sampled_from(ROLES), some_units), label="units")
    access = Access(
        person_id=data.draw(st.sampled_from([None, *(one.pk for one in people)]), label="person"),
        units=held,
        records=data.draw(st.dictionaries(st.sampled_from(ROLES), st.just(frozenset({7}))), label="records"),
        clearance=data.draw(some_units, label="clearance"),
        cases=data.draw(st.frozensets(st.sampled_from([one.pk for one in rows])), label="cases"),
        all_units=data.draw(st.booleans(), label="all") and frozenset(ids) in held.values(),
    )
    by_query = set(Sample.objects.visible_to(Somebody(access)).values_list("pk", flat=True))
    assert by_query == {row.pk for row in rows if access.sees(row)}


def test_nobody_sees_nothing(field):
    assert visibility(NOBODY, "") is None
    assert not Sample.objects.visible_to(AnonymousUser()).exists()
    assert not any(NOBODY.sees(row) for row in field[2])


def test_deactivated_person_sees_and_may_nothing(db):
    where = unit()
    row = sample(unit=where)
    who = person("aims_manager", where)
    assert Sample.objects.visible_to(who).get() == row
    who.is_active = False
    assert access_of(who) is NOBODY
    assert not Sample.objects.visible_to(who).exists()


def test_grant_reaches_down_never_up_or_aside(db):
    middle = unit()
    below, aside = unit(parent=middle), unit()
    who = person("reader", middle)
    shown = {one for one in (root_unit(), middle, below, aside) if who.access.seen_units >= {one.pk}}
    assert shown == {middle, below}
    assert not who.access.all_units


def test_grant_on_the_root_reaches_everything_without_a_filter(db):
    unit()
    who = person("reader", root_unit())
    assert who.access.all_units
    assert "unit_id" not in str(Sample.objects.visible_to(who).query.where)


def test_grants_count_only_in_their_time(db, at):
    from datetime import UTC, date, datetime

    where, who = unit(), person()
    grant(who, "reader", where, valid_from=date(2025, 1, 2), valid_until=date(2025, 1, 3))
    seen = []
    for day in (1, 2, 3, 4):
        at(datetime(2025, 1, day, 12, tzinfo=UTC))
        who.__dict__.pop("access", None)
        seen.append(where.pk in who.access.seen_units)
    assert seen == [False, True, True, False]


def test_reader_does_not_see_restricted_but_the_cleared_and_the_owner_do(db):
    where = unit()
    owner = person("reader", where)
    row = sample(unit=where, confidentiality="restricted", owner=owner)
    assert not person("reader", where).access.sees(row)
    assert person("internal_auditor", where).access.sees(row)
    assert owner.access.sees(row)


def test_owner_who_lost_every_grant_sees_nothing(db):
    row = sample(unit=unit(), confidentiality="restricted", owner=person())
    assert not row.owner.access.sees(row)
    assert not Sample.objects.visible_to(row.owner).exists()


def test_capacity_is_the_strongest_role_that_allows(db):
    where = unit()
    who = person("system_owner", where)
    row = sample(unit=where)
    assert who.access.capacity("sample.change", row) == "system_owner"
    grant(who, "aims_manager", where)
    assert who.access.capacity("sample.change", row) == "aims_manager"


def test_capacity_elsewhere_is_none(db):
    who = person("aims_manager", unit())
    assert who.access.capacity("sample.change", sample(unit=unit())) == ""
    assert who.access.capacity("sample.change") == "aims_manager"
    assert who.access.capacity("sample.unheard_of") == ""


def test_capacity_by_a_grant_on_the_anchor(db):
    row = sample(unit=unit(), holder_id=9)
    access = Access(person_id=1, records={"system_owner": frozenset({9})})
    assert access.capacity("sample.change", row) == "system_owner"
    assert access.capacity("sample.change", sample(unit=row.unit, holder_id=8)) == ""


def test_units_for_a_verb(db):
    mine, read = unit(), unit()
    who = person("system_owner", mine)
    grant(who, "reader", read)
    assert who.access.units_for("sample.change") == {mine.pk}


@pytest.mark.parametrize(
    ("scope", "allowed"),
    [("sample.change", True), ("sample.*", True), ("*", True), ("sample.read", False), ("note.*", False)],
)
def test_token_is_limited_to_its_scopes(db, scope, allowed):
    where = unit()
    access = person("aims_manager", where).access.limited(frozenset({scope}))
    assert bool(access.capacity("sample.change", sample(unit=where))) is allowed


def test_every_role_of_a_verb_exists():
    unknown = {role for roles in registry.verbs.values() for role in roles} - set(registry.roles)
    assert unknown == set()
