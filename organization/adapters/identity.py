"""OpenID Connect: people are told apart by (issuer, subject); only an e-mail that the provider verified finds one."""

import hashlib
from typing import Any

from allauth.account.models import EmailAddress
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.providers.openid_connect.provider import OpenIDConnectProvider
from django.http import HttpRequest

from organization import services
from organization.adapters.account import agent
from organization.states import SignInKind


class IdentityProvider(OpenIDConnectProvider):
    """The provider's answer, read strictly."""

    package = "allauth.socialaccount.providers.openid_connect"

    def extract_uid(self, data: dict[str, Any]) -> str:
        """A key made of issuer and subject: another issuer under the same settings is another person.

        The user information must be about the subject of the signed token (OpenID Connect Core 5.3.2).
        """
        token = data.get("id_token") or {}
        issuer, subject = token.get("iss"), token.get("sub")
        if not issuer or not subject:
            raise OAuth2Error("The identity provider sent no issuer or no subject.")
        if data.get("userinfo", token).get("sub") != subject:
            raise OAuth2Error("The user information is about somebody else than the token.")
        return hashlib.sha256(f"{issuer}\n{subject}".encode()).hexdigest()

    def extract_email_addresses(self, data: dict[str, Any]) -> list[EmailAddress]:
        """Only `true` says verified; the word "false" does not."""
        addresses: list[EmailAddress] = super().extract_email_addresses(data)
        for address in addresses:
            address.verified = address.verified is True
        return addresses


class IdentityAdapter(DefaultSocialAccountAdapter):
    """Hooks of allauth's socialaccount app."""

    def authenticate_by_email(self, sociallogin: Any) -> Any:
        """The active person of a verified address; nobody who left, and no program."""
        found = super().authenticate_by_email(sociallogin)
        return found if found and found[0].is_active and not found[0].is_program else None

    def is_open_for_signup(self, request: HttpRequest, sociallogin: Any) -> bool:
        """An identity that belongs to nobody here makes no account; the attempt is recorded."""
        email = sociallogin.email_addresses[0].email if sociallogin.email_addresses else sociallogin.account.uid
        services.record_sign_in(
            SignInKind.FAILED, email=email, method=sociallogin.account.provider, user_agent=agent(request)
        )
        return False
