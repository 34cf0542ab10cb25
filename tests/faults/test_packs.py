"""Workers are killed in the middle of a real evidence pack: it is built once, the same to the byte, nothing is left over."""

import hashlib
import tempfile
from pathlib import Path

import pytest

from aims import clock, jobs
from aims.models import Job
from aims.states import JobState
from evidence import storage
from evidence.models import EvidencePack
from tests.factories.evidence import file_evidence, keeper, pack

pytestmark = [pytest.mark.fault, pytest.mark.xdist_group("faults")]
STEPS_BEFORE_THE_END = 4


def asked(by, at):
    return pack(by, at=at)


def job_of(found):
    return Job.objects.get(pk=found.job_id)


def reached(found, step):
    job = job_of(found)
    return (job.state == JobState.RUNNING and job.done >= step) or job.finished


def built(found, patiently, worker):
    def ready():
        jobs.reap()
        return EvidencePack.objects.get(pk=found.pk).state == "ready"

    patiently(ready, "the pack is ready", lambda: f"{job_of(found).error} {worker.text()[-3000:]}", seconds=60)
    return EvidencePack.objects.get(pk=found.pk)


def calmly(done, patiently, worker):
    """The same pack built once more, undisturbed."""
    EvidencePack.objects.filter(pk=done.pk).update(state="rendering", blob=None, bag=None, pages=None)
    again = {"state": JobState.QUEUED, "finished_at": None, "lease_until": None, "attempts": 0, "result_digest": ""}
    Job.objects.filter(pk=done.job_id).update(**again)
    return built(done, patiently, worker)


@pytest.mark.parametrize("kills", [1, pytest.param(12, marks=pytest.mark.long)])
def test_killed_in_the_middle(committed_db, start_worker, patiently, chance, kills, tmp_path, monkeypatch):
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    by, at = keeper(), clock.now()
    for number in range(20):
        file_evidence(by, title=f"Item {number}", content=b"%d" % number)
    worker = start_worker()
    for _ in range(kills):
        found = asked(by, at)
        step = chance.randrange(0, STEPS_BEFORE_THE_END)
        patiently(lambda found=found, step=step: reached(found, step), "it is in the middle", worker.text)
        worker.kill()
        worker = start_worker()
        done = built(found, patiently, worker)
        data = b"".join(storage.checked(done.blob_id))
        assert hashlib.sha256(data).hexdigest() == done.blob_id == job_of(done).result_digest
        assert calmly(done, patiently, worker).blob_id == done.blob_id, "another pack than the undisturbed one"
    assert not Job.objects.open().exists()
    assert storage.leftovers() == []
    assert [path.name for path in Path(tmp_path).glob("aims-pack-*")] == []
    assert tempfile.gettempdir()
