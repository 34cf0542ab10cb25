"""The own account: language and zone, tokens shown once, what is told about sign-ins."""

import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from organization import services
from organization.forms import scope_words
from organization.models import ApiToken, SignIn, User
from organization.states import Role
from organization.views.account import browser_words
from tests.factories.organization import PersonFactory, UnitFactory, hold, person, sign_in_again

pytestmark = pytest.mark.django_db
NOW = datetime.now(UTC)


@pytest.fixture
def me(client: Client) -> User:
    who = person(Role.READER, UnitFactory(name="Care"), name="Ada")
    client.force_login(who)
    sign_in_again(client, who)
    return who


def text(answer: Any) -> str:
    return str(answer.content.decode())


def test_the_account_says_who_one_is_and_who_acts_in_ones_name(client: Client, me: User):
    SignIn.objects.create(kind="failed", person=me, method="password", user_agent="Mozilla Firefox/9 Windows")
    SignIn.objects.create(kind="failed", person=PersonFactory(), method="canary")
    shown = text(client.get("/me/"))
    for words in ("Ada", "Care", "Reader", "Failed", "Firefox, Windows", "No program acts in your name", "English"):
        assert words in shown
    assert "canary" not in shown


def test_without_roles_the_account_says_so(client: Client):
    client.force_login(PersonFactory())
    shown = text(client.get("/me/"))
    assert "You hold no role" in shown
    assert "Issue a token" not in shown


def test_language_and_zone_are_kept_and_used(client: Client, me: User):
    assert client.get("/me/change/").status_code == 200
    form = {"language": "de", "time_zone": "Europe/Berlin", "version": me.version}
    assert client.post("/me/change/", form)["Location"] == "/me/"
    assert 'lang="de"' in text(client.get("/me/"))
    assert client.post("/me/change/", {"language": "tlh", "time_zone": "Europe/Berlin"}).status_code == 400
    assert client.post("/me/change/", {**form, "language": "en"}).status_code == 412


FORM = {"name": "Build", "scopes": ["read"], "days": "90"}


def test_the_secret_is_shown_once(client: Client, me: User):
    assert "Read everything the owner sees" in text(client.get("/me/tokens/new/"))
    answer = client.post("/me/tokens/new/", FORM)
    secret = re.search(r"aims_[0-9a-f]{8}_[\w-]{43}", text(answer))
    assert secret
    assert answer["Cache-Control"] == "no-store"
    token = ApiToken.objects.get()
    assert services.check_token(secret[0], at=NOW) == token
    assert timedelta(days=89) < token.expires_at - NOW < timedelta(days=91)
    again = text(client.get("/me/"))
    assert token.prefix in again
    assert secret[0] not in again


@pytest.mark.parametrize(
    ("field", "value"), [("name", ""), ("scopes", []), ("scopes", ["grant.give"]), ("days", "9999")]
)
def test_a_bad_token_is_refused(client: Client, me: User, field: str, value: Any):
    assert client.post("/me/tokens/new/", {**FORM, field: value}).status_code == 400
    assert not ApiToken.objects.exists()


def test_issuing_asks_who_one_is_and_needs_a_role(client: Client):
    nobody = PersonFactory()
    client.force_login(nobody)
    assert "/account/reauthenticate/" in client.get("/me/tokens/new/")["Location"]
    sign_in_again(client, nobody)
    assert client.get("/me/tokens/new/").status_code == 403


def test_a_token_is_revoked(client: Client, me: User):
    token, secret = services.issue_token(
        me, by=me, name="Build", scopes=["read"], expires_at=NOW + timedelta(days=1), at=NOW
    )
    address = f"/tokens/{token.pk}/revoke/"
    assert "Revoke the token Build" in text(client.get(address))
    assert client.post(address, {"reason": "lost"})["Location"] == "/me/"
    assert services.check_token(secret, at=NOW) is None
    assert "Revoked" in text(client.get("/me/"))
    assert client.post(address, {"reason": "lost"}).status_code == 409


def test_tokens_of_others_do_not_exist(client: Client, me: User):
    other = person(Role.READER)
    token, _secret = services.issue_token(
        other, by=other, name="x", scopes=["read"], expires_at=NOW + timedelta(days=1), at=NOW
    )
    assert client.get(f"/tokens/{token.pk}/revoke/").status_code == 404


def test_an_expired_token_says_so(client: Client, me: User):
    token, _secret = services.issue_token(
        me, by=me, name="x", scopes=["read"], expires_at=NOW + timedelta(days=1), at=NOW
    )
    ApiToken.objects.filter(pk=token.pk).update(created_at=NOW - timedelta(days=3), expires_at=NOW - timedelta(days=1))
    assert "Expired" in text(client.get("/me/"))


def test_a_manager_issues_and_revokes_tokens_of_a_program(client: Client):
    manager, program = person(Role.AIMS_MANAGER), PersonFactory(name="Pipeline", is_program=True)
    hold(program, Role.INTEGRATION, UnitFactory())
    client.force_login(manager)
    sign_in_again(client, manager)
    page = f"/people/{program.pk}/"
    assert "Issue a token" in text(client.get(page))
    assert "The token is issued" in text(client.post(f"{page}tokens/new/", FORM))
    token = ApiToken.objects.get(owner=program)
    assert token.prefix in text(client.get(page))
    assert client.post(f"/tokens/{token.pk}/revoke/", {"reason": "rotated"})["Location"] == page
    assert client.get(f"/people/{PersonFactory().pk}/tokens/new/").status_code == 403


@pytest.mark.parametrize(
    ("agent", "words"),
    [
        ("Mozilla/5.0 (Windows NT 10.0) Chrome/1 Safari/1 Edg/1", "Edge, Windows"),
        ("Mozilla/5.0 (iPhone) Safari/1", "Safari, iPhone"),
        ("Mozilla/5.0 (X11; Linux) Firefox/1", "Firefox, Linux"),
        ("curl/8", "curl/8"),
        ("", ""),
    ],
)
def test_browsers_in_words(agent: str, words: str):
    assert browser_words(agent) == words


def test_scopes_in_words():
    assert scope_words("person.change") == "People: change (person.change)"
    assert scope_words("made_up.read_all") == "Made up: read all (made_up.read_all)"
    assert scope_words("read").endswith("(read)")
