"""Logs: one JSON object a line with the request's id, and no personal data."""

import logging
import re
import time
from contextvars import ContextVar
from typing import Any

from pythonjsonlogger.json import JsonFormatter

# The request, or the background task, on whose behalf we work.
request_id: ContextVar[str] = ContextVar("aims_request_id", default="")

FIELDS = "%(asctime)s %(levelname)s %(name)s %(message)s"
NAMES = {"asctime": "time", "levelname": "level", "name": "logger"}
_MAIL = re.compile(r"[\w.+%-]+@[\w-]+(?:\.[\w-]+)+")
# What PostgreSQL adds to a refused statement: the row, with whatever stands in it.
_ROW = re.compile(r"^(?:DETAIL|CONTEXT|LINE \d+):.*$", re.MULTILINE)
_QUERY = re.compile(r"\?\S*")
_SECRET_FIELDS = ("request", "args", "kwargs", "data", "taskName")


def clean(text: str) -> str:
    """Take out what may name a person: mail addresses, rows that PostgreSQL quotes, what was searched for."""
    return _QUERY.sub("?…", _MAIL.sub("[mail address]", _ROW.sub("[row]", text)))


class Json(JsonFormatter):
    """A line for machines. Objects that Django hangs on a record (the request itself) are left out."""

    converter = staticmethod(time.gmtime)
    default_time_format = "%Y-%m-%dT%H:%M:%S"
    default_msec_format = "%s.%03dZ"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(FIELDS, rename_fields=NAMES, **kwargs)

    def add_fields(self, log_data: dict[str, Any], record: logging.LogRecord, message_dict: dict[str, Any]) -> None:
        super().add_fields(log_data, record, message_dict)
        for name in _SECRET_FIELDS:
            log_data.pop(name, None)
        if request_id.get():
            log_data["request_id"] = request_id.get()

    def process_log_record(self, log_data: dict[str, Any]) -> dict[str, Any]:
        return {key: clean(value) if isinstance(value, str) else value for key, value in log_data.items()}


def configuration(level: str) -> dict[str, Any]:
    """For Django's LOGGING: everything to the standard error, as JSON."""
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"json": {"()": "aims.logs.Json"}},
        "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "json"}},
        "root": {"handlers": ["stderr"], "level": level},
        "loggers": {
            "django": {"handlers": [], "level": "INFO", "propagate": True},
            "django.request": {"level": "ERROR"},  # answers below 500 have their own line
            "django.server": {"handlers": [], "propagate": True},
            "celery": {"level": "INFO"},
            "celery.app.trace": {"level": "WARNING"},
            "weasyprint": {"level": "ERROR"},
            "fontTools": {"level": "ERROR"},
        },
    }
