"""Verbs that decide ask for the password or passkey again after 15 minutes, and refuse API tokens.

For pages put `Deciding` before the view class; in an API view call `confirm(request)` first.
"""

import time
from typing import Any

from allauth.account.authentication import get_authentication_records
from allauth.core.exceptions import ReauthenticationRequired
from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _

from aims.errors import NotPermitted, Reauthenticate


def confirmed(request: Any) -> bool:
    """Whether the person proved who they are in this session within the last 15 minutes."""
    records = get_authentication_records(request, request.user)
    latest = max((record["at"] for record in records), default=0.0)
    return bool(time.time() - latest < settings.ACCOUNT_REAUTHENTICATION_TIMEOUT)


def confirm(request: Any) -> None:
    """In an API view, before deciding. Errors: NotPermitted for a token, Reauthenticate (401) after 15 minutes."""
    if getattr(request.user, "token_prefix", None):
        raise NotPermitted(_("A token cannot decide; sign in as a person."))
    if not confirmed(request):
        raise Reauthenticate


class Deciding:
    """Mixin for pages that decide: a form opened or sent too late leads over the page that asks who you are.

    What was typed is kept: allauth suspends the request and resumes it afterwards.
    """

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if request.user.is_authenticated and not confirmed(request):
            raise ReauthenticationRequired
        return super().dispatch(request, *args, **kwargs)  # type: ignore[misc,no-any-return]


class Decides:
    """Mixin for act pages that decide: who may decide confirms who they are; who may not is told so at once."""

    request: Any

    def allowed(self, record: Any) -> None:
        super().allowed(record)  # type: ignore[misc]
        if not confirmed(self.request):
            raise ReauthenticationRequired
