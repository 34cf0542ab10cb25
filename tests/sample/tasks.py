"""Work as the tests want it: slow, deadly, hungry, stumbling. Each is a job like those of the product."""

import os
import signal
import time
from pathlib import Path

from celery import shared_task

from aims import jobs
from organization.models import Unit
from tests.factories.sample import sample


@shared_task(name="sample.slow")
def slow(*, job_id: int) -> None:
    """Go on until the file named `gate` is there; then make one sample."""
    jobs.run(job_id, _slow)


def _slow(progress: jobs.Progress) -> str:
    gate = Path(progress.arguments["gate"])
    with gate.with_suffix(".starts").open("a") as starts:
        starts.write(f"{os.getpid()}\n")
    while not gate.exists():
        progress.say(1, 2, "waits")
        time.sleep(0.05)
    return sample(title=progress.job.key, unit=Unit.objects.get(parent=None)).ref


@shared_task(name="sample.deadly")
def deadly(*, job_id: int) -> None:
    """Kill the process that does it."""
    jobs.run(job_id, lambda progress: str(os.kill(os.getpid(), signal.SIGKILL)))  # type: ignore[func-returns-value]


@shared_task(name="sample.hungry")
def hungry(*, job_id: int) -> None:
    """Ask for more memory than there may be."""
    jobs.run(job_id, lambda progress: str(len(bytearray(1 << 40))))


@shared_task(name="sample.endless", soft_time_limit=1, time_limit=20)
def endless(*, job_id: int) -> None:
    """Never come back by itself."""
    jobs.run(job_id, lambda progress: time.sleep(3600) or "")  # type: ignore[func-returns-value]


@shared_task(name="sample.quick")
def quick(*, job_id: int) -> None:
    jobs.run(job_id, lambda progress: sample(title=progress.job.key, unit=Unit.objects.get(parent=None)).ref)
