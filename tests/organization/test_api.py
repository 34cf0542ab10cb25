"""The API of people, units, roles and the own account: the kernel's rules, and what bodies can never carry."""

from datetime import date, timedelta
from typing import Any

import pytest

from organization.models import Unit, UnitGrant, User
from organization.states import BLIND, Role
from tests.factories.organization import PersonFactory, UnitFactory, hold, person, root, sign_in_again

pytestmark = pytest.mark.django_db
M = Role.AIMS_MANAGER
TODAY = date.today()


@pytest.fixture
def manager(db: None) -> User:
    return person(M, name="Manager")


@pytest.fixture
def api(api_of: Any, manager: User) -> Any:
    client = api_of(manager)
    sign_in_again(client, manager)
    return client


def match(version: int = 1) -> dict[str, str]:
    return {"HTTP_IF_MATCH": f'"{version}"'}


# -- people ----------------------------------------------------------------------------------------------------------


def test_people_are_listed_with_roles_and_pages(api: Any):
    who = person(Role.READER, name="Ada")
    body = api.get("/api/v1/people/?q=ada&sort=name").json()
    (told,) = body["results"]
    grant = who.unit_grants.get()
    assert told["roles"] == [{"grant": grant.pk, "role": "reader", "unit": root().pk, "valid_until": None}]
    assert (told["name"], told["is_active"], body["count"]) == ("Ada", True, 1)
    assert not {"password", "last_login", "groups", "is_superuser"} & set(told)
    assert api.get("/api/v1/people/?depth=1").status_code == 400


def test_a_list_takes_the_same_queries_for_one_and_three(api: Any, queries: Any):
    person(Role.READER)
    for address in ("people", "units", "grants"):
        api.get(f"/api/v1/{address}/")
    few = [queries(lambda a=a: api.get(f"/api/v1/{a}/")) for a in ("people", "units", "grants")]
    for _ in range(3):
        person(Role.READER, UnitFactory())
    assert [queries(lambda a=a: api.get(f"/api/v1/{a}/")) for a in ("people", "units", "grants")] == few


def test_people_of_other_units_do_not_exist(api_of: Any):
    client = api_of(person(Role.READER, UnitFactory()))
    other = PersonFactory(unit=UnitFactory())
    assert client.get(f"/api/v1/people/{other.pk}/").status_code == 404
    assert client.patch(f"/api/v1/people/{other.pk}/", {"name": "x"}, **match()).status_code == 404
    assert other.name not in str(client.get("/api/v1/people/").json())


def test_an_account_is_made_once_per_key(api: Any):
    body = {"name": "Ada", "email": "ada@example.org", "unit": root().pk}
    first = api.post("/api/v1/people/", body, headers={"Idempotency-Key": "k"})
    assert first.status_code == 201
    assert first["ETag"] == '"1"'
    assert first["Location"] == f"/api/v1/people/{first.json()['id']}/"
    second = api.post("/api/v1/people/", body, headers={"Idempotency-Key": "k"})
    assert second.json() == first.json()
    assert User.objects.filter(email="ada@example.org").count() == 1
    assert api.post("/api/v1/people/", body).status_code == 400


@pytest.mark.parametrize(
    "field", ["is_superuser", "is_staff", "is_active", "password", "groups", "roles", "role", "version", "id", "scopes"]
)
def test_no_body_carries_a_privilege(api: Any, field: str):
    who = PersonFactory()
    body = {"name": "Ada", "email": "ada@example.org", "unit": root().pk, field: True}
    assert api.post("/api/v1/people/", body).status_code == 400
    answer = api.patch(f"/api/v1/people/{who.pk}/", {field: True}, **match())
    assert answer.status_code == 400
    assert answer.json()["errors"][0]["pointer"] == f"/{field}"
    assert User.objects.get(pk=who.pk).version == 1


def test_the_address_and_the_kind_of_an_account_never_change(api: Any):
    who = PersonFactory()
    for body in ({"email": "evil@example.org"}, {"is_program": True}):
        assert api.patch(f"/api/v1/people/{who.pk}/", body, **match()).status_code == 400
    assert User.objects.get(pk=who.pk).email == who.email


def test_a_change_needs_the_version_one_read(api: Any):
    who = PersonFactory()
    address = f"/api/v1/people/{who.pk}/"
    assert api.get(address)["ETag"] == '"1"'
    assert api.patch(address, {"job_title": "Lead"}).status_code == 428
    changed = api.patch(address, {"job_title": "Lead"}, **match())
    assert (changed.status_code, changed["ETag"]) == (200, '"2"')
    stale = api.patch(address, {"job_title": "Other"}, **match())
    assert stale.status_code == 412
    assert stale.json()["current"]["job_title"] == "Lead"
    assert api.put(address, {}, **match()).status_code == 405
    assert api.delete(address, **match()).status_code == 405


@pytest.mark.parametrize("field", ["unit", "manager"])
def test_a_foreign_key_to_what_one_does_not_see_does_not_exist(api_of: Any, field: str):
    here, there = UnitFactory(), UnitFactory()
    client, who = api_of(person(M, here)), PersonFactory(unit=here)
    foreign = {"unit": there.pk, "manager": PersonFactory(unit=there).pk}
    answer = client.patch(f"/api/v1/people/{who.pk}/", {field: foreign[field]}, **match())
    gone = client.patch(f"/api/v1/people/{who.pk}/", {field: 999_999}, **match())
    assert answer.status_code == gone.status_code == 400
    assert str(answer.json()["errors"]).replace(str(foreign[field]), "") == str(gone.json()["errors"]).replace(
        "999999", ""
    )


def test_an_account_is_deactivated_and_back(api: Any):
    who = person(Role.READER)
    address = f"/api/v1/people/{who.pk}/"
    assert api.post(f"{address}deactivate/", {"reason": "left"}).status_code == 428
    assert api.post(f"{address}deactivate/", {}, **match()).status_code == 400
    assert api.post(f"{address}deactivate/", {"reason": "x", "more": 1}, **match()).status_code == 400
    assert api.post(f"{address}deactivate/", {"reason": "left"}, **match()).status_code == 204
    assert api.get(address).json()["is_active"] is False
    assert api.post(f"{address}reactivate/", {"reason": "back"}, **match(2)).json()["is_active"] is True


@pytest.mark.parametrize("role", [r for r in Role if r != M])
def test_only_managers_write(api_of: Any, role: Role):
    here = UnitFactory()
    who, target = person(role, here), PersonFactory(unit=here)
    held = hold(target, Role.READER, here)
    client = api_of(who)
    sign_in_again(client, who)
    tries = [
        client.post("/api/v1/people/", {"name": "A", "email": "a@example.org", "unit": here.pk}),
        client.patch(f"/api/v1/people/{target.pk}/", {"name": "X"}, **match()),
        client.post(f"/api/v1/people/{target.pk}/deactivate/", {"reason": "x"}, **match()),
        client.post("/api/v1/units/", {"name": "New", "kind": "site", "parent": here.pk}),
        client.patch(f"/api/v1/units/{here.pk}/", {"name": "X"}, **match()),
        client.post("/api/v1/grants/", {"person": target.pk, "role": "reader", "unit": here.pk, "reason": "x"}),
        client.post("/api/v1/grants/", {"person": who.pk, "role": M, "unit": here.pk, "reason": "x"}),
        client.post(f"/api/v1/grants/{held.pk}/end/", {"reason": "x"}, **match()),
    ]
    answers = [answer.status_code for answer in tries]
    if role in BLIND:  # to whom there is nobody, and no unit, to write about
        assert set(answers) == {400, 404}
    else:
        assert answers == [403] * len(tries)
    assert UnitGrant.objects.count() == 2
    assert User.objects.get(pk=target.pk).version == Unit.objects.get(pk=here.pk).version == 1


# -- units -----------------------------------------------------------------------------------------------------------


def test_units_are_made_changed_and_moved(api: Any):
    lyon = UnitFactory(name="Lyon")
    made = api.post("/api/v1/units/", {"name": "Care", "kind": "site", "parent": root().pk, "country": "FR"})
    assert made.status_code == 201
    address = made["Location"]
    assert api.patch(address, {"parent": lyon.pk}, **match()).json()["parent"] == lyon.pk
    circle = api.patch(f"/api/v1/units/{lyon.pk}/", {"parent": made.json()["id"]}, **match())
    assert circle.status_code == 400
    assert circle.json()["errors"][0]["pointer"] == "/parent"
    taken = api.post("/api/v1/units/", {"name": "lyon", "kind": "site", "parent": root().pk})
    assert taken.json()["errors"][0]["pointer"] == "/name"
    assert api.post("/api/v1/units/", {"name": "Top", "kind": "group", "parent": None}).status_code == 400
    assert (
        api.post("/api/v1/units/", {"name": "X", "kind": "site", "parent": root().pk, "path": [1]}).status_code == 400
    )


def test_units_one_does_not_see_do_not_exist(api_of: Any):
    here, there = UnitFactory(), UnitFactory(name="Canaryland")
    client = api_of(person(M, here))
    assert "Canaryland" not in str(client.get("/api/v1/units/").json())
    assert client.get(f"/api/v1/units/{there.pk}/").status_code == 404
    assert client.post("/api/v1/units/", {"name": "X", "kind": "site", "parent": there.pk}).status_code == 400


@pytest.mark.parametrize("key", ["0", "999999999999999999", "x", "-1", "1.5", "9" * 40])
def test_a_strange_number_is_not_found(api: Any, key: str):
    assert api.get(f"/api/v1/units/{key}/").status_code == 404


# -- roles -----------------------------------------------------------------------------------------------------------


def test_a_role_is_given_found_and_ended(api: Any, manager: User):
    who, unit = PersonFactory(), UnitFactory()
    body = {"person": who.pk, "role": "reader", "unit": unit.pk, "reason": "reads"}
    made = api.post("/api/v1/grants/", {**body, "valid_until": (TODAY + timedelta(days=9)).isoformat()})
    assert made.status_code == 201
    told = made.json()
    assert (told["granted_by"], told["valid_from"], told["ended_at"]) == (manager.pk, TODAY.isoformat(), None)
    assert unit.pk in User.objects.get(pk=who.pk).access.seen_units
    found = api.get(f"/api/v1/grants/?person={who.pk}&role=reader&unit={unit.pk}&ended=False").json()
    assert [row["id"] for row in found["results"]] == [told["id"]]
    ended = api.post(f"{made['Location']}end/", {"reason": "over"}, **match())
    assert ended.json()["end_reason"] == "over"
    assert api.get("/api/v1/grants/?ended=True").json()["count"] == 1
    assert api.get("/api/v1/grants/?ended=True&ended=False").json()["count"] == 2
    assert api.post(f"{made['Location']}end/", {"reason": "over"}, **match(2)).status_code == 409
    assert api.patch(made["Location"], {"reason": "x"}, **match(2)).status_code == 405
    assert api.delete(made["Location"], **match(2)).status_code == 405


@pytest.mark.parametrize(
    ("field", "value"),
    [("person", 999_999), ("unit", 999_999), ("role", "emperor"), ("valid_from", "2001-01-01"), ("granted_by", 1)],
)
def test_a_bad_role_is_refused_at_its_field(api: Any, field: str, value: Any):
    body = {"person": PersonFactory().pk, "role": "reader", "unit": root().pk, "reason": "x", field: value}
    answer = api.post("/api/v1/grants/", body)
    assert answer.status_code == 400
    assert answer.json()["errors"][0]["pointer"] == f"/{field}"


def test_why_a_role_was_given_is_read_by_reviewers_and_its_holder(api: Any, api_of: Any):
    here = UnitFactory()
    held = hold(PersonFactory(unit=here), Role.SYSTEM_OWNER, here, reason="of lamps")
    address = f"/api/v1/grants/{held.pk}/"
    assert api.get(address).json()["reason"] == "of lamps"
    assert api_of(held.user).get(address).json()["reason"] == "of lamps"
    colleague = api_of(person(Role.READER, here)).get(address).json()
    assert (colleague["reason"], colleague["granted_by"], colleague["role"]) == ("", None, "system_owner")


def test_roles_of_other_units_do_not_exist(api_of: Any):
    held = hold(PersonFactory(), Role.READER, UnitFactory())
    client = api_of(person(M, UnitFactory()))
    assert client.get(f"/api/v1/grants/{held.pk}/").status_code == 404
    assert client.get("/api/v1/grants/").json()["count"] == 1


def test_who_ends_their_last_role_gets_no_body(api_of: Any):
    who = person(Role.READER, UnitFactory())
    client = api_of(who)
    sign_in_again(client, who)
    held = who.unit_grants.get()
    answer = client.post(f"/api/v1/grants/{held.pk}/end/", {"reason": "enough"}, **match())
    assert answer.status_code == 200
    assert client.get("/api/v1/me/").json()["roles"] == {}


# -- oneself and tokens ----------------------------------------------------------------------------------------------


def test_me(api: Any, manager: User):
    answer = api.get("/api/v1/me/")
    assert answer["ETag"] == '"1"'
    assert answer.json()["roles"] == {M: sorted(Unit.objects.values_list("pk", flat=True))}
    assert answer.json()["scopes"] is None
    assert api.post("/api/v1/me/", {}).status_code == 405


def test_tokens_are_issued_once_listed_without_secret_and_revoked(api: Any, manager: User):
    expires = (manager.joined_at + timedelta(days=9)).isoformat()
    made = api.post("/api/v1/tokens/", {"name": "CI", "scopes": ["read"], "expires_at": expires})
    assert made.status_code == 201
    assert made["Cache-Control"] == "no-store"
    assert made.json()["secret"].startswith(made.json()["prefix"])
    listed = api.get("/api/v1/tokens/").json()["results"]
    assert [row["owner"] for row in listed] == [manager.pk]
    assert not {"secret", "digest"} & set(listed[0])
    assert api.post(f"{made['Location']}revoke/", {"reason": "lost"}).status_code == 428
    assert api.post(f"{made['Location']}revoke/", {"reason": "lost"}, **match()).json()["revoked_at"]


def test_tokens_are_not_issued_for_other_people(api: Any, manager: User):
    expires = (manager.joined_at + timedelta(days=9)).isoformat()
    body = {"name": "CI", "scopes": ["read"], "expires_at": expires, "owner": PersonFactory().pk}
    assert api.post("/api/v1/tokens/", body).status_code == 403
    body["owner"] = PersonFactory(is_program=True).pk
    assert api.post("/api/v1/tokens/", body).status_code == 201


@pytest.mark.parametrize(
    ("field", "value"),
    [("scopes", []), ("scopes", ["grant.give"]), ("expires_at", "2001-01-01T00:00:00Z"), ("prefix", "x")],
)
def test_a_bad_token_is_refused_at_its_field(api: Any, manager: User, field: str, value: Any):
    body = {"name": "CI", "scopes": ["read"], "expires_at": (manager.joined_at + timedelta(days=9)).isoformat()}
    answer = api.post("/api/v1/tokens/", {**body, field: value})
    assert answer.status_code == 400
    assert answer.json()["errors"][0]["pointer"].startswith(f"/{field}")


def test_strangers_answer_401(api_of: Any):
    for path in ("people", "units", "grants", "tokens", "me"):
        answer = api_of().get(f"/api/v1/{path}/")
        assert answer.status_code == 401
        assert answer["WWW-Authenticate"] == "Bearer"


def test_the_own_description_knows_the_token_scheme(api: Any):
    told = api.get("/api/v1/schema/?format=json")
    assert told.status_code == 200
    assert b"bearer" in told.content
