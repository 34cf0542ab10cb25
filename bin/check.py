#!/usr/bin/env python3
"""`make check`: everything that needs no running part. Every check runs and is named with its time.

bin/check.py [NAME…]    only the named checks
"""

import os
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BIN = Path(sys.executable).parent
PRODUCT = [
    "aims",
    "organization",
    "evidence",
    "inventory",
    "controls",
    "impact",
    "risk",
    "monitoring",
    "audits",
    "governance",
]
# Settings want addresses; these checks never connect.
NOWHERE = {
    "DATABASE_URL": "postgres://nobody@localhost:1/none",
    "REDIS_URL": "redis://localhost:1/0",
    "SECRET_KEY": "only-for-checks-" + "0" * 50,
    "AIMS_KIND": "test",
    "DJANGO_SETTINGS_MODULE": "aims.settings",
}


def packages() -> list[str]:
    """The product's packages that exist by now, and the scripts."""
    return [*(name for name in PRODUCT if (ROOT / name / "__init__.py").exists()), "manage.py"]


def checks() -> Mapping[str, list[str]]:
    python = str(BIN / "python")
    return {
        "locks": [python, "bin/lock.py", "--check"],
        "licences": [python, "bin/licences.py"],
        "lint": [str(BIN / "ruff"), "check", "."],
        "format": [str(BIN / "ruff"), "format", "--check", "."],
        "templates": [str(BIN / "djlint"), "templates", "--lint", "--quiet"],
        "words": [python, "bin/words.py", "--check"],
        "imports": [str(BIN / "lint-imports"), "--no-logo"],
        "migrations": [python, "manage.py", "makemigrations", "--check", "--dry-run", "--verbosity", "1"],
        "types": [str(BIN / "mypy"), *packages(), "tests"],
        "scripts": [str(BIN / "mypy"), *sorted(str(file.relative_to(ROOT)) for file in (ROOT / "bin").glob("*.py"))],
    }


def main(names: list[str]) -> int:
    """Answers how many checks failed."""
    failed = []
    for name, command in checks().items():
        if names and name not in names:
            continue
        started = time.monotonic()
        done = subprocess.run(
            command, cwd=ROOT, env={**os.environ, **NOWHERE}, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
            text=True, check=False,
        )  # fmt: skip
        word = "FAILED" if done.returncode else "ok"
        print(f"{name:<11} {word:<7} {time.monotonic() - started:5.1f} s", flush=True)
        if done.returncode:
            failed.append(name)
            print(done.stdout.rstrip(), flush=True)
    if failed:
        print(f"\nFailed: {', '.join(failed)}")
    return len(failed)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
