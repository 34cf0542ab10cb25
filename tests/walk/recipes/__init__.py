"""What rows of each app must be, collected from the module named after the app.

A module may have `RECIPES` (model → fields), `ORDER` (kind, rank), `GIVEN` (kind or a part's label → what else), `NEVER_CASE`
and `ALWAYS_CASE` (kind → roles whose holders at home are on the case lists of its open records).
"""

from importlib import import_module
from importlib.util import find_spec
from typing import Any

from tests.architecture.sources import PACKAGES

RECIPES: dict[str, dict[str, Any]] = {}
GIVEN: dict[str, Any] = {}
ORDER: dict[str, int] = {}
NEVER_CASE: set[str] = set()
ALWAYS_CASE: dict[str, tuple[str, ...]] = {}

for _app in PACKAGES:
    if find_spec(f"{__name__}.{_app}"):
        _module = import_module(f"{__name__}.{_app}")
        RECIPES.update(getattr(_module, "RECIPES", {}))
        GIVEN.update(getattr(_module, "GIVEN", {}))
        ORDER.update(getattr(_module, "ORDER", ()))
        NEVER_CASE |= getattr(_module, "NEVER_CASE", set())
        ALWAYS_CASE |= getattr(_module, "ALWAYS_CASE", {})
