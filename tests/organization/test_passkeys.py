"""A passkey, from adding it to signing in with it, in a browser with an authenticator of its own."""

from typing import Any

import pytest

from organization.models import SignIn
from tests.factories.organization import PASSWORD, PersonFactory

pytestmark = pytest.mark.browser
KEY = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


def test_a_passkey_signs_in_without_a_password(window: Any):
    who, page = PersonFactory(name="Ada"), window.page
    device = page.context.new_cdp_session(page)
    device.send("WebAuthn.enable")
    device.send("WebAuthn.addVirtualAuthenticator", {"options": KEY})
    window.go("/account/login/")
    page.fill("[name=login]", who.email)
    page.fill("[name=password]", PASSWORD)
    page.press("[name=password]", "Enter")
    page.wait_for_url(f"{window.site}/")
    window.go("/account/2fa/webauthn/add/")
    page.fill("[name=password]", PASSWORD)
    page.press("[name=password]", "Enter")
    page.wait_for_url("**/webauthn/add/")
    page.click("#mfa_webauthn_add")
    page.wait_for_url("**/recovery-codes/")
    page.context.clear_cookies()
    window.go("/account/login/")
    page.click("#passkey_login")
    page.wait_for_url(f"{window.site}/")
    window.go("/me/")
    assert "Ada" in page.inner_text("main")
    assert SignIn.objects.filter(person=who)[0].method == "webauthn"
