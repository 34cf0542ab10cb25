"""Errors of the API as RFC 9457 problem details, the same statuses as the pages."""

from collections.abc import Iterator, Mapping
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404
from rest_framework import exceptions, status
from rest_framework.response import Response

from aims.errors import Refusal, Stale
from aims.trail import request_id

MEDIA_TYPE = "application/problem+json"


def handle(error: Exception, context: Mapping[str, Any]) -> Response | None:
    """DRF's exception handler. Anything unknown stays a 500 without detail."""
    if isinstance(error, ValidationError):
        return problem(400, "Invalid", "Some fields are not right.", errors=list(_model_errors(error)))
    if isinstance(error, Stale):
        return _stale(error, context)
    if isinstance(error, Refusal):
        return problem(error.status, error.title, error.detail, **error.extra)
    if isinstance(error, Http404):
        return problem(404, "Not found", "There is no such record.")
    if isinstance(error, PermissionDenied):
        return problem(403, "Forbidden", "Your roles do not include this.")
    if isinstance(error, exceptions.ValidationError):
        return problem(400, "Invalid", "Some fields are not right.", errors=list(_field_errors(error.detail, "")))
    if isinstance(error, exceptions.APIException):
        return _api_error(error)
    return None


def problem(code: int, title: Any, detail: Any, **extra: Any) -> Response:
    """One problem document. `errors` holds a JSON pointer and a sentence per field."""
    body = {"type": "about:blank", "title": str(title), "status": code, "detail": str(detail), **extra}
    if request_id.get():
        body["instance"] = f"urn:request:{request_id.get()}"
    return Response(body, status=code, content_type=MEDIA_TYPE)


def _stale(error: Stale, context: Mapping[str, Any]) -> Response:
    """412 with the current state, so that a client can merge."""
    view, current = context["view"], error.extra.get("current")
    extra = {"current": view.represent(current)} if current is not None and hasattr(view, "represent") else {}
    response = problem(412, error.title, error.detail, **extra)
    if current is not None:
        response["ETag"] = f'"{current.version}"'
    return response


def _api_error(error: exceptions.APIException) -> Response:
    response = problem(error.status_code, error.default_detail, error.detail)
    if isinstance(error, exceptions.NotAuthenticated | exceptions.AuthenticationFailed):
        response["WWW-Authenticate"] = "Bearer"
    wait = getattr(error, "wait", None)
    if wait is not None:
        response["Retry-After"] = str(int(wait) + 1)
    return response


def _model_errors(error: ValidationError) -> Iterator[dict[str, str]]:
    if not hasattr(error, "error_dict"):
        for message in error.messages:
            yield {"pointer": "", "detail": message}
        return
    for name, messages in error.message_dict.items():
        for message in messages:
            yield {"pointer": "" if name == "__all__" else f"/{name}", "detail": message}


def _field_errors(detail: Any, pointer: str) -> Iterator[dict[str, str]]:
    if isinstance(detail, Mapping):
        for name, inner in detail.items():
            yield from _field_errors(inner, pointer if name == "non_field_errors" else f"{pointer}/{name}")
    elif isinstance(detail, list):
        for number, inner in enumerate(detail):
            nested = isinstance(inner, Mapping | list)
            yield from _field_errors(inner, f"{pointer}/{number}" if nested else pointer)
    else:
        yield {"pointer": pointer, "detail": str(detail)}


__all__ = ["handle", "problem", "status"]
