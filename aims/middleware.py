"""Small things around every request."""

import logging
import time
import uuid
from collections.abc import Callable
from http import HTTPStatus

from django.http import HttpRequest, HttpResponse

from aims.logs import request_id as current
from aims.readings import note_view

Handler = Callable[[HttpRequest], HttpResponse]
log = logging.getLogger("aims.requests")
QUIET = ("/health/", "/static/")


def request_id(get_response: Handler) -> Handler:
    """Give every request an id that its log lines, trail events and problems carry, and one line in the log."""

    def handle(request: HttpRequest) -> HttpResponse:
        token, started = current.set(uuid.uuid4().hex), time.perf_counter()
        try:
            response = get_response(request)
            response["X-Request-Id"] = current.get()
            _note(request, response, time.perf_counter() - started)
            return response
        finally:
            current.reset(token)

    return handle


def _note(request: HttpRequest, response: HttpResponse, seconds: float) -> None:
    """Log the route, never the address: addresses and queries may hold names."""
    if request.path.startswith(QUIET):
        return
    route = request.resolver_match.route if request.resolver_match else ""
    words = {"method": request.method, "route": route, "status": response.status_code, "ms": round(seconds * 1000)}
    log.log(logging.ERROR if response.status_code >= 500 else logging.INFO, "answered", extra=words)  # noqa: PLR2004


def readings(get_response: Handler) -> Handler:
    """Record what watched people (external auditors) open."""

    def handle(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        if request.method == "GET" and response.status_code == HTTPStatus.OK and request.user.is_authenticated:
            note_view(request)
        return response

    return handle


def no_store(get_response: Handler) -> Handler:
    """Pages of signed-in people are kept by no cache."""

    def handle(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        if request.user.is_authenticated and not response.has_header("Cache-Control"):
            response["Cache-Control"] = "no-store"
        return response

    return handle
