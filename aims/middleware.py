"""Small things around every request."""

import logging
import time
import uuid
from collections.abc import Callable
from http import HTTPStatus

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from aims.logs import request_id as current
from aims.readings import note_export, note_view
from aims.views.errors import too_large

Handler = Callable[[HttpRequest], HttpResponse]
log = logging.getLogger("aims.requests")
QUIET = ("/health/", "/static/")
# What a form may hold beside its file, and how much of a body that is too large is read before it is refused.
BESIDE_FILE = 2_500_000
READ_AWAY = 1_000_000_000


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
    log.log(logging.ERROR if response.status_code >= 500 else logging.INFO, "answered", extra=words)


def body_limit(get_response: Handler) -> Handler:
    """Answer 413 to a body that is larger than allowed before anything reads it: uploads have their own limit."""

    def handle(request: HttpRequest) -> HttpResponse:
        most = _most_bytes(request)
        if int(request.META.get("CONTENT_LENGTH") or 0) <= most:
            return get_response(request)
        _read_away(request)
        return too_large(request, most)

    return handle


def _most_bytes(request: HttpRequest) -> int:
    if (request.content_type or "").startswith("multipart/"):
        return int(settings.UPLOAD_MOST) + BESIDE_FILE
    return int(settings.DATA_UPLOAD_MAX_MEMORY_SIZE or 0)


def _read_away(request: HttpRequest) -> None:
    """Take in what is being sent, up to a bound, so that the browser stops sending and shows the answer."""
    left = READ_AWAY
    while left > 0 and (piece := request.read(min(left, 1_000_000))):
        left -= len(piece)


def readings(get_response: Handler) -> Handler:
    """Record what watched people (external auditors) open, and every list that anybody takes away as a file."""

    def handle(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        if request.method == "GET" and response.status_code == HTTPStatus.OK and request.user.is_authenticated:
            note_view(request)
            taken = response.get("Content-Disposition", "").startswith("attachment")
            if taken and not getattr(request, "noted", False):
                note_export(request)
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
