"""Signing in: by password, second factor and OpenID Connect; who is turned away; what is recorded of it."""

import time
from itertools import count
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal import auth as totp
from allauth.usersessions.models import UserSession
from django.contrib.auth.password_validation import validate_password
from django.core import mail
from django.core.exceptions import ValidationError
from django.test import Client

from aims.history import event_model
from organization.adapters.account import method_words
from organization.adapters.mfa import MfaAdapter
from organization.models import SignIn, User
from organization.passwords import ContextWords, context_words
from organization.services.accounts import email_digest
from organization.states import Role
from tests.factories.organization import PASSWORD, PersonFactory, UnitFactory, person, root

pytestmark = pytest.mark.django_db
_hosts = count(int(time.time()) % 60_000)


@pytest.fixture
def client() -> Client:
    """A browser at an address of its own: limits are kept by address."""
    number = next(_hosts)
    return Client(
        REMOTE_ADDR=f"10.{number // 65536 % 256}.{number // 256 % 256}.{number % 256}", HTTP_USER_AGENT="Firefox/9"
    )


def sign_in(client: Client, email: str, password: str = PASSWORD) -> Any:
    return client.post("/account/login/", {"login": email, "password": password})


def told(who: User | None = None) -> list[tuple[str, str]]:
    return [(row.kind, row.method) for row in SignIn.objects.filter(person=who).order_by("pk")]


def test_a_person_signs_in_and_out_by_email(client: Client):
    who = PersonFactory(email="ada@example.org")
    answer = sign_in(client, "ADA@example.org")
    assert (answer.status_code, answer["Location"]) == (302, "/")
    assert client.get("/").status_code == 200
    client.post("/account/logout/")
    assert client.get("/").status_code == 302
    assert told(who) == [("signed_in", "password"), ("signed_out", "sign-out")]
    assert SignIn.objects.filter(person=who)[0].user_agent == "Firefox/9"


def test_signing_in_goes_where_one_wanted_to_but_never_away(client: Client):
    who = PersonFactory()
    there = client.post("/account/login/?next=/units/", {"login": who.email, "password": PASSWORD, "next": "/units/"})
    assert there["Location"] == "/units/"
    client.logout()
    away = client.post("/account/login/", {"login": who.email, "password": PASSWORD, "next": "https://evil.example/"})
    assert away["Location"] == "/"


def test_a_wrong_password_and_an_unknown_address_answer_alike_and_are_recorded(client: Client):
    who = PersonFactory()
    wrong, unknown = sign_in(client, who.email, "x"), sign_in(client, "nobody@example.org")
    assert wrong.status_code == unknown.status_code == 200
    assert b"not correct" in wrong.content
    assert b"not correct" in unknown.content
    assert told(who) == [("failed", "password")]
    row = SignIn.objects.get(person=None)
    assert row.email_digest == email_digest(" Nobody@example.org")
    assert "nobody" not in str(vars(row))


def test_nobody_signs_up(client: Client):
    form = {"email": "new@example.org", "password1": "a lamp beside the window"}
    assert b"closed" in client.post("/account/signup/", form).content.lower()
    assert not User.objects.filter(email="new@example.org").exists()


@pytest.mark.parametrize("more", [{"is_active": False}, {"is_program": True}])
def test_who_left_and_programs_get_no_session(client: Client, more: dict[str, bool]):
    who = PersonFactory(**more)
    assert sign_in(client, who.email)["Location"] == "/account/inactive/"
    assert client.get("/").status_code == 302
    assert told(who) == [("refused", "inactive")]


def test_after_five_failures_even_the_right_password_waits(client: Client):
    who = PersonFactory()
    for _ in range(5):
        sign_in(client, who.email, "x")
    assert sign_in(client, who.email).status_code == 200
    assert client.get("/").status_code == 302
    assert told(who)[-1] == ("failed", "rate limit")


def test_a_new_session_key_at_sign_in(client: Client):
    client.get("/account/login/")
    before = client.session.session_key
    sign_in(client, PersonFactory().email)
    assert client.session.session_key != before


def test_other_sessions_are_listed_and_ended(client: Client):
    who, other = PersonFactory(), Client(REMOTE_ADDR="10.9.9.9", HTTP_USER_AGENT="Safari/1")
    sign_in(client, who.email)
    sign_in(other, who.email)
    assert UserSession.objects.filter(user=who).count() == 2
    assert b"Safari/1" in client.get("/account/sessions/").content
    client.post("/account/sessions/")
    assert other.get("/").status_code == 302
    assert client.get("/").status_code == 200
    assert told(who)[-1] == ("signed_out", "revoked")


def test_a_new_password_ends_every_other_session_and_is_told(client: Client):
    who, other = PersonFactory(), Client(REMOTE_ADDR="10.9.9.8")
    sign_in(client, who.email)
    sign_in(other, who.email)
    new = "a lamp beside the window"
    form = {"oldpassword": PASSWORD, "password1": new, "password2": new}
    assert client.post("/account/password/change/", form).status_code == 302
    assert client.get("/").status_code == 200
    assert other.get("/").status_code == 302
    assert ("changed", "password changed") in told(who)
    assert mail.outbox[-1].to == [who.email]


def test_a_person_changes_the_own_address_by_the_link_sent_there(client: Client):
    who = PersonFactory(email="old@example.org")
    sign_in(client, who.email)
    page = client.post("/account/email/", {"email": "new@example.org", "action_add": ""})
    if page.status_code == 302 and "reauthenticate" in page["Location"]:
        client.post(page["Location"], {"password": PASSWORD})
        client.post("/account/email/", {"email": "new@example.org", "action_add": ""})
    assert User.objects.get(pk=who.pk).email == "old@example.org"
    sent = next(message for message in mail.outbox if message.to == ["new@example.org"])
    url = next(line for line in sent.body.split() if "/confirm-email/" in line)
    path = url[url.index("/account/") :]
    client.post(path)
    assert User.objects.get(pk=who.pk).email == "new@example.org"
    assert [row.email for row in EmailAddress.objects.filter(user=who)] == ["new@example.org"]
    event = event_model(User).objects.filter(pgh_obj_id=who.pk).last()
    assert event.pgh_context["service"] == "change_email"
    assert event.pgh_context["actor"] == who.pk


# -- second factor ---------------------------------------------------------------------------------------------------

SECRET = "JBSWY3DPEHPK3PXP"


def code(step: int = 0) -> str:
    return totp.format_hotp_value(totp.hotp_value(SECRET, int(time.time()) // 30 + step))


def test_the_secret_of_the_second_factor_rests_encrypted():
    who = PersonFactory()
    totp.TOTP.activate(who, SECRET)
    kept = Authenticator.objects.get(user=who).data["secret"]
    assert SECRET not in kept
    assert MfaAdapter().decrypt(kept) == SECRET


def test_a_second_factor_is_asked_for_and_a_wrong_code_recorded(client: Client):
    who = PersonFactory()
    totp.TOTP.activate(who, SECRET)
    assert sign_in(client, who.email)["Location"].startswith("/account/2fa/authenticate/")
    assert client.get("/").status_code == 302
    client.post("/account/2fa/authenticate/", {"code": code(7)})
    assert told(who) == [("failed", "second factor")]
    assert client.post("/account/2fa/authenticate/", {"code": code()}).status_code == 302
    assert client.get("/").status_code == 200
    assert told(who)[-1] == ("signed_in", "password, totp")


def test_a_code_is_good_once(client: Client):
    who, second = PersonFactory(), Client(REMOTE_ADDR="10.9.9.7")
    totp.TOTP.activate(who, SECRET)
    used = code()
    for browser in (client, second):
        sign_in(browser, who.email)
        browser.post("/account/2fa/authenticate/", {"code": used})
    assert client.get("/").status_code == 200
    assert second.get("/").status_code == 302


def test_passkeys_are_offered_and_ask_for_user_verification(client: Client):
    assert b"passkey" in client.get("/account/login/").content
    options = client.get("/account/2fa/webauthn/login/", headers={"X-Requested-With": "XMLHttpRequest"}).json()
    assert options["request_options"]["publicKey"]["userVerification"] == "required"
    assert options["request_options"]["publicKey"]["rpId"] == "testserver"


def test_the_device_shows_the_products_name(client: Client, rf: Any):
    from allauth.core import context

    with context.request_context(rf.get("/", headers={"Host": "localhost:8000"})):
        assert MfaAdapter().get_public_key_credential_rp_entity() == {"id": "localhost", "name": "AIMS"}


def test_how_somebody_signed_in_in_words():
    records = [{"method": "password"}, {"method": "mfa", "type": "totp"}, {"method": "mfa", "type": "totp"}]
    assert method_words(records) == "password, totp"
    assert method_words([{"method": "socialaccount", "provider": "sso"}]) == "sso"
    assert method_words([]) == "session"


# -- passwords -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "password",
    [
        "short",
        "1234567890123456",
        "aimsaimsaimsaims1",
        "marktlichtmarktlicht",
        "ada.lovelace@exa",
        "",
    ],
)
def test_weak_passwords_are_refused(password: str):
    root()
    who = PersonFactory(name="Ada Lovelace", email="ada.lovelace@example.org", unit=UnitFactory(name="Marktlicht"))
    with pytest.raises(ValidationError):
        validate_password(password, who)


def test_a_long_phrase_is_welcome():
    validate_password("a lamp beside the window", PersonFactory())


def test_words_of_the_place_may_stand_in_a_longer_phrase():
    unit = UnitFactory(name="Marktlicht")
    rule = ContextWords()
    rule.validate("seven marktlicht lamps hum at noon", person(Role.READER, unit))
    with pytest.raises(ValidationError):
        rule.validate("marktlicht lamps", person(Role.READER, unit))
    assert "marktlicht" in context_words(person(Role.READER, unit))
    assert "marktlicht" not in context_words(None)
    assert rule.get_help_text()


def test_the_hash_is_argon2():
    assert PersonFactory().password.startswith("argon2$")
