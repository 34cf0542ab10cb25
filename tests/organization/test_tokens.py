"""API tokens: issued once, limited, dead with their owner; and how programs sign in with them."""

import hashlib
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError

from aims.errors import NotPermitted, Stale, WrongState
from aims.history import event_model
from aims.registry import registry
from organization import services
from organization.models import ApiToken, UnitGrant, User
from organization.services.tokens import possible_scopes
from organization.states import Role
from tests.factories.organization import PersonFactory, UnitFactory, hold, person, root

pytestmark = pytest.mark.django_db
NOW = datetime.now(UTC)
M = Role.AIMS_MANAGER


def issue(owner: User, *scopes: str, by: User | None = None, **more: Any) -> tuple[ApiToken, str]:
    values = {"name": "CI", "expires_at": NOW + timedelta(days=1), "at": NOW, **more}
    return services.issue_token(owner, by=by or owner, scopes=scopes or ("read",), **values)


def test_the_secret_is_told_once_and_kept_as_a_digest():
    token, secret = issue(person(Role.READER))
    assert secret.startswith(token.prefix + "_")
    assert token.prefix.startswith("aims_")
    assert len(secret) > 50
    assert token.digest == hashlib.sha256(secret.encode()).hexdigest()
    kept = event_model(ApiToken).objects.get(pgh_obj_id=token.pk)
    assert secret not in str(vars(kept))
    assert kept.pgh_context["service"] == "issue_token"


@pytest.mark.parametrize("days", [-1, 0, 367])
def test_a_token_lives_for_a_year_at_most(days: int):
    with pytest.raises(ValidationError) as said:
        issue(person(Role.READER), expires_at=NOW + timedelta(days=days))
    assert set(said.value.message_dict) == {"expires_at"}


@pytest.mark.parametrize(
    "scopes", [("*",), ("person.*",), ("grant.give",), ("nothing.known",), ("read", "token.issue")]
)
def test_scopes_are_reading_and_verbs_that_do_not_decide(scopes: tuple[str, ...]):
    with pytest.raises(ValidationError) as said:
        issue(person(M), *scopes)
    assert set(said.value.message_dict) == {"scopes"}
    assert not set(possible_scopes()) & registry.deciding


def test_a_token_without_scope_or_name_is_refused():
    who = person(Role.READER)
    with pytest.raises(ValidationError):
        services.issue_token(who, by=who, name="x", scopes=[], expires_at=NOW + timedelta(days=1), at=NOW)
    with pytest.raises(ValidationError):
        issue(who, name=" ")


def test_tokens_are_issued_for_oneself_and_for_programs_alone():
    manager, program = person(M), PersonFactory(is_program=True)
    assert issue(program, by=manager)[0].owner == program
    with pytest.raises(NotPermitted):
        issue(person(Role.READER), by=manager)


def test_only_the_secret_itself_opens():
    token, secret = issue(person(Role.READER))
    assert services.check_token(secret, at=NOW) == token
    for wrong in ("", "aims_", secret[:-1], secret + "x", token.prefix, "Basic abc", f"{token.prefix}_{'x' * 43}"):
        assert services.check_token(wrong, at=NOW) is None


def test_a_token_dies_by_time_by_revoking_and_with_its_owner():
    manager, who = person(M), person(Role.READER)
    _token, secret = issue(who)
    assert services.check_token(secret, at=NOW + timedelta(days=1)) is None
    revoked, second = issue(who)
    dead = services.revoke_token(revoked, by=who, at=NOW, version=revoked.version)
    assert dead.revoked_at == NOW
    assert services.check_token(second, at=NOW) is None
    with pytest.raises(WrongState):
        services.revoke_token(dead, by=who, at=NOW)
    live, _ = issue(who)
    with pytest.raises(Stale):
        services.revoke_token(live, by=who, at=NOW, version=9)
    with pytest.raises(NotPermitted):
        services.revoke_token(live, by=person(Role.READER), at=NOW)
    assert services.revoke_token(live, by=manager, at=NOW).revoked_at
    User.objects.filter(pk=who.pk).update(is_active=False)
    assert services.check_token(secret, at=NOW) is None


def test_a_use_is_noted_once_a_minute_without_a_new_version():
    token, secret = issue(person(Role.READER))
    noted = []
    for seconds in (0, 30, 59, 61):
        services.check_token(secret, at=NOW + timedelta(seconds=seconds))
        token.refresh_from_db()
        noted.append(token.last_used_at and (token.last_used_at - NOW).seconds)
    assert noted == [0, 0, 0, 61]
    assert token.version == 1


def test_one_sees_ones_own_tokens_and_those_of_programs_one_manages():
    here = UnitFactory()
    mine, _ = issue(person(Role.READER, here))
    of_program, _ = issue(PersonFactory(is_program=True, unit=here), by=person(M))
    assert set(ApiToken.objects.visible_to(mine.owner)) == {mine}
    assert set(ApiToken.objects.visible_to(person(M, here))) == {of_program}
    assert not ApiToken.objects.visible_to(PersonFactory(is_active=False)).exists()


# -- signing in ------------------------------------------------------------------------------------------------------


def test_a_program_signs_in_by_token_and_acts_as_its_owner(api_of: Any):
    who = person(Role.READER)
    _token, secret = issue(who, "read")
    answer = api_of(token=secret).get("/api/v1/me/")
    assert answer.status_code == 200
    assert answer.json()["email"] == who.email
    assert answer.json()["scopes"] == ["read"]


@pytest.mark.parametrize("text", ["aims_00000000_x", "", "x" * 5000, "äöü", "aims_" + "\x00"])
def test_a_wrong_token_answers_401_with_the_way_to_sign_in(api_of: Any, text: str):
    client = api_of()
    client.credentials(HTTP_AUTHORIZATION=f"Bearer {text}".encode().decode("latin-1"))
    answer = client.get("/api/v1/me/")
    assert answer.status_code == 401
    assert answer["WWW-Authenticate"] == "Bearer"
    assert answer["Content-Type"] == "application/problem+json"


def test_expired_revoked_and_orphaned_tokens_answer_401(api_of: Any):
    who = person(Role.READER)
    revoked, first = issue(who)
    services.revoke_token(revoked, by=who, at=NOW)
    short, second = issue(who)
    ApiToken.objects.filter(pk=short.pk).update(created_at=NOW - timedelta(days=9), expires_at=NOW - timedelta(days=1))
    _live, third = issue(who)
    User.objects.filter(pk=who.pk).update(is_active=False)
    for secret in (first, second, third):
        assert api_of(token=secret).get("/api/v1/me/").status_code == 401


def test_reading_needs_its_scope(api_of: Any):
    _token, secret = issue(person(M), "unit.create")
    client = api_of(token=secret)
    assert client.get("/api/v1/units/").status_code == 403
    body = {"name": "New", "kind": "site", "parent": root().pk}
    assert client.post("/api/v1/units/", body).status_code == 201


def test_a_token_does_what_its_scopes_say_and_no_more(api_of: Any):
    _token, secret = issue(person(M), "read")
    client = api_of(token=secret)
    assert client.get("/api/v1/units/").status_code == 200
    body = {"name": "New", "kind": "site", "parent": root().pk}
    assert client.post("/api/v1/units/", body).status_code == 403


def test_a_token_gives_no_role_issues_no_token_and_deactivates_nobody(api_of: Any):
    manager, other = person(M), PersonFactory()
    grant = hold(other, Role.READER, root())
    token, secret = issue(manager, "read", "person.change", "unit.change")
    client = api_of(token=secret)
    body = {"person": other.pk, "role": "reader", "unit": root().pk, "reason": "x"}
    match = {"HTTP_IF_MATCH": '"1"'}
    assert client.post("/api/v1/grants/", body).status_code == 403
    assert client.post(f"/api/v1/grants/{grant.pk}/end/", {"reason": "x"}, **match).status_code == 403
    expires = (NOW + timedelta(days=2)).isoformat()
    issued = {"name": "x", "scopes": ["read"], "expires_at": expires}
    assert client.post("/api/v1/tokens/", issued).status_code == 403
    assert client.post(f"/api/v1/tokens/{token.pk}/revoke/", {"reason": "x"}, **match).status_code == 403
    assert client.post(f"/api/v1/people/{other.pk}/deactivate/", {"reason": "x"}, **match).status_code == 403
    assert UnitGrant.objects.get(pk=grant.pk).ended_at is None
    assert User.objects.get(pk=other.pk).is_active


def test_pages_take_no_token(client: Any):
    _token, secret = issue(person(M), "read")
    assert client.get("/people/", headers={"Authorization": f"Bearer {secret}"}).status_code == 302


def test_the_trail_names_the_token(api_of: Any):
    token, secret = issue(person(M), "unit.create")
    answer = api_of(token=secret).post("/api/v1/units/", {"name": "New", "kind": "site", "parent": root().pk})
    event = event_model(type(root())).objects.get(pgh_obj_id=answer.json()["id"])
    assert event.pgh_context["token"] == token.prefix
