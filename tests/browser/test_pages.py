"""Every page template once in Chromium: accessible, no policy broken, nothing complained about; main pages narrow and dark."""

import os

import pytest

from tests.browser.axe import AXE, overflow, violations
from tests.plugins.browser import Window, open_window
from tests.plugins.database import copied_database
from tests.plugins.processes import serve
from tests.walk.cells import client_of
from tests.walk.stage import pages
from tests.walk.world import build

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


def made_differently(client, cells):
    """The whole pages among the addresses; of those made of the same templates the first."""
    known = set()
    for cell in cells:
        answer = client.get(cell.path)
        if answer.status_code != 200 or "text/html" not in answer["Content-Type"] or b"<main" not in answer.content:
            continue  # a file, a fragment, a page that leads elsewhere
        made_of = frozenset(template.name for template in answer.templates)
        if made_of not in known:
            known.add(made_of)
            yield cell


def test_every_page_template_is_accessible(chromium, stage):
    world, _site = stage
    window, closing = opened(chromium, stage)
    client, wrong, seen = client_of(world.personas["aims_manager"]), [], set()
    for cell in made_differently(client, pages(world)):
        window.go(cell.path)
        seen.add(cell.route.name)
        wrong += [f"{cell.path} {one}" for one in violations(window.page)]
    assert len(seen) > 100
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
