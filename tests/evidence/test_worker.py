"""Packs through a real Celery worker in its own process: built, cancelled, taken up again after a kill."""

import hashlib
import time
from collections.abc import Callable

import pytest

from aims import jobs
from aims.models import Job
from aims.states import JobState
from evidence import services, storage
from evidence.models import EvidencePack
from evidence.services.building import DRAWN, STEPS
from tests.factories.evidence import file_evidence, keeper, pack

pytestmark = pytest.mark.fault
PATIENCE = 60


def wait(found: EvidencePack, reached: Callable[[EvidencePack], bool]) -> EvidencePack:
    """The pack once it has reached what is waited for."""
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        now = EvidencePack.objects.select_related("job").get(pk=found.pk)
        if reached(now):
            return now
        time.sleep(0.2)
    pytest.fail(f"{now.state} {now.failure} {now.job.state} {now.job.error}")


def test_pack_asked_for_is_built_by_a_worker(committed_db, worker):
    by = keeper()
    file_evidence(by, title="Drawn by a worker")
    found = wait(pack(by), lambda one: not one.is_open)
    assert (found.state, found.failure) == ("ready", ""), worker.text()[-3000:]
    data = b"".join(storage.checked(found.blob_id))
    assert hashlib.sha256(data).hexdigest() == found.blob_id == found.job.result_digest
    assert (found.job.done, found.job.total) == (DRAWN, STEPS)


def test_waiting_pack_is_cancelled_and_tried_again(committed_db, broker, start_worker):
    by = keeper()
    found = services.cancel_pack(pack(by), by=by, version=None)
    worker = start_worker()
    time.sleep(1)
    assert EvidencePack.objects.get(pk=found.pk).state == "cancelled"
    services.retry_pack(found, by=by, version=None)
    assert wait(found, lambda one: not one.is_open).state == "ready", worker.text()[-3000:]


def test_pack_of_a_killed_worker_is_taken_up_again(committed_db, broker, start_worker):
    """The lease runs out, the reaper pokes, another worker builds the same pack once."""
    by = keeper()
    for number in range(40):
        file_evidence(by, title=f"Item {number}", content=b"%d" % number)
    first = start_worker()
    found = wait(pack(by), lambda one: one.state == "rendering")
    first.kill()
    assert EvidencePack.objects.get(pk=found.pk).state == "rendering"
    Job.objects.filter(pk=found.job_id, state=JobState.RUNNING).update(lease_until=None)
    second = start_worker()
    assert jobs.reap() == 1
    done = wait(found, lambda one: not one.is_open)
    assert (done.state, done.job.attempts) == ("ready", 2), second.text()[-3000:]
    storage.verify(done.blob_id)
