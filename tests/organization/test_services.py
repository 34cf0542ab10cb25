"""The verbs on people and units: what they do, whom they refuse, what the trail says."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from allauth.account.forms import default_token_generator
from allauth.account.models import EmailAddress
from allauth.usersessions.models import UserSession
from django.contrib.auth.models import Group, Permission
from django.contrib.sessions.models import Session
from django.core import mail
from django.core.exceptions import ValidationError
from django.test import Client

from aims.errors import NotPermitted, Stale, WrongState
from aims.jobs import Progress
from aims.models import Job
from organization import services
from organization.models import Membership, Unit, UnitGrant, UnitGroupGrant, User
from organization.services.founding import founding
from organization.states import Role
from organization.tasks import invite
from tests.factories.organization import LONG_AGO, PersonFactory, UnitFactory, hold, person, root
from tests.organization.seen import fields, fresh, last_event

pytestmark = pytest.mark.django_db
TODAY = date.today()
NOW = datetime.now(UTC)
M = Role.AIMS_MANAGER.value


# -- the founding ----------------------------------------------------------------------------------------------------


def test_the_installation_makes_the_first_manager_and_nothing_after():
    whole = services.create_unit(by=None, data={"name": "Whole", "kind": "group"})
    first = services.create_person(by=None, data={"name": "First", "email": "f@example.org", "unit": whole})
    assert founding()
    services.grant_role(first, role=Role.AIMS_MANAGER, unit=whole, by=None, reason="start", on=TODAY)
    assert not founding()
    with pytest.raises(NotPermitted):
        services.create_person(by=None, data={"name": "Next", "email": "n@example.org", "unit": whole})
    with pytest.raises(NotPermitted):
        services.create_unit(by=None, data={"name": "Next", "kind": "site", "parent": whole})
    with pytest.raises(NotPermitted):
        services.grant_role(first, role=Role.APPROVER, unit=whole, by=None, reason="more", on=TODAY)


# -- people ----------------------------------------------------------------------------------------------------------


def test_create_person_makes_an_account_without_password_and_an_invitation():
    manager = person(Role.AIMS_MANAGER)
    data = {"name": "Ada", "email": " Ada@Example.org ", "unit": root(), "job_title": "Engineer"}
    made = services.create_person(by=manager, data=data, reason="new here")
    assert made.email == "ada@example.org"
    assert not made.has_usable_password()
    assert EmailAddress.objects.get(user=made).verified
    assert Job.objects.get(key=f"invite:{made.pk}:new").task == "organization.invite"
    context = last_event(User, made.pk).pgh_context
    assert context["actor"] == manager.pk
    assert (context["service"], context["capacity"], context["reason"]) == ("create_person", M, "new here")


def test_a_program_gets_no_invitation():
    data = {"name": "CI", "email": "ci@example.org", "unit": root(), "is_program": True}
    made = services.create_person(by=person(M), data=data)
    assert not Job.objects.filter(key__startswith=f"invite:{made.pk}").exists()


def test_create_person_refuses_foreign_units_and_bad_data():
    here, there = UnitFactory(), UnitFactory()
    manager = person(M, here)
    with pytest.raises(NotPermitted):
        services.create_person(by=manager, data={"name": "A", "email": "a@example.org", "unit": there})
    with pytest.raises(ValidationError) as said:
        services.create_person(by=manager, data={"name": "A", "email": "a@example.org"})
    assert fields(said) == {"unit"}
    with pytest.raises(ValidationError) as said:
        services.create_person(by=manager, data={"name": "A", "email": manager.email.upper(), "unit": here})
    assert fields(said) == {"email"}


def test_change_person_changes_what_a_manager_may():
    here, there = UnitFactory(), UnitFactory()
    manager, who = person(M, here), PersonFactory(unit=here)
    changed = services.change_person(who, by=manager, data={"job_title": "Lead"}, version=who.version)
    assert (changed.job_title, changed.version) == ("Lead", 2)
    with pytest.raises(Stale):
        services.change_person(who, by=manager, data={"job_title": "X"}, version=1)
    with pytest.raises(NotPermitted):
        services.change_person(who, by=manager, data={"unit": there})
    with pytest.raises(NotPermitted):
        services.change_person(PersonFactory(unit=there), by=manager, data={"job_title": "X"})
    hold(manager, M, there)
    assert services.change_person(who, by=manager, data={"unit": there}).unit == there


@pytest.mark.parametrize("field", ["email", "is_active", "is_program", "password", "is_superuser"])
def test_change_person_never_touches_what_opens_the_account(field: str):
    who = PersonFactory()
    with pytest.raises(ValidationError) as said:
        services.change_person(who, by=person(M), data={field: "x"})
    assert fields(said) == {field}


def _signed_in(who: User, client: Any) -> str:
    client.post("/account/login/", {"login": who.email, "password": "correct horse battery"})
    return str(client.session.session_key)


def test_deactivate_ends_sessions_tokens_and_roles_at_once(client: Any):
    manager, who = person(M), person(Role.READER)
    key = _signed_in(who, client)
    token, secret = services.issue_token(
        who, by=who, name="CI", scopes=["read"], expires_at=NOW + timedelta(days=1), at=NOW
    )
    assert UserSession.objects.filter(user=who).exists()
    gone = services.deactivate_person(who, by=manager, reason="left", at=NOW, on=TODAY, version=fresh(who).version)
    assert not gone.is_active
    assert not UserSession.objects.filter(user=who).exists()
    assert not Session.objects.filter(session_key=key).exists()
    assert services.check_token(secret, at=NOW) is None
    token.refresh_from_db()
    assert token.revoked_at == NOW
    assert client.get("/people/").status_code == 302
    assert fresh(who).access.seen_units == frozenset()
    with pytest.raises(WrongState):
        services.deactivate_person(who, by=manager, reason="left", at=NOW, on=TODAY)


def test_a_session_of_any_kind_dies_with_the_account(client: Any):
    who = person(Role.READER)
    client.force_login(who)
    assert client.get("/people/").status_code == 200
    services.deactivate_person(who, by=person(M), reason="left", at=NOW, on=TODAY)
    assert client.get("/people/").status_code == 302


def test_deactivate_asks_for_a_reason_and_the_right():
    who = person(Role.READER)
    with pytest.raises(ValidationError) as said:
        services.deactivate_person(who, by=person(M), reason=" ", at=NOW, on=TODAY)
    assert fields(said) == {"reason"}
    with pytest.raises(NotPermitted):
        services.deactivate_person(who, by=person(Role.TOP_MANAGEMENT), reason="x", at=NOW, on=TODAY)


def test_reactivate_brings_roles_back_and_no_token():
    manager, who = person(M), person(Role.READER)
    _token, secret = services.issue_token(
        who, by=who, name="CI", scopes=["read"], expires_at=NOW + timedelta(days=1), at=NOW
    )
    services.deactivate_person(who, by=manager, reason="leave", at=NOW, on=TODAY)
    back = services.reactivate_person(fresh(who), by=manager, reason="back")
    assert back.is_active
    assert fresh(who).access.seen_units
    assert services.check_token(secret, at=NOW) is None
    with pytest.raises(WrongState):
        services.reactivate_person(back, by=manager, reason="back")


def test_the_last_manager_of_the_whole_cannot_go():
    first = person(M)
    grant = UnitGrant.objects.get(user=first)
    with pytest.raises(WrongState):
        services.end_grant(grant, by=first, reason="tired", at=NOW, on=TODAY)
    local = person(M, UnitFactory())
    with pytest.raises(NotPermitted):
        services.deactivate_person(first, by=local, reason="coup", at=NOW, on=TODAY)
    second = person(M)
    services.deactivate_person(first, by=second, reason="left", at=NOW, on=TODAY)
    with pytest.raises(WrongState):
        services.end_grant(UnitGrant.objects.get(user=second), by=second, reason="too", at=NOW, on=TODAY)


def test_a_manager_by_group_is_a_manager_too():
    first = person(M)
    group = Group.objects.create(name="Managers")
    role = Permission.objects.get(content_type__app_label="organization", codename=M)
    UnitGroupGrant.objects.create(
        group=group, permission=role, content_object=root(), reason="test", valid_from=LONG_AGO
    )
    Membership.objects.create(user=PersonFactory(), group=group)
    assert services.end_grant(UnitGrant.objects.get(user=first), by=first, reason="x", at=NOW, on=TODAY).ended_at


def test_a_program_and_a_future_manager_do_not_count_as_the_manager_left():
    first = person(M)
    hold(PersonFactory(is_program=True), M, root())
    hold(PersonFactory(), M, root(), valid_from=TODAY + timedelta(days=3))
    second = person(M)
    hold(second, M, UnitFactory())
    services.end_grant(
        UnitGrant.objects.get(user=second, content_object=root()), by=first, reason="x", at=NOW, on=TODAY
    )
    with pytest.raises(WrongState):
        services.end_grant(UnitGrant.objects.get(user=first), by=first, reason="x", at=NOW, on=TODAY)


# -- invitations and the own account ---------------------------------------------------------------------------------


def test_the_invitation_opens_the_account_once(client: Any, monkeypatch: Any):
    made = services.create_person(by=person(M), data={"name": "Ada", "email": "ada@example.org", "unit": root()})
    job = Job.objects.get(key=f"invite:{made.pk}:new")
    invite(job_id=job.pk)
    job.refresh_from_db()
    assert job.state == "done"
    (sent,) = mail.outbox
    assert sent.to == ["ada@example.org"]
    url = next(line for line in sent.body.splitlines() if "/password/reset/key/" in line)
    path = url[url.index("/account/") :]
    form = client.get(path, follow=True)
    assert form.status_code == 200
    place = form.redirect_chain[-1][0]
    password = "a lamp beside the window"
    assert client.post(place, {"password1": password, "password2": password}).status_code == 302
    assert client.login(email="ada@example.org", password=password)
    client.logout()
    assert client.get(path).status_code == 200  # told that the link is no longer good
    assert fresh(made).check_password(password)


def _invited(client: Any) -> tuple[User, str]:
    """Somebody new, and the address of the link in their mail."""
    made = services.create_person(by=person(M), data={"name": "Ada", "email": "ada@example.org", "unit": root()})
    return made, services.invitation_url(made).split("//", 1)[1].partition("/")[2]


def test_an_invitation_used_twice_changes_no_password(client: Any):
    made, path = _invited(client)
    place = client.get(f"/{path}", follow=True).redirect_chain[-1][0]
    first, second = "a lamp beside the window", "another lamp on the floor"
    other = Client()
    late = other.get(f"/{path}", follow=True).redirect_chain[-1][0]
    assert client.post(place, {"password1": first, "password2": first}).status_code == 302
    for again in (client, other):
        again.post(late, {"password1": second, "password2": second})
    assert b"already been used" in Client().get(f"/{path}", follow=True).content
    assert fresh(made).check_password(first)


def test_an_expired_invitation_opens_nothing(client: Any, monkeypatch: Any, settings: Any):
    made, path = _invited(client)
    later = datetime.now() + timedelta(seconds=settings.PASSWORD_RESET_TIMEOUT + 60)
    monkeypatch.setattr(default_token_generator, "_now", lambda: later)
    assert b"already been used" in client.get(f"/{path}", follow=True).content
    word = "a lamp beside the window"
    client.post(f"/{path}", {"password1": word, "password2": word})
    assert not fresh(made).has_usable_password()


def test_an_invitation_is_sent_again_to_active_people_alone():
    manager, who = person(M), PersonFactory()
    first = services.invite_person(who, by=manager, at=NOW)
    assert services.invite_person(who, by=manager, at=NOW + timedelta(hours=1)).pk != first.pk
    with pytest.raises(NotPermitted):
        services.invite_person(who, by=PersonFactory(), at=NOW)
    for closed in (PersonFactory(is_active=False), PersonFactory(is_program=True)):
        with pytest.raises(WrongState):
            services.invite_person(closed, by=manager, at=NOW)


def test_an_invitation_to_somebody_who_left_fails_its_job():
    who = PersonFactory(is_active=False)
    with pytest.raises(User.DoesNotExist):
        services.send_invitation(Progress(Job(arguments={"person_id": who.pk})))


def test_people_set_their_own_language_and_zone_and_nothing_else():
    who = PersonFactory()
    changed = services.change_account(who, data={"language": "de", "time_zone": "Europe/Berlin"}, version=who.version)
    assert (changed.language, changed.time_zone) == ("de", "Europe/Berlin")
    with pytest.raises(Stale):
        services.change_account(who, data={"language": "en"}, version=1)
    for data in ({"email": "x@example.org"}, {"is_active": True}, {"unit": root()}):
        with pytest.raises(ValidationError) as said:
            services.change_account(fresh(who), data=data)
        assert fields(said) == set(data)


# -- units -----------------------------------------------------------------------------------------------------------


def test_create_unit_adds_below_a_unit_one_manages():
    here, there = UnitFactory(), UnitFactory()
    manager = person(M, here)
    made = services.create_unit(by=manager, data={"name": "Care", "kind": "site", "parent": here, "country": "DE"})
    assert made.path == [*here.path, made.pk]
    assert made.pk in manager.access.seen_units
    with pytest.raises(NotPermitted):
        services.create_unit(by=manager, data={"name": "Care", "kind": "site", "parent": there})
    with pytest.raises(ValidationError) as said:
        services.create_unit(by=manager, data={"name": "Top", "kind": "site"})
    assert fields(said) == {"parent"}
    with pytest.raises(ValidationError) as said:
        services.create_unit(by=manager, data={"name": "care", "kind": "site", "parent": here})
    assert fields(said) == {"name"}
    with pytest.raises(ValidationError) as said:
        services.create_unit(by=manager, data={"name": "x", "kind": "planet", "parent": here})
    assert fields(said) == {"kind"}


def test_change_unit_changes_and_refuses_a_stale_version():
    unit, manager = UnitFactory(), person(M)
    changed = services.change_unit(unit, by=manager, data={"name": "Renamed", "parent": unit.parent}, version=1)
    assert (changed.name, changed.version) == ("Renamed", 2)
    with pytest.raises(Stale):
        services.change_unit(unit, by=manager, data={"name": "Again"}, version=1)
    with pytest.raises(NotPermitted):
        services.change_unit(unit, by=person(Role.READER), data={"name": "Again"})


def test_moving_a_unit_moves_everything_below_and_who_sees_it():
    left, right = UnitFactory(), UnitFactory()
    moving = UnitFactory(parent=left)
    below = UnitFactory(parent=moving)
    reader = person(Role.READER, right)
    assert below.pk not in reader.access.seen_units
    services.change_unit(moving, by=person(M), data={"parent": right})
    assert below.pk in fresh(reader).access.seen_units


def test_a_circle_is_refused_at_the_field():
    unit, manager = UnitFactory(), person(M)
    below = UnitFactory(parent=unit)
    for parent in (unit, below, None):
        with pytest.raises(ValidationError) as said:
            services.change_unit(unit, by=manager, data={"parent": parent})
        assert fields(said) == {"parent"}
    with pytest.raises(ValidationError) as said:
        services.change_unit(root(), by=manager, data={"parent": unit})
    assert fields(said) == {"parent"}


def test_a_move_needs_both_ends():
    left, right = UnitFactory(), UnitFactory()
    moving = UnitFactory(parent=left)
    with pytest.raises(NotPermitted):
        services.change_unit(moving, by=person(M, moving), data={"parent": right})
    assert Unit.objects.get(pk=moving.pk).parent == left
