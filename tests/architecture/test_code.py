"""Rules of the code that no type checker knows. Each failure names file and line."""

import ast
import re
from pathlib import Path

import pytest

from tests.architecture.sources import PACKAGES, ROOT, calls, imports, modules, templates

LONGEST = 500
LAYERS = {"views", "api", "forms", "tables", "filters", "tasks", "sections"}


def layer(path: str) -> str:
    """`services` for evidence/services.py and evidence/services/packs.py."""
    parts = Path(path).with_suffix("").parts
    return parts[1] if len(parts) > 1 else ""


def test_there_is_code_to_judge():
    assert len(modules()) > 50
    assert len(templates()) > 20


def test_no_file_is_longer_than_a_reader_bears():
    files = [*modules(), *templates()]
    files += [str(p.relative_to(ROOT)) for kind in ("css", "js") for p in (ROOT / "static" / kind).rglob(f"*.{kind}")]
    lengths = {name: len((ROOT / name).read_text(encoding="utf-8").splitlines()) for name in files}
    assert {name: n for name, n in lengths.items() if n > LONGEST} == {}


def test_imports_go_one_way():
    wrong = [
        f"{path}:{line} imports {name}"
        for path, tree in modules().items()
        for line, name in imports(tree)
        if name.split(".")[0] in PACKAGES and PACKAGES.index(name.split(".")[0]) > PACKAGES.index(path.split("/")[0])
    ]
    assert wrong == []


def test_no_import_hides_in_a_function():
    """AppConfig.ready is the one place: models exist only then."""
    wrong = [
        f"{path}:{line} imports {name}"
        for path, tree in modules().items()
        for function in ast.walk(tree)
        if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef)
        and not (path.endswith("/apps.py") and function.name == "ready")
        for line, name in imports(function)
    ]
    assert wrong == []


def test_no_signals():
    """Celery's own worker signals stand in aims/celery.py alone; nothing else listens to anything."""
    wrong = [
        f"{path}:{line} {name}"
        for path, tree in modules().items()
        if path != "aims/celery.py"
        for line, name in imports(tree)
        if name.endswith(".signals") or name == "django.dispatch"
    ]
    assert wrong == []


def test_permission_library_is_asked_by_the_organization_alone():
    wrong = [
        f"{path}:{line} {name}"
        for path, tree in modules().items()
        if not path.startswith("organization/")
        for line, name in calls(tree)
        if name.split(".")[-1] in ("has_perm", "has_perms", "get_objects_for_user", "assign_perm")
    ]
    assert wrong == []


def test_one_module_renders_pdf():
    wrong = [
        f"{path}:{line} {name}"
        for path, tree in modules().items()
        if path != "aims/pdf.py"
        for line, name in imports(tree)
        if name.split(".")[0] == "weasyprint"
    ]
    assert wrong == []


def test_services_are_told_the_time():
    clocks = re.compile(r"(^|\.)(now|today|utcnow|localdate)$")
    wrong = [
        f"{path}:{line} {name}()"
        for path, tree in modules().items()
        if layer(path) in ("services", "policies", "models", "querysets") and path.split("/")[0] != "aims"
        for line, name in calls(tree)
        if clocks.search(name)
    ]
    assert [one for one in wrong if one.split(":")[0] not in TIME_READERS] == []


# Turning today's grants into an access is the start of a request, not a service.
# Noting when a kept chapter was last used is housekeeping of files.
TIME_READERS = {"organization/querysets.py", "evidence/services/building.py"}


def test_nothing_but_services_writes():
    """Views, API, forms, tables, tasks and sections never save, create, update or delete rows themselves."""
    writes = re.compile(
        r"(\.objects\b.*\.(create|update|delete|bulk_create|bulk_update|get_or_create|update_or_create)|\.save)$"
    )
    wrong = [
        f"{path}:{line} {name}()"
        for path, tree in modules().items()
        if layer(path) in LAYERS and path.split("/")[0] != "aims"
        for line, name in calls(tree)
        if writes.search(name) and name not in ("self.save", "super().save")
    ]
    assert wrong == []


def test_no_raw_html_or_eval():
    wrong = [
        f"{path}:{line} {name}"
        for path, tree in modules().items()
        for line, name in calls(tree)
        if (name.split(".")[-1] in ("eval", "exec", "mark_safe", "loads_pickle") and path not in SAFE_MAKERS)
        or name in ("pickle.loads", "pickle.load", "yaml.load_all", "yaml.unsafe_load")
    ]
    assert wrong == []


# They build markup from escaped parts.
SAFE_MAKERS = {"aims/templatetags/kit.py", "aims/charts.py"}


def test_tasks_take_keywords_only():
    wrong = [
        f"{path}:{node.lineno} {node.name}"
        for path, tree in modules().items()
        if layer(path) == "tasks"
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef)
        and any("shared_task" in ast.unparse(one) for one in node.decorator_list)
        and (node.args.args or node.args.vararg)
    ]
    assert wrong == []


def test_every_module_says_what_it_is_for():
    files = {
        p: t for p, t in modules().items() if not p.endswith(("__init__.py", "apps.py")) and "/management/" not in p
    }
    assert [path for path, tree in files.items() if not ast.get_docstring(tree)] == []


@pytest.mark.parametrize(
    ("what", "pattern"),
    [
        ("script without src", r"<script(?![^>]*\bsrc=)(?![^>]*application/json)"),
        ("style attribute", r"<[^>]*\sstyle\s*="),
        ("style element", r"<style\b"),
        ("inline handler", r"<[^>]*\son[a-z]+\s*="),
        ("address of a javascript", r"javascript:"),
        ("remote address", r"(src|href)\s*=\s*[\"'](https?:)?//"),
        ("text let through unescaped", r"\|\s*safe\b|autoescape off"),
    ],
)
def test_templates_hold_no(what, pattern):
    pages = {path: text for path, text in templates().items() if path not in PRINTED}
    found = [
        f"{path}:{text[: match.start()].count(chr(10)) + 1}"
        for path, text in pages.items()
        for match in re.finditer(pattern, text, re.IGNORECASE)
    ]
    assert found == []


# Drawn into PDF, where no browser and no policy is: their styles stand inside.
PRINTED = {path for path in templates() if "/pdf/" in path or Path(path).name.startswith("pack_")}


def test_tests_never_flush():
    """Tests that commit work on copies; the trail's tables refuse TRUNCATE."""
    words = re.compile(r"transaction=True|transactional_db|\blive_server\b|TransactionTestCase|LiveServerTestCase")
    files = [p for p in (ROOT / "tests").rglob("*.py") if p != Path(__file__)]
    assert [str(p.relative_to(ROOT)) for p in files if words.search(p.read_text(encoding="utf-8"))] == []


def test_tests_assert_no_literal_reference():
    """References come from sequences: gaps are normal, so a test that names one fails by luck."""
    literal = re.compile(r"==\s*[\"'](?!SMP)[A-Z]{2,4}-0*[1-9]\d*[\"']")
    files = (ROOT / "tests").rglob("test_*.py")
    assert [str(p.relative_to(ROOT)) for p in files if literal.search(p.read_text(encoding="utf-8"))] == []
