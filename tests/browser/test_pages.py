"""Every page template once in Chromium: accessible, no policy broken, nothing complained about; main pages narrow and dark."""

import os

import pytest
from playwright.sync_api import Error

from tests.browser.axe import AXE, overflow, violations
from tests.plugins.browser import Window, open_window
from tests.plugins.database import copied_database
from tests.plugins.processes import serve
from tests.walk.stage import pages
from tests.walk.world import OPEN, build

pytestmark = [
    pytest.mark.browser,
    pytest.mark.xdist_group("pages"),
    pytest.mark.skipif(not AXE.exists() and not os.environ.get("CI"), reason="axe-core is missing: run npm ci"),
]
MAIN = (
    "home",
    "system_list",
    "system_detail",
    "system_change",
    "evidence_list",
    "document_detail",
    "statement_list",
    "statement_grid",
    "readiness",
    "framework_detail",
    "pack_list",
    "activity",
)


@pytest.fixture(scope="module")
def stage(chromium, django_db_setup, django_db_blocker):
    """The walk's data set, committed, served."""
    with django_db_blocker.unblock(), copied_database():
        world = build()
        site = serve()
        yield world, next(site)
        next(site, None)


def opened(chromium, stage, **context):
    world, site = stage
    window = open_window(chromium, site, **context)
    found = next(window)
    found.sign_in(world.personas["aims_manager"].person)
    return found, window


def page_of(window, path):
    """The answer of a page; None for a file, which the browser puts away instead of showing it."""
    try:
        return window.go(path)
    except Error as error:
        if "Download is starting" not in error.message:
            raise
        return None


def test_every_page_template_is_accessible(chromium, stage):
    world, _site = stage
    window, closing = opened(chromium, stage)
    wrong, seen = [], set()
    for cell in pages(world):
        if (
            cell.condition != OPEN
            or cell.route.name in ("go", "pick", "calendar_feed")
            or "calendar" in cell.route.name
            or "download" in cell.route.name
            or "." in cell.path.rpartition("/")[2]
        ):
            continue
        answer = page_of(window, cell.path)
        if answer is None or answer.status != 200 or "html" not in answer.headers.get("content-type", ""):
            continue
        if window.page.locator("main").count() == 0:
            continue  # a fragment
        seen.add(cell.route.name)
        wrong += [f"{cell.path} {one}" for one in violations(window.page)]
    assert len(seen) > 20
    assert not wrong, "\n".join(wrong)
    # The walk opens addresses that are refused on purpose; the browser logs each status.
    window.complaints[:] = [one for one in window.complaints if "Failed to load resource" not in one]
    assert not window.complaints, "\n".join(window.complaints)
    next(closing, None)


@pytest.mark.parametrize(
    "look",
    [
        {"viewport": {"width": 390, "height": 844}},
        {"color_scheme": "dark"},
        {"viewport": {"width": 820, "height": 1180}},
    ],
    ids=["phone", "dark", "tablet"],
)
def test_main_pages_in_other_looks(chromium, stage, look):
    world, site = stage
    profile = chromium.new_context(**look)
    window = Window(profile.new_page(), site)
    window.sign_in(world.personas["aims_manager"].person)
    wrong = []
    by_name = {cell.route.name: cell for cell in pages(world)}
    for name in MAIN:
        if name in by_name:
            window.go(by_name[name].path)
            wrong += [f"{name} {one}" for one in violations(window.page)]
            if overflow(window.page):
                wrong.append(f"{name} is wider than the window")
    profile.close()
    assert not wrong, "\n".join(wrong)
