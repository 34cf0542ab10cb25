"""OpenID Connect: people are told apart by (issuer, subject); only an e-mail that the provider verified finds one."""

import hashlib
from typing import Any

from allauth.account.models import EmailAddress
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.providers.base import AuthProcess
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.providers.openid_connect.provider import OpenIDConnectProvider
from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import gettext as _

from aims import clock
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

    def pre_social_login(self, request: HttpRequest, sociallogin: Any) -> None:
        """Before anybody is let in: the role Employee follows the provider's word; who is new and named so joins."""
        if not settings.OIDC_EMPLOYEES:
            return
        told, today = sociallogin.account.extra_data, clock.today()
        employed = is_employee(told)
        source = _("%(provider)s says %(claim)s") % {
            "provider": sociallogin.account.get_provider().name, "claim": settings.OIDC_EMPLOYEES,
        }  # fmt: skip
        if sociallogin.is_existing:
            if sociallogin.user.is_active:
                services.keep_employee(sociallogin.user, employed=employed, source=source, at=clock.now(), on=today)
        elif employed and sociallogin.state.get("process", AuthProcess.LOGIN) == AuthProcess.LOGIN:
            address = next((one.email for one in sociallogin.email_addresses if one.verified), "")
            joined = address and services.join_by_sign_on(email=address, name=_name(told), source=source, on=today)
            if joined:
                sociallogin.connect(request, joined)

    def is_open_for_signup(self, request: HttpRequest, sociallogin: Any) -> bool:
        """An identity that belongs to nobody here makes no account; the attempt is recorded."""
        email = sociallogin.email_addresses[0].email if sociallogin.email_addresses else sociallogin.account.uid
        services.record_sign_in(
            SignInKind.FAILED, email=email, method=sociallogin.account.provider, user_agent=agent(request)
        )
        return False


def _name(told: dict[str, Any]) -> str:
    said = told.get("userinfo") or told.get("id_token") or {}
    both = " ".join(str(said.get(part) or "") for part in ("given_name", "family_name"))
    return str(said.get("name") or both).strip()


def is_employee(told: dict[str, Any]) -> bool:
    """Whether the claim that the settings name has their value, alone or in a list, in the signed token or beside it."""
    if settings.OIDC_EMPLOYEES == "*":
        return True
    claim, _colon, value = settings.OIDC_EMPLOYEES.partition(":")
    found = [(told.get(part) or {}).get(claim) for part in ("id_token", "userinfo")]
    return any(value in one if isinstance(one, list) else one == value for one in found)
