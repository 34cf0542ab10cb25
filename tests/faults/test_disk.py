"""The disk is full while a file comes in and while a pack is drawn: said plainly, nothing half, no restart needed."""

import os
import shutil
import subprocess
from pathlib import Path

import psutil
import pytest

from tests.faults.installation import kill, until

pytestmark = [pytest.mark.fault, pytest.mark.xdist_group("faults")]
BIG, SMALL = b"x" * 1_500_000, b"a few words"
NO_LIMIT = psutil.RLIM_INFINITY if hasattr(psutil, "RLIM_INFINITY") else -1


def let_write(process, most):
    """How long a file may become for the process and everything it started, from now on."""
    for one in [psutil.Process(process.pid), *psutil.Process(process.pid).children(recursive=True)]:
        _soft, hard = one.rlimit(psutil.RLIMIT_FSIZE)
        one.rlimit(psutil.RLIMIT_FSIZE, (hard if most == NO_LIMIT else most, hard))


def hand_in(own, content):
    said = {"title": "Minutes", "proves": "We decided", "unit": own.who["unit_name"], "collected_on": "2026-05-04"}
    return own.upload("/api/v1/evidence/", said, "minutes.txt", content)


def kept(own):
    """Names of every file that the installation keeps, half ones included."""
    return [
        path.name for path in Path(own.env["AIMS_TEST_VAR"]).rglob("*") if path.is_file() and "static" not in path.parts
    ]


def test_no_room_for_an_upload(own):
    web = own.web()
    let_write(web, 1_000_000)
    answer = hand_in(own, BIG)
    assert (answer.status, answer.json()["title"]) == (507, "Insufficient storage")
    assert own.rows("SELECT count(*) FROM evidence_evidenceitem") == [(0,)]
    assert own.rows("SELECT count(*) FROM evidence_blob") == [(0,)]
    assert [name for name in kept(own) if not name.endswith(".pem")] == []
    assert hand_in(own, SMALL).status == 201
    let_write(web, NO_LIMIT)
    assert hand_in(own, BIG).status == 201
    assert own.rows("SELECT count(*) FROM evidence_evidenceitem") == [(2,)]


def test_no_room_for_a_pack(own):
    """The job waits with its reason and is done when there is room again."""
    own.env["JOB_ATTEMPTS"] = "50"
    own.web()
    asked = own.post("/api/v1/packs/", {"title": "Audit pack", "unit": own.who["unit"]})
    assert asked.status == 202, asked.text
    full = own.worker("full", before=["sh", "-c", 'ulimit -f 8; exec "$@"', "sh"])
    own.beat()
    error = "SELECT error FROM aims_job WHERE task = 'evidence.render_pack'"
    until(lambda: "Errno" in own.rows(error)[0][0] or "OSError" in own.rows(error)[0][0], "it stumbles", own.words)
    assert own.rows("SELECT blob_id FROM evidence_evidencepack") == [(None,)]
    kill(full)
    own.worker("roomy")
    done = "SELECT state FROM evidence_evidencepack"
    until(lambda: own.rows(done) == [("ready",)], "the pack is built", own.words)


def mounts() -> bool:
    """Whether a file system of our own may be mounted here."""
    if shutil.which("unshare") is None:
        return False
    tried = subprocess.run(["unshare", "-rm", "mount", "-t", "tmpfs", "none", "/mnt"], capture_output=True, check=False)
    return tried.returncode == 0


@pytest.mark.long
@pytest.mark.skipif(not mounts(), reason="no file system may be mounted here")
def test_full_file_system(own):
    """Files lie on a file system of two megabytes."""
    files = Path(own.env["AIMS_TEST_VAR"])
    files.mkdir(exist_ok=True)
    script = f'mount -t tmpfs -o size=2m none "{files}" && exec "$@"'
    web = own.web(before=["unshare", "-rm", "sh", "-c", script, "sh"])
    inside = Path(f"/proc/{web.pid}/root{files}")
    answers = [hand_in(own, BIG + bytes([65 + number])) for number in range(3)]
    assert [answer.status for answer in answers] == [201, 507, 507]
    assert own.rows("SELECT count(*) FROM evidence_evidenceitem") == [(1,)]
    if os.access(inside, os.R_OK):
        blobs = [path for path in (inside / "files").rglob("*") if path.is_file()]
        assert len(blobs) == 1
    assert hand_in(own, SMALL).status == 201
