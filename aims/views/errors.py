"""Error pages; under /api/ the same as RFC 9457 problems."""

import errno
import sys
from typing import Any

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from aims.api.problems import MEDIA_TYPE

AGAIN_IN = "5"  # seconds after which a database that restarts has mostly answered
FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


def _answer(request: HttpRequest, status: int, title: str) -> HttpResponse:
    if request.path.startswith("/api/"):
        body = {"type": "about:blank", "title": title, "status": status}
        return JsonResponse(body, status=status, content_type=MEDIA_TYPE)
    return render(request, f"{status}.html", status=status)


def bad_request(request: HttpRequest, exception: Any) -> HttpResponse:
    return _answer(request, 400, "Bad request")


def forbidden(request: HttpRequest, exception: Any) -> HttpResponse:
    return _answer(request, 403, "Forbidden")


def not_found(request: HttpRequest, exception: Any) -> HttpResponse:
    return _answer(request, 404, "Not found")


def too_large(request: HttpRequest, most: int) -> HttpResponse:
    """Before anybody is known: a page without a person, or a problem."""
    title = "Too large"
    if request.path.startswith("/api/"):
        body = {"type": "about:blank", "title": title, "status": 413, "detail": f"At most {most} bytes are taken."}
        return JsonResponse(body, status=413, content_type=MEDIA_TYPE)
    return render(request, "413.html", {"most": most // 1_000_000}, status=413)


def server_error(request: HttpRequest) -> HttpResponse:
    """A database that is away or a disk that is full passes: say so. Everything else is ours to mend."""
    error = sys.exc_info()[1]
    if isinstance(error, OperationalError | InterfaceError):
        return _away(request)
    if isinstance(error, OSError) and error.errno in FULL:
        return _plain(
            request, 507, _("There is no room left to store this; nothing of it was kept. Tell the operator.")
        )
    return _answer(request, 500, "Server error")


def _away(request: HttpRequest) -> HttpResponse:
    answer = _plain(request, 503, _("The database does not answer. Nothing was half saved; try again in a moment."))
    answer["Retry-After"] = AGAIN_IN
    return answer


def _plain(request: HttpRequest, status: int, detail: str) -> HttpResponse:
    """Without a person or messages: those stand in the database."""
    title = {503: "Service unavailable", 507: "Insufficient storage"}[status]
    if request.path.startswith("/api/"):
        body = {"type": "about:blank", "title": title, "status": status, "detail": detail}
        return JsonResponse(body, status=status, content_type=MEDIA_TYPE)
    page = render_to_string("passing.html", {"request": request, "status": status, "detail": detail})
    return HttpResponse(page, status=status)
