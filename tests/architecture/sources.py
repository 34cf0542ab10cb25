"""The product's own files, read once."""

import ast
from functools import cache
from pathlib import Path

from django.conf import settings

ROOT = Path(settings.BASE_DIR)
# In import order: right may import left.
PACKAGES = [
    name
    for name in (
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
    )
    if (ROOT / name / "apps.py").exists()
]


@cache
def modules() -> dict[str, ast.Module]:
    """Path from the root → syntax tree, of every Python file of the product but migrations."""
    found = [
        path for name in PACKAGES for path in sorted((ROOT / name).rglob("*.py")) if "migrations" not in path.parts
    ]
    return {str(path.relative_to(ROOT)): ast.parse(path.read_text(encoding="utf-8")) for path in found}


@cache
def templates() -> dict[str, str]:
    found = [*(ROOT / "templates").rglob("*.html"), *(p for name in PACKAGES for p in (ROOT / name).rglob("*.html"))]
    return {str(path.relative_to(ROOT)): path.read_text(encoding="utf-8") for path in sorted(found)}


def imports(tree: ast.AST) -> list[tuple[int, str]]:
    """(line, module) of every import below a node."""
    found = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found += [(node.lineno, alias.name) for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.append((node.lineno, node.module))
    return found


def calls(tree: ast.AST) -> list[tuple[int, str]]:
    """(line, dotted name) of every call."""
    return [(node.lineno, ast.unparse(node.func)) for node in ast.walk(tree) if isinstance(node, ast.Call)]
