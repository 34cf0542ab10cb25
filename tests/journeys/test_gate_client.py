"""`aims-gate` in a shell against a running server, and against none: right, enveloped, altered and wrong digests.

The program is the real one, run as a pipeline runs it; the commands of the ready snippets are executed as they stand.
"""

import hashlib
import json
import os
import subprocess
import sys
import threading
import tomllib
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest
import yaml
from django.conf import settings

from aims import clock
from inventory.models import AISystem, GateAttempt, SystemVersion
from inventory.reality import of_system
from tests.factories import impact, inventory
from tests.journeys.release import on_the_way, pipeline

CLIENT = Path(settings.BASE_DIR) / "clients" / "aims-gate"
MODEL = b"weights of the model"
RIGHT = hashlib.sha256(MODEL).hexdigest()
INSIDE, WRONG = "a" * 64, "b" * 64
NOWHERE = "http://localhost:1"


@dataclass
class Shell:
    """A folder of a pipeline: the program on its path, the address and token in its environment."""

    folder: Path
    env: dict

    def run(self, line, **env):
        done = subprocess.run(
            ["bash", "-euo", "pipefail", "-c", line], cwd=self.folder, env={**self.env, **env}, capture_output=True,
            text=True, timeout=120, check=False,
        )  # fmt: skip
        assert "Traceback" not in done.stderr, done.stderr
        return done

    def gate(self, what, **env):
        done = self.run(f"aims-gate {what}", **env)
        return done.returncode, done.stdout + done.stderr


def shell_at(folder, site, token):
    """The program under the name that its package installs, started by this Python alone (no packages beside it)."""
    names = tomllib.loads((CLIENT / "pyproject.toml").read_text())["project"]
    assert names["dependencies"] == []
    module, function = names["scripts"]["aims-gate"].split(":")
    (folder / "bin").mkdir()
    program = folder / "bin" / "aims-gate"
    start = f"import sys; sys.path.insert(0, {str(CLIENT)!r}); from {module} import {function}; sys.exit({function}())"
    program.write_text(f"#!{sys.executable} -IS\n{start}\n")
    program.chmod(0o755)
    (folder / "model.bin").write_bytes(MODEL)
    path = f"{folder / 'bin'}:{os.environ['PATH']}"
    return Shell(folder, {"PATH": path, "AIMS_URL": site, "AIMS_TOKEN": token, "LC_ALL": "C.UTF-8"})


@pytest.fixture
def today(monkeypatch):
    """The server answers by the real clock, so everything is recorded today."""
    monkeypatch.setattr(inventory, "TODAY", clock.today())
    monkeypatch.setattr(inventory, "AT", clock.now())


@pytest.fixture
def release(today, committed_db, monkeypatch):
    """Everything the gate asks is there."""
    monkeypatch.setattr(inventory, "DIGEST", RIGHT)
    made, row = on_the_way("Recommendation engine", number="2.0")
    impact.approve(row)
    return SystemVersion.objects.get(pk=made.pk)


@pytest.fixture
def shell(tmp_path, release, site):
    return shell_at(tmp_path, site, pipeline())


def asked(release, digest, more=""):
    return f"ask {release.system.ref} --version 2.0 --digest {digest} --environment production {more}"


def ways():
    return list(GateAttempt.objects.filter(environment="production").order_by("pk").values_list("way", "state"))


@contextmanager
def answering(status, body, kind="application/json"):
    """A server that is not AIMS. Answers its address."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            self.rfile.read(int(self.headers["Content-Length"]))
            self.send_response(status)
            self.send_header("Content-Type", kind)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *args):
            """Not into the tests' output."""

    server = HTTPServer(("localhost", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://localhost:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()


def test_right_enveloped_and_wrong_digest_with_and_without_the_server(shell, release):
    status, said = shell.gate(asked(release, WRONG))
    assert status == 1 and "This model was not assessed." in said and "/systems/" in said
    assert shell.gate(asked(release, RIGHT, "--dry-run")) == (0, "would be allowed\n")
    assert ways() == [("release", "refused")]  # trying records nothing
    status, said = shell.gate(asked(release, RIGHT, "--commit 4f2a91c"))
    assert status == 0 and said.startswith("allowed: GAT-")

    envelope = inventory.record(
        AISystem.objects.get(pk=release.system_id), "envelope", release, until=impact.soon(90)
    )  # fmt: skip
    assert shell.gate(asked(release, INSIDE))[0] == 1  # no reading for it yet
    inventory.measured(envelope, "0.1", digest=INSIDE)
    assert shell.gate(asked(release, INSIDE))[0] == 1  # outside the limits
    inventory.measured(envelope, "0.9", digest=INSIDE)
    status, said = shell.gate(asked(release, INSIDE))
    assert status == 0, said
    (bound,) = [one for one in GateAttempt.objects.latest("pk").items if one["id"] == "digest"]
    assert bound["state"] == "met" and envelope.ref in bound["reason"]
    assert shell.gate(asked(release, RIGHT))[0] == 0
    assert shell.gate(asked(release, RIGHT, "--dry-run"))[0] == 0
    assert ways()[-1] == ("again", "allowed")

    for digest in (RIGHT, INSIDE):
        status, said = shell.gate(asked(release, digest), AIMS_URL=NOWHERE)
        assert status == 0 and "stored permit" in said, said
        assert shell.gate(asked(release, digest, "--dry-run"), AIMS_URL=NOWHERE)[0] == 2
    assert shell.gate(asked(release, WRONG), AIMS_URL=NOWHERE)[0] == 2
    assert shell.gate(asked(release, RIGHT).replace("production", "staging"), AIMS_URL=NOWHERE)[0] == 2


def test_what_runs_is_reported(shell, release):
    assert shell.gate(asked(release, RIGHT))[0] == 0
    status, said = shell.gate(f"deployed {release.system.ref} --environment production --running 2.0:{RIGHT}")
    assert status == 0 and "1 running" in said
    (found,) = of_system(AISystem.objects.get(pk=release.system_id), clock.now())
    assert (found.digest, found.finding) == (RIGHT, "permitted")
    assert shell.gate(f"deployed {release.system.ref} --environment production --running 2.0:{WRONG}")[0] == 0
    found = of_system(AISystem.objects.get(pk=release.system_id), clock.now())
    assert [(one.digest, one.finding) for one in found] == [(WRONG, "other"), (RIGHT, "unused")]


def test_a_stored_permit_holds_only_as_it_was_signed(shell, release):
    assert shell.gate(asked(release, RIGHT))[0] == 0
    (kept,) = (shell.folder / ".aims-gate").glob("*.jws")
    checked = f"verify {kept} --digest {RIGHT} --environment production"
    assert shell.gate(checked)[0] == 0
    key = (shell.folder / ".aims-gate" / "key").read_text()
    assert shell.gate(checked, AIMS_GATE_KEY=key.upper())[0] == 0
    for env in ({"AIMS_GATE_KEY": "0" * 64}, {"AIMS_GATE_KEY": "no key"}):
        assert shell.gate(checked, **env)[0] == 1
        assert shell.gate(asked(release, RIGHT), **env, AIMS_URL=NOWHERE)[0] == 2
    assert shell.gate(checked.replace("--environment production", "--environment staging"))[0] == 1
    header, claims, signature = kept.read_text().split(".")
    for broken in (f"{header}.{claims[:-4]}AAAA.{signature}", f"{header}.{claims}", "", "a.b.c"):
        kept.write_text(broken)
        assert shell.gate(checked)[0] == 1
        assert shell.gate(asked(release, RIGHT), AIMS_URL=NOWHERE)[0] == 2


def test_a_server_that_fails_is_as_one_that_is_away_and_a_stranger_is_not_believed(shell, release):
    assert shell.gate(asked(release, RIGHT))[0] == 0
    for status, body in ((503, b""), (502, b"<html>"), (200, b"<html>Sign in</html>")):
        with answering(status, body) as stranger:
            done, said = shell.gate(asked(release, RIGHT), AIMS_URL=stranger)
            assert done == 0 and "stored permit" in said, said
            assert shell.gate(asked(release, WRONG), AIMS_URL=stranger)[0] == 2
    (kept,) = (shell.folder / ".aims-gate").glob("*.jws")
    other = {"allowed": True, "permit": kept.read_text(), "attempt": "GAT-1"}
    for body in (b"{}", b"[]", b'{"allowed": true}', json.dumps(other).encode()):
        with answering(200, body) as stranger:
            assert shell.gate(asked(release, WRONG), AIMS_URL=stranger)[0] == 2
            assert shell.gate(f"deployed {release.system.ref} --environment x", AIMS_URL=stranger)[0] == 2
    with answering(200, b"{}") as stranger:
        assert shell.gate(asked(release, WRONG, "--dry-run"), AIMS_URL=stranger)[0] == 2


def test_what_is_misused_is_told_with_2(shell, release):
    right = asked(release, RIGHT)
    for what, env in (
        (right, {"AIMS_TOKEN": ""}),
        (right, {"AIMS_TOKEN": "not known"}),
        (right, {"AIMS_TOKEN": "two\nlines"}),
        (right, {"AIMS_URL": ""}),
        (right, {"AIMS_URL": "ftp://localhost"}),
        (right, {"AIMS_URL": "http://[x"}),
        (right.replace(release.system.ref, "SYS-9999"), {}),
        (right.replace(release.system.ref, "'../../a b'"), {}),
        (right.replace("2.0", "9.9"), {}),
        (right.replace(RIGHT, "xyz"), {}),
        ("ask", {}),
        ("verify nothing.jws --environment production", {}),
        ("", {}),
    ):
        status, said = shell.gate(what, **env)
        assert status == 2 and said.strip(), (what, env, said)


def snippet(name):
    return yaml.safe_load((CLIENT / "examples" / name).read_text())


def test_the_steps_for_github_run_as_they_stand(shell, release):
    job = snippet("github-actions.yml")["jobs"]["gate"]
    given = {"AIMS_SYSTEM": release.system.ref, "AIMS_GATE": str(CLIENT)}
    env = {"SYSTEM": given["AIMS_SYSTEM"], "VERSION": "2.0", "MODEL": job["env"]["MODEL"], "GITHUB_SHA": "4f2a91c"}
    assert job["env"].keys() == {"AIMS_URL", "AIMS_TOKEN", "AIMS_GATE", "SYSTEM", "VERSION", "MODEL"}
    steps = {one["name"]: one["run"] for one in job["steps"] if "run" in one}
    assert steps.pop("Install the client") == 'pip install "$AIMS_GATE"'
    for name, line in steps.items():
        done = shell.run(line, **env)
        assert done.returncode == 0, (name, done.stdout, done.stderr)
    assert GateAttempt.objects.get(way="release").commit == "4f2a91c"
    (found,) = of_system(AISystem.objects.get(pk=release.system_id), clock.now())
    assert found.finding == "permitted"


def test_the_steps_for_gitlab_run_as_they_stand(shell, release):
    jobs = snippet("gitlab-ci.yml")
    env = {"SYSTEM": release.system.ref, "VERSION": "2.0", "MODEL": "model.bin", "CI_COMMIT_SHA": "4f2a91c"}
    lines = [line for name in ("gate:dry-run", "gate") for line in jobs[name]["script"]]
    assert jobs["default"]["before_script"] == ['pip install "$AIMS_GATE"'] and len(lines) == 3
    for line in lines:
        done = shell.run(line, **env)
        assert done.returncode == 0, (line, done.stdout, done.stderr)
    assert ways() == [("release", "allowed")]


def test_a_release_that_stops_fails_the_step(shell, release):
    (shell.folder / "model.bin").write_bytes(b"another model")
    job = snippet("github-actions.yml")["jobs"]["gate"]
    env = {"SYSTEM": release.system.ref, "VERSION": "2.0", "MODEL": "model.bin", "GITHUB_SHA": "4f2a91c"}
    refused = [shell.run(one["run"], **env).returncode for one in job["steps"] if "ask" in one.get("run", "")]
    assert refused == [1, 1]
