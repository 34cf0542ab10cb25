"""Celery: JSON messages, late acknowledgement, a static schedule. Worker signals stand here and nowhere else."""

import os
import resource
from typing import Any

from celery import Celery
from celery.signals import setup_logging, task_postrun, task_prerun, worker_process_init
from django.conf import settings

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


@worker_process_init.connect
def bound_memory(**_: Any) -> None:
    """A task that asks for more memory than allowed fails by itself, before the machine's own guard picks a victim."""
    most = settings.WORKER_ADDRESS_MB * 1024 * 1024
    resource.setrlimit(resource.RLIMIT_AS, (most, most))


@task_prerun.connect
def begin(task_id: str, **_: Any) -> None:
    """Log lines and trail events of a task carry its id."""
    request_id.set(task_id)


@task_postrun.connect
def end(**_: Any) -> None:
    request_id.set("")
