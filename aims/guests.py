"""People from outside: they write on the routes opened to their role alone, and stay out when their time is over."""

from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext as _
from rest_framework.permissions import SAFE_METHODS

from aims import clock
from aims.access import access_of
from aims.api.problems import MEDIA_TYPE
from aims.registry import registry
from aims.views.base import refusal_page

Handler = Callable[[HttpRequest], HttpResponse]

# One's own account: signing out, password, second factor, sessions.
OWN = ("account_", "mfa_", "usersessions_")


def door(person: Any) -> str:
    """Why somebody who holds no role any more may not come in; "" for everybody else.

    A case they are listed on, such as a finding of theirs that was never issued, does not keep the door open.
    """
    if access_of(person).holds_any:
        return ""
    return next((words for ask in registry.doors if (words := ask(person, clock.today()))), "")


def may_write(person: Any, route: str) -> bool:
    """Whether a person may send anything that changes something to the route."""
    access = access_of(person)
    if not access.guest or route.startswith(OWN):
        return True
    return any(route in registry.guest_routes.get(role, frozenset()) for role in access.roles)


def guests(get_response: Handler) -> Handler:
    """Refuse, before any view is asked: whose time is over, and writes by people from outside anywhere else."""

    def handle(request: HttpRequest) -> HttpResponse:
        return get_response(request)

    def process_view(request: HttpRequest, view: Any, args: Any, kwargs: Any) -> HttpResponse | None:
        match = request.resolver_match
        route = match.view_name if match is not None else ""
        if not request.user.is_authenticated or route.startswith(OWN):
            return None
        if closed := door(request.user):
            return _refused(request, closed, title=_("Your access is not open"), closed=True)
        if request.method not in SAFE_METHODS and not may_write(request.user, route):
            words = _("People from outside write only in the rooms of their engagements.")
            return _refused(request, words, title=_("You may see this but not do it"))
        return None

    handle.process_view = process_view  # type: ignore[attr-defined]
    return handle


def _refused(request: HttpRequest, words: str, *, title: str, **more: Any) -> HttpResponse:
    if request.path.startswith("/api/"):
        body = {"type": "about:blank", "title": title, "status": HTTPStatus.FORBIDDEN, "detail": words}
        return JsonResponse(body, status=HTTPStatus.FORBIDDEN, content_type=MEDIA_TYPE)
    return refusal_page(request, HTTPStatus.FORBIDDEN, title, words, more)
