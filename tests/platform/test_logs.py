"""One JSON object a line, with the request's id and without personal data."""

import json
import logging
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client, RequestFactory

from aims.logs import Json, request_id
from aims.middleware import request_id as middleware


def written(message: str, *args: object, **more: Any) -> dict[str, Any]:
    record = logging.LogRecord("aims.test", logging.WARNING, __file__, 1, message, args, more.pop("exc_info", None))
    record.__dict__.update(more)
    line = Json().format(record)
    assert "\n" not in line
    found: dict[str, Any] = json.loads(line)
    return found


def test_a_line_says_when_how_bad_where_and_what() -> None:
    line = written("worker %s is late", 7, job=12)
    assert (line["level"], line["logger"], line["message"], line["job"]) == (
        "WARNING",
        "aims.test",
        "worker 7 is late",
        12,
    )
    assert line["time"].endswith("Z")


def test_a_line_carries_the_request() -> None:
    token = request_id.set("abc")
    try:
        assert written("x")["request_id"] == "abc"
    finally:
        request_id.reset(token)
    assert "request_id" not in written("x")


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("no mail to ana.diaz+x@mail.example.org today", "no mail to [mail address] today"),
        ("GET /systems/?q=Ana+Diaz HTTP/1.1", "GET /systems/?… HTTP/1.1"),
        ("duplicate key\nDETAIL:  Key (name)=(Ana Diaz) exists.", "duplicate key\n[row]"),
    ],
)
def test_what_names_a_person_is_taken_out(text: str, kept: str) -> None:
    assert written(text)["message"] == kept


def test_an_error_keeps_its_place_and_loses_the_person() -> None:
    try:
        raise ValueError("ana@example.org")
    except ValueError as error:
        line = written("failed", exc_info=(ValueError, error, error.__traceback__))
    assert "ana@" not in line["exc_info"]
    assert "test_logs.py" in line["exc_info"]


def test_a_request_object_is_left_out() -> None:
    assert "request" not in written("x", request=RequestFactory().get("/people/ana/"))


@pytest.mark.django_db
def test_a_request_is_noted_by_route_and_not_by_address(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, "aims.requests")
    answer = Client().get("/account/login/?next=/people/ana-diaz/")
    (line,) = [record for record in caplog.records if record.name == "aims.requests"]
    assert (line.__dict__["route"], line.__dict__["status"]) == ("account/login/", 200)
    assert "ana-diaz" not in Json().format(line)
    assert len(answer["X-Request-Id"]) == 32


def test_every_request_has_an_id_of_its_own() -> None:
    answer = middleware(lambda request: HttpResponse())
    first, second = (answer(RequestFactory().get("/")) for _ in range(2))
    assert first["X-Request-Id"] != second["X-Request-Id"]
    assert request_id.get() == ""
