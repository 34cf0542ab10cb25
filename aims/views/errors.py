"""Error pages; under /api/ the same as RFC 9457 problems."""

from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render

from aims.api.problems import MEDIA_TYPE


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
    return _answer(request, 500, "Server error")
