"""Celery: JSON messages, late acknowledgement, a static schedule. Worker signals stand here and nowhere else."""

import os
from typing import Any

from celery import Celery
from celery.signals import setup_logging, task_postrun, task_prerun

from aims.logs import request_id

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "aims.settings")

app = Celery("aims")
# The web's threads ask for the current app too; without a default they would get one that knows no broker.
app.set_default()
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@setup_logging.connect
def keep_our_logging(**_: Any) -> None:
    """Django has set up the logs already; Celery would set up its own."""


@task_prerun.connect
def begin(task_id: str, **_: Any) -> None:
    """Log lines and trail events of a task carry its id."""
    request_id.set(task_id)


@task_postrun.connect
def end(**_: Any) -> None:
    request_id.set("")
