"""Small things around every request."""

import uuid
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from aims.trail import request_id as current

Handler = Callable[[HttpRequest], HttpResponse]


def request_id(get_response: Handler) -> Handler:
    """Give every request an id that its log lines, trail events and problems carry."""

    def handle(request: HttpRequest) -> HttpResponse:
        token = current.set(uuid.uuid4().hex)
        try:
            response = get_response(request)
            response["X-Request-Id"] = current.get()
            return response
        finally:
            current.reset(token)

    return handle


def no_store(get_response: Handler) -> Handler:
    """Pages of signed-in people are kept by no cache."""

    def handle(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        if request.user.is_authenticated and not response.has_header("Cache-Control"):
            response["Cache-Control"] = "no-store"
        return response

    return handle
