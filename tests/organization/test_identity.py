"""OpenID Connect against an identity provider that runs, honest and hostile."""

import json
import threading
from base64 import urlsafe_b64encode
from collections.abc import Iterator
from datetime import date
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from time import time
from typing import Any
from urllib.parse import parse_qs, urlsplit

import jwt
import pytest
from allauth.socialaccount.models import SocialAccount
from django.test import Client

from organization.adapters.identity import IdentityProvider
from organization.models import SignIn, User
from organization.services import join_by_sign_on
from organization.states import Role
from tests.factories import inventory as make
from tests.factories.organization import PersonFactory, person, root

pytestmark = pytest.mark.django_db


class Provider:
    """A small identity provider. Its answers can be bent."""

    def __init__(self) -> None:
        self.claims: dict[str, Any] = {"sub": "s-1", "email": "ada@example.org", "email_verified": True}
        self.userinfo: dict[str, Any] = {}
        self.challenges: list[tuple[str, str]] = []
        self.url = self.issuer = self.audience = ""

    def token(self) -> str:
        now = int(time())
        claims = {"iss": self.issuer or self.url, "aud": self.audience or "aims", "exp": now + 60, "iat": now}
        return jwt.encode({**claims, **self.claims}, "x" * 32, algorithm="HS256")

    def answer(self, path: str, form: dict[str, list[str]]) -> dict[str, Any]:
        if path == "/.well-known/openid-configuration":
            places = {f"{name}_endpoint": f"{self.url}/{name}" for name in ("authorization", "token", "userinfo")}
            return {"issuer": self.url, "jwks_uri": f"{self.url}/keys", **places}
        if path == "/token":
            verifier = form["code_verifier"][0]
            made = urlsafe_b64encode(sha256(verifier.encode()).digest()).decode().rstrip("=")
            self.challenges.append(("S256", made))
            return {"access_token": "t", "token_type": "Bearer", "id_token": self.token()}
        return self.userinfo or self.claims


@pytest.fixture
def provider(settings: Any) -> Iterator[Provider]:
    behind = Provider()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self._say(behind.answer(urlsplit(self.path).path, {}))

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            self._say(behind.answer(urlsplit(self.path).path, parse_qs(body)))

        def _say(self, told: dict[str, Any]) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.end_headers()
            self.wfile.write(json.dumps(told).encode())

        def log_message(self, *args: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    behind.url = f"http://127.0.0.1:{server.server_port}"
    threading.Thread(target=server.serve_forever, daemon=True).start()
    one = {
        "provider_id": "sso",
        "name": "Sign-on",
        "client_id": "aims",
        "secret": "s",
        "settings": {"server_url": behind.url},
    }
    given = settings.SOCIALACCOUNT_PROVIDERS["openid_connect"]
    settings.SOCIALACCOUNT_PROVIDERS = {"openid_connect": {**given, "APPS": [one]}}
    yield behind
    server.shutdown()
    server.server_close()


def go(client: Client, provider: Provider) -> Any:
    """From the sign-in page to the provider and back."""
    start = client.post("/account/oidc/sso/login/")
    asked = parse_qs(urlsplit(start["Location"]).query)
    assert asked["code_challenge_method"] == ["S256"]
    back = client.get("/account/oidc/sso/login/callback/", {"code": "c", "state": asked["state"][0]})
    if provider.challenges:
        assert provider.challenges[-1] == ("S256", asked["code_challenge"][0])
    return back


def signed_in(client: Client) -> bool:
    return client.get("/").status_code == 200


def test_a_verified_address_finds_its_person_once_and_the_subject_from_then_on(client: Client, provider: Provider):
    who = PersonFactory(email="ada@example.org")
    go(client, provider)
    assert signed_in(client)
    account = SocialAccount.objects.get(user=who)
    again = Client()
    provider.claims |= {"email": "renamed@example.org"}
    go(again, provider)
    assert signed_in(again)
    assert SocialAccount.objects.get() == account
    assert {row.method for row in SignIn.objects.filter(person=who, kind="signed_in")} == {"sso"}


@pytest.mark.parametrize("verified", [False, None, "false", "true", 0])
def test_an_address_that_is_not_verified_finds_nobody(client: Client, provider: Provider, verified: Any):
    PersonFactory(email="ada@example.org")
    provider.claims["email_verified"] = verified
    go(client, provider)
    assert not signed_in(client)
    assert not SocialAccount.objects.exists()
    assert SignIn.objects.get().kind == "failed"


def test_a_stranger_gets_no_account(client: Client, provider: Provider):
    provider.claims["email"] = "stranger@example.org"
    assert b"closed" in go(client, provider).content.lower()
    assert not User.objects.filter(email="stranger@example.org").exists()
    assert SignIn.objects.get(person=None).method == "sso"


def test_a_stranger_without_address_is_recorded_too(client: Client, provider: Provider):
    provider.claims = {"sub": "s-9"}
    go(client, provider)
    assert not signed_in(client)
    assert SignIn.objects.get(person=None).email_digest


def test_the_same_subject_of_another_issuer_is_another_person(client: Client, provider: Provider):
    PersonFactory(email="ada@example.org")
    go(client, provider)
    uid = SocialAccount.objects.get().uid
    config = IdentityProvider.extract_uid(None, {"id_token": {"iss": "https://evil.example", "sub": "s-1"}})  # type: ignore[arg-type]
    assert config != uid


@pytest.mark.parametrize(
    ("bent", "value"),
    [
        ("issuer", "https://evil.example"),
        ("audience", "another-client"),
        ("userinfo", {"sub": "s-2", "email": "ada@example.org", "email_verified": True}),
        ("claims", {"sub": "s-1", "exp": 1, "email": "ada@example.org", "email_verified": True}),
        ("claims", {"email": "ada@example.org", "email_verified": True}),
    ],
)
def test_a_bent_answer_opens_nothing(client: Client, provider: Provider, bent: str, value: Any):
    PersonFactory(email="ada@example.org")
    setattr(provider, bent, value)
    go(client, provider)
    assert not signed_in(client)
    assert not SocialAccount.objects.exists()


def test_who_left_stays_out(client: Client, provider: Provider):
    who = PersonFactory(email="ada@example.org", is_active=False)
    go(client, provider)
    assert not signed_in(client)
    assert SignIn.objects.get(person=who).kind == "failed"
    assert not SocialAccount.objects.exists()


def test_who_has_no_password_decides_after_going_to_the_provider_again(client: Client, provider: Provider):
    who = person(Role.AIMS_MANAGER, email="ada@example.org")
    User.objects.filter(pk=who.pk).update(password="!")
    go(client, provider)
    address = f"/people/{PersonFactory().pk}/grant/"
    assert client.get(address).status_code == 200
    session = client.session
    session["account_authentication_methods"] = [{"method": "socialaccount", "at": 1.0}]
    session.save()
    assert client.get(address)["Location"].startswith("/account/oidc/sso/login/?next=")
    go(client, provider)
    assert client.get(address).status_code == 200


@pytest.fixture
def staff(settings: Any, provider: Provider) -> Provider:
    """The provider names who works here in a claim."""
    settings.OIDC_EMPLOYEES = "groups:staff"
    provider.claims |= {"email": "new@example.org", "name": "Noa New", "groups": ["all", "staff"]}
    root()
    return provider


def test_an_employee_whom_the_provider_names_gets_an_account_and_the_role(client: Client, staff: Provider):
    go(client, staff)
    assert signed_in(client)
    who = User.objects.get(email="new@example.org")
    assert (who.name, who.unit.parent, who.has_usable_password()) == ("Noa New", None, False)
    grant = who.unit_grants.get()
    assert (grant.role, grant.granted_by, grant.reason) == (Role.EMPLOYEE, None, "Sign-on says groups:staff")
    go(Client(), staff)
    assert who.unit_grants.count() == 1


def test_the_role_follows_what_the_provider_says(client: Client, staff: Provider):
    go(client, staff)
    who = User.objects.get(email="new@example.org")
    staff.claims["groups"] = "all"
    go(Client(), staff)
    ended = who.unit_grants.get()
    assert ended.ended_at and ended.end_reason == "No longer said: Sign-on says groups:staff"
    staff.claims["groups"] = "staff"
    go(Client(), staff)
    assert who.unit_grants.filter(ended_at=None).count() == 1


def test_what_a_manager_gave_stays_whatever_the_provider_says(client: Client, staff: Provider):
    who = person(Role.EMPLOYEE, email="new@example.org")
    who.unit_grants.update(granted_by=person(Role.AIMS_MANAGER))
    staff.claims["groups"] = []
    go(client, staff)
    assert who.unit_grants.get().ended_at is None


@pytest.mark.parametrize(
    "bent", [{"groups": ["all"]}, {"groups": "staffing"}, {"email_verified": False}, {"email": "left@example.org"}]
)
def test_whom_the_provider_does_not_name_gets_no_account(client: Client, staff: Provider, bent: dict[str, Any]):
    PersonFactory(email="left@example.org", is_active=False)
    before = User.objects.count()
    staff.claims |= bent
    go(client, staff)
    assert not signed_in(client)
    assert User.objects.count() == before
    assert SignIn.objects.get().kind == "failed"


def test_everybody_may_be_an_employee_but_who_comes_from_outside(client: Client, staff: Provider, settings: Any):
    settings.OIDC_EMPLOYEES = "*"
    del staff.claims["groups"]
    auditor = person(Role.EXTERNAL_AUDITOR, email="new@example.org")
    go(client, staff)
    assert [grant.role for grant in auditor.unit_grants.all()] == [Role.EXTERNAL_AUDITOR]
    staff.claims |= {"sub": "s-3", "email": "other@example.org", "name": "", "given_name": "O.", "family_name": "Ther"}
    go(Client(), staff)
    assert User.objects.get(name="O. Ther").unit_grants.get().role == Role.EMPLOYEE


def test_an_address_joins_once():
    root()
    assert join_by_sign_on(email="new@example.org", name="", source="said", on=date(2026, 3, 2))
    assert join_by_sign_on(email="NEW@example.org", name="", source="said", on=date(2026, 3, 2)) is None


def test_nobody_joins_where_there_is_no_organization_yet():
    assert join_by_sign_on(email="new@example.org", name="", source="said", on=date(2026, 3, 2)) is None
    assert not User.objects.exists()


def test_an_employee_opens_no_register_and_proposes(client: Client, staff: Provider):
    make.system(root(), title="Unseen by staff")
    go(client, staff)
    assert b"Unseen by staff" not in client.get("/systems/").content
    who = User.objects.get(email="new@example.org")
    assert not who.access.seen_units and not who.access.all_units and not who.access.above
    assert client.get("/proposals/new/").status_code == 200


def test_a_state_of_another_browser_is_refused(client: Client, provider: Provider):
    PersonFactory(email="ada@example.org")
    client.get("/account/oidc/sso/login/callback/", {"code": "c", "state": "x" * 16})
    assert not signed_in(client)
