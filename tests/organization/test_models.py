"""Every constraint and trigger of people, units, grants, tokens and sign-ins."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.contrib.auth.models import Group, Permission
from django.core.exceptions import ValidationError
from django.db import DatabaseError, transaction
from django.db.models import ProtectedError
from django.utils import timezone

from aims.history import event_model
from organization.models import ApiToken, CaseListing, Membership, SignIn, Unit, UnitGrant, UnitGroupGrant, User
from organization.states import Role, SignInKind
from tests.factories.organization import LONG_AGO, PersonFactory, UnitFactory, hold, root
from tests.factories.sample import sample

pytestmark = pytest.mark.django_db


def refused(make: Any) -> None:
    with pytest.raises(DatabaseError), transaction.atomic():
        make()


def token(**more: Any) -> ApiToken:
    values = {"owner": PersonFactory(), "name": "CI", "prefix": "aims_00000000", "digest": "0" * 64, "scopes": ["read"]}
    return ApiToken.objects.create(**{**values, "expires_at": timezone.now() + timedelta(days=1), **more})


def test_there_is_one_root():
    root()
    refused(lambda: Unit.objects.create(name="Second", kind="group"))


def test_names_are_unique_below_one_parent_whatever_their_case():
    first, second = UnitFactory(name="Care"), UnitFactory()
    refused(lambda: Unit.objects.create(name="CARE", kind="site", parent=first.parent))
    Unit.objects.create(name="Care", kind="site", parent=second)
    with pytest.raises(ValidationError) as said:
        Unit(name="care", kind="site", parent=first.parent).full_clean(exclude=["path"])
    assert set(said.value.message_dict) == {"name"}


def test_a_country_is_two_capital_letters():
    refused(lambda: UnitFactory(country="de"))
    assert UnitFactory(country="DE").country == "DE"


def test_paths_follow_the_tree_also_when_a_branch_moves():
    top, first, second = root(), UnitFactory(), UnitFactory()
    below = UnitFactory(parent=UnitFactory(parent=first))
    assert below.path == [top.pk, first.pk, below.parent_id, below.pk]
    Unit.objects.filter(pk=first.pk).update(parent=second)
    below.refresh_from_db()
    assert below.path == [top.pk, second.pk, first.pk, below.parent_id, below.pk]


def test_the_database_refuses_a_circle():
    first = UnitFactory()
    below = UnitFactory(parent=first)
    refused(lambda: Unit.objects.filter(pk=first.pk).update(parent=below))
    refused(lambda: Unit.objects.filter(pk=first.pk).update(parent=first))


def test_a_unit_is_governed_by_grants_on_itself():
    unit = UnitFactory(name="Care")
    assert (unit.unit_id, unit.title, str(unit), unit.is_root) == (unit.pk, "Care", "Care", False)
    assert root().is_root
    assert unit.get_absolute_url() == f"/units/{unit.pk}/"


def test_an_address_belongs_to_one_account_whatever_its_case():
    first = PersonFactory(email="a@example.org")
    refused(lambda: User.objects.create(email="A@EXAMPLE.org", name="B", unit=first.unit))
    with pytest.raises(ValidationError) as said:
        User(email="A@example.ORG", name="B", unit=first.unit, password="x").full_clean()
    assert set(said.value.message_dict) == {"email"}


def test_nobody_is_their_own_manager():
    who = PersonFactory()
    refused(lambda: User.objects.filter(pk=who.pk).update(manager=who))


@pytest.mark.parametrize(("field", "value"), [("language", "tlh"), ("time_zone", "Mars/Olympus")])
def test_language_and_time_zone_are_known_ones(field: str, value: str):
    who = PersonFactory()
    setattr(who, field, value)
    with pytest.raises(ValidationError) as said:
        who.full_clean()
    assert set(said.value.message_dict) == {field}


def test_a_person_is_called_by_name():
    who = PersonFactory(name="Ada King Lovelace", email="ada@example.org")
    assert (str(who), who.title, who.get_full_name(), who.initials) == (who.name, who.name, who.name, "AK")
    assert str(User(email="x@example.org")) == "x@example.org"
    assert who.get_absolute_url() == f"/people/{who.pk}/"


def test_what_is_told_raises_the_version_and_signing_in_does_not():
    who = PersonFactory()
    User.objects.filter(pk=who.pk).update(last_login=timezone.now(), password="x")
    who.refresh_from_db()
    assert who.version == 1
    User.objects.filter(pk=who.pk).update(name="Other")
    who.refresh_from_db()
    assert who.version == 2


def test_no_event_keeps_a_password():
    who = PersonFactory()
    event = event_model(User).objects.filter(pgh_obj_id=who.pk).first()
    assert event.email == who.email
    assert not hasattr(event, "password")
    before = event_model(User).objects.count()
    User.objects.filter(pk=who.pk).update(password="y")
    assert event_model(User).objects.count() == before


def test_a_grant_ends_on_or_after_its_first_day():
    who, unit, today = PersonFactory(), UnitFactory(), date.today()
    refused(lambda: hold(who, Role.READER, unit, valid_from=today, valid_until=today - timedelta(days=1)))


def test_a_grant_has_a_reason_and_an_end_has_one_too():
    who, unit = PersonFactory(), UnitFactory()
    refused(lambda: hold(who, Role.READER, unit, reason=""))
    held = hold(who, Role.READER, unit)
    refused(lambda: UnitGrant.objects.filter(pk=held.pk).update(ended_at=timezone.now()))
    refused(lambda: UnitGrant.objects.filter(pk=held.pk).update(end_reason="why"))


def test_one_open_grant_of_a_role_on_a_unit_and_another_once_it_ended():
    who, unit = PersonFactory(), UnitFactory()
    first = hold(who, Role.READER, unit)
    refused(lambda: hold(who, Role.READER, unit))
    UnitGrant.objects.filter(pk=first.pk).update(ended_at=timezone.now(), end_reason="over")
    second = hold(who, Role.READER, unit)
    assert (second.role, second.unit_id) == (Role.READER, unit.pk)
    assert second.get_absolute_url() == f"/people/{who.pk}/"


def test_one_open_grant_of_a_role_to_a_group():
    group, unit = Group.objects.create(name="G"), UnitFactory()
    role = Permission.objects.get(content_type__app_label="organization", codename=Role.READER)
    values = {"group": group, "permission": role, "content_object": unit, "reason": "test", "valid_from": LONG_AGO}
    UnitGroupGrant.objects.create(**values)
    refused(lambda: UnitGroupGrant.objects.create(**values))


def test_a_membership_is_once():
    who, group = PersonFactory(), Group.objects.create(name="G")
    Membership.objects.create(user=who, group=group)
    refused(lambda: Membership.objects.create(user=who, group=group))


def test_a_person_is_once_on_a_case_list():
    who, record = PersonFactory(), sample(unit=root(), confidentiality="case")
    CaseListing.objects.create(record_id=record.pk, person=who, reason="test")
    refused(lambda: CaseListing.objects.create(record_id=record.pk, person=who, reason="test"))


def test_a_token_has_a_scope_a_life_and_a_prefix_of_its_own():
    made = token()
    assert str(made) == "CI (aims_00000000…)"
    assert made.get_absolute_url() == "/me/"
    refused(lambda: token(prefix="aims_00000001", scopes=[]))
    refused(lambda: token(prefix="aims_00000002", expires_at=timezone.now() - timedelta(days=1)))
    refused(token)


def test_using_a_token_neither_raises_its_version_nor_writes_an_event():
    made = token()
    before = event_model(ApiToken).objects.count()
    ApiToken.objects.filter(pk=made.pk).update(last_used_at=timezone.now())
    made.refresh_from_db()
    assert made.version == 1
    assert event_model(ApiToken).objects.count() == before
    assert not hasattr(event_model(ApiToken).objects.first(), "digest")


def test_sign_ins_are_append_only():
    row = SignIn.objects.create(kind=SignInKind.SIGNED_IN, person=PersonFactory(), method="password")
    refused(lambda: SignIn.objects.filter(pk=row.pk).update(method="other"))
    refused(lambda: SignIn.objects.filter(pk=row.pk).delete())


def test_a_sign_in_is_of_a_person_or_of_a_digest():
    refused(lambda: SignIn.objects.create(kind=SignInKind.FAILED, method="password"))
    both = {"person": PersonFactory(), "email_digest": "0" * 64}
    refused(lambda: SignIn.objects.create(kind=SignInKind.FAILED, method="password", **both))


def test_who_is_named_somewhere_is_not_deleted():
    who = PersonFactory()
    UnitFactory(head=who)
    with pytest.raises(ProtectedError):
        who.delete()
    with pytest.raises(ProtectedError):
        who.unit.delete()
