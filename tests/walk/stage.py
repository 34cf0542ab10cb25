"""The walk's data set as a fixture for other tests that want every page: rendered words, accessibility."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import transaction

from tests.walk.cells import Cell, cells_of, filled
from tests.walk.routes import routes
from tests.walk.world import OPEN, World, build


@contextmanager
def walked_world() -> Iterator[World]:
    """The data set, undone afterwards. Quiet: thousands of requests are logged nowhere."""
    logging.disable(logging.INFO)
    try:
        with transaction.atomic():
            yield build()
            transaction.set_rollback(True)
    finally:
        logging.disable(logging.NOTSET)


def pages(world: World) -> list[Cell]:
    """One address of every page that answers GET, with an open record."""
    found: dict[tuple[str, str], Cell] = {}
    for route in routes():
        if route.is_api or not filled(route):
            continue
        for cell in cells_of(route, world):
            if cell.method == "GET" and cell.condition == OPEN and "?" not in cell.path:
                tab = cell.path.rstrip("/").rpartition("/")[2] if "tab" in route.arguments else ""
                found.setdefault((route.name, tab), cell)
    return list(found.values())
