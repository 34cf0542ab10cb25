"""Signing in by API token: `Authorization: Bearer aims_…`."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from rest_framework.authentication import BaseAuthentication, get_authorization_header
from rest_framework.exceptions import AuthenticationFailed, PermissionDenied
from rest_framework.permissions import SAFE_METHODS
from rest_framework.request import Request

from aims import clock
from aims.access import access_of
from aims.guests import door
from organization.models import ApiToken, User
from organization.services.tokens import READ, check_token


class TokenAuthentication(BaseAuthentication):
    """401 for a token that is wrong, expired, revoked or whose owner left; 403 for reading without the scope `read`.

    The person who comes out acts within the token's scopes alone: see `User.access`.
    """

    def authenticate(self, request: Request) -> tuple[User, ApiToken] | None:
        scheme, _space, text = get_authorization_header(request).decode("latin-1").partition(" ")
        if scheme.lower() != "bearer":
            return None
        token = check_token(text.strip(), at=clock.now())
        if token is None:
            raise AuthenticationFailed(_("This token is not known, has expired or was revoked."))
        if request.method in SAFE_METHODS and READ not in token.scopes:
            raise PermissionDenied(_("This token may not read."))
        owner = _limited(token)
        if request.method not in SAFE_METHODS and access_of(owner).guest:
            raise PermissionDenied(_("A token of somebody from outside only reads."))
        if closed := door(owner):
            raise AuthenticationFailed(closed)
        return owner, token

    def authenticate_header(self, request: Request) -> str:
        return "Bearer"


def _limited(token: ApiToken) -> User:
    owner: Any = token.owner
    owner.token_prefix, owner.token_scopes = token.prefix, frozenset(token.scopes)
    assert isinstance(owner, User)
    return owner


class TokenScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    """How OpenAPI tells it."""

    target_class = "organization.api.authentication.TokenAuthentication"
    name = "token"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        return {"type": "http", "scheme": "bearer", "bearerFormat": "aims_…"}
